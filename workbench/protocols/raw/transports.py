"""Which transport? Needs are ticked, and every transport is counted by the same open rule. Pure.

The rule: a need that is given counts 2 points, one that is given with something more counts 1, one that is not
counts 0. Who leaves none out stands before who does; then the points decide; then how many systems have it.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.protocols.raw.transport_table import CANDIDATES, NEEDS, Candidate, Cell, Mark, Need

POINTS: Final[dict[Mark, int]] = {"yes": 2, "partly": 1, "no": 0}
WORDS: Final[dict[Mark, str]] = {"yes": "gives it", "partly": "partly", "no": "does not"}
RULE: Final = (
    "Counted so: 2 points for a need that is given, 1 where something more makes it so, 0 where it is not. "
    "Who leaves no need out stands first; then the points decide; then how many systems have it."
)
FOUND: Final = {need.id: need for need in NEEDS}
AGAINST: Final = (("integrity", "fresh"), ("large", "small"), ("integrity", "many"), ("ordered", "fresh"))
"""Pairs that contradict each other: no transport can give both."""


class Judged(NamedTuple):
    """One need beside one transport."""

    need: Need
    cell: Cell

    @property
    def points(self) -> int:
        """What it counts."""
        return POINTS[self.cell.mark]


class Score(NamedTuple):
    """One transport beside all ticked needs."""

    candidate: Candidate
    judged: tuple[Judged, ...]

    @property
    def points(self) -> int:
        """The sum."""
        return sum(each.points for each in self.judged)

    @property
    def most(self) -> int:
        """What the sum could be."""
        return POINTS["yes"] * len(self.judged)

    @property
    def lacking(self) -> tuple[Need, ...]:
        """Needs that it does not give at all."""
        return tuple(each.need for each in self.judged if each.cell.mark == "no")


class Advice(NamedTuple):
    """scores: the best first. is_whole: whether the best one leaves none out. sentence: which, and why."""

    scores: tuple[Score, ...]
    is_whole: bool
    sentence: str


def find_need(name: str) -> Need:
    """The need of this id. Raises: LocalMisuse: there is none."""
    if name not in FOUND:
        raise LocalMisuse(
            f"there is no need {name[:40]!r}",
            text=name,
            start=0,
            end=len(name),
            advice=f"there are {', '.join(FOUND)}",
        )
    return FOUND[name]


def advise(needs: Iterable[Need]) -> Advice:
    """Count every transport. Raises: LocalMisuse: nothing is ticked."""
    asked = frozenset(needs)
    wanted = tuple(need for need in NEEDS if need in asked)
    if not wanted:
        raise LocalMisuse("nothing is needed yet", advice=f"tick what is: {', '.join(FOUND)}")
    scores = [Score(each, tuple(Judged(need, each.cells[need.id]) for need in wanted)) for each in CANDIDATES]
    # The sort is stable: who is equal stays in the order of CANDIDATES.
    scores.sort(key=lambda score: (len(score.lacking) > 0, -score.points))
    best = scores[0]
    return Advice(tuple(scores), not best.lacking, _sentence(best, tuple(scores), wanted))


def _sentence(best: Score, scores: tuple[Score, ...], wanted: tuple[Need, ...]) -> str:
    name = best.candidate.name
    if best.lacking:
        lacks = "; ".join(need.title.lower() for need in best.lacking)
        return f"no transport gives all of it; {name} comes closest, without this: {lacks}{_torn(wanted)}"
    added = [each for each in best.judged if each.cell.mark == "partly"]
    told = f"{name} gives all of it: {best.candidate.what}"
    if added:
        told = f"{name} gives all of it, with something more: {'; '.join(each.cell.why for each in added)}"
    equals = [s.candidate.name for s in scores[1:] if not s.lacking and s.points == best.points]
    if not equals:
        return told
    names = " and ".join(filter(None, (", ".join(equals[:-1]), equals[-1])))
    return f"{told}. {names} would do as well; fewer systems have {'it' if len(equals) == 1 else 'them'}"


def _torn(wanted: tuple[Need, ...]) -> str:
    ids = {need.id for need in wanted}
    for one, other in AGAINST:
        if {one, other} <= ids:
            return f". “{FOUND[one].title}” and “{FOUND[other].title}” are two conversations: divide them"
    return ""

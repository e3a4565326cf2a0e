"""What a measurement finds: a figure, the same of its peer, and the bounds that DESIGN's budget sets to it."""

import math
from collections.abc import Sequence
from typing import NamedTuple


class Budget(NamedTuple):
    """The bounds of a figure, in its own unit. None where the budget says nothing."""

    must: float | None = None
    aim: float | None = None


class Figure(NamedTuple):
    """One line of the table.

    Attributes:
        measurement: which one found it; what --only names.
        what: what was measured, for people.
        ours: the figure; None where it could not be measured (then `note` says why).
        unit: "s", "ms", "MiB", "MiB/s", "/s", "%", "cores" or "x"; "" for a count.
        budget: its bounds.
        more_is_better: whether bounds are from below.
        peer: whom it is compared with; "" for nobody.
        theirs: the peer's figure, in the same unit; None when the peer is not installed.
        note: what else is to be known: how often, the quickest run, the version.
    """

    measurement: str
    what: str
    ours: float | None
    unit: str
    budget: Budget = Budget()
    more_is_better: bool = False
    peer: str = ""
    theirs: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours by theirs; None without a peer's figure."""
        return self.ours / self.theirs if self.ours is not None and self.theirs else None

    @property
    def mark(self) -> str:
        """How it stands to its budget: "aim met", "met", "missed", "not measured", or "" without a budget."""
        if self.ours is None:
            return "not measured"
        if self.budget.must is None and self.budget.aim is None:
            return ""
        if self.budget.aim is not None and self._keeps(self.budget.aim):
            return "aim met"
        if self.budget.must is None:
            return "aim not met"
        return "met" if self._keeps(self.budget.must) else "missed"

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "measurement": self.measurement,
            "what": self.what,
            "ours": self.ours,
            "unit": self.unit,
            "more_is_better": self.more_is_better,
            "must": self.budget.must,
            "aim": self.budget.aim,
            "mark": self.mark,
            "peer": self.peer or None,
            "theirs": self.theirs,
            "ratio": self.ratio,
            "note": self.note,
        }

    def _keeps(self, bound: float) -> bool:
        assert self.ours is not None
        return self.ours >= bound if self.more_is_better else self.ours <= bound


def median(values: Sequence[float]) -> float:
    """The middle one; of an even number the mean of the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def percentile(values: Sequence[float], percent: float) -> float:
    """By nearest rank: the smallest value with at least that share of all values at or below it."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]

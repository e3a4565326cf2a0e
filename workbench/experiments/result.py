"""What came of playing an experiment, as values and as the terminal's JSON shows them."""

from typing import NamedTuple

from workbench.errors import WorkbenchError
from workbench.experiments.expectation import Verdict
from workbench.experiments.values import Card, Step
from workbench.transcript.recorder import Transcript


class StepOutcome(NamedTuple):
    """One step that was played.

    ok: it worked, or failed as the card says it must. said: what was seen, in a few words. failure: how it failed,
    meant or not. first, stop: the events of the transcript that it recorded, half open.
    """

    step: Step
    ok: bool
    said: str
    failure: WorkbenchError | None
    elapsed_ns: int
    first: int
    stop: int

    @property
    def sentence(self) -> str:
        """What was done, in plain words."""
        return self.step.sentence

    def as_dict(self) -> dict[str, object]:
        """As JSON shows it."""
        shown: dict[str, object] = {
            "number": self.step.number,
            "do": self.step.verb,
            "sentence": self.sentence,
            "ok": self.ok,
            "seen": self.said,
            "elapsed_ms": milliseconds(self.elapsed_ns),
            "events": [self.first, self.stop],
        }
        if self.failure is not None:
            shown["failure"] = self.failure.as_dict()
        return shown


class Result(NamedTuple):
    """One playing of a card.

    passed: every step went as the card says and every expectation holds. steps: those that were played; one that went
    otherwise is the last. transcript: what was said; if it was made for this playing, the receiver closes it.
    """

    card: Card
    broken: bool
    passed: bool
    steps: tuple[StepOutcome, ...]
    expectations: tuple[Verdict, ...]
    transcript: Transcript
    elapsed_ns: int

    @property
    def as_it_should(self) -> bool:
        """Whether it passed as written, or failed with its [broken] table applied."""
        return self.passed is not self.broken

    @property
    def elapsed_ms(self) -> float:
        """Milliseconds spent playing, starting the services included; pauses between steps are not."""
        return milliseconds(self.elapsed_ns)

    @property
    def sentence(self) -> str:
        """The first thing that went otherwise, or that nothing did."""
        for outcome in self.steps:
            if not outcome.ok:
                return f"Step {outcome.step.number} went otherwise: {outcome.said}."
        for verdict in self.expectations:
            if not verdict.ok:
                return verdict.sentence
        return "Everything was seen as the card says."


class Both(NamedTuple):
    """A card played as written and with its [broken] table applied: an experiment that can't fail shows nothing."""

    written: Result
    broken: Result

    @property
    def as_it_should(self) -> bool:
        """Whether the first passed and the second failed."""
        return self.written.as_it_should and self.broken.as_it_should


def verdict_as_dict(verdict: Verdict) -> dict[str, object]:
    """A verdict as JSON shows it; "seen" is null when it did not come to that."""
    return {
        "that": verdict.expectation.that,
        "what": verdict.what,
        "expected": verdict.expected,
        "seen": verdict.seen or None,
        "ok": verdict.ok,
        "event": verdict.event,
    }


def milliseconds(elapsed_ns: int) -> float:
    """Nanoseconds as milliseconds with three digits behind the point."""
    return round(elapsed_ns / 1e6, 3)

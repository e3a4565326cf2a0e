"""What can be seen of scripts and rules. Joined in things.py."""

from collections.abc import Callable
from typing import NamedTuple, cast

from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.protocols.raw.rules import Rules
from workbench.transcript.recorder import Transcript


class Ruled(NamedTuple):
    """A listener with rules; what they count goes on."""

    rules: Rules


class Scripted(NamedTuple):
    """What came of a script. at: the step that failed, as written; reason, kind: of its failure, "" for none."""

    passed: int
    failed: int
    skipped: int
    at: str
    reason: str
    kind: str


def _of(value: Callable[[Scripted], Value]) -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        told = [
            event.index
            for event in transcript.events(made.first, made.stop)
            if event.name in ("script.passed", "script.failed")
        ]
        return Seen(value(cast(Scripted, made.thing)), told[-1] if told else None)

    return look


def _passed(seen: Scripted) -> int:
    return seen.passed


def _failed(seen: Scripted) -> int:
    return seen.failed


def _skipped(seen: Scripted) -> int:
    return seen.skipped


def _at(seen: Scripted) -> str:
    return seen.at


def _reason(seen: Scripted) -> str:
    return seen.reason


def _kind(seen: Scripted) -> str:
    return seen.kind


def _answered(made: Made, transcript: Transcript) -> Seen:
    rules = cast(Ruled, made.thing).rules
    told = [event.index for event in transcript.events() if event.name == "rule.matched"]
    return Seen(sum(rules.matched.values()), told[-1] if told else None)


def _answers(made: Made, _transcript: Transcript) -> Seen:
    rules = cast(Ruled, made.thing).rules
    return Seen([rules.matched.get(rule.number, 0) for rule in rules.rules])


SCRIPTED_FIELDS = {
    "passed": Field("number", "the steps of {} that passed", _of(_passed)),
    "failed": Field("number", "the steps of {} that failed", _of(_failed)),
    "skipped": Field("number", "the steps of {} that were not reached", _of(_skipped)),
    "at": Field("text", "the step of {} that failed", _of(_at)),
    "reason": Field("text", "why that step of {} failed", _of(_reason)),
    "kind": Field("text", "what kind of failure that step of {} met", _of(_kind)),
}
RULED_FIELDS = {
    "answered": Field("number", "how often {} answered by a rule", _answered),
    "answers": Field("list", "how often each rule of {} answered", _answers),
}

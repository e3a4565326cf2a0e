"""What can be seen of a socket call that was made by hand. Joined in things.py."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, cast

from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript

if TYPE_CHECKING:
    from workbench.protocols.calls.values import Outcome


class CallSeen(NamedTuple):
    """A call's outcome, and the socket after it: its state and how many own the connection."""

    outcome: "Outcome"
    state: str
    owners: int


def _of(value: Callable[[CallSeen], Value]) -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        seen = cast(CallSeen, made.thing)
        return Seen(value(seen), seen.outcome.event)

    return look


def _answer(seen: CallSeen) -> str:
    return seen.outcome.result


def _raised(seen: CallSeen) -> str:
    return seen.outcome.raised


def _remark(seen: CallSeen) -> str:
    return seen.outcome.remark


def _accepted(seen: CallSeen) -> int:
    return seen.outcome.accepted if seen.outcome.accepted is not None else -1


def _offered(seen: CallSeen) -> int:
    return seen.outcome.offered if seen.outcome.offered is not None else -1


def _blames(seen: CallSeen) -> int:
    return len(seen.outcome.concerns)


def _state(seen: CallSeen) -> str:
    return seen.state


def _owners(seen: CallSeen) -> int:
    return seen.owners


OUTCOME_FIELDS: dict[str, Field] = {
    "answer": Field("text", "what {} answered", _of(_answer)),
    "raised": Field("text", "the exception of {}", _of(_raised)),
    "remark": Field("text", "what is worth knowing of {}", _of(_remark)),
    "accepted": Field("number", "the octets that the system took at {}", _of(_accepted)),
    "offered": Field("number", "the octets that were offered at {}", _of(_offered)),
    "blames": Field("number", "the earlier calls that the error of {} belongs to", _of(_blames)),
    "state": Field("text", "the state of the socket after {}", _of(_state)),
    "owners": Field("number", "how many own the connection after {}", _of(_owners)),
}

"""The values of what the verbs about waiting leave behind. As in things.py."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from workbench.experiments.look import as_text, last
from workbench.experiments.thing import Field, Look, Made, Metered, Raced, Readiness, Seen, SetsSeen, Value
from workbench.experiments.verb import Makes
from workbench.transcript.recorder import Transcript

if TYPE_CHECKING:
    from workbench.protocols.readiness.client import Heard


def _of(take: Callable[[object], Value]) -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(take(made.thing), last(made))

    return look


def _heard(take: "Callable[[Heard], Value]") -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(take(cast("Heard", made.thing)), last(made))

    return look


READINESS_FIELDS = {
    "flags": Field("text", "what was told at {}", _of(lambda thing: cast(Readiness, thing).flags)),
    "mask": Field("number", "the mask at {}, without RDHUP", _of(lambda thing: cast(Readiness, thing).mask)),
}
SETS_FIELDS = {
    "to_read": Field("text", "the first list at {}", _of(lambda thing: cast(SetsSeen, thing).to_read)),
    "to_write": Field("text", "the second list at {}", _of(lambda thing: cast(SetsSeen, thing).to_write)),
    "urgent": Field("text", "the third list at {}", _of(lambda thing: cast(SetsSeen, thing).urgent)),
}
SPUN_FIELDS = {
    "text": Field("text", "what was read at {}", _heard(lambda heard: as_text(heard.text))),
    "lines": Field("number", "the lines that were read at {}", _heard(lambda heard: heard.text.count(b"\n"))),
    "left": Field("text", "why the client left at {}", _heard(lambda heard: heard.left)),
    "turns": Field("number", "the turns of the spinner at {}", _heard(lambda heard: heard.ticks)),
    "wakes": Field("number", "the waits at {} that told something", _heard(lambda heard: heard.wakes)),
    "mask": Field("number", "the last mask at {}", _heard(lambda heard: int(heard.last))),
    "unread": Field("text", "what was left unread at {}", _heard(lambda heard: as_text(heard.unread))),
}
RACED_FIELDS = {
    "winner": Field("text", "the address that won at {}", _of(lambda thing: cast(Raced, thing).winner)),
    "tried": Field("text", "the attempts at {}", _of(lambda thing: cast(Raced, thing).tried)),
    "attempts": Field(
        "number", "how many attempts there were at {}", _of(lambda thing: cast(Raced, thing).attempts)
    ),
}
METERED_FIELDS = {
    "asking_calls": Field(
        "number", "the calls of asking at {}", _of(lambda thing: cast(Metered, thing).asking_calls)
    ),
    "waiting_calls": Field(
        "number", "the calls of waiting at {}", _of(lambda thing: cast(Metered, thing).waiting_calls)
    ),
    "asking_percent": Field(
        "number",
        "the share of a processor of asking at {}",
        _of(lambda thing: cast(Metered, thing).asking_percent),
    ),
    "times": Field(
        "number", "how many times more asking took at {}", _of(lambda thing: cast(Metered, thing).times)
    ),
    "waiting_percent": Field(
        "number",
        "the share of a processor of waiting at {}",
        _of(lambda thing: cast(Metered, thing).waiting_percent),
    ),
}
READINESS_KINDS: dict[Makes, dict[str, Field]] = {
    "readiness": READINESS_FIELDS,
    "sets": SETS_FIELDS,
    "spun": SPUN_FIELDS,
    "raced": RACED_FIELDS,
    "metered": METERED_FIELDS,
}

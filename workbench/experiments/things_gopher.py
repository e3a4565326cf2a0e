"""What can be seen of a question to a Gopher server, and of one on four levels. Joined in things.py."""

from typing import NamedTuple, cast

from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript


class AskedSeen(NamedTuple):
    """What a question came to.

    sent: the line. kind: "menu", "text", "binary", "" for none. items: of a menu. octets: of the answer. reads: that
    gave them. complete: whether the dot was there. end: how the connection ended. refusal: the server's words where it
    says no. rung: the phase in which it failed, "" for none. symbol: of that failure.
    """

    sent: str
    kind: str
    items: int
    octets: int
    reads: int
    complete: bool
    text: str
    end: str
    refusal: str
    rung: str
    symbol: str


class LevelsSeen(NamedTuple):
    """What four levels came to. identical: the octets both ways; calls: of a program on each level."""

    identical: bool
    levels: int
    calls: list[int]
    sent: str
    octets: int


def _of(name: str) -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        facts = [
            event.index
            for event in transcript.events(made.first, made.stop)
            if event.name in ("gopher.answer", "gopher.level", "failed", "end")
        ]
        return Seen(cast(Value, getattr(made.thing, name)), facts[-1] if facts else None)

    return look


ASKED_FIELDS: dict[str, Field] = {
    "sent": Field("text", "the line that was sent for {}", _of("sent")),
    "kind": Field("text", "what {} was", _of("kind")),
    "items": Field("number", "the lines of the menu of {}", _of("items")),
    "octets": Field("number", "the octets of {}", _of("octets")),
    "reads": Field("number", "how many reads gave {}", _of("reads")),
    "complete": Field("flag", "whether {} ended with its dot", _of("complete")),
    "text": Field("text", "the text of {}", _of("text")),
    "end": Field("text", "how the connection of {} ended", _of("end")),
    "refusal": Field("text", "what the server said against {}", _of("refusal")),
    "rung": Field("text", "the phase in which {} failed", _of("rung")),
    "symbol": Field("text", "the system's symbol for the failure of {}", _of("symbol")),
}
LEVELS_FIELDS: dict[str, Field] = {
    "identical": Field("flag", "whether the octets of {} are the same on all levels", _of("identical")),
    "levels": Field("number", "the levels of {}", _of("levels")),
    "calls": Field("list", "the calls on each level of {}", _of("calls")),
    "sent": Field("text", "the line that was sent on every level of {}", _of("sent")),
    "octets": Field("number", "the octets of the answer of {}", _of("octets")),
}

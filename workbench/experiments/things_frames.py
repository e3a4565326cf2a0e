"""What can be seen of messages that were framed, read and cut. Joined in things.py."""

from collections.abc import Callable
from typing import NamedTuple, cast

from workbench.experiments.look import as_text
from workbench.experiments.thing import Field, Look, Made, Seen, Type
from workbench.transcript.recorder import Transcript


class Framed(NamedTuple):
    """A message as it travels. remarks: their codes. size: octets of the message itself."""

    wire: bytes
    remarks: str
    size: int


class FramesRead(NamedTuple):
    """Messages that were read. word: how the stream ended: complete, incomplete, unknown, broken, or open."""

    messages: tuple[bytes, ...]
    word: str
    why: str
    octets: int
    broken_at: int = -1

    @property
    def said(self) -> str:
        """In a few words."""
        return f"{len(self.messages)} messages; {self.word}: {self.why}"


class Chopped(NamedTuple):
    """What every cut came to. differs: the first that made a difference, "" where none did."""

    tried: int
    same: bool
    differs: str
    messages: int


class Unpacked(NamedTuple):
    """Values of a structure, and what is odd about them."""

    values: str
    hint: str


def _framed(name: str) -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        thing = cast(Framed, made.thing)
        match name:
            case "hex":
                return Seen(thing.wire[:1000].hex(" "))
            case "text":
                return Seen(as_text(thing.wire))
            case "octets":
                return Seen(len(thing.wire))
        return Seen(getattr(thing, name))

    return look


def _read(name: str) -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        thing = cast(FramesRead, made.thing)
        if name == "number":
            return Seen(len(thing.messages))
        if name == "texts":
            return Seen(" | ".join(as_text(message[:1000]) for message in thing.messages))
        return Seen(getattr(thing, name))

    return look


def _of(name: str) -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(getattr(made.thing, name))

    return look


def _fields(look: Callable[[str], Look], words: dict[str, tuple[Type, str]]) -> dict[str, Field]:
    return {name: Field(kind, text, look(name)) for name, (kind, text) in words.items()}


FRAMED_FIELDS = _fields(
    _framed,
    {
        "hex": ("text", "the octets of {}, in hexadecimal"),
        "text": ("text", "the octets of {}, as text"),
        "octets": ("number", "the octets of {} as it travels"),
        "size": ("number", "the octets of the message in {}"),
        "remarks": ("text", "what is to be known of {} before it is sent"),
    },
)
FRAMES_FIELDS = _fields(
    _read,
    {
        "number": ("number", "how many messages {} are"),
        "texts": ("text", "the messages of {}"),
        "word": ("text", "how the stream of {} ended"),
        "why": ("text", "what is said of the end of {}"),
        "octets": ("number", "the octets read for {}"),
        "broken_at": ("number", "the octet at which the framing of {} broke"),
    },
)
CHOPPED_FIELDS = _fields(
    _of,
    {
        "tried": ("number", "how many cuts of {} were tried"),
        "same": ("flag", "whether the decoder said the same for every cut of {}"),
        "differs": ("text", "the first cut of {} that made a difference"),
        "messages": ("number", "the messages in {}, in one piece"),
    },
)
UNPACKED_FIELDS = _fields(
    _of,
    {
        "values": ("text", "the values in {}"),
        "hint": ("text", "what is odd about {}"),
    },
)

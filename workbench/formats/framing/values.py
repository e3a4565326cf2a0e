"""What framings are made of: messages, marked octets, remarks, the state of a decoder and how a stream ended."""

from typing import Final, Literal, NamedTuple, Protocol

from workbench.errors import PeerMisbehaved
from workbench.formats.quantity import count

MAX_MESSAGE: Final = 1024 * 1024
"""Octets that a message may have where nobody says otherwise: a hostile length costs no more."""
MAX_REMARKS: Final = 100
"""Remarks of a decoder that are kept; a stream of nothing else must not fill the memory."""
MAX_ESCAPES: Final = 1000
"""Escapes of one message that are marked one by one; of more, nobody looks at each."""
NO_SOURCE: Final = ""

Part = Literal["length", "data", "marker", "escape", "check", "encoding", "mistaken"]


class Mark(NamedTuple):
    """A range of the wire that means something: half open."""

    start: int
    stop: int
    part: Part
    label: str


class Wire(NamedTuple):
    """A message as it travels."""

    data: bytes
    marks: tuple[Mark, ...] = ()


class Message(NamedTuple):
    """A message as it was read.

    start, stop: what it took of the stream, from the first octet of its frame to behind the last one.
    """

    data: bytes
    start: int
    stop: int


class Remark(NamedTuple):
    """Something to know: before sending, about the message's own octets; while reading, about the stream.

    code: a name for programs. at, size: the octets concerned. stops: whether such a message can't be sent at all.
    """

    code: str
    what: str
    at: int = 0
    size: int = 0
    stops: bool = False


class State(NamedTuple):
    """Where a decoder is.

    name: in words. held: octets kept of the message under way. awaited: octets that must come before anything can be
    decided; None where nobody knows. limit: octets that a message may have.
    """

    name: str
    held: int
    awaited: int | None
    limit: int


class Broken(NamedTuple):
    """Why a decoder takes nothing any more. at: the octet of the stream where that was certain; data: what is wrong."""

    what: str
    at: int
    data: bytes = b""
    source: str = NO_SOURCE
    advice: str = ""

    def error(self) -> PeerMisbehaved:
        """The same as a failure."""
        return PeerMisbehaved(
            f"{self.what}, at octet {self.at:,}",
            stage="framing",
            data=self.data,
            source=self.source,
            advice=self.advice,
        )


Word = Literal["complete", "incomplete", "unknown", "broken"]


class Ending(NamedTuple):
    """What the end of the stream means. messages: those that only the end completes."""

    word: Word
    sentence: str
    messages: tuple[Message, ...] = ()


class Decodes(Protocol):
    """What turns octets into messages, however they are cut."""

    @property
    def state(self) -> State:
        """Where it is."""
        ...

    @property
    def broken(self) -> Broken | None:
        """Why nothing is taken any more; None while all is well."""
        ...

    @property
    def remarks(self) -> list[Remark]:
        """What is worth knowing of the stream so far."""
        ...

    def feed(self, data: bytes) -> list[Message]:
        """Take octets, and return the messages they complete."""
        ...

    def finish(self) -> Ending:
        """The stream has ended (FIN)."""
        ...


class Framing(Protocol):
    """One way to mark messages."""

    @property
    def title(self) -> str:
        """For people."""
        ...

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """What to know before this message is sent."""
        ...

    def encode(self, data: bytes) -> Wire:
        """The message as it travels. Raises: LocalMisuse: this framing can't say it."""
        ...

    def decoder(self, limit: int = MAX_MESSAGE) -> Decodes:
        """What reads it. limit: octets that a message may have."""
        ...


def characters_remark(text: str, data: bytes) -> Remark | None:
    """That a text has fewer characters than octets, where a length counts the latter; None where they are as many."""
    if len(text) == len(data):
        return None
    what = f"{count(len(text), 'character')}, but {count(len(data), 'octet')}: the length counts octets"
    return Remark("characters", what, 0, len(data))


def octets_of(number: int) -> str:
    """A number of octets in words."""
    return count(number, "octet")


def write_marks(parts: tuple[tuple[bytes, Part, str], ...]) -> Wire:
    """Octets one behind the other, each with its mark; those without octets have none."""
    marks, at = [], 0
    for data, part, label in parts:
        if data:
            marks.append(Mark(at, at + len(data), part, label))
        at += len(data)
    return Wire(b"".join(data for data, _, _ in parts), tuple(marks))


def written_wholly(octets: bytes, end: bytes, label: str, *, start: bytes = b"") -> Wire:
    """A message whose escapes are too many to be marked one by one."""
    return write_marks(
        ((start, "marker", label), (octets, "data", "the message, escaped"), (end, "marker", label))
    )


def join_wires(wires: list[Wire]) -> Wire:
    """Messages one behind the other."""
    marks: list[Mark] = []
    at = 0
    for wire in wires:
        marks += [mark._replace(start=mark.start + at, stop=mark.stop + at) for mark in wire.marks]
        at += len(wire.data)
    return Wire(b"".join(wire.data for wire in wires), tuple(marks))

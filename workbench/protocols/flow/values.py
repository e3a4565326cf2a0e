"""Values: the five stations of an octet, what an end waits for, what the detective finds, a pipe and how it ended."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from workbench.errors import LocalMisuse

Way = Literal["measured", "difference", "unknown"]
"""How the figures behind the sender's system were had."""


class Stations(NamedTuple):
    """Where the octets of one direction are. None: nobody here can tell.

    written: what the sender's program has written in all; the others add up to it.
    in_program: of those, still in the sender's program. not_sent: in its system, never sent.
    on_wire: sent, and not arrived; where only one end is seen, sent and not confirmed.
    at_peer: in the peer’s system, unread. read: the peer's program has them.
    elsewhere: with the peer's system or its program, which one is not known here. way: how the last three were had.
    """

    written: int
    in_program: int
    not_sent: int | None
    on_wire: int | None
    at_peer: int | None
    read: int | None
    elsewhere: int = 0
    way: Way = "unknown"

    @property
    def total(self) -> int:
        """All stations together."""
        places = (self.in_program, self.not_sent, self.on_wire, self.at_peer, self.read, self.elsewhere)
        return sum(place or 0 for place in places)

    @property
    def adds_up(self) -> bool:
        """Whether every octet that was written stands in one place, and only in one."""
        return self.total == self.written


STATION_NAMES = ("in the program", "in our system", "on the way", "in the peer’s system", "read by the peer")
STATION_TIPS = (
    "written, and not yet taken by our own system",
    "handed to our system, which has not sent them yet (SIOCOUTQNSD)",
    "sent, and not there yet (TCP_INFO)",
    "arrived, and nobody has read them (FIONREAD)",
    "the other program has taken them",
)


class EndLook(NamedTuple):
    """What is seen of one end of a connection.

    name: for the sentences. reading_since_s, writing_since_s: since when its program waits to read, or for room to
    write; None while it does not. unread: octets in its system for it. unsent: octets that it handed over and that the
    peer's system has not confirmed. None: not known. last_sent: the end of what it sent last.
    awaits: "line" if it goes on only at a line's end. is_over: its receiving half has ended. is_answered: something
    came after what it sent last, as far as is known.
    """

    name: str
    reading_since_s: float | None = None
    writing_since_s: float | None = None
    unread: int | None = None
    unsent: int | None = None
    last_sent: bytes = b""
    awaits: Literal["", "line"] = ""
    is_over: bool = False
    is_answered: bool = False


class Arc(NamedTuple):
    """Who waits for whom, and for what: "octets", "room" or "nothing"."""

    who: str
    whom: str
    what: str


FindingKind = Literal[
    "moving", "read/read", "write/write", "not reading", "silence", "blocked", "idle", "over", "nothing"
]


class Finding(NamedTuple):
    """What the detective says. for_s: how long the newest of the waits lasts. is_cycle: the arcs close a circle."""

    kind: FindingKind
    sentence: str
    for_s: float = 0.0
    arcs: tuple[Arc, ...] = ()
    ways_out: tuple[str, ...] = ()
    is_cycle: bool = False


Remedy = Literal["none", "read", "interleave", "both", "deadline"]
REMEDIES: tuple[tuple[Remedy, str, str], ...] = (
    ("read", "Start reading", "Stop writing, read all that came back, go on; again at each halt"),
    ("interleave", "Interleave", "After every piece that is written read as much"),
    ("both", "Both at once", "One task writes, another reads, for the rest of the conversation"),
    ("deadline", "Give up after", "The write that waits gets a deadline, as a server gives its clients"),
)

MAX_OCTETS = 64 * 1024 * 1024
MAX_PIECE = 1024 * 1024
MAX_BUFFER = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Pipe:
    """What is to be filled. Buffers in octets as asked for (Linux grants twice as much); 0 leaves them to the system.

    at_once: the program writes everything in one call into a buffer of its own, as asyncio's write() does.
    """

    octets: int = 10 * 1024 * 1024
    piece: int = 1024
    client_sndbuf: int = 8192
    client_rcvbuf: int = 8192
    server_sndbuf: int = 8192
    server_rcvbuf: int = 8192
    at_once: bool = False

    def checked(self) -> "Pipe":
        """The same. Raises: LocalMisuse: a figure is out of its range."""
        _between("octets to write", self.octets, 1, MAX_OCTETS)
        _between("octets of a piece", self.piece, 1, MAX_PIECE)
        for name in ("client_sndbuf", "client_rcvbuf", "server_sndbuf", "server_rcvbuf"):
            _between(name.replace("_", " "), getattr(self, name), 0, MAX_BUFFER)
        return self


def _between(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise LocalMisuse(f"{name}: {value} is not between {least} and {most}", stage="pipe")


class Sample(NamedTuple):
    """One point of the curve. written: taken by our system; echoed: read back; both in octets."""

    at_s: float
    written: int
    echoed: int

    @property
    def queued(self) -> int:
        """Written and not back: in four queues and the server's program."""
        return self.written - self.echoed


class Mark(NamedTuple):
    """A moment on the curve: "frozen" or a remedy's name."""

    at_s: float
    written: int
    what: str


class PipeEnd(NamedTuple):
    """How it ended. kind: "equal": every octet came back; "cut": given up; "different": something else came back.

    there: octets that the server's program has, which only who sees both ends can know.
    """

    kind: Literal["equal", "cut", "different"]
    written: int
    echoed: int
    there: int
    sent_sha256: str
    echoed_sha256: str
    sentence: str

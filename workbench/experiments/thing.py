"""What a step leaves behind, and what a value of it is. The values of each kind stand in things.py."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from workbench.errors import WorkbenchError
from workbench.experiments.verb import Makes
from workbench.transcript.recorder import Transcript

Type = Literal["text", "number", "flag", "list"]
Value = str | int | float | bool | list[int]


class Octets(NamedTuple):
    """What a read or a datagram brought. complete: all that was asked for came; source: of a datagram."""

    data: bytes
    complete: bool = True
    source: str = ""


class ClockReading(NamedTuple):
    """A time of RFC 868: seconds since 1970, and how far that is from this machine's clock (positive: ahead)."""

    unix_s: int
    differs_s: float


class Tries(NamedTuple):
    """A send that was repeated: how often the system took the octets before it said no."""

    taken: int


class Span(NamedTuple):
    """Time that passed."""

    elapsed_ns: int


class Filled(NamedTuple):
    """A send without end. offered: octets that the program wanted to send; taken: those that its system took."""

    taken: int
    offered: int

    @property
    def left(self) -> int:
        """Octets that the program still holds."""
        return self.offered - self.taken


class Count(NamedTuple):
    """A number of things."""

    number: int


class Gauge(NamedTuple):
    """Where the octets of one direction are. handed_over: by the sender's program to its system, so far.

    send_queue: of those, what the receiver's system has not acknowledged. receive_queue: what it has, and its program
    has not read. read: by the receiver's program. sender_state, receiver_state: RFC 9293's words, "" where unknown.
    """

    handed_over: int
    send_queue: int
    receive_queue: int
    read: int
    sender_state: str = ""
    receiver_state: str = ""

    @property
    def total(self) -> int:
        """All that was found somewhere."""
        return self.send_queue + self.receive_queue + self.read

    @property
    def adds_up(self) -> bool:
        """Whether every octet was found, and none twice."""
        return self.total == self.handed_over


class Readiness(NamedTuple):
    """What a socket was ready for: the flags by name, and the mask as poll tells it, without RDHUP."""

    flags: str
    mask: int


class SetsSeen(NamedTuple):
    """select's three lists, by the card's names."""

    to_read: str
    to_write: str
    urgent: str
    slept_ns: int = 0


class Raced(NamedTuple):
    """A race to connect: who won, "IPv6 failed, IPv4 won", and how many attempts there were."""

    winner: str
    tried: str
    attempts: int


class Metered(NamedTuple):
    """Asking again and again beside waiting: calls, and the shares of a processor in percent."""

    asking_calls: int
    waiting_calls: int
    asking_percent: float
    waiting_percent: float

    @property
    def times(self) -> float:
        """How many times the processor time of waiting the asking took; the shares of a busy machine mean little."""
        return self.asking_percent / max(self.waiting_percent, 0.01)


class Made(NamedTuple):
    """What a named step left: its outcome, and the thing that it made, None for a mere deed or after a failure.

    channels: numbers of the thing's channels in the transcript, as a function since a UDP socket gets more with each
    peer. first, stop: the events that the step recorded, half open.
    """

    name: str
    kind: Makes
    thing: object
    failure: WorkbenchError | None
    errno: str
    elapsed_ns: int
    ended_ns: int
    first: int
    stop: int
    channels: Callable[[], frozenset[int]]


class Seen(NamedTuple):
    """A value and the event that shows it best, None where no event does."""

    value: Value
    event: int | None = None


Look = Callable[["Made", Transcript], Seen]


class Field(NamedTuple):
    """One value. words: what it is, with {} for the name as people read it; look: finds it."""

    type: Type
    words: str
    look: Look

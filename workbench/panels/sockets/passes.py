"""The reads and writes of one connection, as they passed between the system and us. No Qt.

A read is not a message, and no packet either: it is what the system had when it was asked. Nothing is kept for a row
but the number of its event; the rest is read from the transcript when somebody looks.
"""

from array import array
from typing import NamedTuple

from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event

LOOK_AT_MOST = 2000
"""Events taken in at a time: 4 ms."""
MAX_ROWS = 1_000_000
PREVIEW = 32
_UNDER_TLS = "tls"


class Pass(NamedTuple):
    """One of them. offset: of its first octet, in its direction. gap_ns: since the one before in that direction."""

    direction: Direction
    time_ns: int
    gap_ns: int | None
    offset: int
    size: int
    first: bytes
    event: int


class Passes:
    """Reads and writes of a channel; grows with look()."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._channel: int | None = None
        self._events: array[int] = array("Q")
        self._before: array[int] = array("Q")
        self._bases: dict[tuple[Direction, str], int] = {}
        self._last: dict[Direction, int] = {}
        self._next = 0
        self._is_secure = False
        self.reads = self.writes = 0
        self.is_full = False

    def __len__(self) -> int:
        return len(self._events)

    @property
    def channel(self) -> int | None:
        """Whose they are."""
        return self._channel

    def follow(self, channel: int | None) -> None:
        """Begin anew, with another channel."""
        transcript = self._transcript
        self.__init__(transcript)  # type: ignore[misc]  # as new
        self._channel = channel

    def look(self) -> bool:
        """Take in what has been recorded since; returns whether there is still more."""
        length = len(self._transcript)
        if self._channel is None or self.is_full:
            return False
        stop = min(length, self._next + LOOK_AT_MOST)
        for event in self._transcript.events(self._next, stop):
            if event.channel == self._channel:
                self._take(event)
        self._next = stop
        return stop < length and not self.is_full

    def __getitem__(self, at: int) -> Pass:
        event = self._transcript[self._events[at]]
        before = self._before[at]
        gap = event.time_ns - self._transcript[before - 1].time_ns if before else None
        offset = event.offset + self._base(event)
        first = self._transcript.data(event, 0, PREVIEW)
        return Pass(event.direction, event.time_ns, gap, offset, event.size, first, event.index)

    def _take(self, event: Event) -> None:
        if event.kind == "fact":
            if event.name == "tls.started":
                self._is_secure = True
            return
        # Below TLS are records, and before a proxy's yes is the proxy's own dialogue.
        if event.layer == "proxy" or (self._is_secure and event.layer != _UNDER_TLS):
            return
        if len(self._events) >= MAX_ROWS:
            self.is_full = True
            return
        self._events.append(event.index)
        self._before.append(self._last.get(event.direction, -1) + 1)
        self._last[event.direction] = event.index
        if event.direction is Direction.RECEIVED:
            self.reads += 1
        else:
            self.writes += 1

    def _base(self, event: Event) -> int:
        """Octets said in clear before: an offset goes on where TLS begins."""
        if event.layer != _UNDER_TLS:
            return 0
        key = (event.direction, event.layer)
        if key not in self._bases:
            self._bases[key] = sum(
                self._transcript[index].size
                for index in self._events
                if (each := self._transcript[index]).direction is event.direction and each.layer != _UNDER_TLS
            )
        return self._bases[key]

"""The frames of a recorded conversation, both directions, in the order in which they were whole."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from workbench.errors import PeerMisbehaved
from workbench.protocols.websocket.codec import FrameReader
from workbench.protocols.websocket.values import Frame
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event

HEAD_END: Final = b"\r\n\r\n"
MAX_HEAD: Final = 64 * 1024


class Passed(NamedTuple):
    """A frame, which way it went, and the event that made it whole."""

    frame: Frame
    direction: Direction
    event: int


class FrameFollower:
    """Reads one channel's events as they come; each direction begins with a head of HTTP.

    Attributes: fault: why nothing more is read of it; "" while it goes on.
    """

    def __init__(self, *, is_server: bool = False) -> None:
        ours, theirs = ("server", "client") if is_server else ("client", "server")
        self.fault = ""
        self._readers = {Direction.SENT: FrameReader(ours), Direction.RECEIVED: FrameReader(theirs)}  # type: ignore[arg-type]  # a Role
        self._heads: dict[Direction, bytearray | None] = {
            Direction.SENT: bytearray(),
            Direction.RECEIVED: bytearray(),
        }

    def feed(self, event: Event, data: bytes) -> tuple[Passed, ...]:
        """The frames that an event's octets complete; nothing once a frame could not be read."""
        if self.fault or event.direction not in self._readers:
            return ()
        data = self._behind_head(event.direction, data)
        try:
            frames = self._readers[event.direction].feed(data) if data else ()
        except PeerMisbehaved as failure:
            self.fault = failure.what
            return ()
        return tuple(Passed(frame, event.direction, event.index) for frame in frames)

    def _behind_head(self, direction: Direction, data: bytes) -> bytes:
        head = self._heads[direction]
        if head is None:
            return data
        head += data
        end = head.find(HEAD_END)
        if end < 0:
            if len(head) > MAX_HEAD:
                self.fault = "no handshake stands at the beginning"
            return b""
        self._heads[direction] = None
        return bytes(head[end + len(HEAD_END) :])


def passed_frames(transcript: Transcript, channel: int, limit: int) -> Iterator[Passed]:
    """The first frames of a client's channel."""
    follower = FrameFollower()
    found = 0
    for event in transcript.events():
        if event.channel != channel or event.kind != "bytes" or event.layer not in ("tcp", "unix"):
            continue
        for passed in follower.feed(event, transcript.data(event)):
            if found == limit:
                return
            found += 1
            yield passed

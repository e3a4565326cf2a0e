"""The values of a transcript: directions, events, channels."""

from collections.abc import Mapping
from enum import Enum
from typing import Literal, NamedTuple

EventKind = Literal["bytes", "fact"]


class Direction(Enum):
    """Which way octets went, seen from this program."""

    SENT = "sent"
    RECEIVED = "received"
    NONE = ""

    # Python's own hashes the name each time, which was a fifteenth of an export; members are the same object anyway.
    __hash__ = object.__hash__

    @property
    def arrow(self) -> str:
        """An arrow that says the same without colour; "" for facts."""
        return {"sent": "→", "received": "←", "": ""}[self.value]


class Event(NamedTuple):
    """One entry of a transcript.

    index: place in the transcript, from 0. time_ns: since the transcript began. layer: "tcp", "udp", "tls" ...
    size: octets (0 is a real size: an empty datagram). offset: place of the first octet in the stream made of this
    channel, direction and layer. name and values: of facts only, e.g. "connect.failed", {"errno": "ECONNREFUSED"}.
    """

    index: int  # type: ignore[assignment]  # tuple.index is of no use to an event
    time_ns: int
    channel: int
    kind: EventKind
    direction: Direction
    layer: str
    size: int
    offset: int
    name: str
    values: Mapping[str, object]


class ChannelInfo(NamedTuple):
    """One connection, socket or listener of the transcript; local and peer are "" until known."""

    number: int
    title: str
    layer: str
    local: str
    peer: str
    opened_ns: int

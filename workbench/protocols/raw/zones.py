"""The three guarded places of a server: accepting, handling, closing; and what went wrong in them.

An exception in one of them costs the others nothing: it is kept for reading, the socket is given back, the next client
is served. To show that, one can be thrown on purpose. Cancellation is no exception: it passes through all three.
"""

import traceback
from collections import deque
from typing import Final, Literal, NamedTuple

Zone = Literal["accept", "handle", "close"]
ZONES: Final = ("accept", "handle", "close")
MAX_FAULTS: Final = 200
"""Kept for reading, the last ones; they are counted on."""


class Thrown(ValueError):
    """Thrown on purpose, into a handler that does not expect it."""


class Fault(NamedTuple):
    """One exception. client: which one, counted from 1. traceback: as Python writes it."""

    client: int
    peer: str
    zone: Zone
    what: str
    traceback: str


class Injection(NamedTuple):
    """Throw in a zone, for so many clients; None for all."""

    zone: Zone
    times: int | None = 1


class Zones:
    """Counts and faults of one server.

    Attributes: served, failed: clients that were; injection: what is thrown next, if anything.
    """

    def __init__(self) -> None:
        self.served = 0
        self.failed = 0
        self.injection: Injection | None = None
        self.faults: deque[Fault] = deque(maxlen=MAX_FAULTS)

    def enter(self, zone: Zone) -> None:
        """Begin a zone. Raises: Thrown, where that was asked for."""
        asked = self.injection
        if asked is None or asked.zone != zone:
            return
        if asked.times is not None:
            self.injection = asked._replace(times=asked.times - 1) if asked.times > 1 else None
        raise Thrown(f"thrown on purpose, while it was to {zone}")

    def caught(self, error: BaseException, client: int, peer: str, zone: Zone) -> Fault:
        """Keep what went wrong."""
        text = "".join(traceback.format_exception(error))
        fault = Fault(client, peer, zone, f"{type(error).__name__}: {error}", text)
        self.faults.append(fault)
        return fault

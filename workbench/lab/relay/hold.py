"""Octets that have been read and are not due yet: a queue with a bound, so that who sends too much has to wait."""

import asyncio
from collections import deque
from typing import NamedTuple

from workbench.lab.relay.pieces import Act, Pass

HOLD_AT_MOST = 1024 * 1024
"""Octets of one direction; with a delay of 100 ms that is 10 MiB a second."""
MAX_ITEMS = 16_384


class Finish(NamedTuple):
    """The source has finished (FIN)."""


Item = Pass | Act | Finish


class Hold:
    """One direction's queue; one task puts, one takes.

    Args:
        limit: octets that may wait.
    """

    def __init__(self, limit: int = HOLD_AT_MOST) -> None:
        self._limit = limit
        self._items: deque[tuple[float, Item]] = deque()
        self._more = asyncio.Event()
        self._room = asyncio.Event()
        self.octets = 0

    async def put(self, due: float, item: Item) -> None:
        """Append what is due at this time of the loop; waits while there is no room."""
        while self.octets >= self._limit or len(self._items) >= MAX_ITEMS:
            self._room.clear()
            await self._room.wait()
        self._items.append((due, item))
        self.octets += len(item.data) if isinstance(item, Pass) else 0
        self._more.set()

    def close(self, due: float) -> None:
        """Append the end; there is always room for it, so that a reset is not kept waiting by a full queue."""
        self._items.append((due, Finish()))
        self._more.set()

    async def first(self) -> tuple[float, Item]:
        """The oldest item and when it is due; it stays."""
        while not self._items:
            self._more.clear()
            await self._more.wait()
        return self._items[0]

    def take(self) -> Item:
        """Remove the oldest item."""
        _, item = self._items.popleft()
        self.octets -= len(item.data) if isinstance(item, Pass) else 0
        self._room.set()
        return item

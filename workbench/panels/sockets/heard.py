"""Who was heard, told in batches: a state for each of 20,000 datagrams a second would take half a core."""

import asyncio
from collections.abc import Callable

TELL_AFTER_S = 0.03
"""A frame: nobody reads figures that change more often."""
MAX_KNOWN = 1024
"""Strangers are told of at once only as long as they are few: their addresses may be forged."""


class Heard:
    """Collects the addresses that spoke, and tells of each one at most once in TELL_AFTER_S.

    Args:
        tell: told an address; a stranger's at once.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._known: set[str] = set()
        self._waiting: dict[str, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def note(self, address: str) -> None:
        """Somebody spoke."""
        if address not in self._known and len(self._known) < MAX_KNOWN:
            self._known.add(address)
            self._tell(address)
            return
        self._waiting[address] = None
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(TELL_AFTER_S, self._tell_all)

    def close(self) -> None:
        """Nobody is told any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._waiting.clear()

    def _tell_all(self) -> None:
        self._timer = None
        waiting, self._waiting = self._waiting, {}
        for address in waiting:
            self._tell(address)

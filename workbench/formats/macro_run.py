"""What goes on from one payload to the next: counters, chance, the clock."""

import random
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from workbench.clock import SYSTEM

MAX_COUNTERS = 1000


class Run:
    """One run of payloads. Not shared between tasks that must not see each other's counters.

    Args:
        seed: the same seed gives the same random octets again; None takes another each time.
        wall: nanoseconds since 1970, for dates.
    """

    def __init__(self, seed: int | None = None, wall: Callable[[], int] = SYSTEM.wall_ns) -> None:
        # No secret comes from here: the generator that can be seeded is the one that is wanted.
        self.random = random.Random(seed)
        self._wall = wall
        self._counters: dict[str, int] = {}
        self._now: datetime | None = None
        self._counted: dict[str, int] = {}

    def begin(self) -> None:
        """The next payload: its counters go on, its dates are all of one moment."""
        self._counted = {}
        self._now = None

    def count(self, name: str, first: int, step: int) -> int:
        """The number of this payload: the same wherever the counter stands in it."""
        if name not in self._counted:
            number = self._counters.get(name, first)
            if len(self._counters) < MAX_COUNTERS or name in self._counters:
                self._counters[name] = number + step
            self._counted[name] = number
        return self._counted[name]

    def now(self, *, utc: bool) -> datetime:
        """The moment of this payload, in UTC or on this machine's clock."""
        if self._now is None:
            self._now = datetime.fromtimestamp(self._wall() / 1e9, UTC)
        return self._now if utc else self._now.astimezone()

    def uuid(self) -> str:
        """A random one (RFC 9562 section 5.4), seeded like the rest."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def copy(self) -> "Run":
        """One that goes on from here by itself: for looking at what would be sent."""
        twin = Run(None, self._wall)
        twin.random.setstate(self.random.getstate())
        twin._counters = dict(self._counters)
        return twin

"""The two clocks of the program, handed in wherever time is recorded so that tests can turn them."""

import time
from typing import Protocol


class Clock(Protocol):
    """What a recorder asks for the time."""

    def monotonic_ns(self) -> int:
        """Nanoseconds of a clock that never goes back; only differences mean something."""
        ...

    def wall_ns(self) -> int:
        """Nanoseconds since 1970-01-01 00:00 UTC, as this machine believes."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()

    def wall_ns(self) -> int:
        return time.time_ns()


SYSTEM: Clock = SystemClock()

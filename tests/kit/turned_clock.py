"""A clock that stands still until the test turns it; it stands in for workbench.clock.SYSTEM."""

NS_PER_S = 1_000_000_000

START_WALL_NS = 1_700_000_000 * NS_PER_S
"""2023-11-14 22:13:20 UTC: any fixed moment, so that expected texts can be written down."""


class TurnedClock:
    """Both clocks of a recorder, moved by hand and always together unless the wall clock is set.

    Args:
        monotonic_ns: where the monotonic clock starts; not zero, so that absolute and relative times differ.
        wall_ns: where the wall clock starts, nanoseconds since 1970.
    """

    def __init__(self, *, monotonic_ns: int = 5 * NS_PER_S, wall_ns: int = START_WALL_NS) -> None:
        self._monotonic_ns = monotonic_ns
        self._wall_ns = wall_ns

    def monotonic_ns(self) -> int:
        """Nanoseconds since nowhere in particular."""
        return self._monotonic_ns

    def wall_ns(self) -> int:
        """Nanoseconds since 1970-01-01 00:00 UTC."""
        return self._wall_ns

    def advance_ns(self, ns: int) -> None:
        """Let `ns` nanoseconds pass on both clocks.

        Raises:
            ValueError: ns is negative; time does not go back.
        """
        if ns < 0:
            raise ValueError(f"time does not go back by {-ns} ns")
        self._monotonic_ns += ns
        self._wall_ns += ns

    def advance_s(self, seconds: float) -> None:
        """Let `seconds` pass on both clocks, to the nearest nanosecond."""
        self.advance_ns(round(seconds * NS_PER_S))

    def set_wall_ns(self, ns: int) -> None:
        """Move the wall clock alone, as a person or NTP does; the monotonic one does not notice."""
        self._wall_ns = ns

"""The two lines that say how evenly the window's thread went on during a piece of work."""

from collections.abc import Sequence

from tests.bench.figures import Budget, Figure, percentile

LONGEST = Budget(50)
P99 = Budget(20, 16)
TICK_MS = 10


def beats(measurement: str, during: str, gaps_ms: Sequence[float]) -> list[Figure]:
    """Longest gap and p99 of a timer of 10 ms."""
    note = f"{len(gaps_ms):,} ticks of {TICK_MS} ms"
    if not gaps_ms:
        return [Figure(measurement, f"heartbeat, longest gap, {during}", None, "ms", LONGEST, note="no tick")]
    return [
        Figure(measurement, f"heartbeat, longest gap, {during}", max(gaps_ms), "ms", LONGEST, note=note),
        Figure(measurement, f"heartbeat, p99, {during}", percentile(gaps_ms, 99), "ms", P99, note=note),
    ]

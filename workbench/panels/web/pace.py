"""How fast octets come, and how long the rest will take. No Qt."""

from collections import deque
from typing import Final

WINDOW_NS: Final = 3_000_000_000
"""What the figure is an average of: shorter jumps about, longer is late to see a change."""
STEP_NS: Final = 50_000_000
"""Between two samples that are kept."""
LEAST_NS: Final = 300_000_000
"""Before this nobody can say how fast it is."""


class Pace:
    """Samples of how many octets there were when."""

    def __init__(self) -> None:
        self._samples: deque[tuple[int, int]] = deque()

    def add(self, octets: int, now_ns: int) -> None:
        """So many are there now; fewer than before: it began anew."""
        samples = self._samples
        if samples and octets < samples[-1][1]:
            samples.clear()
        if len(samples) > 1 and now_ns - samples[-2][0] < STEP_NS:
            samples.pop()
        samples.append((now_ns, octets))
        while now_ns - samples[0][0] > WINDOW_NS and len(samples) > 2:
            samples.popleft()

    @property
    def per_s(self) -> float | None:
        """Octets a second; None while nobody can say."""
        if len(self._samples) < 2:
            return None
        (first_ns, first), (last_ns, last) = self._samples[0], self._samples[-1]
        return (last - first) * 1e9 / (last_ns - first_ns) if last_ns - first_ns >= LEAST_NS else None

    def left_ns(self, total: int | None) -> float | None:
        """Nanoseconds until all of it is there; None while nobody can say."""
        speed = self.per_s
        if total is None or not speed:
            return None
        return max(0, total - self._samples[-1][1]) * 1e9 / speed

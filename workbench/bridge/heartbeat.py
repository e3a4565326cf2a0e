"""The pulse of the window's thread: how evenly a precise timer ticks, and who was at work when it did not.

The gap between two ticks is what a person's hand feels. A watchdog thread looks at the thread's stack while a tick is
overdue, so that the late one is put down with the guilty line, not with the innocent one after it.

Cost, measured: 2 us of Python a tick, and Qt's waking: 0.5 % of a core at 50 ms, half of it for the bare timer; 1.9 %
at 10 ms.
"""

import threading
from collections import deque
from time import monotonic_ns, time_ns
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from workbench.bridge import stacks

INTERVAL_MS = 50
"""In the window, always on. Tests and benchmarks take 10."""

LIMIT_MS = 200
"""A gap that a person notices as a hitch."""

WINDOW_GAPS = 1200
"""Gaps that the figures look back on: a minute at 50 ms."""

LATE_KEPT = 50

NS_PER_MS = 1_000_000


class Late(NamedTuple):
    """A gap above the limit.

    Args:
        when_ns: when it ended, wall clock, nanoseconds since 1970.
        gap_ms: how long it was.
        stack: where the thread stood when the limit was passed, outermost call first. Empty if nobody could look:
            something held the interpreter itself (a regular expression of `re`, a library's C code).
    """

    when_ns: int
    gap_ms: float
    stack: str


class Heartbeat(QObject):
    """Measures the thread it was made in, from start() to stop().

    Args:
        limit_ms: gaps above it are kept in `late`.
        interval_ms: between two ticks.
    """

    was_late = Signal(object)
    """Carries a Late, just appended to `late`."""

    def __init__(
        self, limit_ms: int = LIMIT_MS, interval_ms: int = INTERVAL_MS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.limit_ms = limit_ms
        self.interval_ms = interval_ms
        self.late: deque[Late] = deque(maxlen=LATE_KEPT)
        self.max_gap_ms = 0.0
        self._gaps: deque[int] = deque(maxlen=WINDOW_GAPS)
        self._last_ns = 0
        self._watchdog: _Watchdog | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Begin, or begin again with empty figures."""
        self.stop()
        self._gaps.clear()
        self.late.clear()
        self.max_gap_ms = 0.0
        self._last_ns = monotonic_ns()
        self._watchdog = _Watchdog(self._last_ns, (self.interval_ms + self.limit_ms) * NS_PER_MS)
        self._timer.start()

    def stop(self) -> None:
        """End; the figures stay. No thread is left."""
        self._timer.stop()
        if self._watchdog is not None:
            self._watchdog.stop()
            self._watchdog = None

    @property
    def p50_ms(self) -> float:
        """Half of the gaps in the window are no longer than this."""
        return self._percentile(50)

    @property
    def p99_ms(self) -> float:
        """99 of 100 gaps in the window are no longer than this."""
        return self._percentile(99)

    @property
    def lateness_ms(self) -> float:
        """How much too late the latest tick of the last second at most was: the status bar's figure."""
        recent = [*self._gaps][-max(1, 1000 // self.interval_ms) :]
        return max(0.0, max(recent, default=0) / NS_PER_MS - self.interval_ms)

    def _percentile(self, percent: int) -> float:
        ordered = sorted(self._gaps)
        # Nearest rank: the smallest gap with at least that share of all gaps at or below it.
        return ordered[-(-len(ordered) * percent // 100) - 1] / NS_PER_MS if ordered else 0.0

    def _on_tick(self) -> None:
        now_ns = monotonic_ns()
        gap_ns = now_ns - self._last_ns
        watchdog = self._watchdog
        if watchdog is None:
            return
        self._last_ns = watchdog.last_ns = now_ns
        self._gaps.append(gap_ns)
        gap_ms = gap_ns / NS_PER_MS
        self.max_gap_ms = max(self.max_gap_ms, gap_ms)
        if gap_ms > self.limit_ms:
            late = Late(time_ns(), gap_ms, watchdog.take_stack())
            self.late.append(late)
            self.was_late.emit(late)


class _Watchdog:
    """A thread that sleeps until the next tick is overdue, and then looks once what keeps it."""

    def __init__(self, last_ns: int, patience_ns: int) -> None:
        self.last_ns = last_ns  # written by each tick, read by the thread
        self._patience_ns = patience_ns
        self._watched = threading.get_ident()
        self._stack = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat watchdog", daemon=True)
        self._thread.start()

    def take_stack(self) -> str:
        stack, self._stack = self._stack, ""
        return stack

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        seen_ns = 0  # the tick after which a stack was taken
        while True:
            last_ns = self.last_ns
            wait_ns = last_ns + self._patience_ns - monotonic_ns()
            if wait_ns <= 0:
                if seen_ns != last_ns:
                    seen_ns = last_ns
                    self._stack = stacks.of_thread(self._watched)
                wait_ns = self._patience_ns
            if self._stopped.wait(wait_ns / 1e9):
                return

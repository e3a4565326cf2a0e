"""The heartbeat of a window under test, which is not blamed for a machine that gave it no time to beat."""

import gc
import os
from time import monotonic_ns

from PySide6.QtCore import QObject, Qt, QTimer

from workbench.bridge.heartbeat import Heartbeat

LIMIT_MS = 200
"""What a person notices as a hitch; DESIGN's own budget is a quarter of it, and measured beside the peers."""

INTERVAL_MS = 10
NS_PER_MS = 1_000_000


class Pulse(QObject):
    """Measures the thread it is made in, from start() to stop().

    A gap is the time between two ticks less what the thread was ready to run and had no processor: that belongs to
    whoever else is busy on this machine. Waiting for anything else (a lock, a disk, a sleep) counts in full.

    Attributes:
        max_gap_ms: the longest gap so far.
    """

    def __init__(self) -> None:
        super().__init__()
        self.max_gap_ms = 0.0
        self._witness = Heartbeat(LIMIT_MS, INTERVAL_MS)
        self._last_ns = self._queued_ns = self._ticks = 0
        self._schedule = _open_schedule()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Begin with empty figures.

        What hundreds of earlier tests left on the heap is put aside: looking through it takes the collector a second,
        and it is not the window's.
        """
        gc.collect()
        gc.freeze()
        self.max_gap_ms, self._ticks = 0.0, 0
        self._last_ns, self._queued_ns = monotonic_ns(), self._read_queued_ns()
        self._witness.start()
        self._timer.start()

    def stop(self) -> None:
        """End; the figures stay."""
        gc.unfreeze()
        self._witness.stop()
        self._timer.stop()

    def close(self) -> None:
        """End for good."""
        self.stop()
        if self._schedule is not None:
            os.close(self._schedule)
            self._schedule = None

    def assert_even(self) -> None:
        """Raises AssertionError with the guilty stacks if it stood still for LIMIT_MS."""
        late = "\n".join(f"{late.gap_ms:.0f} ms at\n{late.stack}" for late in self._witness.late)
        assert self._ticks, "it never beat"
        assert self.max_gap_ms < LIMIT_MS, f"{self.max_gap_ms:.0f} ms of our own\n{late}"

    def _on_tick(self) -> None:
        now_ns, queued_ns = monotonic_ns(), self._read_queued_ns()
        gap_ns = now_ns - self._last_ns - (queued_ns - self._queued_ns)
        self.max_gap_ms = max(self.max_gap_ms, gap_ns / NS_PER_MS)
        self._last_ns, self._queued_ns = now_ns, queued_ns
        self._ticks += 1

    def _read_queued_ns(self) -> int:
        """How long this thread was ready and had no processor, since its beginning; 0 where the system doesn't tell."""
        return 0 if self._schedule is None else int(os.pread(self._schedule, 128, 0).split()[1])


def _open_schedule() -> int | None:
    try:
        return os.open("/proc/thread-self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None

"""The heartbeat of a window under test, which is not blamed for a machine that gave it no time to beat."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic_ns
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer

from tests.kit.stolen import Stolen, between
from workbench.bridge.heartbeat import Heartbeat

LIMIT_MS = 200
"""What a person notices as a hitch; DESIGN's own budget is a quarter of it, and measured beside the peers."""

INTERVAL_MS = 10
NS_PER_MS = 1_000_000


class Spent(NamedTuple):
    """What a moment's clocks say of the thread; all in nanoseconds since some beginning.

    Args:
        at: the time of day.
        ran: with a processor.
        queued: ready to run, while others had all processors.
        stolen: of each processor, what a virtual machine's host gave to other machines while this one wanted it.
    """

    at: int
    ran: int = 0
    queued: int = 0
    stolen: tuple[int, ...] = ()

    def ours_since(self, before: "Spent") -> int:
        """Of the time since then, what nobody else took: at least what the thread ran, in nanoseconds."""
        waited = self.at - before.at - (self.queued - before.queued) - between(before.stolen, self.stolen)
        return max(waited, self.ran - before.ran)


class Pulse(QObject):
    """Measures the thread it is made in, from start() to stop().

    A gap is the time between two ticks less what the thread was ready to run and had no processor, and less what the
    host of a virtual machine took from it: that belongs to whoever else is busy. Running, and waiting for anything
    else (a lock, a disk, a sleep), count in full.

    Attributes:
        max_gap_ms: the longest gap so far.
    """

    def __init__(self) -> None:
        super().__init__()
        self.max_gap_ms = 0.0
        self._witness = Heartbeat(LIMIT_MS, INTERVAL_MS)
        self._schedule = _opened("/proc/thread-self/schedstat")
        self._stolen = Stolen()
        self._last = self._read()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._measure)

    def start(self) -> None:
        """Begin with empty figures.

        What hundreds of earlier tests left on the heap is put aside: looking through it takes the collector a second,
        and it is not the window's.
        """
        gc.collect()
        gc.freeze()
        self.max_gap_ms = 0.0
        self._last = self._read()
        self._witness.start()
        self._timer.start()

    def stop(self) -> None:
        """End; the figures stay. The time since the last tick counts."""
        gc.unfreeze()
        if self._timer.isActive():
            self._measure()
        self._witness.stop()
        self._timer.stop()

    def close(self) -> None:
        """End for good."""
        self.stop()
        self._stolen.close()
        if self._schedule is not None:
            os.close(self._schedule)
            self._schedule = None

    def assert_even(self) -> None:
        """Raises AssertionError with the guilty stacks if it stood still for LIMIT_MS."""
        late = "\n".join(f"{late.gap_ms:.0f} ms at\n{late.stack}" for late in self._witness.late)
        assert self.max_gap_ms, "it never beat"
        assert self.max_gap_ms < LIMIT_MS, f"{self.max_gap_ms:.0f} ms of our own\n{late}"

    def _measure(self) -> None:
        now = self._read()
        self.max_gap_ms = max(self.max_gap_ms, now.ours_since(self._last) / NS_PER_MS)
        self._last = now

    def _read(self) -> Spent:
        """What a system does not tell is 0."""
        ran = queued = 0
        if self._schedule is not None:
            ran, queued, _ = map(int, os.pread(self._schedule, 128, 0).split())
        return Spent(monotonic_ns(), ran, queued, self._stolen.read())


@contextmanager
def even_pulse() -> Iterator[None]:
    """The window lives all the while; AssertionError at the end if it did not."""
    pulse = Pulse()
    pulse.start()
    try:
        yield
    finally:
        pulse.close()
    pulse.assert_even()


def _opened(path: str) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None

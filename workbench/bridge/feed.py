"""Feeds views from what grows: at most one call per source and frame, and none while nothing happens.

A transcript says "my length is now n" at every event, which may be 100,000 times a second; a model wants to hear of it
thirty times a second (one signal per event costs 4.8 us, in batches 0.3 us). The feed sets a flag per event and calls
per frame. The first change after a quiet time is shown at once, not a frame later.
"""

import math
import sys
from collections.abc import Callable
from time import monotonic
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QTimer

INTERVAL_MS = 33
"""About 30 frames a second: as fast as figures can be read, and leaving the thread to the network in between."""


class Source(Protocol):
    """What a feed can watch, such as a Transcript."""

    def observe(self, callback: Callable[[Any], object], /) -> Callable[[], object]:
        """Call back at each change, from the loop's thread. Returns what ends that."""
        ...


class Feed(QObject):
    """One timer for all views of a window. It runs only while there is something to tell.

    Args:
        interval_ms: the least time between two frames.
    """

    def __init__(self, interval_ms: int = INTERVAL_MS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._interval_s = interval_ms / 1000
        self._last_frame_s = -self._interval_s
        self._changed: list[_Watch] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_frame)

    def watch(self, source: Source, on_change: Callable[[], object]) -> Callable[[], None]:
        """Call `on_change` in the frame after a source changed, once however often it did.

        Returns:
            What ends it and forgets both; a change that was not told yet is not told any more.
        """
        watch = _Watch(self, on_change)
        watch.uncut = source.observe(watch.mark)
        return watch.cut

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be told."""
        return not self._timer.isActive()

    def changed(self, watch: "_Watch") -> None:
        """Take a watch into the next frame. Called by the watch, once a frame."""
        self._changed.append(watch)
        if len(self._changed) == 1:
            wait_s = self._last_frame_s + self._interval_s - monotonic()
            self._timer.start(max(0, math.ceil(wait_s * 1000)))

    def forget(self, watch: "_Watch") -> None:
        """Tell a watch nothing any more; where nobody else waits there is no frame either."""
        if watch in self._changed:
            self._changed.remove(watch)
            if not self._changed:
                self._timer.stop()

    def _on_frame(self) -> None:
        self._last_frame_s = monotonic()
        changed, self._changed = self._changed, []
        for watch in changed:
            try:
                watch.tell()
            except Exception:  # noqa: BLE001 (as from any slot: to the crash reporter, and the others are told)
                sys.excepthook(*sys.exc_info())


class _Watch:
    """One source, one callback, and whether the next frame tells of it."""

    __slots__ = ("feed", "is_marked", "on_change", "uncut")

    def __init__(self, feed: Feed, on_change: Callable[[], object]) -> None:
        self.feed: Feed | None = feed
        self.on_change: Callable[[], object] | None = on_change
        self.uncut: Callable[[], object] | None = None
        self.is_marked = False

    def mark(self, source: object = None) -> None:
        if not self.is_marked and self.feed is not None:
            self.is_marked = True
            self.feed.changed(self)

    def tell(self) -> None:
        self.is_marked = False  # before the call, which may change the source again
        if self.on_change is not None:
            self.on_change()

    def cut(self) -> None:
        uncut, self.uncut = self.uncut, None
        if self.feed is not None:
            self.feed.forget(self)
        self.feed = self.on_change = None
        if uncut is not None:
            uncut()

"""Looking for octets in a source of any size, in slices between which the window goes on."""

import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.ui.hexlayout import Octets

SLICE = 1 << 20
"""Octets read at once: 0.5 ms to read and search."""

TURN_S = 0.005
"""How long one turn may take; nothing on the window's thread takes over 8 ms."""


def find_slices(
    source: Octets, needle: bytes, start: int, stop: int, *, backward: bool = False, step: int = SLICE
) -> Iterator[int | None]:
    """Look for `needle` between start and stop, half open, both ends of the match within.

    Yields: None after each slice without a match, and last the offset of the match; nothing more when there is none.
    """
    overlap = len(needle) - 1
    step = max(step, overlap + 1)
    if backward:
        upper = stop
        while upper - start > overlap:
            lower = max(start, upper - step)
            at = source.read(lower, upper).rfind(needle)
            if at >= 0:
                yield lower + at
                return
            yield None
            if lower == start:
                return
            upper = lower + overlap
    else:
        lower = start
        while stop - lower > overlap:
            upper = min(stop, lower + step)
            at = source.read(lower, upper).find(needle)
            if at >= 0:
                yield lower + at
                return
            yield None
            if upper == stop:
                return
            lower = upper - overlap


class HexSearch(QObject):
    """One search at a time, once around: from a place to the end, and from the beginning to that place.

    Signals:
        ended: the offset of the match, or -1; and whether the search went past an end.
    """

    ended = Signal(object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._slices: Iterator[int | None] = iter(())
        self._second: Iterator[int | None] | None = None
        self._turns = QTimer(self)
        self._turns.setInterval(0)
        self._turns.timeout.connect(self._on_turn)

    @property
    def is_running(self) -> bool:
        """Whether an answer is still to come."""
        return self._turns.isActive()

    def start(self, source: Octets, needle: bytes, place: int, *, backward: bool = False) -> None:
        """Look from `place` on (backward: for what begins before it); a running search is given up.

        Raises: ValueError for an empty needle.
        """
        if not needle:
            raise ValueError("there is nothing to look for")
        size = len(source)
        reach = len(needle) - 1
        if backward:
            first = (0, min(size, place + reach))
            second = (min(place, size), size)
        else:
            first = (min(place, size), size)
            second = (0, min(size, place + reach))
        self._slices = find_slices(source, needle, *first, backward=backward)
        self._second = find_slices(source, needle, *second, backward=backward)
        self._turns.start()

    def cancel(self) -> None:
        """Give up without an answer."""
        self._turns.stop()
        self._slices = iter(())
        self._second = None

    def _on_turn(self) -> None:
        until = time.monotonic() + TURN_S
        while time.monotonic() < until:
            found = next(self._slices, -1)
            if found is None:
                continue
            if found == -1 and self._second is not None:
                self._slices, self._second = self._second, None
                continue
            wrapped = self._second is None
            self.cancel()
            self.ended.emit(found, wrapped)
            return

"""Paints the rows of a hex view that are to be seen, and nothing else."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from workbench.ui import theme
from workbench.ui.hexlayout import HexLayout, row_hex, row_letters


class Highlight(NamedTuple):
    """A range that means something: half open, the role names its colour, the label says it in words.

    Roles: accent (a field), sent, received, good, warning, error.
    """

    start: int
    stop: int
    role: str = "accent"
    label: str = ""


class Highlights:
    """Ranges that can be asked which of them touch a few rows, however many there are."""

    def __init__(self, ranges: Iterable[Highlight] = ()) -> None:
        self.ranges = sorted(ranges, key=_start)
        self._starts = [each.start for each in self.ranges]
        # The furthest end so far: going back from a place, one may stop where nothing reaches it any more.
        self._reach = list(accumulate((each.stop for each in self.ranges), max))

    def touching(self, start: int, stop: int) -> list[Highlight]:
        """Those with at least one octet between start and stop, in the order of their starts."""
        found = []
        at = bisect_left(self._starts, stop) - 1
        while at >= 0 and self._reach[at] > start:
            if self.ranges[at].stop > start:
                found.append(self.ranges[at])
            at -= 1
        return found[::-1]

    def at(self, offset: int) -> list[Highlight]:
        """Those that contain an octet, the narrowest first."""
        return sorted(self.touching(offset, offset + 1), key=_length)


class Sight(NamedTuple):
    """What one paint shows: the octets from `first` on, laid out, with their marks."""

    layout: HexLayout
    first: int
    data: bytes
    left: int
    highlights: list[Highlight]
    selection: tuple[int, int]
    cursor: int | None
    has_focus: bool


def paint_rows(painter: QPainter, sight: Sight) -> None:
    """Draw the rows from the painter's origin downward in the painter's font."""
    layout = sight.layout
    painter.translate(-sight.left, 0)
    for mark in sight.highlights:
        _fill(painter, sight, mark.start, mark.stop, theme.colour(mark.role, 0.14), theme.colour(mark.role))
    start, stop = sight.selection
    if stop > start:
        _fill(painter, sight, start, stop, theme.colour("selection"), None)
    _write(painter, sight, layout)
    if sight.cursor is not None:
        _outline(painter, sight, sight.cursor)


def _write(painter: QPainter, sight: Sight, layout: HexLayout) -> None:
    metrics = QFontMetricsF(painter.font())
    baseline = (layout.row_height - metrics.height()) / 2 + metrics.ascent()
    muted, text = QPen(theme.colour("muted")), QPen(theme.colour("text"))
    hex_x, text_x = layout.hex_x(0), layout.text_x(0)
    for number, at in enumerate(range(0, len(sight.data), layout.columns)):
        row = sight.data[at : at + layout.columns]
        y = number * layout.row_height + baseline
        painter.setPen(muted)
        painter.drawText(QPointF(layout.margin, y), f"{sight.first + at:0{layout.digits}x}")
        painter.setPen(text)
        painter.drawText(QPointF(hex_x, y), row_hex(row))
        painter.drawText(QPointF(text_x, y), row_letters(row))


def _fill(
    painter: QPainter, sight: Sight, start: int, stop: int, ground: QColor, line: QColor | None
) -> None:
    """Lay a colour under a range, in both columns; the line below it tells it from the selection without colour."""
    for row, first, last in _rows_of(sight, start, stop):
        top = row * sight.layout.row_height
        for x, width in sight.layout.spans(first, last):
            box = QRectF(x - 1.5, top + 1, width + 3, sight.layout.row_height - 2)
            painter.fillRect(box, ground)
            if line is not None:
                painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), line)


def _outline(painter: QPainter, sight: Sight, cursor: int) -> None:
    painter.setPen(QPen(theme.colour("accent" if sight.has_focus else "strong_border"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for row, first, last in _rows_of(sight, cursor, cursor + 1):
        top = row * sight.layout.row_height
        for x, width in sight.layout.spans(first, last):
            painter.drawRect(QRectF(x - 1.5, top + 1.5, width + 3, sight.layout.row_height - 3))


def _rows_of(sight: Sight, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """(row on the screen, first column, last column) of the part of a range that is to be seen."""
    columns = sight.layout.columns
    start = max(start - sight.first, 0)
    stop = min(stop - sight.first, len(sight.data))
    while start < stop:
        row, column = divmod(start, columns)
        last = min(columns - 1, column + stop - start - 1)
        yield row, column, last
        start = (row + 1) * columns


def _start(mark: Highlight) -> int:
    return mark.start


def _length(mark: Highlight) -> int:
    return mark.stop - mark.start

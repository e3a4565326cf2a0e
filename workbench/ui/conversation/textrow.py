"""One row of the Text form as it is drawn: segments of characters with their places, and back from pixels to octets."""

from bisect import bisect_right
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from workbench.transcript.recorder import Transcript
from workbench.ui.conversation.breaks import RowBreaks
from workbench.ui.conversation.cells import Cells, cells
from workbench.ui.conversation.lines import TextRow
from workbench.ui.conversation.selection import Spot
from workbench.ui.conversation.streams import stream_of


class Segment(NamedTuple):
    """Characters start to stop of a row, drawn at x in one colour."""

    start: int
    stop: int
    x: float
    is_quiet: bool


class DrawnRow:
    """A row of text with its cells laid out.

    Args:
        row: which octets.
        transcript: gives the octets before them, for a character that began there.
        breaks: the encoding.
        metrics: of the fixed font.
    """

    def __init__(
        self, row: TextRow, transcript: Transcript, breaks: RowBreaks, metrics: QFontMetricsF
    ) -> None:
        self.row = row
        self._metrics = metrics
        self.cells = _cells_of(row, transcript, breaks)
        self.segments = self._segments()
        self.width = self._x_behind()

    # Octets and spots

    def spot_at(self, x: float) -> Spot:
        """The place between two cells that is nearest to x."""
        cell = self._cell_at(x)
        if cell < len(self.cells) and x > (self.x_of_cell(cell) + self.x_of_cell(cell + 1)) / 2:
            cell += 1
        return self.spot_of(self.cells.octets[min(cell, len(self.cells))])

    def spot_of(self, octet: int) -> Spot:
        """The spot before an octet of the row; behind the last one it is behind that."""
        left = octet
        for piece in self.row.pieces:
            size = piece.stop - piece.start
            if left < size or piece is self.row.pieces[-1]:
                return Spot(piece.event.index, piece.start + min(left, size))
            left -= size
        raise IndexError(octet)

    def octet_of(self, spot: Spot) -> int:
        """The octet of the row before which a spot lies: 0 if it lies before the row, its size if behind."""
        done = 0
        for piece in self.row.pieces:
            if spot.event < piece.event.index:
                return done
            if spot.event == piece.event.index:
                return done + min(max(spot.octet - piece.start, 0), piece.stop - piece.start)
            done += piece.stop - piece.start
        return done

    def neighbour(self, spot: Spot, by: int) -> Spot | None:
        """The spot one cell further, or back; None beyond the row."""
        octet = self.octet_of(spot)
        cell = bisect_right(self.cells.octets, octet) - 1 + by
        if by < 0 and self.cells.octets[max(0, cell + 1)] < octet:
            cell += 1
        if not 0 <= cell <= len(self.cells):
            return None
        return self.spot_of(self.cells.octets[cell])

    @property
    def last_spot(self) -> Spot:
        """Before the last cell of the row."""
        return self.spot_of(self.cells.octets[max(0, len(self.cells) - 1)])

    def holds(self, spot: Spot) -> bool:
        """Whether a cursor at a spot is drawn in this row: behind the last cell only where the run ends."""
        first, last = self.row.pieces[0], self.row.pieces[-1]
        end = Spot(last.event.index, last.stop)
        return Spot(first.event.index, first.start) <= spot < end or (spot == end and self.row.ends_run)

    @property
    def boundaries(self) -> list[float]:
        """Where inside the row a read ended and the next began, as x."""
        found = []
        done = 0
        for piece in self.row.pieces[:-1]:
            done += piece.stop - piece.start
            found.append(self.x_of_octet(done))
        return found

    # Pixels

    def x_of_octet(self, octet: int) -> float:
        """Left edge of the cell in which an octet stands."""
        if octet >= len(self.row.data):
            return self.width
        return self.x_of_cell(self.cells.cell_of_octet(octet))

    def x_of_cell(self, cell: int) -> float:
        """Left edge of a cell; of the one behind the last, the row's width."""
        if cell >= len(self.cells):
            return self.width
        place = self.cells.starts[cell]
        for segment in reversed(self.segments):
            if segment.start <= place:
                return segment.x + self._metrics.horizontalAdvance(self.cells.text[segment.start : place])
        return 0.0

    def _cell_at(self, x: float) -> int:
        low, high = 0, len(self.cells)
        while low < high:
            middle = (low + high) // 2
            if self.x_of_cell(middle + 1) <= x:
                low = middle + 1
            else:
                high = middle
        return low

    def draw(self, painter: QPainter, baseline: float, loud: QColor, quiet: QColor) -> None:
        """Draw from the painter's origin."""
        pens = {False: QPen(loud), True: QPen(quiet)}
        for segment in self.segments:
            painter.setPen(pens[segment.is_quiet])
            painter.drawText(QPointF(segment.x, baseline), self.cells.text[segment.start : segment.stop])

    def box(self, first: int, last: int, height: int) -> QRectF:
        """The rectangle around octets first to last of the row."""
        left, right = self.x_of_octet(first), self.x_of_octet(last)
        return QRectF(left, 0, max(right - left, 0), height)

    def _segments(self) -> tuple[Segment, ...]:
        """Neighbouring cells of one colour together."""
        found: list[Segment] = []
        start, x = 0, 0.0
        shown = self.cells
        if not shown.quiet:
            return (Segment(0, len(shown.text), 0.0, False),) if shown.text else ()
        cell = 0
        while cell < len(shown):
            is_quiet = cell in shown.quiet
            while cell < len(shown) and (cell in shown.quiet) == is_quiet:
                cell += 1
            stop = shown.starts[cell]
            found.append(Segment(start, stop, x, is_quiet))
            x += self._metrics.horizontalAdvance(shown.text[start:stop])
            start = stop
        return tuple(found)

    def _x_behind(self) -> float:
        if not self.segments:
            return 0.0
        last = self.segments[-1]
        return last.x + self._metrics.horizontalAdvance(self.cells.text[last.start : last.stop])


def _cells_of(row: TextRow, transcript: Transcript, breaks: RowBreaks) -> Cells:
    event = row.event
    if not row.data:
        return Cells("", (0,), (0,), frozenset())
    stream = transcript.stream(*stream_of(event))
    offset = row.offset
    end = offset + len(row.data)

    def before(count: int) -> bytes:
        return stream.read(max(0, offset - count), offset)

    needed = row.begins_run or breaks.needs_context
    return cells(
        row.data,
        breaks,
        offset=offset,
        before=before if needed and offset else None,
        goes_on=row.ends_run and len(stream) > end,
    )

"""One row of the Text form as it is drawn: cells with their places, and back from pixels to octets.

Stretches of cells that all take the room of one character (nearly every row is one) are reckoned and drawn in one go,
once for the characters and once for our own signs in their quiet colour. What is wider or narrower stands between them.
"""

from bisect import bisect_right
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from workbench.transcript.recorder import Transcript
from workbench.ui.conversation.breaks import RowBreaks
from workbench.ui.conversation.cells import NO_CELLS, Cells, cells
from workbench.ui.conversation.fixedtext import FixedText
from workbench.ui.conversation.lines import TextRow
from workbench.ui.conversation.selection import Spot
from workbench.ui.conversation.streams import stream_of


class Stretch(NamedTuple):
    """Cells first to last, the first at x; places within it are reckoned if is_even."""

    first: int
    last: int
    x: float
    is_even: bool


class DrawnRow:
    """A row of text with its cells laid out.

    Args:
        row: which octets.
        transcript: gives the octets before them, for a character that began there.
        breaks: the encoding.
        measure: of the fixed font.
    """

    def __init__(self, row: TextRow, transcript: Transcript, breaks: RowBreaks, measure: FixedText) -> None:
        self.row = row
        self._measure = measure
        self.cells = _cells_of(row, transcript, breaks)
        self._stretches = self._laid_out()
        self.width = self.x_of_cell(len(self.cells))
        self._texts: tuple[tuple[float, str, bool], ...] | None = None

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
        if not self._stretches:
            return 0.0
        place = bisect_right(self._stretches, cell, key=_first_cell) - 1
        stretch = self._stretches[max(0, place)]
        if stretch.is_even:
            return stretch.x + self._even_width(stretch.first, cell)
        return stretch.x + sum(self._measure.of(self.cells.cell_text(n)) for n in range(stretch.first, cell))

    def _cell_at(self, x: float) -> int:
        low, high = 0, len(self.cells)
        while low < high:
            middle = (low + high) // 2
            if self.x_of_cell(middle + 1) <= x:
                low = middle + 1
            else:
                high = middle
        return low

    def draw(self, painter: QPainter, baseline: float, loud: QPen, quiet: QPen) -> None:
        """Draw from the painter's origin."""
        if self._texts is None:
            self._texts = tuple(each for stretch in self._stretches for each in self._texts_of(stretch))
        for x, text, is_quiet in self._texts:
            painter.setPen(quiet if is_quiet else loud)
            painter.drawText(QPointF(x, baseline), text)

    def box(self, first: int, last: int, height: int) -> QRectF:
        """The rectangle around octets first to last of the row."""
        left, right = self.x_of_octet(first), self.x_of_octet(last)
        return QRectF(left, 0, max(right - left, 0), height)

    def _laid_out(self) -> tuple[Stretch, ...]:
        count = len(self.cells)
        odd = self._odd_cells()
        found = []
        x, done = 0.0, 0
        for first, last in odd:
            if done < first:
                found.append(Stretch(done, first, x, True))
                x += self._even_width(done, first)
            found.append(Stretch(first, last, x, False))
            x += sum(self._measure.of(self.cells.cell_text(cell)) for cell in range(first, last))
            done = last
        if done < count:
            found.append(Stretch(done, count, x, True))
        return tuple(found)

    def _even_width(self, first: int, last: int) -> float:
        return (self.cells.starts[last] - self.cells.starts[first]) * self._measure.width

    def _odd_cells(self) -> list[tuple[int, int]]:
        """The ranges of cells whose text does not take the room of its characters."""
        text, starts = self.cells.text, self.cells.starts
        odd = self._measure.odd_characters(text)
        if not odd:
            return []
        found: list[tuple[int, int]] = []
        for place in [place for place, character in enumerate(text) if character in odd]:
            cell = bisect_right(starts, place) - 1
            if found and cell <= found[-1][1]:
                found[-1] = (found[-1][0], cell + 1)
            else:
                found.append((cell, cell + 1))
        return found

    def _texts_of(self, stretch: Stretch) -> list[tuple[float, str, bool]]:
        """What is drawn of a stretch: x, text, and whether in the quiet colour."""
        shown = self.cells
        range_ = range(stretch.first, stretch.last)
        text = shown.text[shown.starts[stretch.first] : shown.starts[stretch.last]]
        quiet = [cell for cell in range_ if cell in shown.quiet] if shown.quiet else []
        if not quiet:
            return [(stretch.x, text, False)]
        if not stretch.is_even:
            return [(self.x_of_cell(cell), shown.cell_text(cell), cell in shown.quiet) for cell in range_]
        if quiet == list(range(quiet[0], stretch.last)):
            # Line ends, mostly.
            at = shown.starts[quiet[0]] - shown.starts[stretch.first]
            return [(stretch.x, text[:at], False), (self.x_of_cell(quiet[0]), text[at:], True)]
        pieces = [(shown.cell_text(cell), cell in shown.quiet) for cell in range_]
        loud = "".join(" " * len(piece) if is_quiet else piece for piece, is_quiet in pieces)
        signs = "".join(piece if is_quiet else " " * len(piece) for piece, is_quiet in pieces)
        return [(stretch.x, loud.rstrip(), False), (stretch.x, signs.rstrip(), True)]


def _first_cell(stretch: Stretch) -> int:
    return stretch.first


def _cells_of(row: TextRow, transcript: Transcript, breaks: RowBreaks) -> Cells:
    event = row.event
    if not row.data:
        return NO_CELLS
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

"""The source as text: only the lines on screen are made into characters, whatever the size of the document.

Hits, the selected node and problems are painted behind the characters; a click says at which character it was.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from workbench.formats.charset import visible
from workbench.formats.markup.lines import Lines
from workbench.ui import theme

NO_RANGES: Sequence[tuple[int, int]] = ()
MAX_COPIED = 1_000_000
"""Characters that go to the clipboard at once."""
TAB = "    "
LONG = 5_000
"""Characters of a line from which on its controls are all shown as dots: each by itself would take too long."""
_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


class SourceView(QAbstractScrollArea):
    """The source of one document.

    Signals:
        clicked: the character that was clicked at.
    """

    clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: Lines | None = None
        self._hits = NO_RANGES
        self._starts: list[int] = []
        self._selected = (-1, -1)
        self._cursor = 0
        self._shown: dict[int, tuple[str, list[int]]] = {}
        self.setAccessibleName("Source")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    # ---- what is shown

    def show_lines(self, lines: Lines | None) -> None:
        """Show another source, from its beginning."""
        if lines is self._lines:
            return
        self._lines = lines
        self._shown.clear()
        self._hits, self._starts, self._selected, self._cursor = NO_RANGES, [], (-1, -1), 0
        self._measure()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        self.viewport().update()

    def show_hits(self, ranges: Sequence[tuple[int, int]]) -> None:
        """Mark what was found; in the order of the source."""
        if ranges is self._hits:
            return
        self._hits = ranges
        self._starts = [start for start, _ in ranges]
        self.viewport().update()

    def select(self, start: int, stop: int) -> None:
        """Mark what is selected and bring its beginning into view; below 0 for nothing."""
        if (start, stop) == self._selected:
            return
        self._selected = (start, stop)
        if self._lines is not None and start >= 0:
            self._cursor = start
            self._bring(start)
        self.viewport().update()

    @property
    def selected(self) -> tuple[int, int]:
        """From where to where, in characters."""
        return self._selected

    def visible_lines(self) -> range:
        """The lines that are on screen, from 0 on."""
        if self._lines is None:
            return range(0)
        top = self.verticalScrollBar().value()
        return range(top, min(len(self._lines), top + self._rows() + 1))

    def text_of(self, number: int) -> str:
        """A line as it is shown."""
        return self._line(number)[0]

    def copy(self) -> None:
        """The selected characters to the clipboard."""
        start, stop = self._selected
        if self._lines is not None and start >= 0:
            QGuiApplication.clipboard().setText(self._lines.text[start : min(stop, start + MAX_COPIED)])

    # ---- measures

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(theme.fixed_font())

    def _height(self) -> float:
        return max(1.0, float(round(self._metrics().height() * 1.2)))

    def _width(self) -> float:
        return max(1.0, self._metrics().horizontalAdvance("0"))

    def _gutter(self) -> float:
        digits = len(str(len(self._lines))) if self._lines is not None else 1
        return (digits + 2) * self._width()

    def _rows(self) -> int:
        return max(1, int(self.viewport().height() // self._height()))

    def _columns(self) -> int:
        return max(1, int((self.viewport().width() - self._gutter()) // self._width()))

    def _measure(self) -> None:
        lines = len(self._lines) if self._lines is not None else 0
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setRange(0, max(0, lines - self._rows()))
        vertical.setPageStep(self._rows())
        vertical.setSingleStep(1)
        longest = max((len(self._line(number)[0]) for number in self.visible_lines()), default=0)
        at = horizontal.value()
        horizontal.setRange(0, max(longest - self._columns() + 2, at if lines else 0, 0))
        horizontal.setPageStep(self._columns())

    def _line(self, number: int) -> tuple[str, list[int]]:
        """A line as it is shown, and for each character of the source where it stands in that.

        The list is empty where both are the same, which is nearly always.
        """
        known = self._shown.get(number)
        if known is not None:
            return known
        assert self._lines is not None
        raw = self._lines.line(number)
        if raw.isprintable():
            found: tuple[str, list[int]] = (raw, [])
        elif len(raw) > LONG:
            found = (_CONTROLS.sub("·", raw), [])
        else:
            parts = [TAB if one == "\t" else one if one.isprintable() else visible(one) for one in raw]
            places = [0]
            for part in parts:
                places.append(places[-1] + len(part))
            found = ("".join(parts), places)
        if len(self._shown) > 4 * self._rows():
            self._shown.clear()
        self._shown[number] = found
        return found

    def _column(self, number: int, at: int) -> int:
        """Where a character of a line stands in what is shown of it."""
        assert self._lines is not None
        places = self._line(number)[1]
        start, stop = self._lines.span(number)
        inside = max(0, min(at, stop) - start)
        return places[inside] if places else inside

    # ---- moving

    def _bring(self, at: int) -> None:
        assert self._lines is not None
        line = self._lines.line_at(at)
        top, rows = self.verticalScrollBar().value(), self._rows()
        if not top <= line < top + rows:
            self.verticalScrollBar().setValue(max(0, line - rows // 3))
        self._measure()
        column, left = self._column(line, at), self.horizontalScrollBar().value()
        if not left <= column < left + self._columns() - 1:
            aim = 0 if column < self._columns() - 1 else max(0, column - 8)
            self.horizontalScrollBar().setMaximum(max(self.horizontalScrollBar().maximum(), aim))
            self.horizontalScrollBar().setValue(aim)

    def _at(self, x: float, y: float) -> int:
        """The character at a place of the viewport."""
        if self._lines is None:
            return 0
        line = self.verticalScrollBar().value() + int(y // self._height())
        line = max(0, min(line, len(self._lines) - 1))
        start, stop = self._lines.span(line)
        column = self.horizontalScrollBar().value() + int((x - self._gutter()) // self._width())
        places = self._line(line)[1]
        inside = bisect_right(places, column) - 1 if places else column
        return max(start, min(start + inside, max(start, stop - 1)))

    # ---- Qt's

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._measure()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._lines is not None and event.button() == Qt.MouseButton.LeftButton:
            self._cursor = self._at(event.position().x(), event.position().y())
            self.clicked.emit(self._cursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._lines is None:
            return super().keyPressEvent(event)
        line = self._lines.line_at(self._cursor)
        moves = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -self._rows(),
            Qt.Key.Key_PageDown: self._rows(),
        }
        key = Qt.Key(event.key())
        if key in moves:
            line = max(0, min(line + moves[key], len(self._lines) - 1))
            self._cursor = self._lines.span(line)[0]
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            self._cursor = max(0, min(self._cursor + step, len(self._lines.text) - 1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._cursor = 0 if key == Qt.Key.Key_Home else max(0, len(self._lines.text) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit(self._cursor)
            return None
        else:
            return super().keyPressEvent(event)
        self._bring(self._cursor)
        self.viewport().update()
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            painter.fillRect(self.viewport().rect(), theme.colour("base"))
            if self._lines is not None:
                self._paint(painter, self._lines)
        finally:
            painter.end()

    def _paint(self, painter: QPainter, lines: Lines) -> None:
        font = theme.fixed_font()
        painter.setFont(font)
        metrics, height, width, gutter = self._metrics(), self._height(), self._width(), self._gutter()
        base = (height - metrics.height()) / 2 + metrics.ascent()
        left, columns = self.horizontalScrollBar().value(), self._columns() + 2
        numbers, text = QPen(theme.colour("muted")), QPen(theme.colour("text"))
        for row, number in enumerate(self.visible_lines()):
            top = row * height
            shown = self._line(number)[0]
            start, stop = lines.span(number)
            painter.setClipRect(QRectF(gutter, top, self.viewport().width(), height))
            self._paint_marks(painter, number, start, stop, QRectF(gutter - left * width, top, width, height))
            painter.setPen(text)
            painter.drawText(int(gutter), int(top + base), shown[left : left + columns])
            painter.setClipping(False)
            painter.setPen(numbers)
            label = str(number + 1)
            painter.drawText(int(gutter - (len(label) + 1) * width), int(top + base), label)

    def _paint_marks(self, painter: QPainter, number: int, start: int, stop: int, cell: QRectF) -> None:
        """What is marked in one line. cell: of its first character."""
        begin, end = self._selected
        if begin >= 0 and begin <= stop and end > start:
            self._fill(painter, number, max(begin, start), min(end, stop), cell, "selection", 1.0)
        first = max(0, bisect_left(self._starts, start) - 1)
        for at in range(first, len(self._starts)):
            hit_start, hit_stop = self._hits[at]
            if hit_start > stop:
                break
            if hit_stop > start:
                self._fill(painter, number, max(hit_start, start), min(hit_stop, stop), cell, "warning", 0.3)
        if self.hasFocus() and start <= self._cursor <= stop:
            column = self._column(number, self._cursor)
            painter.setPen(QPen(theme.colour("accent")))
            painter.drawRect(cell.translated(column * cell.width(), 0).adjusted(0, 0, -1, -1))

    def _fill(
        self, painter: QPainter, number: int, start: int, stop: int, cell: QRectF, role: str, strength: float
    ) -> None:
        first, last = self._column(number, start), self._column(number, stop)
        area = QRectF(
            cell.x() + first * cell.width(), cell.y(), max(1, last - first) * cell.width(), cell.height()
        )
        painter.fillRect(area, theme.colour(role, strength))
        if role == "warning":
            # Not by colour alone: a line below too.
            painter.setPen(QPen(theme.colour("warning")))
            painter.drawLine(area.bottomLeft(), area.bottomRight())

"""Draws the rows of the Explained form; what had to be measured is kept with the line."""

from typing import Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from workbench.formats.charset import visible
from workbench.formats.quantity import octets
from workbench.transcript.render import Line
from workbench.ui import theme
from workbench.ui.conversation.cells import spelled
from workbench.ui.conversation.columns import Column, ColumnHeads
from workbench.ui.conversation.fixedtext import FixedText, baseline
from workbench.ui.conversation.pens import Pens
from workbench.ui.conversation.rowsview import MARGIN
from workbench.ui.conversation.signs import Sign

NARROWEST = 3
"""Pixels of the narrowest letter: more characters than fit so are not measured."""
MARK_WIDTH, CHIP_HEIGHT, CHIP_WIDTH = 3, 16, 20

_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)


class ShownLine:
    """A line made harmless, with its texts as they were cut for a column."""

    __slots__ = ("_cut", "explained", "line", "sign", "size", "what")

    def __init__(self, line: Line, sign: Sign) -> None:
        self.line = line
        self.sign = sign
        # An explainer may have quoted the peer.
        self.what = spelled(visible(line.what))
        self.explained = visible(" · ".join(filter(None, (line.text, line.source))))
        self.size = "" if line.size is None else octets(line.size)
        self._cut: dict[tuple[Column, int], str] = {}

    def what_in(self, width: int, measure: FixedText) -> str:
        """What, as it fits."""
        return self._fitted(Column.WHAT, width) or self._keep(
            Column.WHAT, width, measure.elided(self.what, width)
        )

    def explained_in(self, width: int, metrics: QFontMetrics) -> str:
        """The explanation, as it fits."""
        if not self.explained:
            return ""
        found = self._fitted(Column.EXPLAINED, width)
        if found is None:
            text = self.explained[: width // NARROWEST]
            is_short = len(text) == len(self.explained) and metrics.horizontalAdvance(text) <= width
            shown = text if is_short else metrics.elidedText(text + "…", Qt.TextElideMode.ElideRight, width)
            found = self._keep(Column.EXPLAINED, width, shown)
        return found

    def _fitted(self, column: Column, width: int) -> str | None:
        return self._cut.get((column, width))

    def _keep(self, column: Column, width: int, text: str) -> str:
        if len(self._cut) > len(Column):
            self._cut.clear()
        self._cut[column, width] = text
        return text


class Painted(Protocol):
    """What is asked of the view."""

    heads: ColumnHeads
    measure: FixedText

    @property
    def row_height(self) -> int: ...
    def viewport(self) -> QWidget: ...
    def font(self) -> QFont: ...


class ExplainedPaint:
    """Fonts, colours and columns of one paint.

    Args:
        decimals: of the time.
    """

    def __init__(self, painter: QPainter, view: Painted, decimals: int) -> None:
        self._painter = painter
        self._decimals = decimals
        self._pens = Pens()
        self._height = view.row_height
        self._width = view.viewport().width()
        self._words = view.font()
        self._metrics = QFontMetrics(self._words)
        self._measure = view.measure
        self._words_line = baseline(QFontMetricsF(self._words), self._height)
        self._fixed_line = baseline(view.measure.metrics, self._height)
        self._gap = theme.metric(MARGIN)
        self._spans = {column: view.heads.span(column) for column in Column}
        self._chip = theme.metric(CHIP_WIDTH), theme.metric(CHIP_HEIGHT), theme.metric(10)

    def row(self, number: int, shown: ShownLine, *, is_marked: bool, is_selected: bool) -> None:
        """One row; the words in the window's font first, then those in the fixed one."""
        painter, top = self._painter, number * self._height
        self._ground(top, is_marked=is_marked, is_selected=is_selected)
        painter.setFont(self._words)
        painter.setPen(self._pens.pen("muted"))
        self._right(Column.TIME, top, f"{shown.line.time_s:.{self._decimals}f}")
        self._right(Column.SIZE, top, shown.size)
        left, width = self._room(Column.EXPLAINED)
        explained = shown.explained_in(width, self._metrics) if width > 0 else ""
        if explained:
            painter.drawText(QPointF(left, top + self._words_line), explained)
        if self._spans[Column.CHANNEL][1]:
            self._channel(top, str(shown.line.channel))
        painter.setFont(self._measure.font)
        painter.setPen(self._pens.pen(shown.sign.role))
        left, width = self._spans[Column.ARROW]
        x = left + (width - self._measure.of(shown.sign.text)) / 2
        painter.drawText(QPointF(x, top + self._fixed_line), shown.sign.text)
        self._what(top, shown)

    def frame(self, number: int) -> None:
        """Mark the row that has the focus."""
        self._painter.setPen(self._pens.pen("accent"))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(0.5, number * self._height + 0.5, self._width - 1, self._height - 1)
        self._painter.drawRect(box)

    def _ground(self, top: int, *, is_marked: bool, is_selected: bool) -> None:
        if is_selected:
            self._painter.fillRect(0, top, self._width, self._height, self._pens.colour("selection"))
        elif is_marked:
            self._painter.fillRect(0, top, self._width, self._height, theme.colour("accent", 0.10))
        if is_marked:
            width = theme.metric(MARK_WIDTH)
            self._painter.fillRect(0, top, width, self._height, self._pens.colour("accent"))

    def _what(self, top: int, shown: ShownLine) -> None:
        left, width = self._room(Column.WHAT)
        if width <= 0 or not shown.what:
            return
        if shown.line.size is None and shown.sign.role == "muted":
            self._painter.setPen(self._pens.pen("text"))
        text = shown.what_in(width, self._measure)
        self._painter.drawText(QPointF(left, top + self._fixed_line), text)

    def _room(self, column: Column) -> tuple[int, int]:
        """Left edge and width of what may stand in a column."""
        left, width = self._spans[column]
        return left + self._gap, width - self._gap - self._gap // 2

    def _right(self, column: Column, top: int, text: str) -> None:
        if text:
            left, width = self._spans[column]
            self._painter.drawText(QRect(left, top, width - self._gap, self._height), _RIGHT, text)

    def _channel(self, top: int, text: str) -> None:
        painter = self._painter
        left, width = self._spans[Column.CHANNEL]
        least, high, margins = self._chip
        wide = min(width, max(least, self._metrics.horizontalAdvance(text) + margins))
        box = QRectF(left + (width - wide) / 2, top + (self._height - high) / 2, wide, high)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._pens.colour("chip"))
        painter.drawRoundedRect(box, high / 2, high / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self._pens.pen("muted"))
        painter.drawText(box, _CENTRE, text)

"""Draws the rows of the Text form: time, channel and arrow in the gutter, then the text with its marks."""

from typing import Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from workbench.ui import theme
from workbench.ui.conversation.fixedtext import FixedText, baseline
from workbench.ui.conversation.lines import TextRow
from workbench.ui.conversation.pens import Pens
from workbench.ui.conversation.rowsview import MARGIN
from workbench.ui.conversation.selection import OctetSelection
from workbench.ui.conversation.signs import sign_of
from workbench.ui.conversation.textrow import DrawnRow

TIME_WIDTH, CHANNEL_WIDTH, ARROW_WIDTH = 74, 26, 26
"""Of the gutter's parts, at scale 1."""

_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)


class Painted(Protocol):
    """What is asked of the view."""

    selection: OctetSelection
    has_channels: bool

    @property
    def row_height(self) -> int: ...
    @property
    def gutter(self) -> int: ...
    @property
    def measure(self) -> FixedText: ...
    def font(self) -> QFont: ...
    def hasFocus(self) -> bool: ...


class TextPaint:
    """Fonts, colours and places of one paint."""

    def __init__(self, painter: QPainter, view: Painted) -> None:
        self._painter = painter
        self._pens = Pens()
        self._height = view.row_height
        self._font, self._fixed = view.font(), view.measure.font
        self._words_line = baseline(QFontMetricsF(self._font), self._height)
        self._line = baseline(view.measure.metrics, self._height)
        self._measure = view.measure
        self._cursor = view.selection.cursor if view.hasFocus() else None
        self._selected = view.selection.range
        self._times = theme.metric(MARGIN), theme.metric(TIME_WIDTH - MARGIN)
        self._channels = (
            (theme.metric(MARGIN + TIME_WIDTH), theme.metric(CHANNEL_WIDTH)) if view.has_channels else None
        )
        self._arrow_x = view.gutter - theme.metric(ARROW_WIDTH) / 2 - view.measure.width / 2
        self._cursor_width = max(1.0, theme.metric(1.5))

    def gutter(self, top: int, row: TextRow, *, is_top: bool) -> None:
        """Time and channel where a run begins, an arrow in every row; a dot where a line only goes on."""
        painter, event, sign = self._painter, row.event, sign_of(row.event)
        if row.begins_run or is_top:
            painter.setFont(self._font)
            painter.setPen(self._pens.pen("muted"))
            left, width = self._times
            painter.drawText(QRect(left, top, width, self._height), _RIGHT, f"{event.time_ns / 1e9:.4f}")
            if self._channels is not None:
                left, width = self._channels
                painter.drawText(QRect(left, top, width, self._height), _CENTRE, str(event.channel))
        painter.setFont(self._fixed)
        painter.setPen(self._pens.pen(sign.role if row.begins_line else "strong_border"))
        painter.drawText(QPointF(self._arrow_x, top + self._line), sign.text if row.begins_line else "·")

    def words(self, row: TextRow, words: str) -> None:
        """A row without octets."""
        self._painter.setPen(self._pens.pen(sign_of(row.event).role))
        self._painter.drawText(QPointF(0, self._line), words)

    def text(self, drawn: DrawnRow) -> None:
        """A row of octets, with selection, ends of reads and cursor."""
        painter = self._painter
        if self._selected is not None:
            first, last = drawn.octet_of(self._selected[0]), drawn.octet_of(self._selected[1])
            if first < last:
                painter.fillRect(drawn.box(first, last, self._height), self._pens.colour("selection"))
        role = drawn.row.event.direction.value
        drawn.draw(painter, self._line, self._pens.pen(role), self._pens.pen("muted"))
        if len(drawn.row.pieces) > 1:
            painter.setPen(self._pens.pen("strong_border"))
            for x in drawn.boundaries:
                at = round(x) + 0.5
                painter.drawLine(QPointF(at, self._height * 0.72), QPointF(at, self._height - 1))
        if self._cursor is not None and drawn.holds(self._cursor):
            x = drawn.x_of_octet(drawn.octet_of(self._cursor))
            box = QRectF(x - 0.5, 2, self._cursor_width, self._height - 4)
            painter.fillRect(box, self._pens.colour("accent"))

"""A Gantt chart: rows that began and ended on one time axis, each with its outcome in a sign, a word and a colour.

It knows no protocol. Up and Down choose a row, the chosen one is said aloud and told by `chosen`.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.ui import theme

Outcome = Literal["done", "won", "failed", "dropped", "running"]
TONES: dict[Outcome, tuple[str, str]] = {
    "done": ("accent", ""),
    "won": ("good", "✓ won"),
    "failed": ("error", "✕ failed"),
    "dropped": ("warning", "– dropped"),
    "running": ("muted", "… running"),
}
ROW, NAMES, LEAST_BAR = 30, 210, 3
ROOM_FOR_WORDS = 280
TICKS = 5
_STEPS = (1, 2, 5)


class Bar(NamedTuple):
    """One row. start_ms, end_ms: on the chart's axis; end_ms None: it goes on. note: behind the bar. tip: in words."""

    name: str
    start_ms: float
    end_ms: float | None
    outcome: Outcome
    note: str = ""
    tip: str = ""


class RaceChart(QWidget):
    """The chart.

    Signals:
        chosen: the number of the row that a person chose.
    """

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: tuple[Bar, ...] = ()
        self.now_ms = 0.0
        self.current = -1
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_bars(self, bars: Sequence[Bar], now_ms: float = 0.0) -> None:
        """Show other rows; now_ms: where what runs has got to."""
        self.bars = tuple(bars)
        self.now_ms = now_ms
        self.current = min(self.current, len(self.bars) - 1)
        self._describe()
        self.update()

    def choose(self, row: int) -> None:
        """Choose a row, as by mouse or key."""
        if 0 <= row < len(self.bars) and row != self.current:
            self.current = row
            self._describe()
            self.update()
            self.chosen.emit(row)

    @property
    def length_ms(self) -> float:
        """Of the axis: a little longer than what it shows."""
        ends = [self.now_ms if bar.end_ms is None else bar.end_ms for bar in self.bars]
        return max([1.0, *ends]) * 1.02

    def words(self, row: int) -> str:
        """A row as a screen reader says it."""
        bar = self.bars[row]
        took = "" if bar.end_ms is None else f", {bar.end_ms - bar.start_ms:.1f} ms"
        sign = TONES[bar.outcome][1].partition(" ")[2]
        parts = (f"{bar.name}: from {bar.start_ms:.1f} ms{took}", sign, bar.note)
        return ", ".join(part for part in parts if part)

    def _describe(self) -> None:
        self.setAccessibleDescription(
            self.words(self.current) if self.current >= 0 else f"{len(self.bars)} rows"
        )

    # ---- painting

    def _row_height(self) -> int:
        return theme.metric(ROW)

    def _scale(self) -> tuple[float, float]:
        """Where the axis begins, and units of width in a millisecond."""
        left = float(theme.metric(NAMES))
        room = max(20.0, self.width() - left - theme.metric(ROOM_FOR_WORDS))
        return left, room / self.length_ms

    def _row_at(self, y: float) -> int:
        row = int(y // self._row_height())
        return row if 0 <= row < len(self.bars) else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), theme.colour("base"))
            if self.bars:
                self._paint_axis(painter)
            for row in range(len(self.bars)):
                self._paint_row(painter, row)

    def _paint_axis(self, painter: QPainter) -> None:
        left, scale = self._scale()
        height = self._row_height() * len(self.bars)
        step = tick_of(self.length_ms)
        metrics = QFontMetricsF(painter.font())
        at = 0.0
        while at <= self.length_ms:
            x = left + at * scale
            painter.setPen(QPen(theme.colour("border")))
            painter.drawLine(QPointF(x, 0), QPointF(x, height))
            painter.setPen(theme.colour("muted"))
            painter.drawText(QPointF(x + 2, height + metrics.ascent() + theme.metric(4)), f"{at:g} ms")
            at += step

    def _paint_row(self, painter: QPainter, row: int) -> None:
        bar = self.bars[row]
        left, scale = self._scale()
        height = self._row_height()
        top = row * height
        if row == self.current:
            painter.fillRect(QRectF(0, top, self.width(), height), theme.colour("selection"))
        gap = theme.metric(8)
        metrics = QFontMetricsF(painter.font())
        painter.setPen(theme.colour("text"))
        name = metrics.elidedText(bar.name, Qt.TextElideMode.ElideMiddle, left - 2 * gap)
        middle = Qt.AlignmentFlag.AlignVCenter.value
        painter.drawText(QRectF(gap, top, left - 2 * gap, height), middle, name)
        end_ms = self.now_ms if bar.end_ms is None else bar.end_ms
        start = left + bar.start_ms * scale
        width = max(float(LEAST_BAR), (end_ms - bar.start_ms) * scale)
        role, sign = TONES[bar.outcome]
        box = QRectF(start, top + height * 0.28, width, height * 0.44)
        painter.setPen(QPen(theme.colour(role)))
        style = Qt.BrushStyle.BDiagPattern if bar.outcome == "dropped" else Qt.BrushStyle.SolidPattern
        painter.setBrush(QBrush(theme.colour(role, 0.85), style))
        painter.drawRoundedRect(box, 2, 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        took = f"{end_ms - bar.start_ms:.1f} ms"
        said = "  ".join(part for part in (took, sign, bar.note) if part)
        place = QRectF(box.right() + gap, top, max(0.0, self.width() - box.right() - 2 * gap), height)
        painter.setPen(theme.colour(role if bar.outcome in ("won", "failed", "dropped") else "muted"))
        painter.drawText(place, middle, metrics.elidedText(said, Qt.TextElideMode.ElideRight, place.width()))
        if row == self.current and self.hasFocus():
            painter.setPen(QPen(theme.colour("accent")))
            painter.drawRect(QRectF(0.5, top + 0.5, self.width() - 1, height - 1))

    # ---- Qt

    def sizeHint(self) -> QSize:
        return QSize(theme.metric(640), self._row_height() * max(4, len(self.bars) + 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.metric(NAMES + ROOM_FOR_WORDS + 100), self._row_height() * 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.choose(self._row_at(event.position().y()))
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        self.setToolTip((self.bars[row].tip or self.words(row)) if row >= 0 else "")
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.choose(max(0, min(len(self.bars) - 1, self.current + step)))


def tick_of(length: float) -> float:
    """A round distance between ticks, of which about five fit."""
    power = 1.0
    while power * 10 * TICKS < length:
        power *= 10
    while power * TICKS > length:
        power /= 10
    return next((power * step for step in _STEPS if power * step * TICKS >= length), power * 10)

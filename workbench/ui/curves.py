"""A chart of curves over logarithmic axes: what grows with what. It knows no protocol.

Each curve has a mark of its own shape beside its colour; a figure that can't be had is drawn as a cross at the top.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.ui import theme

TONES = ("accent", "warning", "good", "error", "muted")
MARK = 4.0
LEFT, RIGHT, TOP, BOTTOM = 64, 72, 24, 44


class Curve(NamedTuple):
    """points: (x, y), both above 0; y None where it can't be had. name: stands at the curve's end."""

    name: str
    points: tuple[tuple[float, float | None], ...]


class Curves(QWidget):
    """The chart.

    Args:
        name: what it shows, for who can't see it.
        x_unit, y_unit: said at the axes.
    """

    def __init__(self, name: str, x_unit: str, y_unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units = x_unit, y_unit
        self.curves: tuple[Curve, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_curves(self, curves: Sequence[Curve]) -> None:
        """Show others."""
        self.curves = tuple(curves)
        said = "; ".join(
            f"{curve.name}: "
            + ", ".join(
                (f"{y:.3g} {self._units[1]}" if y is not None else "none") + f" at {x:g}"
                for x, y in curve.points
            )
            for curve in self.curves
        )
        self.setAccessibleDescription(said)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), theme.colour("base"))
            left, right, top, bottom = (float(theme.metric(each)) for each in (LEFT, RIGHT, TOP, BOTTOM))
            field = QRectF(self.rect()).adjusted(left, top, -right, -bottom)
            spans = self._spans()
            if spans is None or field.width() < 20 or field.height() < 20:
                return
            self._paint_axes(painter, field, *spans)
            ends: list[float] = []
            for number, curve in enumerate(self.curves):
                self._paint_curve(painter, field, spans, number, curve, ends)

    def _spans(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """The decades of both axes, as powers of ten."""
        xs = [x for curve in self.curves for x, _ in curve.points]
        ys = [y for curve in self.curves for _, y in curve.points if y is not None]
        if not xs or not ys:
            return None
        return _decades(xs), _decades(ys)

    def _paint_axes(
        self, painter: QPainter, field: QRectF, x_span: tuple[float, float], y_span: tuple[float, float]
    ) -> None:
        metrics = QFontMetricsF(painter.font())
        for power in range(int(x_span[0]), int(x_span[1]) + 1):
            x = _place(10.0**power, x_span, field.left(), field.width())
            self._line(painter, QPointF(x, field.top()), QPointF(x, field.bottom()))
            painter.drawText(QPointF(x, field.bottom() + metrics.height()), f"{10**power:,}")
        for power in range(int(y_span[0]), int(y_span[1]) + 1):
            y = field.bottom() - _place(10.0**power, y_span, 0, field.height())
            self._line(painter, QPointF(field.left(), y), QPointF(field.right(), y))
            text = f"{10.0**power:,g}"
            painter.drawText(QPointF(field.left() - metrics.horizontalAdvance(text) - 6, y + 4), text)
        x_unit, y_unit = self._units
        painter.drawText(QPointF(field.left() - theme.metric(LEFT - 8), metrics.ascent() + 2), y_unit)
        wide = metrics.horizontalAdvance(x_unit)
        painter.drawText(QPointF(field.right() - wide, field.bottom() + 2 * metrics.height()), x_unit)

    def _line(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        painter.setPen(QPen(theme.colour("border")))
        painter.drawLine(start, end)
        painter.setPen(theme.colour("muted"))

    def _paint_curve(
        self,
        painter: QPainter,
        field: QRectF,
        spans: tuple[tuple[float, float], tuple[float, float]],
        number: int,
        curve: Curve,
        ends: list[float],
    ) -> None:
        colour = theme.colour(TONES[number % len(TONES)])
        painter.setPen(QPen(colour, 2))
        places = [
            QPointF(
                _place(x, spans[0], field.left(), field.width()),
                field.top() if y is None else field.bottom() - _place(y, spans[1], 0, field.height()),
            )
            for x, y in curve.points
        ]
        known = [place for place, (_, y) in zip(places, curve.points, strict=True) if y is not None]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(known))
        painter.setBrush(colour)
        for place, (_, y) in zip(places, curve.points, strict=True):
            _paint_mark(painter, place, "cross" if y is None else number)
        if known:
            height = QFontMetricsF(painter.font()).height()
            y = known[-1].y() + 4
            # Names of curves that end at one place stand below each other.
            while any(abs(y - other) < height for other in ends):
                y -= height
            ends.append(y)
            painter.drawText(QPointF(known[-1].x() + 10, y), curve.name)

    def sizeHint(self) -> QSize:
        return QSize(theme.metric(520), theme.metric(280))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.metric(280), theme.metric(160))


def _paint_mark(painter: QPainter, at: QPointF, shape: int | str) -> None:
    size = float(theme.metric(MARK))
    if shape == "cross":
        for sign in (1, -1):
            painter.drawLine(at + QPointF(-size, -size * sign), at + QPointF(size, size * sign))
    elif shape == 0:
        painter.drawEllipse(at, size, size)
    elif shape == 1:
        painter.drawRect(QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size))
    else:
        turned = -1 if shape == 2 else 1
        corners = [QPointF(-size, -size * turned), QPointF(size, -size * turned), QPointF(0, size * turned)]
        painter.drawPolygon(QPolygonF([at + corner for corner in corners]))


def _decades(values: Sequence[float]) -> tuple[float, float]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return float(low), float(max(high, low + 1))


def _place(value: float, span: tuple[float, float], start: float, length: float) -> float:
    return start + (math.log10(value) - span[0]) / (span[1] - span[0]) * length

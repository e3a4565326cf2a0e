"""The curve of a pipe: handed over, come back, and what waits between them; the moment in which it froze is marked."""

from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.formats.quantity import octets
from workbench.panels.sockets.flow.state import Filling
from workbench.protocols.flow.values import REMEDIES, Mark, Sample
from workbench.ui import theme

LINES = (
    ("written", "handed over", "sent", Qt.PenStyle.SolidLine),
    ("echoed", "came back", "received", Qt.PenStyle.DashLine),
    ("queued", "queued", "warning", Qt.PenStyle.DotLine),
)
TITLES: dict[str, str] = {remedy: title.lower() for remedy, title, _tip in REMEDIES}
LEFT, RIGHT, TOP, BOTTOM = 76, 156, 22, 26
STEPS = 4
LEAST_S = 1.0
LEAST_OCTETS = 1024


class Label(NamedTuple):
    """Where the label of a mark stands: its left edge, and its row from above."""

    left: float
    row: int


def labels(marks: Sequence[tuple[float, float]], gap: float, right: float) -> list[Label]:
    """The places of labels, given as line and width in order: behind the line, in the first row where there is room.

    Right of `right` the curves have labels of their own: a label that would reach there stands before its line.
    """
    ends: dict[int, float] = {}
    found = []
    for x, width in marks:
        left = x + gap if x + gap + width <= right else x - gap - width
        row = next(row for row in count() if ends.get(row, left) <= left)
        ends[row] = left + width + gap
        found.append(Label(left, row))
    return found


class CurveView(QWidget):
    """Octets over time. What it shows is told to who can't see it by its description."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling: Filling | None = None
        self.setAccessibleName("Curve of the pipe")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.metric(150))

    def show_filling(self, filling: Filling | None) -> None:
        """Show another state of the pipe."""
        if filling is self._filling:
            return
        self._filling = filling
        self.setAccessibleDescription(self.description)
        self.update()

    @property
    def description(self) -> str:
        """The curve in words."""
        if self._filling is None or not self._filling.samples:
            return "nothing was written yet"
        last = self._filling.samples[-1]
        marks = "; ".join(f"{title(mark)} after {mark.at_s:.1f} s" for mark in self._filling.marks)
        words = f"{octets(last.written)} handed over, {octets(last.echoed)} came back, {octets(last.queued)} queued"
        return f"{words}; {marks}" if marks else words

    def sizeHint(self) -> QSize:
        return QSize(theme.metric(520), theme.metric(240))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), theme.colour("base"))
            if self._filling is not None and self._filling.samples:
                self._paint(painter, self._filling)

    def _paint(self, painter: QPainter, filling: Filling) -> None:
        area = QRectF(self.rect()).adjusted(
            theme.metric(LEFT), theme.metric(TOP), -theme.metric(RIGHT), -theme.metric(BOTTOM)
        )
        span_s = max(LEAST_S, filling.samples[-1].at_s)
        most = max(LEAST_OCTETS, max(sample.written for sample in filling.samples) * 1.1)
        place = _Place(area, span_s, most)
        self._paint_axes(painter, place)
        self._paint_halts(painter, place, filling)
        self._paint_lines(painter, place, filling.samples)
        metrics = painter.fontMetrics()
        wanted = [
            (place.x(mark.at_s), float(metrics.horizontalAdvance(title(mark)))) for mark in filling.marks
        ]
        right = place.x(filling.samples[-1].at_s)
        for mark, label in zip(filling.marks, labels(wanted, theme.metric(4), right), strict=True):
            self._paint_mark(painter, place, mark, label)

    def _paint_axes(self, painter: QPainter, place: "_Place") -> None:
        area = place.area
        height = painter.fontMetrics().height()
        for step in range(STEPS + 1):
            y = area.bottom() - area.height() * step / STEPS
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.colour("muted"))
            box = QRectF(0, y - height / 2, area.left() - theme.metric(8), height)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, octets(place.most * step / STEPS))
            x = area.left() + area.width() * step / STEPS
            box = QRectF(x - theme.metric(30), area.bottom() + theme.metric(4), theme.metric(60), height)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, f"{place.span_s * step / STEPS:.1f} s")

    def _paint_halts(self, painter: QPainter, place: "_Place", filling: Filling) -> None:
        """Shade from each freezing to what followed."""
        for at, mark in enumerate(filling.marks):
            if mark.what != "frozen":
                continue
            until_s = filling.marks[at + 1].at_s if at + 1 < len(filling.marks) else place.span_s
            left, right = place.x(mark.at_s), place.x(until_s)
            box = QRectF(left, place.area.top(), max(1.0, right - left), place.area.height())
            painter.fillRect(box, theme.colour("warning", 0.12))

    def _paint_lines(self, painter: QPainter, place: "_Place", samples: tuple[Sample, ...]) -> None:
        taken: list[float] = []
        height = painter.fontMetrics().height()
        for name, words, role, style in LINES:
            points = [QPointF(place.x(s.at_s), place.y(getattr(s, name))) for s in samples]
            painter.setPen(QPen(theme.colour(role), theme.metric(2), style))
            painter.drawPolyline(QPolygonF(points))
            y = points[-1].y() - height / 2
            while any(abs(y - other) < height for other in taken):
                # Upwards, where the labels of lines that end together still have room.
                y -= 2.0
            taken.append(y)
            painter.setPen(theme.colour(role))
            value = octets(getattr(samples[-1], name))
            painter.drawText(QPointF(points[-1].x() + theme.metric(6), y + height * 0.8), f"{words} {value}")

    def _paint_mark(self, painter: QPainter, place: "_Place", mark: Mark, label: Label) -> None:
        role = "warning" if mark.what in ("frozen", "gave up") else "muted"
        x = place.x(mark.at_s)
        painter.setPen(QPen(theme.colour(role), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, place.area.top()), QPointF(x, place.area.bottom()))
        y = place.area.top() - theme.metric(6) + label.row * painter.fontMetrics().height()
        painter.setPen(theme.colour(role))
        painter.drawText(QPointF(label.left, y), title(mark))


class _Place:
    """Where a value stands in the area."""

    def __init__(self, area: QRectF, span_s: float, most: float) -> None:
        self.area, self.span_s, self.most = area, span_s, most

    def x(self, at_s: float) -> float:
        return self.area.left() + self.area.width() * min(1.0, max(0.0, at_s / self.span_s))

    def y(self, value: int) -> float:
        return self.area.bottom() - self.area.height() * max(0, value) / self.most


def title(mark: Mark) -> str:
    """A moment in words."""
    if mark.what in ("frozen", "gave up"):
        return f"{mark.what} at {octets(mark.written)}"
    return TITLES.get(mark.what, mark.what)

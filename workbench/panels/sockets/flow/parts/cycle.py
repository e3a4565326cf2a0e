"""Who waits for whom: both ends as boxes, and an arrow for each wait; two arrows close the circle."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.panels.sockets.flow.state import Connection
from workbench.protocols.flow.detective import seconds
from workbench.protocols.flow.values import Arc
from workbench.ui import theme

WHAT = {"octets": "waits to read", "room": "waits for room", "nothing": "does not read"}
BOX_WIDTH, BOX_HEIGHT = 190, 44
LIFT = 46


class CycleView(QWidget):
    """The drawing. Its description says the same in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connection: Connection | None = None
        self.setAccessibleName("Who waits for whom")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.metric(150))

    def show_connection(self, connection: Connection | None) -> None:
        """Show another one."""
        self._connection = connection
        self.setAccessibleDescription(self.description)
        self.update()

    @property
    def description(self) -> str:
        """The drawing in words."""
        if self._connection is None:
            return "no connection"
        arcs = [f"{arc.who} {WHAT[arc.what]}: {arc.whom}" for arc in self._connection.finding.arcs]
        return "; ".join(arcs) or self._connection.finding.sentence

    def sizeHint(self) -> QSize:
        return QSize(theme.metric(520), theme.metric(170))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), theme.colour("base"))
            if self._connection is not None:
                self._paint(painter, self._connection)

    def _paint(self, painter: QPainter, connection: Connection) -> None:
        middle = self.height() / 2
        width, height = theme.metric(BOX_WIDTH), theme.metric(BOX_HEIGHT)
        left = QRectF(theme.metric(24), middle - height / 2, width, height)
        right = QRectF(self.width() - theme.metric(24) - width, middle - height / 2, width, height)
        other = connection.there.name if connection.there is not None else "the peer"
        self._paint_end(painter, left, connection.here.name, is_seen=True)
        self._paint_end(painter, right, other, is_seen=connection.there is not None)
        finding = connection.finding
        for arc in finding.arcs:
            is_ours = arc.who == connection.here.name
            self._paint_arc(
                painter, left if is_ours else right, right if is_ours else left, arc, finding.is_cycle
            )
        painter.setPen(theme.colour("warning" if finding.is_cycle else "muted"))
        words = f"for {seconds(finding.for_s)}" if finding.for_s else finding.kind
        painter.drawText(QRectF(left.right(), left.top(), right.left() - left.right(), height), CENTRE, words)

    def _paint_end(self, painter: QPainter, box: QRectF, name: str, *, is_seen: bool) -> None:
        painter.setPen(QPen(theme.colour("strong_border"), 1))
        painter.setBrush(theme.colour("alternate"))
        painter.drawRoundedRect(box, 5, 5)
        if not is_seen:
            painter.setBrush(Qt.BrushStyle.BDiagPattern)
            painter.drawRoundedRect(box, 5, 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.colour("text"))
        inside = box.adjusted(theme.metric(6), 0, -theme.metric(6), 0)
        painter.drawText(
            inside, CENTRE | Qt.TextFlag.TextWordWrap, name if is_seen else f"{name}\n(not in sight)"
        )

    def _paint_arc(self, painter: QPainter, start: QRectF, end: QRectF, arc: Arc, is_cycle: bool) -> None:
        """Above from left to right, below from right to left."""
        up = -1 if start.left() < end.left() else 1
        a = QPointF(start.center().x(), start.top() if up < 0 else start.bottom())
        b = QPointF(end.center().x(), end.top() if up < 0 else end.bottom())
        lift = QPointF(0, up * theme.metric(LIFT))
        path = QPainterPath(a)
        path.cubicTo(a + lift, b + lift, b)
        style = Qt.PenStyle.DashLine if arc.what == "nothing" else Qt.PenStyle.SolidLine
        painter.setPen(QPen(theme.colour("warning" if is_cycle else "accent"), theme.metric(2), style))
        painter.drawPath(path)
        for side in (-1, 1):
            painter.drawLine(b, b + QPointF(side * theme.metric(5), up * theme.metric(9)))
        painter.setPen(theme.colour("text"))
        height = painter.fontMetrics().height()
        y = (
            a.y()
            + up * theme.metric(LIFT) * 0.75
            + (-height - theme.metric(2) if up < 0 else theme.metric(2))
        )
        painter.drawText(QRectF(0, y, self.width(), height), CENTRE, WHAT[arc.what])


CENTRE = Qt.AlignmentFlag.AlignCenter

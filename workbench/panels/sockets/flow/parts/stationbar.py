"""Five stations of one direction as a row of boxes: where the octets are. What can't be measured is hatched."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.formats.quantity import octets
from workbench.protocols.flow.values import STATION_NAMES, STATION_TIPS, Stations
from workbench.ui import theme

HEIGHT = 52
TITLE_WIDTH = 128
SUM_WIDTH = 150
GAP = 16
UNTOLD = "not measurable"
ELSEWHERE = "from here one can’t tell which of the two has them"


class StationBar(QWidget):
    """One direction. Its description says the figures."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.stations: Stations | None = None
        self.setAccessibleName(f"Stations, {title}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_stations(self, stations: Stations | None, title: str = "") -> None:
        """Show other figures."""
        self._title = title or self._title
        self.stations = stations
        self.setAccessibleName(f"Stations, {self._title}")
        self.setAccessibleDescription("; ".join(f"{name}: {value}" for name, value in self.words()))
        self.update()

    def words(self) -> list[tuple[str, str]]:
        """The stations by name and figure, and the sum."""
        found = self.stations
        if found is None:
            return []
        figures = (found.in_program, found.not_sent, found.on_wire, found.at_peer, found.read)
        told = [
            (name, octets(value) if value is not None else UNTOLD)
            for name, value in zip(STATION_NAMES, figures, strict=True)
        ]
        if found.elsewhere:
            told.append(("in the peer’s system or read", octets(found.elsewhere)))
        same = "=" if found.adds_up else "≠"
        return [*told, ("sum", f"{octets(found.total)} {same} {octets(found.written)} written")]

    def sizeHint(self) -> QSize:
        return QSize(theme.metric(620), theme.metric(HEIGHT))

    def boxes(self) -> list[QRectF]:
        """Where the five stand."""
        left, gap = theme.metric(TITLE_WIDTH), theme.metric(GAP)
        room = self.width() - left - theme.metric(SUM_WIDTH)
        width = max(1.0, (room - 4 * gap) / 5)
        return [QRectF(left + at * (width + gap), 0.5, width, self.height() - 1.5) for at in range(5)]

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.colour("text"))
            box = QRectF(0, 0, theme.metric(TITLE_WIDTH - 8), self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, self._title)
            words = self.words()
            for at, place in enumerate(self.boxes()):
                self._paint_box(painter, place, at, words[at] if words else (STATION_NAMES[at], ""))
            if words:
                self._paint_sum(painter, words)

    def _paint_box(self, painter: QPainter, place: QRectF, at: int, words: tuple[str, str]) -> None:
        found = self.stations
        value = found[at + 1] if found is not None else None
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.setBrush(theme.colour("base"))
        painter.drawRoundedRect(place, 5, 5)
        if found is not None and value is None:
            painter.setBrush(QBrush(theme.colour("strong_border"), Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(place, 5, 5)
        elif found is not None and found.written and isinstance(value, int) and value > 0:
            bar = QRectF(place)
            bar.setTop(place.bottom() - theme.metric(6))
            bar.setWidth(max(2.0, place.width() * min(1.0, value / found.written)))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            painter.drawRect(bar.adjusted(1, 0, 0, -1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._paint_words(painter, place, words)
        if at < 4:
            middle = place.center().y()
            painter.setPen(QPen(theme.colour("muted"), 1))
            end = QPointF(place.right() + theme.metric(GAP - 3), middle)
            painter.drawLine(QPointF(place.right() + theme.metric(3), middle), end)
            for up in (-1, 1):
                painter.drawLine(end, end + QPointF(-theme.metric(4), up * theme.metric(3)))

    def _paint_words(self, painter: QPainter, place: QRectF, words: tuple[str, str]) -> None:
        inside = place.adjusted(theme.metric(6), theme.metric(4), -theme.metric(4), -theme.metric(8))
        painter.setPen(theme.colour("muted"))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(words[0], Qt.TextElideMode.ElideRight, int(inside.width()))
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, name)
        painter.setPen(theme.colour("text"))
        box = inside.adjusted(0, metrics.height(), 0, 0)
        text = metrics.elidedText(words[1], Qt.TextElideMode.ElideRight, int(inside.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_sum(self, painter: QPainter, words: list[tuple[str, str]]) -> None:
        found = self.stations
        assert found is not None
        painter.setPen(theme.colour("text" if found.adds_up else "warning"))
        box = QRectF(
            self.width() - theme.metric(SUM_WIDTH - 12), 0, theme.metric(SUM_WIDTH - 12), self.height()
        )
        text = words[-1][1].replace(" = ", "\n= ").replace(" ≠ ", "\n≠ ")
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def event(self, event) -> bool:
        if isinstance(event, QHelpEvent):
            for at, place in enumerate(self.boxes()):
                if place.contains(QPointF(event.pos())):
                    QToolTip.showText(event.globalPos(), self.tip(at), self)
                    return True
        return super().event(event)

    def tip(self, at: int) -> str:
        """What a station is, and how its figure was had."""
        found = self.stations
        text = f"{STATION_NAMES[at]}: {STATION_TIPS[at]}"
        if found is None:
            return text
        if found[at + 1] is None:
            why = f"; {octets(found.elsewhere)}: {ELSEWHERE}" if found.elsewhere and at >= 3 else ""
            return f"{text}\nnot measurable here{why}"
        if found.way == "difference" and at >= 2:
            return f"{text}\nthe peer is another program of this machine: from the system’s table, and by difference"
        if found.way == "unknown" and at == 2:
            return f"{text}\nsent and not confirmed: the peer’s system may have them already"
        return text

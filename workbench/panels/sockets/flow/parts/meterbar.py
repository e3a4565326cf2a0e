"""Two bars: what waiting asleep costs, and what asking again and again costs."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.protocols.flow.idle import Meter, Share
from workbench.ui import theme

ROWS = (("idle", "asleep in accept()"), ("busy", "asking again and again"))
ROW_HEIGHT = 24
TITLE_WIDTH, FIGURE_WIDTH = 160, 290


class MeterBar(QWidget):
    """Shares of one processor; what a process queued for is hatched behind what it was given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._meter: Meter | None = None
        self.setAccessibleName("What waiting costs")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_meter(None)

    def show_meter(self, meter: Meter | None) -> None:
        """Show other figures."""
        self._meter = meter
        self.setAccessibleDescription("; ".join(f"{title}: {text}" for title, text in self.words()))
        self.update()

    def words(self) -> list[tuple[str, str]]:
        """Both rows."""
        return [(title, self._figure(name)) for name, title in ROWS]

    def _figure(self, name: str) -> str:
        if self._meter is None:
            return "not measured yet"
        share: Share = getattr(self._meter, name)
        queued = share.wanted - share.ran
        more = f", queued for {queued:.0%} more" if queued >= 0.05 else ""
        return f"{share.ran:.1%} of a processor{more}"

    def sizeHint(self) -> QSize:
        return QSize(theme.metric(500), 2 * theme.metric(ROW_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            for at, (title, text) in enumerate(self.words()):
                self._paint_row(painter, at, title, text)

    def _paint_row(self, painter: QPainter, at: int, title: str, text: str) -> None:
        row = QRectF(0, at * theme.metric(ROW_HEIGHT), self.width(), theme.metric(ROW_HEIGHT))
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.colour("text"))
        painter.drawText(
            QRectF(row.left(), row.top(), theme.metric(TITLE_WIDTH), row.height()), centre, title
        )
        figure = QRectF(
            row.right() - theme.metric(FIGURE_WIDTH), row.top(), theme.metric(FIGURE_WIDTH), row.height()
        )
        painter.setPen(theme.colour("text" if self._meter is not None else "muted"))
        painter.drawText(figure.adjusted(theme.metric(12), 0, 0, 0), centre, text)
        bar = QRectF(
            theme.metric(TITLE_WIDTH), row.top() + theme.metric(6), 0, row.height() - theme.metric(12)
        )
        bar.setRight(figure.left())
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.setBrush(theme.colour("base"))
        painter.drawRect(bar)
        if self._meter is None:
            return
        share: Share = getattr(self._meter, ROWS[at][0])
        wanted, ran = QRectF(bar), QRectF(bar)
        wanted.setWidth(bar.width() * min(1.0, share.wanted))
        ran.setWidth(max(1.0, bar.width() * min(1.0, share.ran)))
        painter.fillRect(wanted, QBrush(theme.colour("strong_border"), Qt.BrushStyle.BDiagPattern))
        painter.fillRect(ran, theme.colour("accent" if ROWS[at][0] == "idle" else "warning"))

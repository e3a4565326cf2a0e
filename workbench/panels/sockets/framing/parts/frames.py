"""The view of frames: where to, which framing, the result, and messages, octets and steps below."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from workbench.panels.routebox import RouteBox
from workbench.panels.sockets.framing.parts.composer import FramingRow, MessagesEditor
from workbench.panels.sockets.framing.parts.reading import ReadingView
from workbench.panels.sockets.framing.routes import ROUTES
from workbench.panels.sockets.framing.state import FramingState
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.notice import Notice
from workbench.ui.pieces import allow
from workbench.ui.targetbar import LabName, TargetBar
from workbench.ui.verdict import VerdictLine

KINDS = (("tcp", "TCP"), ("udp", "UDP"))
LABS = {"tcp": "lab:echo", "udp": "lab:udp-echo"}
EMPTY = (
    "Type messages at the left, one a line: their octets, and what a decoder makes of them, will stand here."
)
OFFER = "Take “Hel” and “lo”"


class FramesView(QWidget):
    """Draws the bench.

    Signals:
        edited: something of the form is another.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.bar = TargetBar("Send", hint="lab:echo, host:port", parent=self)
        self.bar.set_kinds(KINDS)
        self.bar.set_lab_names(
            (LabName("lab:echo", "sends back all it gets"), LabName("lab:udp-echo", "each datagram"))
        )
        self.route = RouteBox(ROUTES)
        self.bar.add_option(self.route)
        self.row = FramingRow()
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.composer = MessagesEditor()
        self.empty = EmptyState(EMPTY, OFFER, icon="sockets")
        self.reading = ReadingView()
        self.bar.hold(self.row, self.composer)
        self._lay_out()
        self.bar.edited.connect(self._on_edited)
        self.route.currentIndexChanged.connect(self._on_edited)
        self.row.edited.connect(self._on_edited)
        self.composer.edited.connect(self._on_edited)
        self.reading.edited.connect(self._on_edited)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        right = QWidget()
        self._pages = QStackedLayout(right)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.reading)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.composer)
        self.splitter.addWidget(right)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([theme.metric(360), theme.metric(860)])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, gap, 0, 0)
        column.setSpacing(gap)
        for widget in (self.bar, self.row, self.verdict, self.notice):
            column.addWidget(widget)
        column.addWidget(self.splitter, 1)

    def values(self) -> dict[str, object]:
        """All of the form that stands here."""
        return {
            "target": self.bar.text(),
            "transport": self.bar.kind(),
            "route": self.route.route(),
            **self.row.values(),
            **self.composer.values(),
            **self.reading.values(),
        }

    def show_state(self, state: FramingState) -> None:
        """Draw it."""
        frames, form = state.frames, state.form
        is_sending = state.phase == "sending"
        self.bar.set_busy(is_sending)
        allow(self.bar.button, "" if is_sending else state.why_not_send)
        self.row.show_form(form)
        self.row.show_mistake(frames)
        self.composer.show_form(form)
        self.composer.show_frames(frames)
        self._pages.setCurrentIndex(1 if form.messages else 0)
        self.reading.show_state(state)
        self.notice.show_failure(state.problem)
        self.verdict.show_verdict(state.verdict, "Nothing was framed yet.")

    def _on_edited(self) -> None:
        self.edited.emit()

"""The reads of the selected connection, and the writes beside them: that TCP has no messages is to be seen here."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from workbench.bridge.feed import Feed
from workbench.panels.sockets.passes import MAX_ROWS, Passes
from workbench.panels.sockets.passesmodel import PassesModel
from workbench.panels.sockets.state import SessionState
from workbench.transcript.recorder import Transcript
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import table_of

NOTHING = (
    "What each call read and wrote: how much, where in the stream, and how long after the one before. A read is not a "
    "message: the peer's writes may come together, or in pieces."
)
AGAIN_MS = 10


class Reads(QStackedWidget):
    """The gutter. While hidden it looks at nothing.

    Args:
        transcript: of the session. feed: tells of news once a frame.
    """

    def __init__(self, transcript: Transcript, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._feed = feed
        self._uncut: object = None
        self.model = PassesModel(Passes(transcript))
        self.empty = EmptyState(NOTHING, icon="received")
        self.table = table_of(self.model, "Reads and writes", (28, 76, 76, 84, 72))
        theme.qualify(self.table, fixed=True)
        self.line = QLabel()
        theme.qualify(self.line, role="muted")
        self.line.setContentsMargins(theme.metric(8), 0, theme.metric(8), theme.metric(6))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addWidget(self.table, 1)
        column.addWidget(self.line)
        self._page = page
        self.addWidget(self.empty)
        self.addWidget(page)
        self.again = QTimer(self)
        self.again.setSingleShot(True)
        self.again.setInterval(AGAIN_MS)
        self.again.timeout.connect(self.refresh)

    def show_state(self, state: SessionState) -> None:
        """Show the selected connection's."""
        if state.selected != self.model.passes.channel:
            self.model.follow(state.selected)
            if self.isVisible():
                self.refresh()

    def refresh(self) -> None:
        """Look now, a little at a time."""
        follows = self.table.verticalScrollBar().value() >= self.table.verticalScrollBar().maximum()
        if self.model.look():
            self.again.start()
        passes = self.model.passes
        self.setCurrentWidget(self._page if len(passes) else self.empty)
        cut = f"; only the first {MAX_ROWS:,} are listed" if passes.is_full else ""
        self.line.setText(f"{_count(passes.reads, 'read')}, {_count(passes.writes, 'write')}{cut}")
        if follows and len(passes):
            self.table.scrollToBottom()

    def retire(self) -> None:
        """Look no more."""
        self.again.stop()
        self._cut()

    def _cut(self) -> None:
        uncut, self._uncut = self._uncut, None
        if callable(uncut):
            uncut()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._uncut is None:
            self._uncut = self._feed.watch(self._transcript, self.refresh)  # type: ignore[arg-type]  # it is told itself
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.again.stop()
        self._cut()


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}".replace(",", "\u202f")

"""A listener's own controls: one client at a time, what its code throws, and how it stops."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from workbench.panels.sockets.state import SessionState
from workbench.protocols.raw.zones import ZONES, Injection
from workbench.ui import theme
from workbench.ui.pieces import allow, button

STOP_TIP = (
    "Take nobody any more, serve those who are there to their end, then stop. Close ends all of them at once"
)
WORDS = {
    "accept": "While it accepts the next client",
    "handle": "While it serves the next client",
    "close": "While it closes the next client",
}


class ServerBar(QWidget):
    """The controls.

    Signals:
        edited: one at a time or all at once. stop_asked: stop gracefully. thrown: an Injection, or None.
        reading_asked: show the exceptions.
    """

    edited = Signal()
    stop_asked = Signal()
    thrown = Signal(object)
    reading_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.one = QCheckBox("One at a time")
        self.one.setToolTip(
            "Serve a client only once the one before has gone: the next one is connected, and waits unread"
        )
        self.throw = QPushButton("Throw")
        self.throw.setToolTip(
            "Have this listener's own code throw an exception, and see what it costs the others"
        )
        self.menu = QMenu("Throw", self)
        for zone in ZONES:
            action = self.menu.addAction(WORDS[zone])
            action.setData((zone, 1))
        self.menu.addSeparator()
        self.menu.addAction("While it serves any client").setData(("handle", None))
        self.menu.addAction("Throw no more").setData(None)
        self.throw.setMenu(self.menu)
        self.read = QPushButton()
        theme.qualify(self.read, kind="quiet")
        self.read.setToolTip("Read what was thrown, with where")
        self.stop = button("Stop listening", "pause", STOP_TIP)
        self.figures = QLabel()
        theme.qualify(self.figures, role="muted")
        self.figures.setTextFormat(Qt.TextFormat.PlainText)
        self.figures.setToolTip("Sockets: of this listener, not given back yet; one is the listening one")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        row.addWidget(self.one)
        row.addWidget(self.figures, 1)
        for widget in (self.read, self.throw, self.stop):
            row.addWidget(widget)
        self.one.toggled.connect(self.edited)
        self.stop.clicked.connect(self.stop_asked)
        self.read.clicked.connect(self.reading_asked)
        self.menu.triggered.connect(self._on_throw_chosen)

    def show_state(self, state: SessionState) -> None:
        """Show what can be done, and what has been."""
        self.setVisible((state.form.role, state.form.transport) == ("listener", "tcp"))
        figures = state.figures
        listens = state.phase == "open"
        allow(self.throw, "" if listens else "listen first")
        allow(
            self.stop,
            "" if listens and figures.listening else "nobody is taken now" if listens else "listen first",
        )
        said = []
        if state.phase == "open" or figures.served or figures.failed:
            waiting = f", {len(figures.waiting)} waiting" if figures.waiting else ""
            sockets = f"{figures.sockets} socket{'' if figures.sockets == 1 else 's'}"
            said = [f"served {figures.served}, failed {figures.failed}{waiting}; {sockets}"]
        self.figures.setText("".join(said))
        self.read.setVisible(bool(figures.faults))
        count = len(figures.faults)
        self.read.setText(f"{count} exception{'' if count == 1 else 's'}")

    def _on_throw_chosen(self, action: QAction) -> None:
        asked = action.data()
        self.thrown.emit(Injection(*asked) if asked else None)

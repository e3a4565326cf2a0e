"""The left half of a session: its connections, and of the selected one the reads, answers, certificates and socket."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QStackedLayout, QTabBar, QVBoxLayout, QWidget

from workbench.panels.sockets.models import PeersModel
from workbench.panels.sockets.parts.latepart import LatePart
from workbench.panels.sockets.parts.socketcard import SocketCard
from workbench.panels.sockets.parts.tlspart import TlsPart
from workbench.panels.sockets.state import SessionState
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import table_of

PARTS = (
    ("Connections", "Who is connected, what passed, and how it ended (Ctrl+Alt+N)"),
    ("Reads", "What each call read and wrote, with the gap before it: TCP has no messages (Ctrl+Alt+R)"),
    ("Answers", "What came back, from whom, and how soon (Ctrl+Alt+A)"),
    ("Certificates", "TLS of the selected connection: the verdict and the chain (Ctrl+Alt+E)"),
    ("Socket", "The selected connection's socket: options and measures (Ctrl+Alt+I)"),
    ("Decoded", "The octets read as Telnet or WebSocket, and answers by hand (Ctrl+Alt+K)"),
)
CONNECTIONS, READS, ANSWERS, CERTIFICATES, SOCKET, DECODED = range(6)
WIDTHS = (150, 84, 84, 74, 88)
"""Of the columns of the connections; the last takes what is left. The widest size is "1023.9 KiB"."""

EMPTY = {
    "client": (
        "Connect to a server: the connection, its two halves and its end will stand here.",
        "Talk to lab:echo",
    ),
    "listener": ("Listen: everybody who connects will stand here.", "Listen on a free port"),
}


class Connections(QWidget):
    """The parts behind small tabs."""

    def __init__(
        self,
        model: PeersModel,
        reads: LatePart,
        answers: LatePart,
        certificates: TlsPart,
        socket: SocketCard,
        decoded: LatePart,
    ) -> None:
        super().__init__()
        self._reads = reads
        self._answers = answers
        self._decoded = decoded
        self._model = model
        self._certificates = certificates
        self.table = table_of(model, "Connections", WIDTHS)
        self.empty = EmptyState(*EMPTY["client"], icon="sockets")
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Parts of the session")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for title, tip in PARTS:
            self.tabs.setTabToolTip(self.tabs.addTab(title), tip)
        listed = QWidget()
        self._pages = QStackedLayout(listed)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        pane = QFrame()
        theme.qualify(pane, pane=True)
        self.parts = QStackedLayout(pane)
        self.parts.setContentsMargins(0, 0, 0, 0)
        for part in (listed, reads, answers, certificates, socket, decoded):
            self.parts.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addWidget(self.tabs)
        column.addWidget(pane, 1)
        self.tabs.currentChanged.connect(self.parts.setCurrentIndex)

    @property
    def reads(self) -> Any:
        """The part of reads, made if need be."""
        return self._reads.part

    @property
    def answers(self) -> Any:
        """The part of answers, made if need be."""
        return self._answers.part

    @property
    def decoded(self) -> Any:
        """The part that decodes, made if need be."""
        return self._decoded.part

    def show_part(self, number: int) -> None:
        """Show one part and put the focus into it."""
        if not self.tabs.isTabVisible(number):
            return
        self.tabs.setCurrentIndex(number)
        part = self.parts.currentWidget()
        inside = [w for w in part.findChildren(QWidget) if _takes_keys(w)] if part is not None else []
        (inside[0] if inside else self.tabs).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_state(self, state: SessionState) -> None:
        """Show the session's connections; the socket looks for itself."""
        role = state.form.role
        self._pages.setCurrentWidget(self.table if state.peers else self.empty)
        sentence, offer = EMPTY[role]
        if role == "listener" and state.phase == "open":
            sentence, offer = f"Nobody has come to {state.address} yet.", ""
        elif state.is_live:
            offer = ""
        self.empty.set(sentence, offer, "listen" if role == "listener" else "sockets")
        row = self._model.place_of(state.selected)
        if row >= 0 and self.table.currentIndex().row() != row:
            self.table.selectRow(row)
        self.tabs.setTabVisible(CERTIFICATES, state.form.has_tls)
        self.tabs.setTabVisible(DECODED, state.form.transport == "tcp")
        self.tabs.setTabVisible(ANSWERS, (role, state.form.transport) == ("client", "udp"))
        self._certificates.show_state(state)
        self._reads.show_state(state)
        self._answers.show_state(state)
        self._decoded.show_state(state)


def _takes_keys(widget: QWidget) -> bool:
    return widget.isVisible() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)

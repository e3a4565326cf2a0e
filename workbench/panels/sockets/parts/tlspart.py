"""The certificate verdict of the selected peer: what was agreed, each decision, the chain as sent and as verified."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.panels.sockets.certificates import tls_rows
from workbench.panels.sockets.parts.facttree import FactTree
from workbench.panels.sockets.state import SessionState
from workbench.protocols.raw.tls_report import TlsReport
from workbench.ui.empty import EmptyState

OPENED = ("verdict", "agreed", "decisions", "sent", "sent.0")
IN_CLEAR = "This connection is in clear. Its certificates and the verdict on them will stand here."
NOBODY = "Under TLS, the peer's certificates and the verdict on them will stand here."


class TlsPart(QStackedWidget):
    """The part.

    Signals:
        start_asked: the person wants TLS on this connection.
    """

    start_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: TlsReport | None = None
        self.empty = EmptyState(NOBODY, icon="lock")
        self._tree: FactTree | None = None
        self.addWidget(self.empty)
        self.empty.asked.connect(self.start_asked)

    @property
    def tree(self) -> FactTree:
        """The tree, made when there is first something in it."""
        if self._tree is None:
            self._tree = FactTree("Certificates and TLS")
            self.addWidget(self._tree)
            # Made late, it would come last in the whole window.
            QWidget.setTabOrder(self.empty.button, self._tree)
        return self._tree

    def show_state(self, state: SessionState) -> None:
        """Show the selected peer's handshake, or what would bring one."""
        report = state.peer.tls if state.peer is not None else None
        if report is not None:
            if report is not self._shown:
                self._shown = report
                self.tree.show_rows(tls_rows(report), OPENED)
            self.setCurrentWidget(self.tree)
            return
        self._shown = None
        can_start = not state.why_not_start_tls and state.form.role == "client"
        self.empty.set(IN_CLEAR if can_start else NOBODY, "Start TLS" if can_start else "", "lock")
        self.setCurrentWidget(self.empty)

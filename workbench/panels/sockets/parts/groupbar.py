"""The groups that a listener of datagrams hears: joined and left while it listens."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from workbench.errors import WorkbenchError
from workbench.panels.sockets.deeds import Deeds
from workbench.panels.sockets.state import SessionState
from workbench.ui import theme
from workbench.ui.pieces import allow, field
from workbench.ui.words import with_advice

TIP = (
    "A group to hear: 239.255.1.1, or 239.255.1.1@127.0.0.1 by the interface of that address; of IPv6 ff02::fb@lo. "
    "How far what you send to groups goes, and whether this machine hears itself, say the options MULTICAST_TTL and "
    "MULTICAST_LOOP"
)


class GroupBar(QWidget):
    """A field and two buttons.

    Args:
        deeds: of the session.
    """

    def __init__(self, deeds: Deeds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._deeds = deeds
        self.group = field("Group", "239.255.1.1@127.0.0.1", TIP, 190)
        self.join, self.leave = QPushButton("Join"), QPushButton("Leave")
        self.join.setToolTip("Hear what anybody sends to this group")
        self.leave.setToolTip("Hear this group no more")
        self.line = QLabel()
        theme.qualify(self.line, role="muted")
        label = QLabel("Group")
        label.setBuddy(self.group)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        for widget in (label, self.group, self.join, self.leave):
            row.addWidget(widget)
        row.addWidget(self.line, 1)
        self.group.returnPressed.connect(self._on_join)
        self.join.clicked.connect(self._on_join)
        self.leave.clicked.connect(self._on_leave)

    def show_state(self, state: SessionState) -> None:
        """Show what can be done, and which groups are heard."""
        self.setVisible((state.form.role, state.form.transport) == ("listener", "udp"))
        for button in (self.join, self.leave):
            allow(button, "" if state.phase == "open" else "listen first")
        if not state.is_live:
            theme.qualify(self.group, wrong=False)
        self._show_groups()

    def _on_join(self) -> None:
        try:
            self._deeds.join(self.group.text())
        except WorkbenchError as failure:
            self._complain(failure)
            return
        self._done()

    def _on_leave(self) -> None:
        try:
            self._deeds.leave(self.group.text())
        except WorkbenchError as failure:
            self._complain(failure)
            return
        self._done()

    def _done(self) -> None:
        theme.qualify(self.group, wrong=False)
        self.group.setToolTip(TIP)
        self._show_groups()

    def _complain(self, failure: WorkbenchError) -> None:
        theme.qualify(self.group, wrong=True)
        self.group.setToolTip(with_advice(failure))
        self.line.setText(failure.what)

    def _show_groups(self) -> None:
        groups = self._deeds.groups
        self.line.setText(f"hears {', '.join(groups)}" if groups else "")

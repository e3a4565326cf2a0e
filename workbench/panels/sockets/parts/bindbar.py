"""What stands above a listener before it is bound: who will reach it, and whether its port is open to this user."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.jobs.scope import Scope
from workbench.panels.sockets.binding import Heed, Purpose, heed, purposes, rebound
from workbench.panels.sockets.deeds import Deeds
from workbench.panels.sockets.state import SessionState
from workbench.ui import icons, theme
from workbench.ui.pieces import button
from workbench.wire.interfaces import read_interfaces

SIGNS = {"good": ("lock", "good"), "warning": ("warning", "warning"), "info": ("info", "accent")}
FOR_TIP = "Four reasons to bind to a certain address, with those of this machine; the port stays"
FREE_TIP = "A port that nobody has now, listed nowhere, and open to any user"


class BindBar(QWidget):
    """The bar; it shows itself for a listener that does not listen yet, and is made for the first one.

    Args:
        scope: owns the search for a free port. deeds: of the session.

    Signals:
        chosen: another target.
    """

    chosen = Signal(str)

    def __init__(self, scope: Scope, deeds: Deeds) -> None:
        super().__init__()
        self._scope = scope
        self._deeds = deeds
        self.heed = Heed()
        self._text: str | None = None
        self._is_built = False
        self.hide()

    def _build(self) -> None:
        """Make what is in it, for the first listener: most sessions are none."""
        self._is_built = True
        self.purpose = QPushButton("Bind for …")
        self.purpose.setToolTip(FOR_TIP)
        self.menu = QMenu("Bind for", self)
        self.menu.setToolTipsVisible(True)
        self.purpose.setMenu(self.menu)
        self.sign = QLabel()
        self.reach = QLabel()
        self.warning_sign = QLabel()
        icons.sign(self.warning_sign, "warning", "warning")
        self.warning = QLabel()
        for label in (self.reach, self.warning):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
        self.free = button("Use a free port", "add", FREE_TIP)
        top, below = QHBoxLayout(), QHBoxLayout()
        for row, widgets in ((top, (self.purpose, self.sign)), (below, (self.warning_sign,))):
            row.setSpacing(theme.metric(8))
            for each in widgets:
                row.addWidget(each)
        top.addWidget(self.reach, 1)
        below.addWidget(self.warning, 1)
        below.addWidget(self.free)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(4))
        column.addLayout(top)
        column.addLayout(below)
        self.menu.aboutToShow.connect(self.fill)
        self.menu.triggered.connect(self._on_chosen)
        self.free.clicked.connect(self._on_free_clicked)

    def show_state(self, state: SessionState) -> None:
        """Judge the form before it is bound; read anew where the target is another one."""
        form = state.form
        wanted = form.role == "listener" and not state.is_live
        if wanted and not self._is_built:
            self._build()
        self.setVisible(wanted)
        if not wanted:
            return
        text = f"{form.role} {form.target}"
        if text == self._text:
            return
        self._text = text
        found = self.heed = heed(form)
        icon, role = SIGNS.get(found.risk, ("", "muted"))
        icons.sign(self.sign, icon, role)
        self.sign.setVisible(bool(icon))
        self.reach.setText(f"Reached by {found.reach}" if found.reach else "Who will reach it is told here")
        theme.qualify(self.reach, role={"warning": "warning", "good": "good"}.get(found.risk, "muted"))
        self.warning.setText(f"{found.warning[:1].upper()}{found.warning[1:]}")
        self.warning.setToolTip(found.more)
        theme.qualify(self.warning, role="warning")
        for each in (self.warning, self.warning_sign):
            each.setVisible(bool(found.warning))
        self.free.setVisible(found.is_low)
        self.setAccessibleName("Before listening")
        self.setAccessibleDescription(
            ". ".join(filter(None, (self.reach.text(), self.warning.text(), found.more)))
        )

    def fill(self) -> None:
        """The purposes with this machine's addresses of this moment."""
        self.menu.clear()
        try:
            found = purposes(read_interfaces())
        except WorkbenchError:
            found = purposes(())
        for purpose in found:
            self._add(purpose)

    def _add(self, purpose: Purpose) -> None:
        icon, role = SIGNS[purpose.risk]
        if not purpose.hosts:
            action = self.menu.addAction(icons.icon(icon, role), purpose.title)
            action.setToolTip(f"{purpose.what}\nNot now: this machine has no such address")
            action.setEnabled(False)
        for host, interface in purpose.hosts:
            at = f"{host} ({interface})" if interface else host
            action = self.menu.addAction(icons.icon(icon, role), f"{purpose.title}: {at}")
            action.setToolTip(purpose.what)
            action.setData(host)

    def _on_free_clicked(self) -> None:
        self._scope.launch(self._find_port(), name="free port", title="Looking for a free port")

    async def _find_port(self) -> None:
        self.chosen.emit(await self._deeds.free_port())

    def _on_chosen(self, action: QAction) -> None:
        self.chosen.emit(rebound((self._text or "").partition(" ")[2], str(action.data())))

"""The sheet of who can reach a port, with the choice of how a server of ours binds."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from workbench.panels.sockets.addresses.parts.sheet import SheetView
from workbench.panels.sockets.addresses.state import DEFAULT_BIND, Bind
from workbench.ui import icons, theme
from workbench.ui.pieces import place_of
from workbench.ui.tables import Column

SIGNS = {"good": ("lock", "good"), "warning": ("warning", "warning"), "": ("sockets", "text")}


class ReachSheet(SheetView):
    """Every address of this machine beside one port."""

    def __init__(self) -> None:
        super().__init__(
            "reach",
            (
                Column("Address", width=300, is_fixed=True),
                Column("Interface", width=120, is_fixed=True),
                Column("Reached", width=100),
                Column(
                    "Free to listen", width=190, tip="Whether another server could listen at this very pair"
                ),
                Column("Why", width=200),
            ),
            "Addresses that reach the port",
            "No port was looked at yet.",
            (
                "Every address of this machine will stand here, and whether it reaches the port.",
                "Look, with a server of ours at 127.0.0.1",
            ),
        )
        self.port = self.add_field(
            "Port",
            "a number or a name",
            "Of a server of this machine; empty: any free one for ours (Ctrl+L)",
            190,
        )
        self.transport = QComboBox()
        for name in ("tcp", "udp"):
            self.transport.addItem(name.upper(), name)
        self.transport.setAccessibleName("Transport")
        self.transport.setToolTip("By a connection, or by an empty datagram")
        self.bind = QComboBox()
        self.bind.setAccessibleName("Server")
        self.bind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._binds: tuple[Bind, ...] = ()
        for box in (self.transport, self.bind):
            self.top.addWidget(box)
        self.top.addStretch(1)
        self.look_button = self.add_button(
            "Look around",
            "diagnostics",
            "Call the port at every address of this machine (Enter, F5)",
            "primary",
        )
        self.look_button.clicked.connect(self.asked)
        self.transport.currentIndexChanged.connect(self.edited)
        self.bind.currentIndexChanged.connect(self._on_bind_chosen)

    def show_binds(self, binds: tuple[Bind, ...]) -> None:
        """The ways to bind; what was chosen stays chosen, loopback in the beginning."""
        if binds == self._binds:
            return
        chosen = self.bind.currentData() if self._binds else DEFAULT_BIND
        self._binds = binds
        self.bind.blockSignals(True)
        self.bind.clear()
        for bind in binds:
            icon, role = SIGNS[bind.risk]
            self.bind.addItem(icons.icon(icon, role), bind.title, bind.id)
            at = self.bind.count() - 1
            self.bind.setItemData(at, bind.purpose, Qt.ItemDataRole.ToolTipRole)
            if bind.risk:
                self.bind.setItemData(at, theme.colour(bind.risk), Qt.ItemDataRole.ForegroundRole)
        self.bind.blockSignals(False)
        at = self.bind.findData(chosen)
        self.bind.setCurrentIndex(max(0, at if at >= 0 else self.bind.findData(DEFAULT_BIND)))
        self._on_bind_chosen()

    @property
    def chosen_bind(self) -> Bind:
        """How a server of ours binds."""
        return next(bind for bind in self._binds if bind.id == self.bind.currentData())

    def values(self) -> dict[str, str]:
        """With the transport; how to bind begins anew with every start."""
        return {**super().values(), "transport": str(self.transport.currentData())}

    def restore(self, draft: object) -> None:
        """As in every sheet."""
        super().restore(draft)
        if isinstance(draft, dict):
            self.transport.setCurrentIndex(max(0, place_of(self.transport, draft.get("transport"))))

    def _on_bind_chosen(self) -> None:
        purpose = self.chosen_bind.purpose
        self.bind.setToolTip(purpose)
        self.bind.setAccessibleDescription(purpose)
        self.edited.emit()

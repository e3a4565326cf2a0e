"""The sheet of the route: hop by hop, once or again and again."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from workbench.panels.sockets.addresses.parts.sheet import SheetView
from workbench.ui.pieces import allow
from workbench.ui.tables import Column
from workbench.wire.probe import can_probe

LOOPBACK = "127.0.0.1"


class RouteSheet(SheetView):
    """The routers on the way to a host.

    Signals:
        stop_asked: end the probing.
    """

    stop_asked = Signal()

    def __init__(self) -> None:
        figures = ("Last", "Best", "Mean", "Worst", "Jitter")
        super().__init__(
            "route",
            (
                Column("TTL", width=50, is_number=True, tip="How many routers a probe may pass"),
                Column("Address", width=240, is_fixed=True),
                Column(
                    "Name",
                    width=220,
                    is_fixed=True,
                    tip="What the address claims to be called, and whether that leads back",
                ),
                Column("Answer", width=160),
                Column("Lost", width=70, is_number=True),
                *(Column(f"{name} ms", width=84, is_number=True) for name in figures),
            ),
            "Hops",
            "No route was probed yet." if can_probe() else "This system hands routers' answers to root only.",
            (
                "The routers on the way to a host will stand here. Nobody needs to be root for it.",
                f"Probe {LOOPBACK}",
            ),
            # The names: figures stay beside each other.
            stretch=2,
        )
        self.host = self.add_field("Host", "a name or an address", "Where the way leads (Ctrl+L)")
        self.again = QCheckBox("Again and again")
        self.again.setToolTip("Probe every second until you stop, as mtr does; else three times")
        self.names = QCheckBox("Names")
        self.names.setToolTip(
            "Ask this system's name server what the routers are called, and whether that is true"
        )
        self.top.addWidget(self.again)
        self.top.addWidget(self.names)
        self.probe_button = self.add_button("Probe", "play", "Send probes to the host (Enter, F5)", "primary")
        self.stop_button = self.add_button("Stop", "cancel", "Send no more (Esc)")
        self.probe_button.clicked.connect(self.asked)
        self.stop_button.clicked.connect(self.stop_asked)
        if not can_probe():
            for widget in (self.host, self.probe_button, self.empty.button):
                widget.setEnabled(False)
                widget.setToolTip(
                    "Only Linux hands routers' answers to who is not root; use its own traceroute"
                )

    def show_running(self, is_running: bool) -> None:
        """Which button can be pressed."""
        allow(self.stop_button, "" if is_running else "nothing is probed now")
        self.probe_button.setEnabled(can_probe())

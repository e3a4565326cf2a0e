"""The sheet of ports: the directory, a free port, who has which."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from workbench.formats.services import TRANSPORTS
from workbench.panels.sockets.addresses.parts.sheet import SheetView
from workbench.ui.tables import Column

SERVICES = (
    Column("Port", width=70, is_number=True),
    Column("Transport", width=90),
    Column("Names", width=260, is_fixed=True),
    Column("For", width=420),
    Column("Source", width=120, tip="This system's table (/etc/services), or our extract of IANA's registry"),
)
HELD = (
    Column("Port", width=70, is_number=True),
    Column("Transport", width=90),
    Column("State and peer", width=260, is_fixed=True),
    Column("Program", width=420),
    Column("Address", width=120, is_fixed=True),
)


class PortsSheet(SheetView):
    """What listens where.

    Signals:
        free_asked: suggest a port. used_asked: who has which. listen_asked: a listener at the suggested port.
    """

    free_asked = Signal()
    used_asked = Signal()
    listen_asked = Signal()

    def __init__(self) -> None:
        super().__init__(
            "ports",
            SERVICES,
            "Services and ports",
            "Nothing was looked up yet.",
            ("The services that are known by name will stand here, with their ports.", "Show all of them"),
        )
        self.search = self.add_field(
            "Port or service", "80, http, 514/udp, mail", "A number, a name, or what it is for (Ctrl+L)"
        )
        self.transport = QComboBox()
        self.transport.addItem("All transports", "")
        for name in TRANSPORTS[:2]:
            self.transport.addItem(name.upper(), name)
        self.transport.setAccessibleName("Transport")
        self.transport.setToolTip("Only services of this transport")
        self.top.addWidget(self.transport)
        self.find_button = self.add_button("Find", "search", "Search the directory (Enter, F5)", "primary")
        self.used_button = self.add_button(
            "In use", "diagnostics", "Which ports are in use on this machine, and by which program"
        )
        self.free_button = self.add_button(
            "Suggest", "add", "A free port: listed nowhere, above 1024, outside what is lent to clients"
        )
        self.listen_button = self.add_button(
            "Listen there", "listen", "Open a listener at the suggested port"
        )
        self.find_button.clicked.connect(self.asked)
        self.used_button.clicked.connect(self.used_asked)
        self.free_button.clicked.connect(self.free_asked)
        self.listen_button.clicked.connect(self.listen_asked)
        self.transport.currentIndexChanged.connect(self.asked)

    def show_suggestion(self, port: int | None) -> None:
        """Offer the listener for it."""
        self.listen_button.setEnabled(port is not None)
        tip = f"Open a listener at 127.0.0.1:{port}" if port else "Open a listener at the suggested port"
        self.listen_button.setToolTip(tip if port else f"{tip}\nNot now: nothing was suggested yet")

    def show_used(self, is_used: bool) -> None:
        """The headings for sockets, or for services."""
        self.model.show_columns(HELD if is_used else SERVICES)

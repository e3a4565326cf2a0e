"""The sheet of getaddrinfo: six arguments as pickers, every tuple of the answer; and the layers of IPv6."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QToolButton

from workbench.panels.sockets.addresses.parts.sheet import SheetView
from workbench.ui import theme
from workbench.ui.pieces import allow
from workbench.ui.tables import Column
from workbench.wire.lookup import FAMILIES, FLAGS, KINDS, PROTOCOLS, Asked

RESULTS = (
    Column("Family", width=150, is_fixed=True),
    Column("Type", width=140, is_fixed=True),
    Column("Protocol", width=140, is_fixed=True),
    Column("Canonical name", width=170, is_fixed=True),
    Column("Address", width=300, is_fixed=True),
)
OWN = (
    Column("Asked", width=200, is_fixed=True),
    Column("Answer", width=220, is_fixed=True),
    Column("Who could use it", width=150),
    Column("Why", width=440),
    Column("Document", width=130, is_fixed=True),
)
LAYERS = (
    Column("Layer", width=150),
    Column("Found", width=140),
    Column("", width=140),
    Column("", width=170),
    Column("Why", width=300),
)


class LookupSheet(SheetView):
    """What the system makes of a host and a port.

    Signals:
        ipv6_asked: test the layers of IPv6. connect_asked: open the chosen result in the console.
        own_asked: derive this machine's own names.
    """

    ipv6_asked = Signal()
    connect_asked = Signal()
    own_asked = Signal()

    def __init__(self) -> None:
        super().__init__(
            "lookup",
            RESULTS,
            "Results of the look-up",
            "Nothing was looked up yet.",
            (
                "Every result will stand here with its family, type, protocol and address.",
                "Look up localhost, http",
            ),
        )
        self.host = self.add_field(
            "Host", "a name or an address", "The first argument; empty is None (Ctrl+L)"
        )
        self.port = self.add_field(
            "Service", "http or 80", "The second argument: a name or a number; empty is None", 110
        )
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.metric(8))
        self.family = self._picker("Family", FAMILIES, "IPv4, IPv6 or both")
        self.kind = self._picker("Type", KINDS, "Streams, datagrams, or all that there are")
        self.kind.setCurrentIndex(1)
        self.protocol = self._picker("Protocol", PROTOCOLS, "Rarely given: the type decides it")
        self.flags = QToolButton()
        self.flags.setText("Flags")
        self.flags.setAccessibleName("Flags")
        self.flags.setToolTip("The sixth argument")
        self.flags.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.flags)
        menu.setToolTipsVisible(True)
        self.flag_actions: dict[str, QAction] = {}
        for flag in FLAGS:
            action = menu.addAction(flag.name)
            action.setCheckable(True)
            action.setToolTip(flag.what)
            action.toggled.connect(self._on_flag_toggled)
            self.flag_actions[flag.name] = action
        self.flags.setMenu(menu)
        self._row.addWidget(self.flags)
        self._row.addStretch(1)
        self.below.addLayout(self._row)
        self.ask_button = self.add_button("Look up", "search", "Ask the system (Enter, F5)", "primary")
        self.connect_button = self.add_button("Connect", "connect", "Open the chosen result in the console")
        self.own_button = self.add_button(
            "This machine",
            "info",
            "What this machine calls itself, how that is derived, and who could use it",
        )
        self.ipv6_button = self.add_button(
            "Test IPv6", "diagnostics", "Every layer of IPv6, from Python to the resolver"
        )
        self.ask_button.clicked.connect(self.asked)
        self.connect_button.clicked.connect(self.connect_asked)
        self.own_button.clicked.connect(self.own_asked)
        self.ipv6_button.clicked.connect(self.ipv6_asked)
        self.table.selectionModel().selectionChanged.connect(self._on_row_chosen)
        self.model.modelReset.connect(self._on_row_chosen)
        self._on_row_chosen()

    def _picker(self, name: str, symbols: tuple[str, ...], tip: str) -> QComboBox:
        made = QComboBox()
        made.addItems(symbols)
        made.setAccessibleName(name)
        made.setToolTip(tip)
        made.currentIndexChanged.connect(self.edited)
        label = QLabel(name)
        label.setBuddy(made)
        theme.qualify(label, role="muted")
        self._row.addWidget(label)
        self._row.addWidget(made)
        return made

    @property
    def arguments(self) -> Asked:
        """All six."""
        flags = tuple(name for name, action in self.flag_actions.items() if action.isChecked())
        return Asked(
            self.host.text().strip(),
            self.port.text().strip(),
            self.family.currentText(),
            self.kind.currentText(),
            self.protocol.currentText(),
            flags,
        )

    def show_as(self, what: str) -> None:
        """The headings for "results", for the "layers" of IPv6, or for this machine's "own" names."""
        columns = {"layers": LAYERS, "own": OWN}.get(what, RESULTS)
        if columns != self.model.columns:
            self.model.show_columns(columns)
            for at, column in enumerate(columns[:-1]):
                self.table.setColumnWidth(at, theme.metric(column.width))

    @property
    def chosen_target(self) -> str:
        """The address of the chosen result, "" where it is none to connect to."""
        row = self.chosen
        return self.model.rows[row].target if 0 <= row < len(self.model.rows) else ""

    def values(self) -> dict[str, str]:
        """With the pickers."""
        asked = self.arguments
        picked = {"family": asked.family, "type": asked.kind, "protocol": asked.protocol}
        return {**super().values(), **picked, "flags": " ".join(asked.flags)}

    def restore(self, draft: object) -> None:
        """As in every sheet."""
        super().restore(draft)
        if not isinstance(draft, dict):
            return
        for name, box in (("family", self.family), ("type", self.kind), ("protocol", self.protocol)):
            at = box.findText(str(draft.get(name, "")))
            if at >= 0:
                box.setCurrentIndex(at)
        flags = str(draft.get("flags", "")).split()
        for name, action in self.flag_actions.items():
            action.setChecked(name in flags)

    def _on_flag_toggled(self) -> None:
        count = len(self.arguments.flags)
        self.flags.setText(f"Flags: {count}" if count else "Flags")
        self.flags.setAccessibleDescription(", ".join(self.arguments.flags) or "none")
        self.edited.emit()

    def _on_row_chosen(self) -> None:
        why = "" if self.chosen_target else "choose a result with TCP or UDP first"
        allow(self.connect_button, why, "Open the chosen result in the console")

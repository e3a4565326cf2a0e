"""The sheet of transports: what is needed is ticked, and every transport is counted in the open."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel

from workbench.panels.sockets.addresses.parts.sheet import SheetView
from workbench.panels.sockets.addresses.state import Sheet
from workbench.protocols.raw.transport_table import NEEDS
from workbench.ui import theme
from workbench.ui.pieces import allow
from workbench.ui.tables import Column

ACROSS = 3
TRY_TIP = "Talk by the chosen transport to a server of the Lab, in the console"


class TransportSheet(SheetView):
    """Needs above, transports below.

    Signals:
        try_asked: a target of the Lab.
    """

    try_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__(
            "transport",
            (
                Column("Transport", width=130),
                Column(
                    "Points",
                    width=80,
                    is_number=True,
                    tip="2 for a need that is given, 1 where something more makes it so",
                ),
                Column("Need", width=330),
                Column("Why", width=470),
                Column("Document", width=120, is_fixed=True),
            ),
            "Transports beside what is needed",
            "Nothing is needed yet: tick above what is.",
            (
                "Six transports will stand here, the best first, each need with its points and its reason.",
                "Tick an example: a download",
            ),
        )
        told = QLabel("What the conversation needs")
        theme.qualify(told, role="muted")
        self.top.addWidget(told, 1)
        self.try_button = self.add_button("Try it", "sockets", TRY_TIP)
        self.clear_button = self.add_button("Clear", "close", "Untick everything")
        self.ticks: dict[str, QCheckBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.metric(16))
        grid.setVerticalSpacing(theme.metric(4))
        rows = -(-len(NEEDS) // ACROSS)
        for at, need in enumerate(NEEDS):
            tick = QCheckBox(need.title)
            tick.setToolTip(f"For example: {need.what}")
            tick.toggled.connect(self._on_ticked)
            self.ticks[need.id] = tick
            grid.addWidget(tick, at % rows, at // rows)
        self.below.addLayout(grid)
        self.try_button.clicked.connect(self._on_try_clicked)
        self.clear_button.clicked.connect(self.clear)
        self.table.selectionModel().selectionChanged.connect(self._show_try)
        self._show_try()

    @property
    def needs(self) -> tuple[str, ...]:
        """The ids of what is ticked."""
        return tuple(name for name, tick in self.ticks.items() if tick.isChecked())

    def tick(self, names: tuple[str, ...]) -> None:
        """Tick these and no others."""
        for name, tick in self.ticks.items():
            tick.blockSignals(True)
            tick.setChecked(name in names)
            tick.blockSignals(False)
        self._on_ticked()

    def clear(self) -> None:
        """Untick everything."""
        self.tick(())

    def focus_start(self) -> None:
        """Put the focus on the first need."""
        next(iter(self.ticks.values())).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def values(self) -> dict[str, str]:
        """What is ticked."""
        return {"needs": " ".join(self.needs)}

    def restore(self, draft: object) -> None:
        """Tick what was ticked; counting costs nothing."""
        if isinstance(draft, dict) and (names := str(draft.get("needs", "")).split()):
            self.tick(tuple(names))

    def show_sheet(self, sheet: Sheet) -> None:
        """As in every sheet."""
        super().show_sheet(sheet)
        self._show_try()

    @property
    def chosen_lab(self) -> str:
        """The Lab's service for the chosen transport; of the best where none is chosen; "" where there is none."""
        lines = self.model.rows
        at = self.chosen if self.chosen >= 0 else 0
        return lines[at].target if at < len(lines) else ""

    def _show_try(self) -> None:
        why = "" if self.chosen_lab else "choose TCP or UDP: the console speaks no other by hand"
        if not self.model.rows:
            why = "nothing is ticked yet"
        allow(self.try_button, why, TRY_TIP)

    def _on_try_clicked(self) -> None:
        self.try_asked.emit(self.chosen_lab)

    def _on_ticked(self) -> None:
        self.clear_button.setEnabled(bool(self.needs))
        self.asked.emit()
        self.edited.emit()

"""The phase ladder: how far a conversation came, rung by rung, and on which one it failed."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QTableView, QVBoxLayout, QWidget

from workbench.formats.charset import visible
from workbench.ui.pieces import table_of
from workbench.ui.tables import Column, TableModel
from workbench.wire.phases import SOURCES, WHAT, Phase, phases

SIGNS = {"done": ("good", "good"), "failed": ("bad", "error"), "running": ("running", "accent")}
"""By a rung's state: its icon, and the colour of that. A word stands beside it always."""


class RungsModel(TableModel):
    """The rungs, one row each."""

    columns = (Column("Phase"), Column("State"), Column("What was seen"))

    def __init__(self) -> None:
        super().__init__(phases(None))

    def key(self, row: Phase) -> str:
        return row.name

    def cell(self, row: Phase, column: int) -> str:
        return (row.name, row.state, visible(row.sentence))[column]

    def tip(self, row: Phase, column: int) -> str:
        return visible(
            f"{row.name}: {WHAT[row.name]} ({SOURCES[row.name]})\n{row.sentence}".strip(), keep="\n"
        )

    def sign(self, row: Phase, column: int) -> tuple[str, str] | None:
        return SIGNS.get(row.state) if column == 0 else None

    def colour(self, row: Phase, column: int) -> str:
        if row.state == "failed":
            return "error"
        return "muted" if row.state == "not reached" or column == 2 else ""


class PhaseLadder(QWidget):
    """The rungs in a table; Enter or a double click on one shows its event in the conversation.

    Signals: event_asked: the index of a transcript's event.
    """

    event_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RungsModel()
        self.table: QTableView = table_of(self.model, "Phases of the conversation", (110, 90))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self.table.activated.connect(self._on_activated)
        self.setFocusProxy(self.table)

    def show_rungs(self, rungs: Sequence[Phase]) -> None:
        """Show how far it came."""
        self.model.show_rows(rungs)

    def _on_activated(self, index: QModelIndex) -> None:
        event = self.model.rows[index.row()].event
        if event is not None:
            self.event_asked.emit(event)

"""The phase ladder: how far a conversation came, rung by rung, and on which one it failed."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QTableView, QVBoxLayout, QWidget

from workbench.formats.charset import visible
from workbench.ui import icons, theme
from workbench.ui.pieces import table_of
from workbench.wire.phases import SOURCES, WHAT, Phase, phases

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_INDEX = QModelIndex()
SIGNS = {"done": ("good", "good"), "failed": ("bad", "error"), "running": ("running", "accent")}
"""By a rung's state: its icon, and the colour of that. A word stands beside it always."""


class RungsModel(QAbstractTableModel):
    """The rungs, one row each."""

    HEADS = ("Phase", "State", "What was seen")

    def __init__(self) -> None:
        super().__init__()
        self.rungs: tuple[Phase, ...] = phases(None)

    def show_rungs(self, rungs: Sequence[Phase]) -> None:
        """Show others."""
        if tuple(rungs) == self.rungs:
            return
        self.rungs = tuple(rungs)
        # The same number always: what is selected stays selected.
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.rungs) - 1, len(self.HEADS) - 1))

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rungs)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return len(self.HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self.HEADS[section]
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        rung = self.rungs[index.row()]
        if role == Role.DisplayRole:
            return (rung.name, rung.state, visible(rung.sentence))[index.column()]
        if role == Role.ToolTipRole:
            return visible(
                f"{rung.name}: {WHAT[rung.name]} ({SOURCES[rung.name]})\n{rung.sentence}".strip(), keep="\n"
            )
        if role == Role.DecorationRole and index.column() == 0 and rung.state in SIGNS:
            return icons.icon(*SIGNS[rung.state])
        if role == Role.ForegroundRole:
            return _ink(rung, index.column())
        return None


def _ink(rung: Phase, column: int) -> object:
    if rung.state == "failed":
        return theme.colour("error")
    if rung.state == "not reached" or column == 2:
        return theme.colour("muted")
    return None


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
        self.model.show_rungs(rungs)

    def _on_activated(self, index: QModelIndex) -> None:
        event = self.model.rungs[index.row()].event
        if event is not None:
            self.event_asked.emit(event)

"""The table of messages: what became of each over UDP and over TCP."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.panels.sockets.reliability.state import ReliabilityState
from workbench.ui import theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_INDEX = QModelIndex()
HEADS = ("Message", "Over UDP", "Over TCP")
SIGNS = {"arrived": "✓", "lost": "✗"}
"""Beside the word, so that nothing is said by colour alone; every other fate has its own sign."""
ODD = "!"


class FatesModel(QAbstractTableModel):
    """A row for each message that was sent."""

    def __init__(self) -> None:
        super().__init__()
        self._columns: tuple[tuple[str, ...], ...] = ((), ())

    def show_state(self, state: ReliabilityState) -> None:
        """Show another state's ledgers."""
        columns = tuple(ledger.fates() if ledger is not None else () for ledger in (state.udp, state.tcp))
        if columns == self._columns:
            return
        if max(map(len, columns)) != self.rowCount():
            self.beginResetModel()
            self._columns = columns
            self.endResetModel()
            return
        self._columns = columns
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(HEADS) - 1))

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else max(map(len, self._columns))

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return HEADS[section]
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        if index.column() == 0:
            if role == Role.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            return str(index.row()) if role == Role.DisplayRole else None
        fates = self._columns[index.column() - 1]
        if index.row() >= len(fates):
            return None
        fate = fates[index.row()]
        if role == Role.DisplayRole:
            return f"{SIGNS.get(fate, ODD)} {fate}"
        if role == Role.ForegroundRole and fate != "arrived":
            return theme.colour("error" if fate == "lost" else "warning")
        return None

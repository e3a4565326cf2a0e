"""The models of the page: a lamp for each flag of each socket, and what the ways of waiting cost."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.formats.charset import visible
from workbench.protocols.readiness.costs import Cost
from workbench.protocols.readiness.explain import FLAGS as WORDS
from workbench.protocols.readiness.rows import Row
from workbench.protocols.readiness.values import FLAGS, Ready
from workbench.ui import theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_INDEX = QModelIndex()
LIT, DARK, UNTOLD = "●", "○", "╱"
TONES = {
    Ready.IN: "received",
    Ready.OUT: "muted",
    Ready.PRI: "accent",
    Ready.ERR: "error",
    Ready.HUP: "warning",
    Ready.RDHUP: "warning",
    Ready.NVAL: "error",
}


class LampsModel(QAbstractTableModel):
    """A row for each socket, a lamp for each flag. What an engine can't tell is crossed out, not dark."""

    HEADS = ("Socket", *(str(flag.name) for flag in FLAGS), "What came")

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()
        self.tells = Ready(0)

    def show_rows(self, rows: tuple[Row, ...], tells: Ready) -> None:
        """Show other rows, as an engine tells them that knows `tells`."""
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows, self.tells = rows, tells
            self.endResetModel()
        elif (rows, tells) != (self.rows, self.tells):
            self.rows, self.tells = rows, tells
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.HEADS) - 1))

    def row_of(self, key: int | None) -> int:
        """Where a socket stands; -1: nowhere."""
        return next((at for at, row in enumerate(self.rows) if row.key == key), -1)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return len(self.HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return self.HEADS[section]
        if role == Role.ToolTipRole and 0 < section <= len(FLAGS):
            return WORDS[FLAGS[section - 1]].what
        if role == Role.TextAlignmentRole and 0 < section <= len(FLAGS):
            return int(Qt.AlignmentFlag.AlignCenter)
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        if 0 < column <= len(FLAGS):
            return self._lamp(row, FLAGS[column - 1], role)
        if role == Role.ForegroundRole and (not row.is_open or row.end):
            return theme.colour("muted")
        if role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        if column == 0:
            return f"{row.name}  #{row.descriptor}" if role == Role.DisplayRole else _place_of(row)
        return visible(row.end or row.said or (f"{row.received} B" if row.received else ""))

    def _lamp(self, row: Row, flag: Ready, role: int) -> object:
        is_lit, is_told = bool(row.lamps & flag), bool(self.tells & flag)
        if role == Role.DisplayRole:
            return LIT if is_lit else DARK if is_told else UNTOLD
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter)
        if role == Role.ForegroundRole:
            return theme.colour(TONES[flag] if is_lit else "strong_border")
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            state = "lit" if is_lit else "dark" if is_told else "this way of waiting can't tell it"
            return f"{flag.name}: {state}. {WORDS[flag].what}"
        return None


class CostsModel(QAbstractTableModel):
    """Microseconds for one wake-up: a row for each number of sockets, a column for each engine."""

    def __init__(self) -> None:
        super().__init__()
        self.engines: tuple[str, ...] = ()
        self.counts: tuple[int, ...] = ()
        self._costs: dict[tuple[str, int], Cost] = {}

    def show_costs(self, costs: tuple[Cost, ...]) -> None:
        """Show other figures."""
        self.beginResetModel()
        self.engines = tuple(dict.fromkeys(cost.engine for cost in costs))
        self.counts = tuple(dict.fromkeys(cost.sockets for cost in costs))
        self._costs = {(cost.engine, cost.sockets): cost for cost in costs}
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.counts)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 1 + len(self.engines)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return "Sockets" if section == 0 else f"{self.engines[section - 1]}, µs"
        if orientation == Qt.Orientation.Horizontal and role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        count = self.counts[index.row()]
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if index.column() == 0:
            return f"{count:,}" if role == Role.DisplayRole else None
        cost = self._costs.get((self.engines[index.column() - 1], count))
        if cost is None:
            return None
        if role == Role.DisplayRole:
            return "can't" if cost.wake_us is None else f"{cost.wake_us:,.1f}"
        if role == Role.ToolTipRole:
            return cost.why or "time of one call: one socket has something to read, all are waited for"
        if role == Role.ForegroundRole and cost.wake_us is None:
            return theme.colour("error")
        return None


def _place_of(row: Row) -> str:
    parts = (
        f"descriptor {row.descriptor}",
        f"asked for {row.asked.text}",
        row.local,
        row.peer and f"peer {row.peer}",
    )
    return "\n".join(part for part in parts if part)

"""The tables of the page: live connections, a machine's matrix of deaths and calls, and machines side by side."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.formats.charset import visible
from workbench.panels.sockets.flow.state import Connection
from workbench.protocols.deaths.values import CALLS, DEATHS, Cell, Column, differences, title_of
from workbench.protocols.flow.detective import seconds
from workbench.protocols.flow.values import EndLook
from workbench.ui import theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_INDEX = QModelIndex()
SILENT = "told nothing"
UNMEASURED = "—"


class TableModel(QAbstractTableModel):
    """A table of texts with heads."""

    HEADS: tuple[str, ...] = ()

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self.HEADS[section]
        return None


class ConnectionsModel(TableModel):
    """Live connections, one row each."""

    HEADS = ("Connection", "Ends seen", "Waits", "Finding")

    def __init__(self) -> None:
        super().__init__()
        self.connections: tuple[Connection, ...] = ()

    def show_connections(self, connections: tuple[Connection, ...]) -> None:
        """Show the connections of the moment; rows that live on keep their selection."""
        if [each.id for each in connections] != [each.id for each in self.connections]:
            self.beginResetModel()
            self.connections = connections
            self.endResetModel()
            return
        self.connections = connections
        if connections:
            last = self.index(len(connections) - 1, len(self.HEADS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.connections)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        each = self.connections[index.row()]
        if role == Role.ToolTipRole:
            return each.finding.sentence
        if role == Role.ForegroundRole and index.column() == 3 and each.finding.is_cycle:
            return theme.colour("warning")
        if role != Role.DisplayRole:
            return None
        if index.column() == 3:
            sign = "⚠ " if each.finding.is_cycle else ""
            return f"{sign}{each.finding.kind} for {seconds(each.finding.for_s)}"
        return (each.title, "both" if each.there is not None else "one", _waits(each))[index.column()]


def _waits(connection: Connection) -> str:
    ends = (connection.here, connection.there)
    return " / ".join(_wait(end) for end in ends if end is not None)


def _wait(end: EndLook) -> str:
    if end.writing_since_s is not None:
        return "to write"
    return "to read" if end.reading_since_s is not None else "for nothing"


class MatrixModel(TableModel):
    """One machine: a row for each death, a column for each call."""

    HEADS = ("The peer", *(call.title for call in CALLS))

    def __init__(self) -> None:
        super().__init__()
        self.column: Column | None = None

    def show_column(self, column: Column | None) -> None:
        """Show another machine's, or more of it."""
        if column is self.column:
            return
        self.column = column
        last = self.index(len(DEATHS) - 1, len(self.HEADS) - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    def cell(self, row: int, column: int) -> Cell | None:
        """The finding at a place; None where there is none."""
        if self.column is None or column < 1:
            return None
        return self.column.cell(DEATHS[row].id, CALLS[column - 1].id)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(DEATHS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Role.ToolTipRole and section:
            call = CALLS[section - 1]
            return f"{call.sentence}\n{call.source}"
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        death = DEATHS[index.row()]
        if index.column() == 0:
            if role == Role.DisplayRole:
                return death.title
            return f"{death.sentence}\n{death.source}" if role == Role.ToolTipRole else None
        cell = self.cell(index.row(), index.column())
        if role == Role.DisplayRole:
            return cell_text(cell)
        if role == Role.ToolTipRole:
            return cell_tip(cell)
        if role == Role.ForegroundRole:
            return _tone(cell)
        if role == Role.FontRole and cell is not None and cell.symbol:
            return theme.fixed_font()
        return None


def cell_text(cell: Cell | None) -> str:
    """What a call was told and when, in two lines."""
    if cell is None:
        return UNMEASURED
    if cell.told == "nothing":
        return f"{visible(cell.result) or SILENT}\n{milliseconds(cell)}"
    symbol = visible(cell.symbol).replace("POLL", "")
    return f"{symbol}\n{milliseconds(cell)}"


def cell_tip(cell: Cell | None) -> str:
    """A finding in a sentence."""
    if cell is None:
        return "not measured"
    if cell.told == "nothing":
        went = f"it went through ({visible(cell.result)})" if cell.result else "it waited"
        return f"{went}, and the system told nothing in {milliseconds(cell)}"
    by = f"told by {visible(cell.told)}: {visible(cell.symbol)}"
    how = "only our own clock told" if cell.told == "deadline" else by
    return f"{how}, {milliseconds(cell)} after the death"


def milliseconds(cell: Cell) -> str:
    """The time of a finding."""
    return f"{cell.ms:.1f} ms" if cell.ms < 100 else f"{cell.ms / 1000:.2f} s"


def _tone(cell: Cell | None) -> object:
    if cell is None or cell.told == "nothing":
        return theme.colour("muted")
    return theme.colour("warning" if cell.told == "deadline" else "text")


class MachinesModel(TableModel):
    """Machines side by side: a row for each death and call that any of them has."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[Column, ...] = ()
        self.places: tuple[tuple[str, str], ...] = ()
        self.different: frozenset[tuple[str, str]] = frozenset()

    def show_columns(self, columns: tuple[Column, ...]) -> None:
        """Show these machines."""
        if columns == self.columns:
            return
        self.beginResetModel()
        self.columns = columns
        self.places = tuple(dict.fromkeys((cell.death, cell.call) for each in columns for cell in each.cells))
        self.different = frozenset(differences(columns))
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.places)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else 2 + len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        if section < 2:
            return ("The peer", "Call")[section]
        return machine(self.columns[section - 2])

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        death, call = place = self.places[index.row()]
        if index.column() == 0:
            title = next((each.title for each in DEATHS if each.id == death), visible(death))
            return title if role == Role.DisplayRole else None
        if index.column() == 1:
            sign = "≠ " if place in self.different else ""
            return f"{sign}{visible(title_of(call))}" if role == Role.DisplayRole else None
        cell = self.columns[index.column() - 2].cell(death, call)
        if role == Role.DisplayRole:
            return cell_text(cell).replace("\n", "  ")
        if role == Role.ToolTipRole:
            return cell_tip(cell)
        if role == Role.ForegroundRole and place in self.different:
            return theme.colour("warning")
        return None


def machine(column: Column) -> str:
    """A machine's name and system."""
    system = visible(str(column.system)) if column.system.os else "measuring …"
    return f"{visible(column.name)}: {system}" if column.name else f"this machine: {system}"

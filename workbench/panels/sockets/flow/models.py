"""The tables of the page: live connections, a machine's matrix of deaths and calls, and machines side by side."""

from PySide6.QtCore import Qt

from workbench.formats.charset import visible
from workbench.panels.sockets.flow.state import Connection
from workbench.protocols.deaths.values import CALLS, DEATHS, Cell, Death, differences, title_of
from workbench.protocols.deaths.values import Column as Machine
from workbench.protocols.flow.detective import seconds
from workbench.protocols.flow.values import EndLook
from workbench.ui import theme
from workbench.ui.tables import Column, Index, TableModel

Role = Qt.ItemDataRole
FINDING = 3
SILENT = "told nothing"
UNMEASURED = "—"


class ConnectionsModel(TableModel):
    """Live connections, one row each."""

    columns = (Column("Connection"), Column("Ends seen"), Column("Waits"), Column("Finding"))

    def key(self, row: Connection) -> object:
        return row.id

    def cell(self, row: Connection, column: int) -> str:
        if column == FINDING:
            sign = "⚠ " if row.finding.is_cycle else ""
            return f"{sign}{row.finding.kind} for {seconds(row.finding.for_s)}"
        return (row.title, "both" if row.there is not None else "one", _waits(row))[column]

    def tip(self, row: Connection, column: int) -> str:
        return row.finding.sentence

    def colour(self, row: Connection, column: int) -> str:
        return "warning" if column == FINDING and row.finding.is_cycle else ""


def _waits(connection: Connection) -> str:
    ends = (connection.here, connection.there)
    return " / ".join(_wait(end) for end in ends if end is not None)


def _wait(end: EndLook) -> str:
    if end.writing_since_s is not None:
        return "to write"
    return "to read" if end.reading_since_s is not None else "for nothing"


class MatrixModel(TableModel):
    """One machine: a row for each death, a column for each call."""

    columns = (
        Column("The peer"),
        *(Column(call.title, f"{call.sentence}\n{call.source}") for call in CALLS),
    )

    def __init__(self) -> None:
        super().__init__(DEATHS)
        self.column: Machine | None = None

    def show_column(self, column: Machine | None) -> None:
        """Show another machine's, or more of it."""
        if column is not self.column:
            self.column = column
            self.touch()

    def found(self, death: Death, column: int) -> Cell | None:
        """The finding at a place; None where there is none."""
        return (
            self.column.cell(death.id, CALLS[column - 1].id) if self.column is not None and column else None
        )

    def cell(self, row: Death, column: int) -> str:
        return cell_text(self.found(row, column)) if column else row.title

    def tip(self, row: Death, column: int) -> str:
        return cell_tip(self.found(row, column)) if column else f"{row.sentence}\n{row.source}"

    def colour(self, row: Death, column: int) -> str:
        return _tone(self.found(row, column)) if column else ""

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if role == Role.FontRole and index.isValid():
            found = self.found(self.rows[index.row()], index.column())
            return theme.fixed_font() if found is not None and found.symbol else None
        return super().data(index, role)


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


def _tone(cell: Cell | None) -> str:
    if cell is None or cell.told == "nothing":
        return "muted"
    return "warning" if cell.told == "deadline" else ""


class MachinesModel(TableModel):
    """Machines side by side: a row for each death and call that any of them has."""

    columns: tuple[Column, ...] = (Column("The peer"), Column("Call"))

    def __init__(self) -> None:
        super().__init__()
        self.machines: tuple[Machine, ...] = ()
        self.different: frozenset[tuple[str, str]] = frozenset()

    def show_machines(self, machines: tuple[Machine, ...]) -> None:
        """Show these machines."""
        if machines == self.machines:
            return
        self.beginResetModel()
        self.machines = machines
        heads = tuple(Column(machine(each), machine(each)) for each in machines)
        self.columns = MachinesModel.columns + heads
        self.rows = tuple(dict.fromkeys((cell.death, cell.call) for each in machines for cell in each.cells))
        self.different = frozenset(differences(machines))
        self.endResetModel()

    def cell(self, row: tuple[str, str], column: int) -> str:
        death, call = row
        if column == 0:
            return next((each.title for each in DEATHS if each.id == death), visible(death))
        if column == 1:
            return ("≠ " if row in self.different else "") + visible(title_of(call))
        return cell_text(self._found(row, column)).replace("\n", "  ")

    def tip(self, row: tuple[str, str], column: int) -> str:
        return cell_tip(self._found(row, column)) if column > 1 else ""

    def colour(self, row: tuple[str, str], column: int) -> str:
        return "warning" if column > 1 and row in self.different else ""

    def _found(self, row: tuple[str, str], column: int) -> Cell | None:
        return self.machines[column - 2].cell(*row)


def machine(column: Machine) -> str:
    """A machine's name and system."""
    system = visible(str(column.system)) if column.system.os else "measuring …"
    return f"{visible(column.name)}: {system}" if column.name else f"this machine: {system}"

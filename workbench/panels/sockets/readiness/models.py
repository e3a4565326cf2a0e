"""The models of the page: a lamp for each flag of each socket, and what the ways of waiting cost."""

from PySide6.QtCore import Qt

from workbench.formats.charset import visible
from workbench.protocols.readiness.costs import Cost
from workbench.protocols.readiness.explain import FLAGS as WORDS
from workbench.protocols.readiness.rows import Row
from workbench.protocols.readiness.values import FLAGS, Ready
from workbench.ui import theme
from workbench.ui.tables import Column, Index, TableModel

Role = Qt.ItemDataRole
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


class LampsModel(TableModel):
    """A row for each socket, a lamp for each flag. What an engine can't tell is crossed out, not dark."""

    columns = (
        Column("Socket"),
        *(Column(str(flag.name), WORDS[flag].what) for flag in FLAGS),
        Column("What came"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.tells = Ready(0)

    def show_lamps(self, rows: tuple[Row, ...], tells: Ready) -> None:
        """Show other rows, as an engine tells them that knows `tells`."""
        is_other, self.tells = tells != self.tells, tells
        self.show_rows(rows)
        if is_other:
            self.touch()

    def key(self, row: Row) -> int:
        return row.key

    def cell(self, row: Row, column: int) -> str:
        if column == 0:
            return f"{row.name}  #{row.descriptor}"
        return visible(row.end or row.said or (f"{row.received} B" if row.received else ""))

    def tip(self, row: Row, column: int) -> str:
        return _place_of(row) if column == 0 else self.cell(row, column)

    def colour(self, row: Row, column: int) -> str:
        return "muted" if not row.is_open or row.end else ""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if role == Role.TextAlignmentRole and 0 < section <= len(FLAGS):
            return Qt.AlignmentFlag.AlignCenter
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if index.isValid() and 0 < index.column() <= len(FLAGS):
            return self._lamp(self.rows[index.row()], FLAGS[index.column() - 1], role)
        return super().data(index, role)

    def _lamp(self, row: Row, flag: Ready, role: int) -> object:
        is_lit, is_told = bool(row.lamps & flag), bool(self.tells & flag)
        if role == Role.DisplayRole:
            return LIT if is_lit else DARK if is_told else UNTOLD
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role == Role.ForegroundRole:
            return theme.colour(TONES[flag] if is_lit else "strong_border")
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            state = "lit" if is_lit else "dark" if is_told else "this way of waiting can't tell it"
            return f"{flag.name}: {state}. {WORDS[flag].what}"
        return None


class CostsModel(TableModel):
    """Microseconds for one wake-up: a row for each number of sockets, a column for each engine."""

    columns: tuple[Column, ...] = (Column("Sockets", is_number=True),)

    def __init__(self) -> None:
        super().__init__()
        self.engines: tuple[str, ...] = ()
        self._costs: dict[tuple[str, int], Cost] = {}

    def show_costs(self, costs: tuple[Cost, ...]) -> None:
        """Show other figures."""
        self.beginResetModel()
        self.engines = tuple(dict.fromkeys(cost.engine for cost in costs))
        heads = tuple(Column(f"{engine}, µs", is_number=True) for engine in self.engines)
        self.columns = CostsModel.columns + heads
        self.rows = tuple(dict.fromkeys(cost.sockets for cost in costs))
        self._costs = {(cost.engine, cost.sockets): cost for cost in costs}
        self.endResetModel()

    def cell(self, row: int, column: int) -> str:
        if column == 0:
            return f"{row:,}"
        cost = self._cost(row, column)
        if cost is None:
            return ""
        return "can't" if cost.wake_us is None else f"{cost.wake_us:,.1f}"

    def tip(self, row: int, column: int) -> str:
        cost = self._cost(row, column)
        if cost is None:
            return ""
        return cost.why or "time of one call: one socket has something to read, all are waited for"

    def colour(self, row: int, column: int) -> str:
        cost = self._cost(row, column)
        return "error" if cost is not None and cost.wake_us is None else ""

    def _cost(self, row: int, column: int) -> Cost | None:
        return self._costs.get((self.engines[column - 1], row)) if column else None


def _place_of(row: Row) -> str:
    parts = (
        f"descriptor {row.descriptor}",
        f"asked for {row.asked.text}",
        row.local,
        row.peer and f"peer {row.peer}",
    )
    return "\n".join(part for part in parts if part)

"""The model behind a table: rows of values under heads.

A subclass names its columns and says in cell() what a row shows in each; all else has a usual answer. Selection and
scroll place stay when rows are shown that begin with the same ones.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush

from workbench.ui import icons, theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_INDEX = QModelIndex()
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MAX_CELL = 2000
"""Characters that a cell or a tip shows; what a peer sent may have a hundred thousand."""


class Column(NamedTuple):
    """A column's head.

    Attributes:
        tip: what stands below it, in a sentence.
        is_number: at the right edge, head and cells.
        is_fixed: in letters of one width: octets, names, addresses.
        width: at scale 1, where the table's maker does not say it; 0: what is left.
    """

    title: str
    tip: str = ""
    is_number: bool = False
    is_fixed: bool = False
    width: int = 0


class TableModel(QAbstractTableModel):
    """Rows of values; `columns` belongs to the class, or to the instance where they change."""

    columns: tuple[Column, ...] = ()

    def __init__(self, rows: Iterable[Any] = ()) -> None:
        super().__init__()
        self.rows: Sequence[Any] = tuple(rows)

    # ---- what a subclass says

    def cell(self, row: Any, column: int) -> str:
        """What stands in a cell."""
        raise NotImplementedError

    def tip(self, row: Any, column: int) -> str:
        """More about it; by default the cell, which may be cut on the screen."""
        return self.cell(row, column)

    def spoken(self, row: Any, column: int) -> str:
        """What a screen reader says; by default the head and the cell."""
        return f"{self.columns[column].title}: {self.cell(row, column)}".removeprefix(": ")

    def sign(self, row: Any, column: int) -> tuple[str, str] | None:
        """An icon before the text, and the name of its colour. Words say the same."""
        return None

    def colour(self, row: Any, column: int) -> str:
        """The name of the text's colour; "" for the usual one."""
        return ""

    def is_unknown(self, row: Any, column: int) -> bool:
        """Whether nobody here can say what belongs there: the cell is hatched, and its tip says why."""
        return False

    def key(self, row: Any) -> object:
        """What makes a row the same one, whatever else of it changed; by default nothing may."""
        return row

    # ---- showing

    def show_rows(self, rows: Iterable[Any]) -> None:
        """Take over others. The first and the last ones that keep their keys stay, with what is selected in them."""
        now, before = tuple(rows), tuple(self.rows)
        if now == before:
            return
        old, new = [self.key(row) for row in before], [self.key(row) for row in now]
        head = _alike(old, new)
        tail = _alike(old[head:][::-1], new[head:][::-1])
        if not head + tail:
            self.show_anew(now)
            return
        if len(before) > head + tail:
            self.beginRemoveRows(NO_INDEX, head, len(before) - tail - 1)
            self.rows = before[:head] + before[len(before) - tail :]
            self.endRemoveRows()
        if len(now) > head + tail:
            self.beginInsertRows(NO_INDEX, head, len(now) - tail - 1)
            self.rows = now
            self.endInsertRows()
        self.rows = now
        if now[:head] != before[:head] or now[len(now) - tail :] != before[len(before) - tail :]:
            self.touch()

    def show_anew(self, rows: Sequence[Any]) -> None:
        """Take over a sequence that has nothing to do with the one before, without looking into it: it may be long."""
        if rows is self.rows:
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def touch(self) -> None:
        """The cells say something else now."""
        if count := self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(count - 1, self.columnCount() - 1))

    def at(self, row: int) -> Any:
        """A row's value; None where there is no such row."""
        return self.rows[row] if 0 <= row < len(self.rows) else None

    def place_of(self, key: object) -> int:
        """The row with a key; -1 where there is none."""
        return next((at for at, row in enumerate(self.rows) if self.key(row) == key), -1)

    # ---- Qt's

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Role.DisplayRole:
            return column.title
        if role == Role.ToolTipRole:
            return column.tip or None
        return RIGHT if role == Role.TextAlignmentRole and column.is_number else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        row, column = self.at(index.row()), index.column()
        if row is None or not 0 <= column < len(self.columns):
            return None
        if role == Role.DisplayRole:
            return self.cell(row, column)[:MAX_CELL]
        if role == Role.ToolTipRole:
            return self.tip(row, column)[:MAX_CELL] or None
        if role == Role.AccessibleTextRole:
            return self.spoken(row, column)[:MAX_CELL]
        return self._dress(row, column, role)

    def _dress(self, row: Any, column: int, role: int) -> object:
        if role == Role.TextAlignmentRole:
            return RIGHT if self.columns[column].is_number else None
        if role == Role.FontRole:
            return theme.fixed_font() if self.columns[column].is_fixed else None
        if role == Role.ForegroundRole:
            name = self.colour(row, column)
            return theme.colour(name) if name else None
        if role == Role.DecorationRole:
            sign = self.sign(row, column)
            return icons.icon(*sign) if sign is not None else None
        if role == Role.BackgroundRole and self.is_unknown(row, column):
            return QBrush(theme.colour("border"), Qt.BrushStyle.BDiagPattern)
        return None


def _alike(some: Sequence[object], others: Sequence[object]) -> int:
    """How many are equal, from the first on."""
    pairs = zip(some, others, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(some), len(others)))

"""The two trees: the chain at the left, the fields at the right. Rows are made when a view asks for them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QFont

from workbench.formats.x509.values import Field
from workbench.panels.certificates.state import Entry
from workbench.ui import icons, theme

Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T", Entry, Field)

ROLES = {"good": "good", "bad": "error", "warning": "warning", "info": "accent", "lock": "muted"}
WORDS = {"good": "accepted", "bad": "wrong", "warning": "odd", "info": "no certificate", "lock": "secret"}
LONGEST_TIP = 600


class Row(Generic[T]):
    """A value with its place in the tree; its rows are made at the first look at them."""

    __slots__ = ("_below", "_rows", "above", "number", "value")

    def __init__(
        self, value: T, above: "Row[T] | None", number: int, below: Callable[[T], Sequence[T]]
    ) -> None:
        self.value: T = value
        self.above: Row[T] | None = above
        self.number = number
        self._below: Callable[[T], Sequence[T]] = below
        self._rows: list[Row[T]] | None = None

    @property
    def rows(self) -> "list[Row[T]]":
        """What hangs on it."""
        if self._rows is None:
            found = self._below(self.value)
            self._rows = [Row(value, self, number, self._below) for number, value in enumerate(found)]
        return self._rows


def _children(entry: Entry) -> Sequence[Entry]:
    return entry.children


def _parts(field: Field) -> Sequence[Field]:
    return field.fields


class TreeModel(QAbstractItemModel, Generic[T]):
    """A tree of values, replaced as a whole. A subclass says what its cells hold."""

    COLUMNS: tuple[str, ...] = ()

    def __init__(self, below: Callable[[T], Sequence[T]]) -> None:
        super().__init__()
        self._below: Callable[[T], Sequence[T]] = below
        self._shown: Sequence[T] = ()
        self._top: list[Row[T]] = []

    def show(self, values: Sequence[T]) -> bool:
        """Take other values; whether they are others."""
        if values is self._shown or (not values and not self._shown):
            return False
        self.beginResetModel()
        self._shown = values
        self._top = [Row(value, None, number, self._below) for number, value in enumerate(values)]
        self.endResetModel()
        return True

    def row_at(self, index: Index) -> Row[T] | None:
        """The row of an index."""
        found = index.internalPointer() if index.isValid() else None
        return found if isinstance(found, Row) else None

    def value_at(self, index: Index) -> T | None:
        """The value of an index."""
        row = self.row_at(index)
        return row.value if row is not None else None

    def index_of(self, row: Row[T]) -> QModelIndex:
        """Where a row is."""
        return self.createIndex(row.number, 0, row)

    def walk(self) -> Iterator[Row[T]]:
        """Every row, each before those that hang on it."""
        waiting = list(reversed(self._top))
        while waiting:
            row = waiting.pop()
            yield row
            waiting += reversed(row.rows)

    @property
    def top(self) -> list[Row[T]]:
        """The rows that hang on nothing."""
        return self._top

    def cell(self, value: T, column: int) -> str:
        """What a cell says."""
        raise NotImplementedError

    def look(self, value: T, column: int, role: int) -> object:
        """How a cell looks: fonts, colours, signs, tips."""
        raise NotImplementedError

    # Qt's

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        above = self.row_at(parent) if parent is not None else None
        rows = self._top if above is None else above.rows
        if 0 <= row < len(rows) and 0 <= column < len(self.COLUMNS):
            return self.createIndex(row, column, rows[row])
        return QModelIndex()

    def parent(self, index: Index | None = None) -> Any:
        if index is None:
            return super().parent()
        row = self.row_at(index)
        return QModelIndex() if row is None or row.above is None else self.index_of(row.above)

    def rowCount(self, parent: Index | None = None) -> int:
        if parent is None or not parent.isValid():
            return len(self._top)
        row = self.row_at(parent)
        return len(row.rows) if row is not None and parent.column() == 0 else 0

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self.COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.COLUMNS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        value = self.value_at(index)
        if value is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(value, index.column())
        return self.look(value, index.column(), role)


class ChainModel(TreeModel[Entry]):
    """Rows of Entry."""

    COLUMNS = ("Certificate", "What it is")

    def __init__(self) -> None:
        super().__init__(_children)

    def row_of(self, key: str) -> Row[Entry] | None:
        """The row of a key."""
        return next((row for row in self.walk() if row.value.key == key), None)

    def cell(self, value: Entry, column: int) -> str:
        return value.note if column else value.title

    def look(self, value: Entry, column: int, role: int) -> object:
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (value.title, value.note)))
        if role == Qt.ItemDataRole.DecorationRole and column == 0 and value.sign:
            return icons.icon("lock" if value.sign == "lock" else value.sign, ROLES[value.sign])
        if role == Qt.ItemDataRole.ForegroundRole and column == 1:
            return QBrush(theme.colour("muted"))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            word = WORDS.get(value.sign, "") if column == 0 else ""
            return ", ".join(filter(None, (self.cell(value, column), word)))
        return None


class FieldsModel(TreeModel[Field]):
    """Rows of Field."""

    COLUMNS = ("Field", "Value", "Defined in")

    def __init__(self) -> None:
        super().__init__(_parts)

    def deepest(self, start: int, stop: int) -> Row[Field] | None:
        """The smallest field that holds these octets; None where none does."""
        found: Row[Field] | None = None
        rows = self._top
        while True:
            inside = [
                row for row in rows if row.value.start <= start and max(stop, start + 1) <= row.value.stop
            ]
            if not inside:
                return found
            found = min(inside, key=_size)
            rows = found.rows

    def cell(self, value: Field, column: int) -> str:
        return (value.name, value.text, value.source)[column]

    def look(self, value: Field, column: int, role: int) -> object:
        if role == Qt.ItemDataRole.ToolTipRole:
            text = value.text if len(value.text) <= LONGEST_TIP else value.text[:LONGEST_TIP] + "…"
            return "\n".join(filter(None, (f"{value.name}: {text}", value.means, value.fault, value.source)))
        if role == Qt.ItemDataRole.DecorationRole and column == 0 and value.fault:
            return icons.icon("warning", "warning")
        if role == Qt.ItemDataRole.ForegroundRole and column == 2:
            return QBrush(theme.colour("muted"))
        if role == Qt.ItemDataRole.FontRole and column == 0 and value.fields:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (self.cell(value, column), value.fault if column == 1 else "")))
        return None


def _size(row: Row[Field]) -> int:
    return row.value.stop - row.value.start

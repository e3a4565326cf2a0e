"""The models of the page of calls: a server's methods, the arguments that are typed, the value that came."""

import json

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, Signal

from workbench.formats.charset import visible
from workbench.panels.web.calls.state import AUTO, Argument
from workbench.protocols.xmlrpc.values import TYPES, Method, Value
from workbench.ui import theme
from workbench.ui.tables import NO_INDEX, Column, Index, TableModel

Role = Qt.ItemDataRole

MAX_CHILDREN = 5_000
"""Values of one array or struct that stand in the tree; the rest is counted in a last row."""
MAX_TEXT = 300
AUTO_TITLE = "by its text"
MAX_ARGUMENTS = 200


class MethodsModel(TableModel):
    """Methods in the server's order, one row each."""

    columns = (Column("Method", is_fixed=True), Column("Types", is_fixed=True))

    def cell(self, row: Method, column: int) -> str:
        if column == 0:
            return visible(row.name)
        if not row.signatures:
            return "not told"
        shown = [f"({', '.join(each[1:])}) → {each[0]}" for each in row.signatures]
        return visible("   ".join(shown))[:MAX_TEXT]

    def tip(self, row: Method, column: int) -> str:
        return visible("\n".join((*row.lines(), row.said, row.help)).strip(), keep="\n")

    def colour(self, row: Method, column: int) -> str:
        return "muted" if column else ""


class ArgumentsModel(TableModel):
    """The arguments, a type and a text each; an empty row behind them takes one more.

    Signals: edited: a person changed something.
    """

    columns = (Column("Type"), Column("Value"))
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.arguments: tuple[Argument, ...] = ()
        self._wrong = -1

    def show_arguments(self, arguments: tuple[Argument, ...], wrong: int = -1) -> None:
        """Show others; wrong: the row of the one with a mistake."""
        if arguments != self.arguments:
            self.beginResetModel()
            self.arguments, self._wrong = arguments, wrong
            self.endResetModel()
        elif wrong != self._wrong:
            self._wrong = wrong
            self.dataChanged.emit(self.index(0, 0), self.index(len(arguments), 1))

    def remove(self, row: int) -> None:
        """Take an argument away."""
        if 0 <= row < len(self.arguments):
            self.beginRemoveRows(NO_INDEX, row, row)
            self.arguments = (*self.arguments[:row], *self.arguments[row + 1 :])
            self.endRemoveRows()
            self.edited.emit()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else min(MAX_ARGUMENTS, len(self.arguments) + 1)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        at = index.row()
        is_new = at >= len(self.arguments)
        argument = Argument() if is_new else self.arguments[at]
        if role in (Role.DisplayRole, Role.EditRole):
            if index.column() == 1:
                return argument.text
            return "" if is_new and role == Role.DisplayRole else argument.type or AUTO_TITLE
        if role == Role.FontRole and index.column() == 1:
            return theme.fixed_font()
        if role == Role.BackgroundRole and at == self._wrong:
            return theme.colour("error", 0.2)
        if role == Role.ToolTipRole:
            return (
                "this one can't be sent" if at == self._wrong else "JSON, else a string; or choose its type"
            )
        return None

    def setData(self, index: Index, value: object, role: int = Role.EditRole) -> bool:
        if role != Role.EditRole or not index.isValid():
            return False
        at, text = index.row(), str(value)
        is_new = at >= len(self.arguments)
        before = Argument() if is_new else self.arguments[at]
        if index.column() == 0:
            after = before._replace(type=text if text in TYPES else AUTO)
        else:
            after = before._replace(text=text)
        if after == before:
            return False
        if is_new:
            self.beginInsertRows(NO_INDEX, at + 1, at + 1)
            self.arguments = (*self.arguments, after)
            self.endInsertRows()
        else:
            self.arguments = (*self.arguments[:at], after, *self.arguments[at + 1 :])
        self.dataChanged.emit(self.index(at, 0), self.index(at, 1))
        self.edited.emit()
        return True


class _Node:
    """A value in the tree; what is in it is made when somebody looks."""

    def __init__(
        self, name: str, value: Value | None, row: int, parent: "_Node | None", words: str = ""
    ) -> None:
        self.name, self.value, self.row, self.parent, self.words = name, value, row, parent, words
        self._inside: list[_Node] | None = None

    @property
    def inside(self) -> "list[_Node]":
        if self._inside is None:
            pairs, number = self._pairs()
            self._inside = [_Node(name, value, row, self) for row, (name, value) in enumerate(pairs)]
            if number > MAX_CHILDREN:
                words = f"and {number - MAX_CHILDREN:,} more, which are not shown"
                self._inside.append(_Node("…", None, MAX_CHILDREN, self, words))
        return self._inside

    def _pairs(self) -> "tuple[list[tuple[str, Value]], int]":
        """What is in it by names, as far as it is shown, and how many there are."""
        if self.value is None:
            return [], 0
        members, items = self.value.members(), self.value.items()
        if members:
            return list(members[:MAX_CHILDREN]), len(members)
        return [(str(at), item) for at, item in enumerate(items[:MAX_CHILDREN])], len(items)


class ValueModel(QAbstractItemModel):
    """The value that came, as a tree."""

    HEADS = ("Name", "Type", "Value")

    def __init__(self) -> None:
        super().__init__()
        self._top = _Node("", None, 0, None)

    def show_value(self, value: Value | None) -> None:
        """Show another value."""
        self.beginResetModel()
        self._top = _Node("", None, 0, None)
        if value is not None:
            self._top._inside = [_Node("value", value, 0, self._top)]
        else:
            self._top._inside = []
        self.endResetModel()

    def value_of(self, index: Index) -> Value | None:
        """The value of a row."""
        return self._node(index).value

    def _node(self, index: Index) -> _Node:
        node = index.internalPointer() if index.isValid() else self._top
        return node if isinstance(node, _Node) else self._top

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.column() > 0 else len(self._node(parent).inside)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return len(self.HEADS)

    def index(self, row: int, column: int, parent: Index = NO_INDEX) -> QModelIndex:
        inside = self._node(parent).inside
        if not 0 <= row < len(inside) or not 0 <= column < len(self.HEADS):
            return QModelIndex()
        return self.createIndex(row, column, inside[row])

    def parent(self, index: Index = NO_INDEX) -> QModelIndex:  # type: ignore[override]  # Qt's second meaning
        above = self._node(index).parent if index.isValid() else None
        if above is None or above is self._top:
            return QModelIndex()
        return self.createIndex(above.row, 0, above)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self.HEADS[section]
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        node, column = self._node(index), index.column()
        if role == Role.FontRole:
            return theme.fixed_font() if column != 1 else None
        if role == Role.ForegroundRole:
            return theme.colour("muted") if column == 1 or node.value is None else None
        if role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        if node.value is None:
            return node.words if column == 2 else node.name
        return (visible(node.name), node.value.type, text_of(node.value))[column]


def text_of(value: Value) -> str:
    """A value in one cell."""
    if value.type in ("array", "struct"):
        return f"({len(value.items() or value.members()):,})"
    if isinstance(value.data, bytes):
        return value.data[:MAX_TEXT].hex(" ")
    text = value.data if isinstance(value.data, str) else json.dumps(value.data)
    return visible(text[:MAX_TEXT]) + ("…" if len(text) > MAX_TEXT else "")

"""A tree of facts: name, value, meaning; values that can be set are edited in their place. Selectable and copyable."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from workbench.panels.sockets.rows import Row
from workbench.ui import icons, theme

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("What", "Value", "What it means")
VALUE = 1
_ROOT = -1


class FactModel(QAbstractItemModel):
    """Rows of rows. What only changed its value keeps its place, and with it selection and openness.

    Signals:
        asked: a value was typed: the row's key, and the text.
    """

    asked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._parents: list[int] = []
        self._children: dict[int, list[int]] = {_ROOT: []}
        self._remarks: dict[str, tuple[str, bool]] = {}

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Take other rows."""
        flat: list[Row] = []
        parents: list[int] = []
        children: dict[int, list[int]] = {_ROOT: []}
        _flatten(rows, _ROOT, flat, parents, children)
        if [row.key for row in flat] != [row.key for row in self._rows] or parents != self._parents:
            self.beginResetModel()
            self._rows, self._parents, self._children = flat, parents, children
            self.endResetModel()
            return
        before, self._rows = self._rows, flat
        for number, (old, new) in enumerate(zip(before, flat, strict=True)):
            if old[:5] != new[:5]:
                self.dataChanged.emit(self.index_of(number), self.index_of(number, len(COLUMNS) - 1))

    def remark(self, key: str, words: str, *, is_bad: bool = False) -> None:
        """Say something in place of a row's meaning; "" takes it away."""
        self._remarks.pop(key, None)
        if words:
            self._remarks[key] = (words, is_bad)
        number = self.number_of(key)
        if number is not None:
            self.dataChanged.emit(self.index_of(number), self.index_of(number, len(COLUMNS) - 1))

    def forget_remarks(self) -> None:
        """Take all of them away: another socket's are no news of this one."""
        for key in list(self._remarks):
            self.remark(key, "")

    def row_at(self, index: Index) -> Row | None:
        """The row of an index."""
        return self._rows[index.internalId()] if index.isValid() else None

    def number_of(self, key: str) -> int | None:
        """The number of a row among all; None if it is not there."""
        return next((number for number, row in enumerate(self._rows) if row.key == key), None)

    def index_of(self, number: int, column: int = 0) -> QModelIndex:
        """The index of a row by its number."""
        place = self._children[self._parents[number]].index(number)
        return self.createIndex(place, column, number)

    def find(self, key: str, column: int = VALUE) -> QModelIndex:
        """The index of a row by its key."""
        number = self.number_of(key)
        return self.index_of(number, column) if number is not None else QModelIndex()

    # Qt's

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own default
        numbers = self._children.get(parent.internalId() if parent.isValid() else _ROOT, [])
        if 0 <= row < len(numbers) and 0 <= column < len(COLUMNS):
            return self.createIndex(row, column, numbers[row])
        return QModelIndex()

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008 - Qt's own default
        if not index.isValid() or index.internalId() >= len(self._rows):
            return QModelIndex()
        above = self._parents[index.internalId()]
        return self.index_of(above) if above != _ROOT else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        if parent.isValid() and parent.column():
            return 0
        return len(self._children.get(parent.internalId() if parent.isValid() else _ROOT, []))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row_at(index)
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if row.is_settable and index.column() == VALUE:
            flags |= Qt.ItemFlag.ItemIsUserCheckable if row.kind == "flag" else Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row_at(index)
        if row is None:
            return None
        words, is_bad = self._remarks.get(row.key, (row.what, False))
        texts = (row.name, row.value, words)
        column = index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return texts[column]
            case Qt.ItemDataRole.ToolTipRole:
                return texts[column]
            case Qt.ItemDataRole.EditRole:
                return row.value.split(" ")[0].replace(",", "")
            case Qt.ItemDataRole.CheckStateRole if row.kind == "flag" and column == VALUE:
                return (Qt.CheckState.Checked if row.value == "on" else Qt.CheckState.Unchecked).value
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{COLUMNS[column]}: {texts[column]}"
            case Qt.ItemDataRole.ForegroundRole:
                return _ink(row, column, is_bad)
            case Qt.ItemDataRole.BackgroundRole if row.kind == "untold" and column == VALUE:
                return QBrush(theme.colour("border"), Qt.BrushStyle.BDiagPattern)
            case Qt.ItemDataRole.DecorationRole:
                return _sign(row, column, is_bad)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row_at(index)
        if row is None or not row.is_settable:
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            is_on = value in (Qt.CheckState.Checked, Qt.CheckState.Checked.value)
            self.asked.emit(row.key, "1" if is_on else "0")
            return True
        if role == Qt.ItemDataRole.EditRole:
            self.asked.emit(row.key, str(value))
            return True
        return False


class _Rows(QStyledItemDelegate):
    """Rows of one height, whenever they are measured; and the field in which a value is typed, named after its row."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), theme.metric(24))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        editor.setAccessibleName(f"New value of {index.sibling(index.row(), 0).data()}")
        return editor


class FactTree(QTreeView):
    """The tree; Ctrl+C copies the rows that are selected."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = FactModel(self)
        self.setModel(self.facts)
        self.setAccessibleName(name)
        self.setItemDelegate(_Rows(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setUniformRowHeights(True)
        self.setTabKeyNavigation(False)
        self.header().setStretchLastSection(True)
        self.header().setHighlightSections(False)
        self.setIndentation(theme.metric(16))
        # No larger than the letters: else the row of a sign, and with it all rows, would be higher.
        self.setIconSize(QSize(theme.metric(14), theme.metric(14)))
        for column, width in enumerate((172, 250)):
            self.setColumnWidth(column, theme.metric(width))

    def show_rows(self, rows: Sequence[Row], opened: Sequence[str] = ()) -> None:
        """Take other rows; branches named in `opened` are opened where they were not there before."""
        known = self.facts.number_of(rows[0].key) is not None if rows else False
        shut = {key for key in opened if known and not self.isExpanded(self.facts.find(key, 0))}
        chosen = self.facts.row_at(self.currentIndex())
        self.facts.show_rows(rows)
        for key in opened:
            if key not in shut:
                self.setExpanded(self.facts.find(key, 0), True)
        if rows and not self.currentIndex().isValid():
            kept = self.facts.find(chosen.key, 0) if chosen is not None else QModelIndex()
            self.setCurrentIndex(kept if kept.isValid() else self.facts.index(0, 0))

    def copy(self) -> None:
        """Put the selected rows on the clipboard, a line each."""
        # Numbered from top to bottom; the selection has them as they were chosen.
        chosen = sorted(self.selectionModel().selectedRows(), key=QModelIndex.internalId)
        rows = [self.facts.row_at(index) for index in chosen]
        lines = [f"{row.name}: {row.value}" if row.value else row.name for row in rows if row is not None]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() is QAbstractItemView.State.EditingState:
            # The Enter that ends the typing comes by here too: it must not begin it again.
            super().keyPressEvent(event)
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        row = self.facts.row_at(self.currentIndex())
        if row is not None and row.is_settable and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return):
            # The whole row is the choice; what can be done with it is in its value.
            value = self.facts.find(row.key)
            if row.kind != "flag":
                self.edit(value)
            elif event.key() == Qt.Key.Key_Space:
                wanted = Qt.CheckState.Unchecked if row.value == "on" else Qt.CheckState.Checked
                self.facts.setData(value, wanted, Qt.ItemDataRole.CheckStateRole)
            return
        super().keyPressEvent(event)


def _flatten(
    rows: Sequence[Row], above: int, flat: list[Row], parents: list[int], children: dict[int, list[int]]
) -> None:
    for row in rows:
        number = len(flat)
        flat.append(row)
        parents.append(above)
        children[above].append(number)
        children[number] = []
        _flatten(row.children, number, flat, parents, children)


def _ink(row: Row, column: int, is_bad: bool) -> object:
    if column == VALUE:
        role = {"good": "good", "bad": "error", "untold": "muted"}.get(row.kind)
        return theme.colour(role) if role else None
    if column > VALUE:
        return theme.colour("error" if is_bad else "muted")
    return None


def _sign(row: Row, column: int, is_bad: bool) -> object:
    if column == VALUE and row.kind in ("good", "bad"):
        return icons.icon(row.kind, "good" if row.kind == "good" else "error")
    if column > VALUE and is_bad:
        return icons.icon("bad", "error")
    return None

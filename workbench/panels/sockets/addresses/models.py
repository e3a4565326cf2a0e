"""The one model of the page: lines of text in columns, with tones, tips, and hatching for what is not told."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush

from workbench.formats.charset import visible
from workbench.panels.sockets.addresses.state import Line
from workbench.ui import theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_INDEX = QModelIndex()
MAX_CELL = 400


class Column(NamedTuple):
    """right: a number, at the right edge. fixed: octets, names, addresses."""

    title: str
    width: int
    right: bool = False
    fixed: bool = False
    tip: str = ""


class LinesModel(QAbstractTableModel):
    """Rows of evidence."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._lines: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show these; rows that stay keep the selection."""
        if lines == self._lines:
            return
        if len(lines) == len(self._lines):
            self._lines = lines
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Other headings, as many as before."""
        if tuple(columns) != self.columns:
            self.columns = tuple(columns)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    # ---- Qt's

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._lines)

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
        if role == Role.TextAlignmentRole and column.right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], self.columns[index.column()]
        if role == Role.DisplayRole:
            return visible(line.cells[index.column()][:MAX_CELL])
        if role in (Role.ToolTipRole, Role.AccessibleDescriptionRole):
            return visible(line.tip[: 2 * MAX_CELL])
        if role == Role.TextAlignmentRole and column.right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Role.FontRole and column.fixed:
            return theme.fixed_font()
        if role == Role.ForegroundRole and line.tone:
            return theme.colour(line.tone)
        if role == Role.BackgroundRole and index.column() in line.unknown:
            return QBrush(theme.colour("border"), Qt.BrushStyle.BDiagPattern)
        return None

"""The models of the page of Gopher: a menu's items, the reads of an answer, the calls of four levels."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.formats.charset import visible
from workbench.formats.quantity import duration
from workbench.protocols.gopher.explain import of_type
from workbench.protocols.gopher.levels import LEVELS, STEPS, Level
from workbench.protocols.gopher.values import INFORMATION, Item, Read
from workbench.ui import theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_INDEX = QModelIndex()
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MAX_TEXT = 400
"""Characters of a cell."""


class _Table(QAbstractTableModel):
    HEADS: tuple[str, ...] = ()

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return len(self.HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self.HEADS[section]
        return None


class ItemsModel(_Table):
    """A menu's lines in the server's order."""

    HEADS = ("Type", "Text", "Selector", "Host", "Port")

    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[Item, ...] = ()

    def show_items(self, items: tuple[Item, ...]) -> None:
        """Show another menu's."""
        if items is not self.items:
            self.beginResetModel()
            self.items = items
            self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        item, column = self.items[index.row()], index.column()
        if role == Role.DisplayRole:
            return _shown(item)[column][:MAX_TEXT]
        if role == Role.FontRole:
            return theme.fixed_font() if column >= 2 else None
        if role == Role.TextAlignmentRole:
            return RIGHT if column == 4 else None
        if role == Role.ForegroundRole:
            return (
                theme.colour("error" if item.fault else "muted")
                if not item.can_be_opened or column != 1
                else None
            )
        if role == Role.ToolTipRole:
            known = of_type(item.type)
            told = [
                f"{visible(item.type)}: {known.text}",
                item.fault and f"Not readable: {item.fault}",
                known.source,
            ]
            return "\n".join(line for line in told if line)
        return None


def _shown(item: Item) -> tuple[str, ...]:
    words = of_type(item.type).word
    kind = f"{visible(item.type)}  {words}" if item.type != INFORMATION else "i"
    if item.type == INFORMATION and not item.fault:
        # Its selector, host and port mean nothing, and only stand there because a line has four fields.
        return (kind, visible(item.text), "", "", "")
    return (
        "?" if item.fault else kind,
        visible(item.text),
        visible(item.selector),
        visible(item.host),
        "" if item.port is None else str(item.port),
    )


class ReadsModel(_Table):
    """Every read, one row each."""

    HEADS = ("Read", "Octets", "After")

    def __init__(self) -> None:
        super().__init__()
        self.reads: tuple[Read, ...] = ()

    def show_reads(self, reads: tuple[Read, ...]) -> None:
        """Show another answer's."""
        if reads is not self.reads:
            self.beginResetModel()
            self.reads = reads
            self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.reads)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        read = self.reads[index.row()]
        if role == Role.DisplayRole:
            return (f"{index.row() + 1:,}", f"{read.octets:,}", duration(read.time_ns))[index.column()]
        return RIGHT if role == Role.TextAlignmentRole else None


class LevelsModel(_Table):
    """A column for each level, a row for each step: what a program on that level writes, side by side."""

    HEADS = ("Step", *(info.name for info in LEVELS))
    ROWS = (*STEPS, "calls", "sent", "received", "reads")

    def __init__(self) -> None:
        super().__init__()
        self.levels: tuple[Level, ...] = ()

    def show_levels(self, levels: tuple[Level, ...]) -> None:
        """Show what came of the levels that are done."""
        if levels is not self.levels:
            self.levels = levels
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ROWS) - 1, len(self.HEADS) - 1))

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.ROWS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if role == Role.ToolTipRole and orientation == Qt.Orientation.Horizontal and section:
            return LEVELS[section - 1].what
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self.ROWS[index.row()], index.column()
        if role == Role.DisplayRole:
            return row if column == 0 else self._cell(row, column - 1)
        if role == Role.FontRole:
            return theme.fixed_font() if column and row in STEPS else None
        if role == Role.ForegroundRole:
            return theme.colour("muted") if column == 0 else None
        if role == Role.TextAlignmentRole and column and row not in STEPS:
            return RIGHT
        if role == Role.ToolTipRole and column and column <= len(self.levels):
            level = self.levels[column - 1]
            return (
                "\n".join(f"{call.text}    {call.result}".strip() for call in level.calls if call.step == row)
                or None
            )
        return None

    def _cell(self, row: str, number: int) -> str:
        if number >= len(self.levels):
            return ""
        level = self.levels[number]
        if row in STEPS:
            return level.at(row) or "inside the call"
        values = {
            "calls": f"{len(level.calls)}",
            "sent": f"{len(level.sent):,} B",
            "received": f"{len(level.body):,} B",
            "reads": f"{level.reads:,}",
        }
        return values[row]

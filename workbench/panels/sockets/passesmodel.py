"""The table of reads and writes: only the rows in sight are read."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.formats.quantity import duration, octets
from workbench.panels.sockets.passes import Pass, Passes
from workbench.transcript.records import Direction
from workbench.ui import theme

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("", "Time", "Gap", "Offset", "Size", "Begins with")
TIPS = (
    "→ what the system took from one of our calls, ← what it gave to one",
    "Since the conversation began",
    "Since the one before in the same direction",
    "Where its first octet lies in all that passed in that direction",
    "How much it was. Not a message, and not a packet: what there was at that moment",
    "Its first octets; \\r \\n \\t \\0 \\e are controls, · anything else that is no letter of ASCII",
)
_RIGHT = (1, 2, 3, 4)
_ARROWS = {Direction.SENT: "→", Direction.RECEIVED: "←"}
_ESCAPES = {0: "\\0", 9: "\\t", 10: "\\n", 13: "\\r", 27: "\\e"}


class PassesModel(QAbstractTableModel):
    """Rows of Pass."""

    def __init__(self, passes: Passes) -> None:
        super().__init__()
        self.passes = passes
        self._shown = 0
        self._row = -1
        self._read: Pass | None = None

    def follow(self, channel: int | None) -> None:
        """Show another connection."""
        self.beginResetModel()
        self.passes.follow(channel)
        self._shown, self._row = 0, -1
        self.endResetModel()

    def look(self) -> bool:
        """Take in what is new; returns whether there is still more."""
        more = self.passes.look()
        if len(self.passes) > self._shown:
            self.beginInsertRows(QModelIndex(), self._shown, len(self.passes) - 1)
            self._shown = len(self.passes)
            self.endInsertRows()
        return more

    def row(self, at: int) -> Pass | None:
        """One of them; the last that was asked for is kept, since a view asks for it cell by cell."""
        if not 0 <= at < self._shown:
            return None
        if at != self._row:
            self._row, self._read = at, self.passes[at]
        return self._read

    # Qt's

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._shown

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return TIPS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in _RIGHT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.row(index.row())
        if one is None:
            return None
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _cell(one, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _RIGHT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column in (0, 4):
            return theme.colour("sent" if one.direction is Direction.SENT else "received")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            way = "write" if one.direction is Direction.SENT else "read"
            return f"{way}, {COLUMNS[column] or 'direction'}: {_cell(one, column)}"
        return None


def _cell(one: Pass, column: int) -> str:
    if column == 0:
        return _ARROWS[one.direction]
    if column == 1:
        return f"{one.time_ns / 1e9:.3f} s"
    if column == 2:
        return duration(one.gap_ns) if one.gap_ns is not None else ""
    if column == 3:
        return f"{one.offset:,}".replace(",", "\u202f")
    if column == 4:
        return octets(one.size)
    return "".join(_ESCAPES.get(byte, chr(byte) if 0x20 <= byte < 0x7F else "·") for byte in one.first)

"""The tables of the panel: a folder's entries, the facts of one of them, transfers."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.formats.charset import visible
from workbench.formats.quantity import octets
from workbench.panels.files.state import Transfer
from workbench.protocols.ftp.names import why_unsafe
from workbench.protocols.ftp.values import Entry, is_utf8, text_of

Index = QModelIndex | QPersistentModelIndex

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
KINDS = {
    "file": "file",
    "folder": "folder",
    "link": "link",
    "other": "neither file nor folder",
    "unknown": "the server does not tell",
}
OUTCOMES = {
    "waiting": "waits",
    "running": "running",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}
STYLES = {
    "mlsd": "MLSD (RFC 3659 section 7)",
    "unix": "LIST, as Unix prints it",
    "dos": "LIST, as DOS prints it",
    "unread": "no grammar",
}


class _Table(QAbstractTableModel):
    """Rows of something; a subclass says what stands in a cell."""

    columns: tuple[tuple[str, str], ...] = ()
    right: frozenset[int] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple = ()

    def cell(self, row, column: int) -> str:
        """What stands there."""
        raise NotImplementedError

    def tip(self, row, column: int) -> str:
        """More about it."""
        return self.cell(row, column)

    # Qt's

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.columns[section][1]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in self.right:
            return RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self.rows):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(self.rows[index.row()], index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(self.rows[index.row()], index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in self.right:
            return RIGHT
        return None


class EntriesModel(_Table):
    """A folder's entries."""

    columns = (
        ("Name", "A folder's ends with /, a link's says where it leads"),
        ("Size", "Octets, as the server tells"),
        ("Changed", "In UTC where it ends with Z; else in the server's own time"),
        ("Rights", "As the server spells them"),
    )
    right = frozenset({1})

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Take over another listing."""
        if entries is self.rows:
            return
        self.beginResetModel()
        self.rows = entries
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        """The entry of a row."""
        return self.rows[row] if 0 <= row < len(self.rows) else None

    def cell(self, row: Entry, column: int) -> str:
        if column == 0:
            arrow = f" → {text_of(row.target)}" if row.target else ""
            return visible(row.text + arrow) + ("/" if row.kind == "folder" else "")
        if column == 1:
            return octets(row.size) if row.size is not None and row.kind == "file" else ""
        if column == 2:
            return row.modified.replace("T", " ")
        return row.rights or dict(row.facts).get("perm", "")

    def tip(self, row: Entry, column: int) -> str:
        if column == 1 and row.size is not None:
            return f"{row.size:,} octets"
        return self.cell(row, column)


class FactsModel(_Table):
    """Everything that a listing tells of one entry."""

    columns = (("Fact", "What is told"), ("Value", "As the server told it, or what was made of it"))

    def show_entry(self, entry: Entry | None) -> None:
        """Take over another entry."""
        rows = facts_of(entry) if entry is not None else ()
        if rows == self.rows:
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def cell(self, row: tuple[str, str], column: int) -> str:
        return row[column]


class TransfersModel(_Table):
    """Files on their way, the youngest first."""

    columns = (
        ("File", "Down: from the server; up: to it"),
        ("Octets", "Of the whole file"),
        ("State", "How far it is"),
        ("Result", "How it ended"),
    )
    right = frozenset({1})

    def show_transfers(self, transfers: Sequence[Transfer]) -> None:
        """Take over another list."""
        rows = tuple(reversed(transfers))
        if rows == self.rows:
            return
        if [row.number for row in rows] == [row.number for row in self.rows]:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def cell(self, row: Transfer, column: int) -> str:
        if column == 0:
            return f"{'↓' if row.direction == 'download' else '↑'} {visible(row.name)}"
        if column == 1:
            return octets(row.done) if row.done or row.total is not None else ""
        if column == 2:
            part = f" {row.done * 100 // row.total} %" if row.outcome == "running" and row.total else ""
            return OUTCOMES[row.outcome] + part
        return visible(row.note)

    def tip(self, row: Transfer, column: int) -> str:
        return row.local if column == 0 else self.cell(row, column)


def facts_of(entry: Entry) -> tuple[tuple[str, str], ...]:
    """What is known of an entry, as rows for people."""
    unsafe = why_unsafe(entry.name)
    rows = [
        ("Name", visible(entry.text)),
        ("Name in octets", "" if is_utf8(entry.name) else entry.name.hex(" ")),
        ("As a name here", f"refused: {unsafe}" if unsafe else ""),
        ("Kind", KINDS[entry.kind]),
        ("Size", f"{entry.size:,} octets" if entry.size is not None and entry.kind == "file" else ""),
        ("Changed", entry.modified.replace("T", " ")),
        ("Leads to", visible(text_of(entry.target))),
        ("Rights", entry.rights),
        ("Owner", visible(entry.owner)),
        ("Guessed", entry.guessed),
        ("Read by", STYLES[entry.style]),
        *((f"fact {name}", visible(value)) for name, value in entry.facts),
        ("Line", visible(text_of(entry.raw))),
    ]
    return tuple((name, value) for name, value in rows if value)

"""The tables of the page of scripts: steps and rules; and the tree of the library."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from workbench.formats.quantity import octets
from workbench.panels.sockets.scripts.state import Matched
from workbench.protocols.raw.library import Entry, Listing
from workbench.protocols.raw.script_run import StepResult
from workbench.ui import icons

Index = QModelIndex | QPersistentModelIndex

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ENTRY = int(Qt.ItemDataRole.UserRole) + 1
FOLDER = int(Qt.ItemDataRole.UserRole) + 2
SIGNS = {"passed": ("good", "good"), "failed": ("bad", "error"), "skipped": ("pause", "muted")}
KIND_ICONS = {"payload": "send", "script": "play", "rules": "listen"}
KIND_WORDS = {"payload": "Payload", "script": "Script", "rules": "Rules for replies"}


class _Table(QAbstractTableModel):
    """Rows of something; a subclass says what stands in a cell."""

    columns: tuple[tuple[str, str], ...] = ()
    right: frozenset[int] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Any, ...] = ()

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Take over other rows; more of the same are only added."""
        new = tuple(rows)
        old = len(self.rows)
        if new == self.rows:
            return
        if old and len(new) > old and new[old - 1] == self.rows[-1] and new[0] == self.rows[0]:
            self.beginInsertRows(QModelIndex(), old, len(new) - 1)
            self.rows = new
            self.endInsertRows()
            return
        if len(new) == old:
            self.rows = new
            self.dataChanged.emit(self.index(0, 0), self.index(old - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.rows = new
        self.endResetModel()

    def cell(self, row: Any, column: int) -> str:
        """What stands there."""
        raise NotImplementedError

    def sign(self, row: Any, column: int) -> tuple[str, str] | None:
        """An icon and its role, or None."""
        return None

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
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.cell(row, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in self.right:
            return RIGHT
        if role == Qt.ItemDataRole.DecorationRole and (sign := self.sign(row, index.column())) is not None:
            return icons.icon(*sign)
        return None


class StepsModel(_Table):
    """The steps of a script and what came of each."""

    columns = (
        ("Line", "Of the script"),
        ("Result", "Passed, failed, or skipped because an earlier one failed"),
        ("Took", "Milliseconds"),
        ("Step", "As it is written"),
        ("Seen", "What came, or why it failed"),
    )
    right = frozenset({0, 2})

    def cell(self, row: StepResult, column: int) -> str:
        if column == 2:
            return f"{row.took_ms:.1f} ms" if row.verdict != "skipped" else ""
        return (str(row.line), row.verdict, "", row.text, row.note)[column]

    def sign(self, row: StepResult, column: int) -> tuple[str, str] | None:
        return SIGNS[row.verdict] if column == 1 else None


class RulesModel(_Table):
    """Rules, and how often each answered."""

    columns = (
        ("Rule", "Its number; of two that match at one place the upper one answers"),
        ("When", "What has to be heard"),
        ("Does", "What is done then"),
        ("Answered", "How often, on all connections together"),
    )
    right = frozenset({0, 3})

    def cell(self, row: Matched, column: int) -> str:
        return (str(row.number), row.when, row.does, str(row.times))[column]


class ShelfModel(QStandardItemModel):
    """Folders and what is in them; while something is searched, a plain list of what was found."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Listing, tuple[Entry, ...] | None] | None = None

    def show_listing(self, listing: Listing, found: tuple[Entry, ...] | None) -> bool:
        """Take over what is there; returns whether that was something else."""
        if self._shown == (listing, found):
            return False
        self._shown = listing, found
        self.clear()
        folders: dict[str, QStandardItem] = {"": self.invisibleRootItem()}
        if found is None:
            for name in listing.folders:
                above, _, title = name.rpartition("/")
                item = _item(title, "files", f"Folder {name}")
                item.setData(name, FOLDER)
                folders.get(above, folders[""]).appendRow(item)
                folders[name] = item
        for entry in listing.entries if found is None else found:
            title = entry.title if found is None else entry.name
            item = _item(title, KIND_ICONS[entry.kind], f"{KIND_WORDS[entry.kind]}, {octets(entry.size)}")
            item.setData(entry, ENTRY)
            item.setData(f"{KIND_WORDS[entry.kind]} {title}", Qt.ItemDataRole.AccessibleTextRole)
            folders.get(entry.folder if found is None else "", folders[""]).appendRow(item)
        return True


def _item(title: str, icon: str, tip: str) -> QStandardItem:
    item = QStandardItem(icons.icon(icon), title)
    item.setEditable(False)
    item.setToolTip(tip)
    return item

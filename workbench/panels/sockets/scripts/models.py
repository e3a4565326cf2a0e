"""The tables of the page of scripts: steps and rules; and the tree of the library."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from workbench.formats.quantity import octets
from workbench.panels.sockets.scripts.state import Matched
from workbench.protocols.raw.library import Entry, Listing
from workbench.protocols.raw.script_run import StepResult
from workbench.ui import icons
from workbench.ui.tables import Column, TableModel

ENTRY = int(Qt.ItemDataRole.UserRole) + 1
FOLDER = int(Qt.ItemDataRole.UserRole) + 2
SIGNS = {"passed": ("good", "good"), "failed": ("bad", "error"), "skipped": ("pause", "muted")}
KIND_ICONS = {"payload": "send", "script": "play", "rules": "listen"}
KIND_WORDS = {"payload": "Payload", "script": "Script", "rules": "Rules for replies"}


class StepsModel(TableModel):
    """The steps of a script and what came of each."""

    columns = (
        Column("Line", "Of the script", is_number=True),
        Column("Result", "Passed, failed, or skipped because an earlier one failed"),
        Column("Took", "Milliseconds", is_number=True),
        Column("Step", "As it is written"),
        Column("Seen", "What came, or why it failed"),
    )

    def key(self, row: StepResult) -> int:
        return row.line

    def cell(self, row: StepResult, column: int) -> str:
        if column == 2:
            return f"{row.took_ms:.1f} ms" if row.verdict != "skipped" else ""
        return (str(row.line), row.verdict, "", row.text, row.note)[column]

    def sign(self, row: StepResult, column: int) -> tuple[str, str] | None:
        return SIGNS[row.verdict] if column == 1 else None


class RulesModel(TableModel):
    """Rules, and how often each answered."""

    columns = (
        Column("Rule", "Its number; of two that match at one place the upper one answers", is_number=True),
        Column("When", "What has to be heard"),
        Column("Does", "What is done then"),
        Column("Answered", "How often, on all connections together", is_number=True),
    )

    def key(self, row: Matched) -> int:
        return row.number

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

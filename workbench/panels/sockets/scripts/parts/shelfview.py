"""The library at the left: search, tree, and what can be done with an entry. Decides nothing."""

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QTreeView, QVBoxLayout, QWidget

from workbench.panels.sockets.scripts.models import ENTRY, FOLDER, ShelfModel
from workbench.panels.sockets.scripts.state import ScriptsState
from workbench.protocols.raw.library import Entry
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import allow, field, small_button

EMPTY = "Payloads, scripts and rules that you save will stand here, as plain text files in folders."
OFFER = "Import from Packet Sender"
SEARCH_MS = 200


class ShelfView(QWidget):
    """The library.

    Signals:
        opened: an entry was chosen. searched: other words. imported: the offer of the empty shelf.
    """

    opened = Signal(object)
    searched = Signal(str)
    imported = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = field("Search", "Search names and texts", "Words that all have to be there (Ctrl+F)")
        self.words.setClearButtonEnabled(True)
        self.model = ShelfModel()
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("Library")
        self.tree.setToolTip("Enter or a click opens an entry; Del deletes it")
        self.tree.setUniformRowHeights(True)
        self.empty = EmptyState(EMPTY, OFFER, icon="files")
        self.save_button = small_button("export", "Save", "Save the text of this view (Ctrl+S)")
        self.folder_button = small_button("add", "New folder", "Make a folder (Ctrl+Alt+F)")
        self.rename_button = small_button(
            "text", "Rename or move", "Rename the entry, or move it: Folder/Name (F2)"
        )
        self.delete_button = small_button("trash", "Delete", "Put the entry into the trash (Ctrl+Del)")
        self.undo_button = small_button(
            "reload", "Have it back", "Take back what was deleted last (Ctrl+Alt+Z)"
        )
        self.import_button = small_button(
            "import", "Import", "Take over packets of Packet Sender: INI or JSON"
        )
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SEARCH_MS)
        self._lay_out()
        self.words.textChanged.connect(self._on_words_changed)
        self._rest.timeout.connect(self._on_rested)
        self.tree.activated.connect(self._on_activated)
        self.tree.clicked.connect(self._on_activated)
        self.empty.asked.connect(self.imported)

    def _lay_out(self) -> None:
        gap = theme.metric(4)
        row = QHBoxLayout()
        row.setSpacing(gap)
        for each in (
            self.save_button,
            self.folder_button,
            self.rename_button,
            self.delete_button,
            self.undo_button,
        ):
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(self.import_button)
        middle = QWidget()
        self._pages = QStackedLayout(middle)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.tree)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addWidget(self.words)
        column.addWidget(middle, 1)
        column.addLayout(row)

    @property
    def entry(self) -> Entry | None:
        """The current one; None for a folder, or for none."""
        found = self.tree.currentIndex().data(ENTRY)
        return found if isinstance(found, Entry) else None

    @property
    def folder(self) -> str:
        """The folder that is current, or in which the current entry is; "" for none."""
        index = self.tree.currentIndex()
        entry = self.entry
        return entry.folder if entry is not None else str(index.data(FOLDER) or "")

    def show_state(self, state: ScriptsState) -> None:
        """Show what is there."""
        if self.model.show_listing(state.listing, state.found):
            self.tree.expandAll()
        self._pages.setCurrentIndex(1 if state.listing.entries or state.listing.folders else 0)
        allow(self.undo_button, "" if state.discarded is not None else "nothing was deleted")
        self._show_current()

    def _show_current(self) -> None:
        for each in (self.rename_button, self.delete_button):
            allow(each, "" if self.entry is not None else "choose an entry first")

    def _on_words_changed(self) -> None:
        self._rest.start()

    def _on_rested(self) -> None:
        self.searched.emit(self.words.text())

    def _on_activated(self, index: QModelIndex) -> None:
        self._show_current()
        entry = index.data(ENTRY)
        if isinstance(entry, Entry):
            self.opened.emit(entry)

    def focus_search(self) -> None:
        """Put the focus into the search."""
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

"""Who was found: a table of peers, and at the right what the chosen one tells."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedLayout, QWidget

from workbench.panels.sockets.discovery.models import DetailModel, PeersModel
from workbench.panels.sockets.discovery.state import LAB, DiscoveryState
from workbench.protocols.discovery.values import Peer
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import table_of

EMPTY = {
    "search": "Who answers the question to this group will stand here, with address and age.",
    "announce": "Announced is who you are, and nobody has to answer. Search in this group from elsewhere to see it.",
    "discover": "Who is in this group, or says so while you listen, will stand here.",
}


class FoundView(QWidget):
    """Shows the list.

    Signals: offered: a person took the offer that stands in the empty list.
    """

    offered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.model = PeersModel()
        self.table = table_of(self.model, "Peers", (116, 180, 150, 190, 90, 90, 90), stretch=1)
        self.detail = DetailModel()
        self.detail_table = table_of(self.detail, "What the peer tells", (110, 200))
        self.empty = EmptyState(EMPTY["search"], "", icon="search")
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.table)
        splitter.addWidget(self.detail_table)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([theme.metric(830), theme.metric(380)])
        self._lists = splitter
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(splitter)
        self.empty.asked.connect(self.offered)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)

    @property
    def current(self) -> Peer | None:
        """The chosen peer."""
        row = self.table.currentIndex().row()
        return self.model.at(row)

    def show_state(self, state: DiscoveryState) -> None:
        """Show who is there now."""
        self.model.show_found(state.found)
        if self.model.rows and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))
        self.detail.show_peer(self.current)
        self._pages.setCurrentWidget(self._lists if self.model.rows else self.empty)
        form = state.form
        offer = f"Search {LAB[form.language]}" if form.language != "group" else "Search lab:mdns"
        self.empty.set(EMPTY[form.preset], "" if state.is_running else offer, "search")

    def _on_row_changed(self) -> None:
        self.detail.show_peer(self.current)

"""The right half: transfers, the facts of the selected entry, and where downloads go. Decides nothing."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from workbench.panels.files.models import FactsModel, TransfersModel
from workbench.panels.files.state import FilesState
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import field, small_button, table_of

PARTS = (
    ("Transfers", "What was downloaded and uploaded, and what is on its way (Ctrl+Alt+4)"),
    ("Facts", "Everything that the listing tells of the selected entry (Ctrl+Alt+5)"),
)
NO_TRANSFER = "Download or upload something: each file will have its row here."
NO_ENTRY = "Select a file: what the server tells of it, and the line that told it, will stand here."


class Beside(QWidget):
    """Two parts behind small tabs."""

    def __init__(self) -> None:
        super().__init__()
        self.transfers = TransfersModel()
        self.facts = FactsModel()
        self.transfers_table = table_of(self.transfers, "Transfers", (180, 84, 90))
        self.facts_table = table_of(self.facts, "Facts", (130,))
        self.no_transfer = EmptyState(NO_TRANSFER, icon="received")
        self.no_entry = EmptyState(NO_ENTRY, icon="info")
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Parts beside the folder")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for title, tip in PARTS:
            self.tabs.setTabToolTip(self.tabs.addTab(title), tip)
        self.save_in = field(
            "Folder for downloads",
            "your own folder",
            "Where downloads go on this machine; empty: your own folder",
        )
        self.choose = small_button(
            "more", "Choose the folder for downloads", "Choose the folder (Ctrl+Shift+F)"
        )
        self.partial = QCheckBox("Uploads get their name when all is there")
        self.partial.setToolTip(
            "Send to NAME.partial and rename it then (RNFR, RNTO), so that nobody meets half a file under its name; "
            "switch it off for a server that lets nobody rename"
        )
        self.partial.setChecked(True)
        self._lay_out()
        self.tabs.currentChanged.connect(self._parts.setCurrentIndex)

    def _lay_out(self) -> None:
        gap = theme.metric(4)
        pane = QFrame()
        theme.qualify(pane, pane=True)
        self._parts = QStackedLayout(pane)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._pages: list[QStackedLayout] = []
        for empty, table in ((self.no_transfer, self.transfers_table), (self.no_entry, self.facts_table)):
            part = QWidget()
            pages = QStackedLayout(part)
            pages.setContentsMargins(0, 0, 0, 0)
            pages.addWidget(empty)
            pages.addWidget(table)
            self._pages.append(pages)
            self._parts.addWidget(part)
        label = QLabel("Downloads go to")
        theme.qualify(label, role="muted")
        label.setBuddy(self.save_in)
        below = QHBoxLayout()
        below.setSpacing(theme.metric(8))
        below.addWidget(label)
        below.addWidget(self.save_in, 1)
        below.addWidget(self.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addWidget(self.tabs)
        column.addWidget(pane, 1)
        column.addSpacing(gap)
        column.addLayout(below)
        column.addWidget(self.partial)

    def show_part(self, number: int) -> None:
        """Show one part and put the focus into it."""
        self.tabs.setCurrentIndex(number)
        table = self.transfers_table if number == 0 else self.facts_table
        (table if table.isVisible() else self.tabs).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_state(self, state: FilesState) -> None:
        """Show what the state has."""
        self.transfers.show_transfers(state.transfers)
        self.facts.show_entry(state.entry)
        for pages, model in zip(self._pages, (self.transfers, self.facts), strict=True):
            pages.setCurrentIndex(1 if model.rows else 0)

"""The list of the Start panel: a search, and below it what there is, in groups that open and close.

Enter, Space, the arrow keys and a click open a group; Down and Enter lead from the search into what it found.
"""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QLineEdit,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.panels.start.state import StartState
from workbench.panels.start.subjects import by_subject
from workbench.ui import icons, theme
from workbench.ui.pieces import tip_with_reason

PLACE = Qt.ItemDataRole.UserRole
TITLE = Qt.ItemDataRole.UserRole + 1
"""Of a group; it is a group's name, and what tells it from an entry."""

SERVERS = "Servers of the Lab"
COUNT = 1
"""The column with how many stand in a group."""


class OfferList(QWidget):
    """The search and the list.

    Signals:
        chosen: kind and key of the entry that became current.
        searched: what was typed into the search.
    """

    chosen = Signal(str, str)
    searched = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._listed: object = None
        self._page: tuple[str, str] | None = None
        self._open: set[str] = set()
        self._is_searching = False
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search experiments and servers")
        self.search.setAccessibleName("Search")
        self.search.setClearButtonEnabled(True)
        self.count = QLabel()
        theme.qualify(self.count, role="muted")
        self.count.hide()
        self.list = _tree()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(8))
        for widget in (self.search, self.count, self.list):
            column.addWidget(widget)
        for clear in self.search.findChildren(QToolButton):
            clear.setAccessibleName("Clear the search")
            clear.setToolTip("Clear the search (Esc)")
        self.search.textChanged.connect(self.searched)
        self.search.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.list.itemClicked.connect(self._on_clicked)
        self.list.itemExpanded.connect(self._on_expanded)
        self.list.itemCollapsed.connect(self._on_collapsed)

    def focus_search(self) -> None:
        """Put the focus into the search, all of it selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def focus_list(self) -> None:
        """Put the focus into the list."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def dress_anew(self) -> None:
        """Signs and titles hold colours of their own: they are made anew."""
        self._listed = None

    def show_state(self, state: StartState) -> None:
        """Show what there is, or what the search left of it; and which page is shown."""
        listed = (state.found_cards, state.found_services)
        if listed != self._listed:
            self._listed, self._page = listed, None
            self._is_searching = bool(state.search.strip())
            self.list.blockSignals(True)
            self.list.clear()
            self._fill(state)
            self.list.blockSignals(False)
            self._show_count(state)
        self._select(state.page.kind, state.page.key)

    def _fill(self, state: StartState) -> None:
        self.list.addTopLevelItem(_entry("Welcome", ("welcome", ""), "start"))
        for subject, cards in by_subject(state.found_cards):
            entries = []
            for card in cards:
                why = state.lacking.get(card.id, "")
                tip = tip_with_reason(f"{card.title}\n{card.question}", why)
                entries.append(_entry(card.title, ("experiment", card.id), "experiment", tip))
                if why:
                    entries[-1].setForeground(0, theme.colour("muted"))
            self._add_group(subject, entries, "experiments")
        if not state.found_cards:
            self._add_nothing("Experiments")
        services = [
            _entry(f"lab:{info.name}", ("service", info.name), "lab", info.teaches)
            for info in state.found_services
        ]
        if services:
            self._add_group(SERVERS, services, "servers")
        else:
            self._add_nothing(SERVERS)

    def _add_group(self, title: str, entries: Iterable[QTreeWidgetItem], what: str) -> None:
        group = QTreeWidgetItem(self.list, [title])
        # Chosen too, so that one sees where the keys are.
        group.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        group.setData(0, TITLE, title)
        group.addChildren(list(entries))
        count = group.childCount()
        group.setText(COUNT, f"{count:,}")
        group.setTextAlignment(COUNT, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        group.setForeground(COUNT, theme.colour("muted"))
        group.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{title}, {count} {what}")
        group.setExpanded(self._is_searching or title in self._open)
        for entry in _children(group):
            entry.setFirstColumnSpanned(True)

    def _add_nothing(self, title: str) -> None:
        item = QTreeWidgetItem(self.list, [f"{title}: nothing found"])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        item.setForeground(0, theme.colour("muted"))
        item.setFirstColumnSpanned(True)

    def _show_count(self, state: StartState) -> None:
        self.count.setVisible(self._is_searching)
        self.count.setText(
            f"{len(state.found_cards)} of {len(state.cards)} experiments, "
            f"{len(state.found_services)} of {len(state.services)} servers"
        )

    def _select(self, kind: str, key: str) -> None:
        if (kind, key) == self._page:
            # Whoever has gone on to a group stays there.
            return
        self._page = (kind, key)
        item = next((each for each in _entries(self.list) if each.data(0, PLACE) == (kind, key)), None)
        if item is None:
            return
        self.list.blockSignals(True)
        if (group := item.parent()) is not None:
            group.setExpanded(True)
            self._open.add(group.data(0, TITLE))
        self.list.setCurrentItem(item)
        self.list.blockSignals(False)

    # ---- a person did something

    def _on_current_changed(self, item: QTreeWidgetItem | None, _previous: QTreeWidgetItem | None) -> None:
        place = item.data(0, PLACE) if item is not None else None
        if place:
            self.chosen.emit(*place)

    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        if item.data(0, TITLE):
            item.setExpanded(not item.isExpanded())

    def _on_expanded(self, item: QTreeWidgetItem) -> None:
        if not self._is_searching:
            self._open.add(item.data(0, TITLE))

    def _on_collapsed(self, item: QTreeWidgetItem) -> None:
        if not self._is_searching:
            self._open.discard(item.data(0, TITLE))

    def _go_to_first(self) -> None:
        """From the search to the first entry that it found."""
        self.focus_list()
        found = [item for item in _entries(self.list) if item.data(0, PLACE) not in (None, ("welcome", ""))]
        if self._is_searching and found:
            self.list.setCurrentItem(found[0])

    # ---- Qt's

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key, enter = event.key(), (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if watched is self.search:
            if key in (Qt.Key.Key_Down, *enter):
                self._go_to_first()
                return True
            if key == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        elif watched is self.list and key in (Qt.Key.Key_Space, *enter):
            item = self.list.currentItem()
            if item is not None and item.data(0, TITLE):
                self._on_clicked(item)
                return True
        return False


def _tree() -> QTreeWidget:
    made = QTreeWidget()
    made.setAccessibleName("Experiments and servers")
    made.setColumnCount(2)
    made.setHeaderHidden(True)
    header = made.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    header.setSectionResizeMode(COUNT, QHeaderView.ResizeMode.ResizeToContents)
    made.setIndentation(theme.metric(16))
    made.setUniformRowHeights(True)
    made.setExpandsOnDoubleClick(False)
    return made


def _entry(title: str, place: tuple[str, str], icon: str, tip: str = "") -> QTreeWidgetItem:
    item = QTreeWidgetItem([title])
    item.setData(0, PLACE, place)
    item.setIcon(0, icons.icon(icon, "muted"))
    item.setToolTip(0, tip)
    return item


def _entries(tree: QTreeWidget) -> Iterable[QTreeWidgetItem]:
    for at in range(tree.topLevelItemCount()):
        top = tree.topLevelItem(at)
        if top is not None:
            yield top
            yield from _children(top)


def _children(group: QTreeWidgetItem) -> Iterable[QTreeWidgetItem]:
    for row in range(group.childCount()):
        child = group.child(row)
        if child is not None:
            yield child

"""The help: topics and their sections at the left, the page at the right, and a search over all of them."""

import re
from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QVBoxLayout,
    QWidget,
)

from workbench.ui import theme
from workbench.ui.actions import ActionRegistry
from workbench.ui.helptext import HelpText, texts_of_sections
from workbench.ui.helptopics import Place, anchor_of, completed, pattern_of, read_link, topics

PLACE = Qt.ItemDataRole.UserRole
MAX_BACK = 100


class HelpPage(QWidget):
    """The page.

    Args:
        registry: whose keys the help names.

    Signals:
        draft_changed: another topic is shown.
    """

    draft_changed = Signal()

    def __init__(self, registry: ActionRegistry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._registry = registry
        self._topics = topics()
        self._shown = ""
        self._place = Place("")
        self._back: list[Place] = []
        self._texts: dict[Place, str] = {}
        self._is_stale = False
        self._is_searching = False
        self.setAccessibleName("Help")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search the help")
        self.search.setAccessibleName("Search the help")
        self.search.setClearButtonEnabled(True)
        for clear in self.search.findChildren(QToolButton):
            clear.setAccessibleName("Clear the search")
            clear.setToolTip("Clear the search (Esc)")
        self.back = QPushButton("Back", self)
        theme.qualify(self.back, kind="quiet")
        self.remark = QLabel(self)
        self.remark.setWordWrap(True)
        theme.qualify(self.remark, role="muted")
        self.list = QTreeWidget(self)
        self._fill()
        self.text = HelpText(self)
        self._lay_out()
        self._connect()
        self._show(Place(next(iter(self._topics))))

    def _fill(self) -> None:
        self.list.setHeaderHidden(True)
        self.list.setAccessibleName("Topics")
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(theme.metric(14))
        self.list.setUniformRowHeights(True)
        for topic in self._topics.values():
            item = QTreeWidgetItem(self.list, [topic.title])
            item.setData(0, PLACE, Place(topic.name))
            for section in topic.sections:
                child = QTreeWidgetItem(item, [section])
                child.setData(0, PLACE, Place(topic.name, anchor_of(section)))

    def _lay_out(self) -> None:
        gap, margin = theme.metric(8), theme.metric(12)
        top = QHBoxLayout()
        top.setSpacing(theme.metric(4))
        top.addWidget(self.search, 1)
        top.addWidget(self.back)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addLayout(top)
        column.addWidget(self.remark)
        column.addWidget(self.list, 1)
        panes = QSplitter(Qt.Orientation.Horizontal, self)
        panes.setChildrenCollapsible(False)
        panes.addWidget(left)
        panes.addWidget(self.text)
        panes.setStretchFactor(1, 1)
        panes.setSizes([theme.metric(300), theme.metric(900)])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(margin, margin, margin, gap)
        layout.addWidget(panes)
        self.remark.hide()

    def _connect(self) -> None:
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._on_searched)
        self.search.returnPressed.connect(self.go_to_next)
        self.list.currentItemChanged.connect(self._on_item_chosen)
        self.list.itemActivated.connect(self._on_item_activated)
        self.text.link_asked.connect(self._on_link_asked)
        self.text.back_asked.connect(self.go_back)
        self.back.clicked.connect(self.go_back)
        self._registry.changed.connect(self._on_registry_changed)
        theme.current().changed.connect(self._on_theme_changed)

    # What others ask of it

    @property
    def topic(self) -> str:
        """The name of the topic that is shown."""
        return self._place.topic

    def show_topic(self, name: str, anchor: str = "") -> None:
        """Show a topic, at one of its sections if wanted. An unknown name changes nothing."""
        if name in self._topics:
            self._go(Place(name, anchor))

    def go_back(self) -> None:
        """Show what was shown before."""
        if self._back:
            self._show(self._back.pop())

    def go_to_next(self) -> None:
        """Show the next section that the search found, from the first again behind the last."""
        found = self._found_items()
        if not found:
            return
        places = [item.data(0, PLACE) for item in found]
        after = places.index(self._place) + 1 if self._place in places else 0
        self.list.setCurrentItem(found[after % len(found)])

    def focus_start(self) -> None:
        """Put the focus into the search."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.selectAll()

    def search_for(self, words: str) -> None:
        """Show the sections with these words, as if they had been typed."""
        self.search.setText(words)

    def draft(self) -> dict[str, object]:
        """The topic, for the session."""
        return {"topic": self.topic}

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show the topic of an earlier session."""
        name = draft.get("topic")
        if isinstance(name, str) and name in self._topics:
            self._show(Place(name))

    # Showing a place

    def _go(self, place: Place) -> None:
        if place != self._place:
            self._back = [*self._back, self._place][-MAX_BACK:]
        self._show(place)

    def _show(self, place: Place) -> None:
        self._place = place
        topic = self._topics[place.topic]
        markdown = completed(topic, self._registry)
        if markdown != self._shown:
            self._shown = markdown
            self.text.show_markdown(markdown)
            self.text.setAccessibleName(f"Help: {topic.title}")
        self.text.go_to_section(place.anchor, mark=bool(self._words))
        self._select(place)
        self.back.setEnabled(bool(self._back))
        self.back.setToolTip(
            "Back to the place before (Alt+Left)" if self._back else "There is no place before"
        )
        self.draft_changed.emit()

    def _select(self, place: Place) -> None:
        self.list.blockSignals(True)
        chosen = None
        for item in self._items():
            is_here = item.data(0, PLACE) == place
            chosen = item if is_here and not item.isHidden() else chosen
            if item.parent() is None:
                item.setExpanded(bool(self._words) or item.data(0, PLACE).topic == place.topic)
        if chosen is not None:
            self.list.setCurrentItem(chosen)
            self.list.scrollToItem(chosen)
        self.list.blockSignals(False)

    def _items(self) -> list[QTreeWidgetItem]:
        """Topics and sections from top to bottom."""
        found: list[QTreeWidgetItem] = []
        walk = QTreeWidgetItemIterator(self.list)
        while (item := walk.value()) is not None:
            found.append(item)
            walk += 1
        return found

    # Searching

    @property
    def _words(self) -> list[str]:
        return self.search.text().split()

    def _found_items(self) -> list[QTreeWidgetItem]:
        found = self._found(self._words)
        return [item for item in self._items() if item.data(0, PLACE) in found]

    def _found(self, words: Sequence[str]) -> Collection[Place]:
        """The sections in which all these words stand."""
        if not words:
            return ()
        patterns = [re.compile(pattern_of(word), re.IGNORECASE) for word in words]
        return {place for place, text in self._all_texts().items() if all(p.search(text) for p in patterns)}

    def _all_texts(self) -> Mapping[Place, str]:
        """What each section says."""
        if not self._texts:
            for topic in self._topics.values():
                for title, text in texts_of_sections(completed(topic, self._registry)):
                    self._texts[Place(topic.name, anchor_of(title))] = text
        return self._texts

    def _sift(self) -> list[Place]:
        """Leave only what was found in the list, and return it in its order; everything without a search."""
        words = self._words
        found = self._found(words)
        pages = {place.topic for place in found}
        for item in self._items():
            place = item.data(0, PLACE)
            fits = place in found or (item.parent() is None and place.topic in pages)
            item.setHidden(bool(words) and not fits)
        self.remark.setVisible(bool(words))
        if found:
            count, on = len(found), len(pages)
            self.remark.setText(f"{count} place{'s' * (count > 1)} on {on} page{'s' * (on > 1)}")
        elif words:
            self.remark.setText("Nothing found: all words have to stand in one section")
        return [place for item in self._items() if (place := item.data(0, PLACE)) in found]

    # What happens

    def _on_searched(self) -> None:
        words = self._words
        places = self._sift()
        self.text.mark_words(words)
        place = self._place if self._place in places or not places else places[0]
        # Whoever searches sees the first place at once. Only the first letter is a step that one may go back over.
        show = self._show if self._is_searching else self._go
        self._is_searching = bool(words)
        show(place)

    def _on_item_chosen(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self._go(item.data(0, PLACE))

    def _on_item_activated(self) -> None:
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_link_asked(self, link: str) -> None:
        place = read_link(link)
        if place is not None:
            self._go(place)

    def _on_registry_changed(self) -> None:
        """Keys came, went or are others now."""
        self._texts.clear()
        self._is_stale = True
        if self.isVisible():
            self._catch_up()

    def _catch_up(self) -> None:
        self._is_stale = False
        markdown = completed(self._topics[self.topic], self._registry)
        if markdown != self._shown:
            self._shown = markdown
            self.text.refresh(markdown)

    def _on_theme_changed(self) -> None:
        self.text.refresh()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down:
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._catch_up()

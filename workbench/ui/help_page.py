"""The help: topics at the left, the chosen page at the right, and a search over all of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.ui import theme
from workbench.ui.actions import ActionRegistry
from workbench.ui.helptext import HelpText, Section, sections_in
from workbench.ui.helptopics import Place, Topic, anchor_of, completed, read_link, topics

PLACE = Qt.ItemDataRole.UserRole
MAX_BACK = 100


class Page(NamedTuple):
    """A topic as it is shown at present."""

    topic: Topic
    markdown: str
    sections: tuple[Section, ...]

    def section(self, anchor: str) -> Section:
        """The section that a link names; the beginning where there is none of that name."""
        named = (section for section in self.sections if anchor and anchor_of(section.title) == anchor)
        return next(named, self.sections[0])

    def found(self, words: Sequence[str]) -> tuple[Section, ...]:
        """The sections in which all words stand; the topic's own title counts for each of them."""
        return tuple(section for section in self.sections if _holds(section, words))


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
        self._pages: dict[str, Page] = {}
        self._is_stale = False
        self._place = Place(self._topics[0].name)
        self._back: list[Place] = []
        self.setAccessibleName("Help")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search the help")
        self.search.setAccessibleName("Search the help")
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.back = QPushButton("Back", self)
        theme.qualify(self.back, kind="quiet")
        self.remark = QLabel(self)
        self.remark.setWordWrap(True)
        theme.qualify(self.remark, role="muted")
        self.list = QTreeWidget(self)
        self.list.setHeaderHidden(True)
        self.list.setAccessibleName("Topics")
        self.list.setIndentation(theme.metric(14))
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.text = HelpText(self)
        self._lay_out()
        self._connect()
        self._fill()
        self._show(self._place)

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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.addWidget(panes)
        self.remark.hide()

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_searched)
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
        """Show a topic, at one of its sections if wanted; a name that is unknown shows nothing else."""
        if name in [topic.name for topic in self._topics]:
            self._go(Place(name, anchor))

    def go_back(self) -> None:
        """Show what was shown before the last link or choice."""
        if self._back:
            self._show(self._back.pop())

    def focus_start(self) -> None:
        """Put the focus into the search."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def draft(self) -> dict[str, object]:
        """The topic, for the session."""
        return {"topic": self.topic}

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show the topic of an earlier session."""
        self.show_topic(str(draft.get("topic", "")))

    # Pages

    def _page(self, name: str) -> Page:
        """A topic with the keys and lists of this moment; made when it is first looked at."""
        if name not in self._pages:
            topic = next(topic for topic in self._topics if topic.name == name)
            markdown = completed(topic, self._registry)
            self._pages[name] = Page(topic, markdown, sections_in(markdown))
        return self._pages[name]

    def _go(self, place: Place) -> None:
        if place != self._place:
            self._back = [*self._back, self._place][-MAX_BACK:]
        self._show(place)

    def _show(self, place: Place) -> None:
        page = self._page(place.topic)
        self._place = place
        self.text.show_markdown(page.markdown)
        self.text.setAccessibleName(page.topic.title)
        words = self._words
        self.text.mark_words(words)
        section = page.section(place.anchor)
        if place.anchor or words:
            self.text.go_to_block(section.block, mark=bool(words))
        self._select(place)
        self.back.setEnabled(bool(self._back))
        self.back.setToolTip("Back to the page before (Alt+Left)" if self._back else "There is no page before")
        self.draft_changed.emit()

    # The list

    @property
    def _words(self) -> list[str]:
        return self.search.text().split()

    def _fill(self) -> None:
        """All topics, the one that is shown with its sections; or what the search found."""
        words = self._words
        self.list.blockSignals(True)
        self.list.clear()
        count = 0
        for topic in self._topics:
            page = self._page(topic.name) if words or topic.name == self.topic else None
            sections = page.found(words) if page is not None else ()
            if words and not sections:
                continue
            count += len(sections)
            item = QTreeWidgetItem(self.list, [topic.title])
            item.setData(0, PLACE, Place(topic.name))
            for section in sections:
                if section.title:
                    child = QTreeWidgetItem(item, [section.title])
                    child.setData(0, PLACE, Place(topic.name, anchor_of(section.title)))
                    child.setToolTip(0, section.title)
            item.setExpanded(True)
        self.list.blockSignals(False)
        self._say(words, count)
        self._select(self._place)

    def _say(self, words: Sequence[str], count: int) -> None:
        self.remark.setVisible(bool(words))
        if words and count:
            pages = self.list.topLevelItemCount()
            self.remark.setText(f"{count} section{'s' * (count > 1)} on {pages} page{'s' * (pages > 1)}")
        elif words:
            self.remark.setText("Nothing found: all words have to stand in one section.")

    def _select(self, place: Place) -> None:
        """Let the list stand at a place; without a search the sections of another topic come into it."""
        item = self._item(place)
        if not self._words and (item is None or not self._is_open(place.topic)):
            self.list.blockSignals(True)
            self.list.clear()
            self.list.blockSignals(False)
            self._fill_topics(place.topic)
            item = self._item(place)
        self.list.blockSignals(True)
        self.list.setCurrentItem(item)  # type: ignore[arg-type]  # None for none
        self.list.blockSignals(False)

    # What happens

    def _on_searched(self) -> None:
        self._fill()
        self.text.mark_words(self._words)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return super().eventFilter(watched, event)

"""A panel of several pages behind small tabs, and what such a panel and a page ask of each other.

A panel derives from PagedPanel and lists its pages, one line each; the first is made at once, the others late.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QTabBar, QVBoxLayout, QWidget

from workbench.panels.bench import Bench, Talk
from workbench.panels.latepages import LatePages
from workbench.panels.loading import load_entry
from workbench.ui import theme
from workbench.ui.actions import Action
from workbench.ui.foresight import Foresight


class PageInfo(NamedTuple):
    """What is known of a page before it is made. entry: "module:Class"; tip: what it is for, one sentence."""

    id: str
    title: str
    entry: str
    tip: str


class Frame(Protocol):
    """What a page is handed beside the bench: the panel around it."""

    def show_page(self, page: str) -> None:
        """Bring a page to the front, by its id."""
        ...

    def show_talk(self, page: "Page", talk: Talk | None) -> None:
        """The page's conversation is another one now; seen while the page is in front."""
        ...


class Page(Protocol):
    """What the panel asks of a page: a QWidget, made with the bench and the panel.

    Its actions have ids "PANEL.VERB" and the context "PANEL/PAGE"; the panel registers them, and their keys work while
    the focus is in the page. A page that can show documents has also `take(document: Document) -> None`.
    """

    draft_changed: Any
    """A Qt signal without arguments."""

    def __init__(self, bench: Bench, frame: Any) -> None: ...

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do there."""
        ...

    def draft(self) -> dict[str, object]:
        """As panels.bench.Panel."""
        ...

    def restore(self, draft: Mapping[str, object]) -> None:
        """As panels.bench.Panel."""
        ...

    def focus_start(self) -> None:
        """As panels.bench.Panel."""
        ...

    def open_target(self, target: str, how: str = "") -> None:
        """As panels.bench.Panel."""
        ...

    def current_talk(self) -> Talk | None:
        """As panels.bench.Panel."""
        ...

    async def retire(self) -> None:
        """As panels.bench.Panel; the panel forgets the actions."""
        ...


class FrontLayout(QStackedLayout):
    """As large as the page in front needs to be: a tall page behind it is no reason to scroll this one."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(self._on_turned)

    def minimumSize(self) -> QSize:
        front = self.currentWidget()
        return front.minimumSizeHint().expandedTo(front.minimumSize()) if front is not None else QSize()

    def sizeHint(self) -> QSize:
        front = self.currentWidget()
        return front.sizeHint() if front is not None else QSize()

    def _on_turned(self, _at: int) -> None:
        self.update()


class PagedPanel(QWidget):
    """Pages behind small tabs; those behind the first are made once it is to be seen.

    Args:
        context: the panel's id. menu: where the actions that turn the pages stand.
        pages: in the order of their tabs, at most ten; the tenth has the key 0.
        ahead: as LatePages.
    """

    draft_changed = Signal()

    def __init__(
        self, bench: Bench, context: str, menu: str, pages: Sequence[PageInfo], *, ahead: bool = True
    ) -> None:
        super().__init__()
        self._bench = bench
        self._context = context
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Pages")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for number, info in enumerate(pages, 1):
            self.tabs.setTabToolTip(self.tabs.addTab(info.title), f"{info.tip} (Ctrl+Alt+{number % 10})")
        self._stack = FrontLayout()
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._lay_out()
        # Callables that the registry holds; the panel is forgotten there before it goes.
        bench.registry.add_all([self._turning(menu, number, info) for number, info in enumerate(pages)], self)
        self.pages = LatePages(self, {info.id: partial(self._make, info) for info in pages}, ahead=ahead)
        self.pages.made.connect(self._on_made)
        self._stack.setCurrentWidget(self.pages[pages[0].id])
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self._entries = [info.entry for info in pages]
        self._foresight = Foresight(self.tabs)
        self._foresight.foreseen.connect(self._on_visit_foreseen)

    def _lay_out(self) -> None:
        gap, margin = theme.metric(4), theme.metric(12)
        top = QHBoxLayout()
        top.setContentsMargins(margin, gap, margin, 0)
        top.addWidget(self.tabs)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(self._stack, 1)

    def _make(self, info: PageInfo) -> QWidget:
        page: QWidget = load_entry(info.entry)(self._bench, self)
        return page

    def _on_made(self, _page: str, page: Any) -> None:
        self._stack.addWidget(page)
        page.draft_changed.connect(self.draft_changed)
        self._bench.registry.add_all(page.page_actions(), page)

    def _turning(self, menu: str, at: int, info: PageInfo) -> Action:
        return Action(
            f"{self._context}.page_{info.id}",
            f"Page {info.title}",
            self._shower(at),
            tip=info.tip,
            shortcut=f"Ctrl+Alt+{(at + 1) % 10}",
            context=self._context,
            icon=self._context,
            menu=menu,
        )

    def _shower(self, at: int) -> Callable[[], object]:
        return partial(self._show, at)

    # ---- for the pages

    def show_page(self, page: str) -> None:
        """Bring a page to the front, and the focus to where it begins."""
        if page in self.pages:
            self.tabs.setCurrentIndex(self.pages.ids.index(page))

    def show_talk(self, page: Page, talk: Talk | None) -> None:
        """A page's conversation is another one now."""
        if page is self.pages.get(self._front):
            self._bench.show(self._context, talk)

    @property
    def page(self) -> Page:
        """The page in front."""
        page: Page = self.pages[self._front]
        return page

    @property
    def _front(self) -> str:
        return self.pages.ids[max(0, self.tabs.currentIndex())]

    # ---- what the program asks

    def draft(self) -> dict[str, object]:
        """Every page's own, and which one is in front."""
        return {"page": self._front, "pages": self.pages.drafts()}

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session."""
        self.pages.restore(draft.get("pages"))
        if isinstance(front := draft.get("page"), str):
            self.show_page(front)

    def focus_start(self) -> None:
        """Put the focus where the page in front begins."""
        self.page.focus_start()

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target in the page that `how` names, else in the first one."""
        name = how if how in self.pages else self.pages.ids[0]
        self.show_page(name)
        self.pages[name].open_target(target, "" if how in self.pages else how)

    def current_talk(self) -> Talk | None:
        """The conversation of the page in front."""
        return self.page.current_talk()

    async def retire(self) -> None:
        """End what goes on in every page."""
        self.pages.end()
        self._bench.registry.forget(self._context)
        for page in self.pages.ready:
            await page.retire()

    # ---- a person did something

    def _on_visit_foreseen(self, at: int) -> None:
        load_entry(self._entries[at])

    def _on_tab_changed(self, at: int) -> None:
        self._stack.setCurrentWidget(self.pages[self.pages.ids[at]])
        self._bench.show(self._context, self.page.current_talk())
        self.draft_changed.emit()

    def _show(self, at: int) -> None:
        self.tabs.setCurrentIndex(at)
        self.page.focus_start()

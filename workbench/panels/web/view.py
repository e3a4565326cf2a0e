"""The Web panel: the frame of its pages. Decides nothing."""

import importlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QTabBar, QVBoxLayout, QWidget

from workbench.panels.bench import Bench, Document, Talk
from workbench.panels.latepages import LatePages
from workbench.panels.web.pages import INSPECTOR, PAGES, REQUEST, Page, PageInfo
from workbench.ui import theme
from workbench.ui.actions import Action

CONTEXT = "web"


class WebPanel(QWidget):
    """Pages behind small tabs; those behind the first are made once it is to be seen."""

    draft_changed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Pages")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for number, info in enumerate(PAGES, 1):
            self.tabs.setTabToolTip(self.tabs.addTab(info.title), f"{info.tip} (Ctrl+Alt+{number})")
        self._stack = QStackedLayout()
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._lay_out()
        bench.registry.add_all(self._actions(), self)
        self.pages = LatePages(self, {info.id: partial(self._make, info) for info in PAGES})
        self.pages.made.connect(self._on_made)
        self._stack.setCurrentWidget(self.pages[REQUEST])
        self.tabs.currentChanged.connect(self._on_tab_changed)

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
        module, _, name = info.entry.partition(":")
        page: QWidget = getattr(importlib.import_module(module), name)(self._bench, self)
        return page

    def _on_made(self, _page: str, page: Any) -> None:
        self._stack.addWidget(page)
        page.draft_changed.connect(self.draft_changed)
        self._bench.registry.add_all(page.page_actions(), page)

    # ---- for the pages

    def inspect(self, document: Document) -> None:
        """Show octets in the Inspector, where there is one."""
        self.show_page(INSPECTOR)
        self.pages[INSPECTOR].take(document)

    def show_page(self, page: str) -> None:
        """Bring a page to the front, and the focus to where it begins."""
        if page in self.pages:
            self.tabs.setCurrentIndex(self.pages.ids.index(page))

    def show_talk(self, page: Page, talk: Talk | None) -> None:
        """A page's conversation is another one now."""
        if page is self.pages.get(self._front):
            self._bench.show(CONTEXT, talk)

    @property
    def page(self) -> Page:
        """The page in front."""
        page: Page = self.pages[self._front]
        return page

    @property
    def _front(self) -> str:
        return self.pages.ids[max(0, self.tabs.currentIndex())]

    # ---- what the program asks

    def take(self, document: Document) -> None:
        """Show a document of another panel."""
        self.inspect(document)

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
        """Show a target in the page that `how` names, else in the one for requests."""
        name = how if how in self.pages else REQUEST
        self.show_page(name)
        self.pages[name].open_target(target)

    def current_talk(self) -> Talk | None:
        """The conversation of the page in front."""
        return self.page.current_talk()

    async def retire(self) -> None:
        """End what goes on in every page."""
        self.pages.end()
        self._bench.registry.forget(CONTEXT)
        for page in self.pages.ready:
            await page.retire()

    # ---- a person did something

    def _on_tab_changed(self, at: int) -> None:
        self._stack.setCurrentWidget(self.pages[self.pages.ids[at]])
        self._bench.show(CONTEXT, self.page.current_talk())
        self.draft_changed.emit()

    def _actions(self) -> tuple[Action, ...]:
        shows = (self._show_first, self._show_second, self._show_third)
        return tuple(
            Action(
                f"{CONTEXT}.page_{info.id}",
                f"Page {info.title}",
                show,
                tip=info.tip,
                shortcut=f"Ctrl+Alt+{number}",
                context=CONTEXT,
                icon=CONTEXT,
                menu="Web",
            )
            for number, (info, show) in enumerate(zip(PAGES, shows, strict=False), 1)
        )

    def _show_first(self) -> None:
        self._show(0)

    def _show_second(self) -> None:
        self._show(1)

    def _show_third(self) -> None:
        self._show(2)

    def _show(self, at: int) -> None:
        self.tabs.setCurrentIndex(at)
        self.page.focus_start()

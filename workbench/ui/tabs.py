"""The main tabs: one flat bar over a stack, whose pages are made when they are first visited."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from workbench.ui import icons, theme
from workbench.ui.foresight import Foresight


def _nothing() -> None:
    """Loads nothing."""


class TabInfo(NamedTuple):
    """What the window knows of a tab before it is opened, and all it ever knows of a panel.

    Attributes:
        id: "sockets"; also the context of the panel's actions.
        title: on the tab.
        make: makes the widget; called once, at the first visit.
        order: tabs stand in this order.
        tip: one sentence.
        is_page: opened on demand and closable ("Settings"), not always there.
        menu: where its "Go to" action stands; "" for a page that has an action of its own.
        shortcut: its key; the tabs that are always there get Ctrl+1 to Ctrl+9 by their order.
        icon: a name in resources/icons.
        wants_conversation: whether there is something to see in the dock while one is here.
        load: loads what `make` will need; called, perhaps, when a visit is likely.
    """

    id: str
    title: str
    make: Callable[[], QWidget]
    order: int = 0
    tip: str = ""
    is_page: bool = False
    menu: str = "Go"
    shortcut: str = ""
    icon: str = ""
    wants_conversation: bool = True
    load: Callable[[], object] = _nothing


class TabStack(QWidget):
    """Bar and pages.

    Signals:
        current_changed: the id of the tab that is to be seen now.
        opened: id and widget of a page that was just made.
        closing: id and widget of a page that a person closed; the widget is deleted afterwards.
    """

    current_changed = Signal(str)
    opened = Signal(str, object)
    closing = Signal(str, object)

    def __init__(self, infos: Sequence[TabInfo], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._infos = {info.id: info for info in sorted(infos, key=_order)}
        self._ids: list[str] = []
        self._pages: dict[str, QWidget] = {}
        self._shown_id = ""
        self.bar = QTabBar(self)
        self.bar.setObjectName("main_tabs")
        self.bar.setAccessibleName("Panels")
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setUsesScrollButtons(True)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stack = QStackedWidget(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.stack, 1)
        for info in self._infos.values():
            if not info.is_page:
                self._add_tab(info)
        self.bar.currentChanged.connect(self._on_bar_changed)
        self.bar.installEventFilter(self)
        self._foresight = Foresight(self.bar)
        self._foresight.foreseen.connect(self._on_visit_foreseen)

    @property
    def infos(self) -> tuple[TabInfo, ...]:
        """All descriptions, in order."""
        return tuple(self._infos.values())

    def info(self, tab_id: str) -> TabInfo | None:
        """The description of a tab, or None."""
        return self._infos.get(tab_id)

    @property
    def ids(self) -> tuple[str, ...]:
        """The tabs that are there, from left to right."""
        return tuple(self._ids)

    @property
    def current_id(self) -> str:
        """The tab that is to be seen; "" before the first visit."""
        return self._shown_id

    @property
    def current(self) -> QWidget | None:
        """Its widget."""
        return self._pages.get(self.current_id)

    def page(self, tab_id: str) -> QWidget | None:
        """The widget of a tab, or None as long as nobody visited it."""
        return self._pages.get(tab_id)

    @property
    def pages(self) -> dict[str, QWidget]:
        """All widgets made so far, by id."""
        return dict(self._pages)

    def show_tab(self, tab_id: str) -> QWidget | None:
        """Go to a tab, opening a page that is not there; returns its widget, or None for an unknown id."""
        info = self._infos.get(tab_id)
        if info is None:
            return None
        if tab_id not in self._ids:
            self._add_tab(info)
        try:
            page = self._made(tab_id)
        finally:
            # A page that cannot be made leaves the bar where it was.
            stays = tab_id if tab_id in self._pages else self._shown_id
            self._point_bar_at(stays)
        self.stack.setCurrentWidget(_frame_of(page))
        if self._shown_id != tab_id:
            self._shown_id = tab_id
            self.current_changed.emit(tab_id)
        return page

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) tab, around the ends."""
        if self._shown_id:
            self.show_tab(self._ids[(self._ids.index(self._shown_id) + by) % len(self._ids)])

    def close_page(self, tab_id: str) -> bool:
        """Close a page; tabs that are always there stay. Returns whether it was one."""
        info = self._infos.get(tab_id)
        if info is None or not info.is_page or tab_id not in self._ids:
            return False
        at = self._ids.index(tab_id)
        page = self._pages.pop(tab_id, None)
        del self._ids[at]
        self.bar.removeTab(at)
        if page is not None:
            self.closing.emit(tab_id, page)
            frame = _frame_of(page)
            self.stack.removeWidget(frame)
            frame.deleteLater()
        return True

    def add(self, info: TabInfo) -> bool:
        """Take one more tab in, a stranger's; returns whether its id was free."""
        if info.id in self._infos:
            return False
        self._infos[info.id] = info
        if not info.is_page:
            self._add_tab(info)
        return True

    def _add_tab(self, info: TabInfo) -> None:
        self._ids.append(info.id)
        self.bar.blockSignals(True)
        at = self.bar.addTab(info.title)
        self.bar.blockSignals(False)
        self.bar.setTabToolTip(at, info.tip)
        if info.is_page:
            closer = _PageCloser(info)
            closer.asked.connect(self.close_page)
            self.bar.setTabButton(at, QTabBar.ButtonPosition.RightSide, closer)

    def _made(self, tab_id: str) -> QWidget:
        page = self._pages.get(tab_id)
        if page is None:
            page = self._infos[tab_id].make()
            self._pages[tab_id] = page
            self.stack.addWidget(_Frame(page))
            # A tree that was filled before it was dressed keeps the row heights of undressed letters.
            page.ensurePolished()
            for tree in page.findChildren(QTreeView):
                tree.ensurePolished()
                tree.scheduleDelayedItemsLayout()
            self.opened.emit(tab_id, page)
        return page

    def _point_bar_at(self, tab_id: str) -> None:
        if tab_id in self._ids:
            self.bar.blockSignals(True)
            self.bar.setCurrentIndex(self._ids.index(tab_id))
            self.bar.blockSignals(False)

    def _on_visit_foreseen(self, at: int) -> None:
        if self._ids[at] not in self._pages:
            self._infos[self._ids[at]].load()

    def _on_bar_changed(self, at: int) -> None:
        if 0 <= at < len(self._ids):
            self.show_tab(self._ids[at])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.bar
            and event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.MiddleButton
        ):
            at = self.bar.tabAt(event.position().toPoint())
            return 0 <= at < len(self._ids) and self.close_page(self._ids[at])
        return False


class _Frame(QScrollArea):
    """Around a page: where everything is twice as large, a page that no longer fits scrolls instead of growing the
    window beyond its screen.

    Not "resizable" in Qt's sense: that would give a page with wrapped text its preferred height, not its least one.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)
        page.installEventFilter(self)

    def _fit(self) -> None:
        page = self.widget()
        if page is None:
            return
        room, least = self.maximumViewportSize(), page.minimumSizeHint()
        if least.height() > room.height():
            room.setWidth(room.width() - self.verticalScrollBar().sizeHint().width())
        page.resize(room.expandedTo(least))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.metric(200), theme.metric(120))


def _frame_of(page: QWidget) -> QWidget:
    viewport = page.parentWidget()
    frame = viewport.parentWidget() if viewport is not None else None
    return page if frame is None else frame


class _PageCloser(QToolButton):
    """The cross on a page's tab."""

    asked = Signal(str)

    def __init__(self, info: TabInfo) -> None:
        super().__init__()
        self._tab_id = info.id
        self.setAccessibleName(f"Close {info.title}")
        self.setToolTip(f"Close {info.title} (Ctrl+W)")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.qualify(self, kind="quiet")
        icons.dress(self, "close", "muted")
        # No higher than a tab's words, so that the bar stays as high as it was.
        self.setIconSize(QSize(theme.metric(12), theme.metric(12)))
        self.setFixedSize(theme.metric(16), theme.metric(16))
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        self.asked.emit(self._tab_id)


def _order(info: TabInfo) -> int:
    return info.order

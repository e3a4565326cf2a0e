"""Tabs: made at the first visit, in order, pages closable, nothing moved when one cannot be made."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QTreeWidget, QTreeWidgetItem, QWidget

from workbench.ui import theme
from workbench.ui.tabs import TabInfo, TabStack

Show = Callable[..., QWidget]


class Maker:
    """Makes labels, and remembers which."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def maker(self, name: str) -> Callable[[], QWidget]:
        def make() -> QWidget:
            self.made.append(name)
            return QLabel(name)

        return make


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def tabs(show: Show, maker: Maker) -> TabStack:
    infos = [
        TabInfo("mail", "Mail", maker.maker("mail"), order=40),
        TabInfo("start", "Start", maker.maker("start"), order=0),
        TabInfo("dns", "DNS", maker.maker("dns"), order=20, tip="Names"),
        TabInfo("settings", "Settings", maker.maker("settings"), order=90, is_page=True),
    ]
    made = TabStack(infos)
    show(made, 600, 300)
    return made


def titles(tabs: TabStack) -> list[str]:
    return [tabs.bar.tabText(at) for at in range(tabs.bar.count())]


def test_tabs_stand_in_their_order_and_pages_are_not_there(tabs: TabStack) -> None:
    assert titles(tabs) == ["Start", "DNS", "Mail"]
    assert tabs.ids == ("start", "dns", "mail")
    assert tabs.bar.tabToolTip(1) == "Names"


def test_a_panel_is_made_at_the_first_visit_and_once(tabs: TabStack, maker: Maker) -> None:
    assert maker.made == []
    assert tabs.current is None
    opened = QSignalSpy(tabs.opened)
    tabs.show_tab("dns")
    tabs.show_tab("start")
    tabs.show_tab("dns")
    assert maker.made == ["dns", "start"]
    assert opened.count() == 2
    assert tabs.current_id == "dns"
    assert tabs.page("mail") is None
    assert set(tabs.pages) == {"dns", "start"}


def test_a_click_on_a_tab_goes_there(tabs: TabStack, maker: Maker) -> None:
    tabs.show_tab("start")
    changed = QSignalSpy(tabs.current_changed)
    QTest.mouseClick(tabs.bar, Qt.MouseButton.LeftButton, pos=tabs.bar.tabRect(2).center())
    assert tabs.current_id == "mail"
    assert [changed.at(n) for n in range(changed.count())] == [["mail"]]


def test_arrows_on_the_bar_go_to_the_neighbour(tabs: TabStack) -> None:
    tabs.show_tab("start")
    tabs.bar.setFocus()
    QTest.keyClick(tabs.bar, Qt.Key.Key_Right)
    assert tabs.current_id == "dns"


def test_stepping_goes_around(tabs: TabStack) -> None:
    tabs.step(1)
    assert tabs.current_id == ""
    tabs.show_tab("start")
    tabs.step(-1)
    assert tabs.current_id == "mail"
    tabs.step(1)
    assert tabs.current_id == "start"


def test_a_page_opens_on_demand_and_closes_by_its_cross(tabs: TabStack) -> None:
    tabs.show_tab("start")
    page = tabs.show_tab("settings")
    assert titles(tabs)[-1] == "Settings"
    closing = QSignalSpy(tabs.closing)
    closer = tabs.bar.tabButton(3, tabs.bar.ButtonPosition.RightSide)
    assert closer is not None
    QTest.mouseClick(closer, Qt.MouseButton.LeftButton)
    assert closing.at(0) == ["settings", page]
    assert titles(tabs) == ["Start", "DNS", "Mail"]
    assert tabs.current_id == "mail"
    assert tabs.page("settings") is None
    assert tabs.show_tab("settings") is not page


def test_a_middle_click_closes_a_page_and_leaves_a_panel(tabs: TabStack) -> None:
    tabs.show_tab("settings")
    for at in (0, 3):
        place: QPoint = tabs.bar.tabRect(at).center()
        QTest.mouseClick(tabs.bar, Qt.MouseButton.MiddleButton, pos=place)
    assert titles(tabs) == ["Start", "DNS", "Mail"]
    assert not tabs.close_page("dns")
    assert not tabs.close_page("settings")


def test_the_bar_is_as_high_with_a_page_as_without(tabs: TabStack) -> None:
    tabs.show_tab("start")
    height = tabs.bar.sizeHint().height()
    tabs.show_tab("settings")
    assert tabs.bar.sizeHint().height() == height


def test_an_unknown_tab_changes_nothing(tabs: TabStack) -> None:
    tabs.show_tab("dns")
    assert tabs.show_tab("nobody") is None
    assert tabs.current_id == "dns"


def test_a_panel_that_cannot_be_made_leaves_the_bar_where_it_was(show: Show, maker: Maker) -> None:
    def fail() -> QWidget:
        raise RuntimeError("no panel today")

    tabs = TabStack([TabInfo("good", "Good", maker.maker("good")), TabInfo("bad", "Bad", fail, order=1)])
    show(tabs, 300, 200)
    tabs.show_tab("good")
    with pytest.raises(RuntimeError, match="no panel today"):
        tabs.show_tab("bad")
    assert tabs.bar.currentIndex() == 0
    assert tabs.current_id == "good"


def test_a_page_that_needs_more_room_scrolls_and_does_not_force_the_window(show: Show) -> None:
    def make() -> QWidget:
        page = QLabel("large")
        page.setMinimumSize(900, 900)
        return page

    tabs = TabStack([TabInfo("large", "Large", make)])
    show(tabs, 400, 300)
    page = tabs.show_tab("large")
    assert page is not None
    assert tabs.minimumSizeHint().height() < 300
    assert page.size().height() >= 900
    assert (tabs.width(), tabs.height()) == (400, 300)


def test_a_page_that_fits_fills_its_place(tabs: TabStack) -> None:
    page = tabs.show_tab("dns")
    assert page is not None
    assert page.width() == tabs.width()
    tabs.resize(800, 500)
    assert page.width() == 800


def test_a_tree_that_was_filled_early_has_rows_of_the_usual_height(show: Show) -> None:
    def make() -> QWidget:
        tree = QTreeWidget()
        tree.addTopLevelItem(QTreeWidgetItem(["row"]))
        tree.setCurrentItem(tree.topLevelItem(0))
        return tree

    tabs = TabStack([TabInfo("tree", "Tree", make)])
    show(tabs, 300, 200)
    tree = tabs.show_tab("tree")
    assert isinstance(tree, QTreeWidget)
    tree.grab()
    assert tree.visualItemRect(tree.topLevelItem(0)).height() >= theme.metric(22)


def test_a_likely_visit_is_told_to_who_loads_for_it_until_the_panel_is_there(
    show: Show, maker: Maker
) -> None:
    loaded: list[str] = []
    infos = [
        TabInfo("start", "Start", maker.maker("start"), order=0),
        TabInfo("dns", "DNS", maker.maker("dns"), order=20, load=lambda: loaded.append("dns")),
    ]
    tabs = TabStack(infos)
    show(tabs, 600, 300)
    tabs._foresight.foreseen.emit(0)
    tabs._foresight.foreseen.emit(1)
    assert (loaded, maker.made) == (["dns"], [])
    tabs.show_tab("dns")
    tabs._foresight.foreseen.emit(1)
    assert loaded == ["dns"]

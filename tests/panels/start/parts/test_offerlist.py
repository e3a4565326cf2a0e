"""The list of the Start panel: groups with counts, a search with keys."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QTreeWidgetItem

from workbench.experiments.card import all_cards
from workbench.panels.start.parts.offerlist import COUNT, PLACE, SERVERS, TITLE, OfferList
from workbench.panels.start.state import Page, StartState
from workbench.panels.start.subjects import END, UDP, by_subject
from workbench.ui import theme

STATE = StartState(cards=all_cards())


@pytest.fixture
def made(app: QApplication) -> Iterator[OfferList]:
    theme.apply(app, "light", 100)
    offers = OfferList()
    offers.resize(320, 500)
    offers.show_state(STATE)
    offers.show()
    yield offers
    offers.close()
    offers.deleteLater()


def groups(offers: OfferList) -> dict[str, QTreeWidgetItem]:
    found = {}
    for at in range(offers.list.topLevelItemCount()):
        item = offers.list.topLevelItem(at)
        assert item is not None
        if item.data(0, TITLE):
            found[item.data(0, TITLE)] = item
    return found


def current(offers: OfferList) -> object:
    item = offers.list.currentItem()
    return item.data(0, PLACE) if item is not None else None


def searching(offers: OfferList) -> Callable[[str], None]:
    def search(words: str) -> None:
        offers.show_state(replace(STATE, search=words))

    return search


def test_each_group_says_how_many_it_has_at_its_right_and_is_closed_at_first(made: OfferList):
    expected = {subject: len(cards) for subject, cards in by_subject(STATE.cards)}
    shown = groups(made)
    assert {title: int(item.text(COUNT)) for title, item in shown.items()} == {
        **expected,
        SERVERS: len(STATE.services),
    }
    assert all(item.textAlignment(COUNT) & Qt.AlignmentFlag.AlignRight for item in shown.values())
    assert not any(item.isExpanded() for item in shown.values())
    assert not made.count.isVisible()
    # All groups are seen at once in a small window.
    assert len(shown) <= 16


def test_the_group_of_the_page_that_is_shown_is_open(made: OfferList):
    made.show_state(replace(STATE, page=Page("experiment", "half-close")))
    assert [title for title, item in groups(made).items() if item.isExpanded()] == [END]
    assert current(made) == ("experiment", "half-close")


def test_a_click_enter_space_and_the_arrow_keys_open_and_close_a_group(made: OfferList):
    group = groups(made)[UDP]
    where = made.list.visualItemRect(group).center()
    QTest.mouseClick(made.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert group.isExpanded()
    for key, is_open in (
        (Qt.Key.Key_Return, False),
        (Qt.Key.Key_Space, True),
        (Qt.Key.Key_Left, False),
        (Qt.Key.Key_Right, True),
    ):
        QTest.keyClick(made.list, key)
        assert group.isExpanded() == is_open
    assert group.isSelected()


def test_who_stands_on_a_group_stays_there_while_the_state_changes(made: OfferList):
    made.list.setCurrentItem(groups(made)[UDP])
    made.show_state(replace(STATE))
    assert made.list.currentItem() is groups(made)[UDP]


def test_a_search_opens_what_it_found_counts_it_and_leaves_the_groups_as_they_were(made: OfferList):
    groups(made)[UDP].setExpanded(True)
    search = searching(made)
    search("half")
    assert groups(made)
    assert all(item.isExpanded() for item in groups(made).values())
    found = replace(STATE, search="half")
    assert made.count.text() == (
        f"{len(found.found_cards)} of {len(STATE.cards)} experiments, "
        f"{len(found.found_services)} of {len(STATE.services)} servers"
    )
    assert made.count.isVisible()
    search("")
    assert [title for title, item in groups(made).items() if item.isExpanded()] == [UDP]
    assert not made.count.isVisible()


def test_keys_lead_from_the_search_to_the_first_that_was_found(made: OfferList):
    found = QSignalSpy(made.chosen)
    QTest.keyClicks(made.search, "half-close")
    searching(made)("half-close")
    QTest.keyClick(made.search, Qt.Key.Key_Return)
    assert current(made) == ("experiment", replace(STATE, search="half-close").found_cards[0].id)
    assert found.count() == 1
    QTest.keyClick(made.search, Qt.Key.Key_Escape)
    assert made.search.text() == ""


def test_a_long_title_is_told_whole_by_its_tip(made: OfferList):
    longest = max(STATE.cards, key=lambda card: len(card.title))
    made.show_state(replace(STATE, page=Page("experiment", longest.id)))
    item = made.list.currentItem()
    assert item is not None
    assert longest.title in item.toolTip(0)
    assert longest.question in item.toolTip(0)

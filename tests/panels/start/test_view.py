"""The Start panel as a person uses it: mouse and keys on the real widgets, against the Lab."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem, QWidget

from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.experiments.card import all_cards
from workbench.lab.catalogue import SERVICES
from workbench.panels.start.parts.offerlist import COUNT, PLACE
from workbench.panels.start.subjects import by_subject
from workbench.panels.start.view import OFFERS, StartPanel
from workbench.ui import theme

RIGHT = 2
"""The right answer of the card "half-close"."""

PARTS = 4
"""All pages in both palettes take a quarter of a minute: no single test shall take that long on a busy machine."""


def click(widget: QWidget) -> None:
    # A radio button's label is as wide as its column: its sign at the left is what can be hit.
    place = QPoint(min(10, widget.width() // 2), widget.height() // 2)
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place)


def items(panel: StartPanel) -> list[QTreeWidgetItem]:
    wild = Qt.MatchFlag.MatchWildcard | Qt.MatchFlag.MatchRecursive
    return panel.list.findItems("*", wild)


def listed(panel: StartPanel) -> list[tuple[str, str]]:
    """Kind and key of every entry that can be chosen, from top to bottom."""
    return [item.data(0, PLACE) for item in items(panel) if item.data(0, PLACE)]


def grouped(cards) -> list[tuple[str, str]]:
    """The entries of cards in the order of the list."""
    return [("experiment", card.id) for _, each in by_subject(cards) for card in each]


def choose(panel: StartPanel, kind: str, key: str) -> None:
    """Press an entry of the list."""
    item = next(item for item in items(panel) if item.data(0, PLACE) == (kind, key))
    panel.list.scrollToItem(item)
    QTest.mouseClick(
        panel.list.viewport(), Qt.MouseButton.LeftButton, pos=panel.list.visualItemRect(item).center()
    )


async def opened(app, appearance: str = "light") -> tuple[Workplace, StartPanel]:
    place = Workplace(app, appearance)
    panel = StartPanel(place.bench)
    place.show(panel, 1280, 700)
    await place.until(lambda: panel.controller.state.cards and place.feed.is_idle)
    return place, panel


async def chosen(app, card: str = "half-close") -> tuple[Workplace, StartPanel]:
    place, panel = await opened(app)
    choose(panel, "experiment", card)
    await place.until(lambda: panel.pages.currentIndex() == 1)
    return place, panel


# ---- looking around


async def test_it_begins_with_a_welcome_and_lists_every_experiment_and_server(app):
    place, panel = await opened(app)
    assert panel.welcome.isVisible()
    assert listed(panel) == [
        ("welcome", ""),
        *grouped(all_cards()),
        *(("service", info.name) for info in SERVICES),
    ]
    current = panel.list.currentItem()
    assert current is not None
    assert current.text(0) == "Welcome"
    assert panel.current_talk() is None
    await place.close(panel)


async def test_words_typed_into_the_search_narrow_the_list(app):
    place, panel = await opened(app)
    place.registry.run("start.search")
    assert panel.search.hasFocus() or not panel.isActiveWindow()
    QTest.keyClicks(panel.search, "Other HALF")
    await place.until(
        lambda: ("experiment", "half-close") in listed(panel) and len(listed(panel)) < len(SERVICES)
    )
    state = panel.controller.state
    assert listed(panel) == [
        ("welcome", ""),
        *grouped(state.found_cards),
        *(("service", info.name) for info in state.found_services),
    ]
    both = [card.id for card in all_cards() if {"other", "half"} <= set(card.title.casefold().split())]
    assert both
    assert {("experiment", each) for each in both} <= set(listed(panel))
    QTest.keyClicks(panel.search, " xyzzy")
    await place.until(lambda: listed(panel) == [("welcome", "")])
    titles = [item.text(0) for item in items(panel)]
    assert "Experiments: nothing found" in titles
    assert "Servers of the Lab: nothing found" in titles
    panel.search.clear()
    await place.until(lambda: len(listed(panel)) == 1 + len(all_cards()) + len(SERVICES))
    await place.close(panel)


async def test_the_arrow_keys_walk_through_the_pages(app):
    place, panel = await opened(app)
    panel.focus_start()
    first = by_subject(all_cards())[0][1][0]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(panel.list, key)
    await place.until(lambda: panel.experiment.title.text() == first.title)
    assert panel.experiment.isVisible()
    for key in (Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_End):
        QTest.keyClick(panel.list, key)
    await place.until(lambda: panel.service.title.text() == f"lab:{SERVICES[-1].name}")
    assert panel.service.isVisible()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    await place.until(panel.welcome.isVisible)
    await place.close(panel)


async def test_every_offer_leads_to_what_it_says(app):
    place, panel = await opened(app)
    for offer in panel.welcome.offers:
        click(offer.button)
    assert place.opened == [("sockets", *OFFERS[key]) for key in ("echo", "listen", "datagram", "reset")]
    await place.until(panel.experiment.isVisible)
    assert panel.draft() == {"page": "experiment", "key": all_cards()[0].id}
    await place.close(panel)


# ---- an experiment


async def test_it_asks_before_it_plays_and_explains_only_afterwards(app):
    place, panel = await chosen(app)
    page = panel.experiment
    assert page.question.isVisible()
    assert len(page.group.buttons()) == 3
    for button in (page.play_button, page.step_button):
        assert not button.isEnabled()
        assert "say first what you expect" in button.toolTip()
    assert not place.registry.run("start.play")
    assert not page.explanation.isVisible()
    assert len(page.steps.texts()) == 9
    click(page.group.button(RIGHT))
    await place.until(page.play_button.isEnabled)
    assert page.verdict.verdict.sentence == "Now play."
    await place.close(panel)


@pytest.mark.covers("C5.1")
async def test_a_right_prediction_is_confirmed_with_steps_observations_and_the_reason(app):
    place, panel = await chosen(app)
    page = panel.experiment
    click(page.group.button(RIGHT))
    await place.until(page.play_button.isEnabled)
    click(page.play_button)
    await place.until(lambda: page.verdict.verdict.word == "as you said")
    assert page.verdict.verdict.kind == "good"
    assert len(page.steps.texts()) == 9
    assert len(page.seen.texts()) == 5
    assert page.explanation.isVisible()
    assert "half-closed" in page.explanation.text()
    assert not page.play_button.isEnabled()
    assert "play it again" in page.play_button.toolTip()
    assert not any(answer.isEnabled() for answer in page.group.buttons())
    talk = panel.current_talk()
    assert talk is not None
    assert place.talks[-1] is not None
    assert place.talks[-1].transcript is talk.transcript
    assert (talk.title, len(talk.transcript) > 5) == ("The other half stays open", True)
    await place.close(panel)


async def test_a_wrong_prediction_is_told_kindly_with_what_happened(app):
    place, panel = await chosen(app)
    page = panel.experiment
    click(page.group.button(0))
    await place.until(page.play_button.isEnabled)
    place.registry.run("start.play")
    await place.until(lambda: page.verdict.verdict.word == "otherwise")
    assert page.verdict.verdict.kind == "warning"
    assert "whatever the server still wants to send" in page.verdict.text()
    await place.close(panel)


async def test_it_plays_step_by_step_and_then_anew(app):
    place, panel = await chosen(app)
    page = panel.experiment
    assert not page.again_button.isEnabled()
    click(page.group.button(RIGHT))
    await place.until(page.step_button.isEnabled)
    for number in range(1, 9):
        click(page.step_button)
        await place.until(lambda number=number: f"{number} of 9 steps" in page.verdict.text())
        await place.until(page.step_button.isEnabled)
    click(page.step_button)
    await place.until(lambda: page.verdict.verdict.word == "as you said")
    click(page.again_button)
    await place.until(lambda: not page.explanation.isVisible())
    assert page.group.checkedId() == -1
    assert all(answer.isEnabled() for answer in page.group.buttons())
    assert not page.again_button.isEnabled()
    assert not page.play_button.isEnabled()
    await place.close(panel)


async def test_another_experiment_begins_while_one_is_in_the_middle(app):
    place, panel = await chosen(app)
    page = panel.experiment
    click(page.group.button(RIGHT))
    await place.until(page.step_button.isEnabled)
    click(page.step_button)
    await place.until(lambda: "1 of 9" in page.verdict.text())
    place.registry.run("start.play")
    choose(panel, "experiment", "who-speaks-first")
    await place.until(lambda: page.title.text() != "The other half stays open")
    card = next(card for card in all_cards() if card.id == "who-speaks-first")
    assert len(page.group.buttons()) == len(card.choices)
    click(page.group.button(card.right))
    await place.until(page.play_button.isEnabled)
    click(page.play_button)
    await place.until(lambda: page.verdict.verdict.word == "as you said")
    assert panel.controller.state.problem is None
    await place.close(panel)


async def test_leaving_in_the_middle_of_an_experiment_leaves_nothing(app):
    place, panel = await chosen(app)
    page = panel.experiment
    click(page.group.button(0))
    await place.until(page.step_button.isEnabled)
    for number in (1, 2, 3):
        click(page.step_button)
        await place.until(lambda number=number: f"{number} of 9" in page.verdict.text())
    click(page.play_button)
    await place.close(panel)
    assert all(not scope.jobs for scope in place.scopes)


# ---- a server of the Lab


async def test_a_database_of_the_lab_opens_where_databases_are_looked_at(app):
    place, panel = await opened(app)
    choose(panel, "service", "sql")
    await place.until(panel.service.isVisible)
    click(panel.service.open_button)
    assert place.opened == [("sql", "lab:sql", "")]
    await place.close(panel)


async def test_a_server_starts_shows_its_address_opens_and_stops(app):
    place, panel = await opened(app)
    choose(panel, "service", "echo")
    page = panel.service
    await place.until(page.isVisible)
    assert page.title.text() == "lab:echo"
    assert "RFC 862" in page.facts.text()
    assert "not running" in page.where.text()
    assert (page.start_button.isEnabled(), page.stop_button.isEnabled()) == (True, False)
    click(page.start_button)
    await place.until(lambda: page.where.text().startswith("runs at 127.0.0.1:"))
    assert (page.start_button.isEnabled(), page.stop_button.isEnabled()) == (False, True)
    click(page.open_button)
    assert place.opened == [("sockets", "lab:echo", "")]
    click(page.stop_button)
    await place.until(lambda: "not running" in page.where.text())
    await place.close(panel)


async def test_a_turned_switch_starts_one_more_that_misbehaves_so(app):
    place, panel = await opened(app)
    choose(panel, "service", "echo")
    page = panel.service
    await place.until(page.isVisible)
    field = page.editors["cut_after"].field
    assert field is not None
    QTest.keyClicks(field, "3")
    assert page.start_button.text() == "Start like this"
    click(page.open_button)
    await place.until(lambda: place.opened)
    panel_id, target, how = place.opened[0]
    assert (panel_id, how) == ("sockets", "")
    assert target.startswith("127.0.0.1:")
    await place.until(lambda: target in page.where.text())
    await place.close(panel)


async def test_a_switch_with_a_wrong_value_is_told_and_nothing_is_started(app):
    place, panel = await opened(app)
    choose(panel, "service", "echo")
    page = panel.service
    await place.until(page.isVisible)
    field = page.editors["cut_after"].field
    assert field is not None
    QTest.keyClicks(field, "soon")
    click(page.start_button)
    await place.until(panel.notice.isVisible)
    assert "cut_after" in panel.notice.what.text().casefold()
    assert place.lab.mode == "none"
    click(panel.notice.close_button)
    await place.until(lambda: not panel.notice.isVisible())
    await place.close(panel)


# ---- what survives, how it looks


async def test_the_page_comes_back_and_junk_leads_to_the_welcome(app):
    place, panel = await chosen(app)
    draft = panel.draft()
    panel.restore({"page": "welcome", "key": ""})
    await place.until(panel.welcome.isVisible)
    panel.restore(draft)
    await place.until(panel.experiment.isVisible)
    assert panel.draft() == draft
    for junk in (
        {},
        {"page": "experiment", "key": "gone"},
        {"page": 5, "key": []},
        {"page": "service", "key": "x"},
    ):
        panel.restore(draft)
        panel.restore(junk)
        await place.until(lambda: place.feed.is_idle)
    assert panel.welcome.isVisible()
    await place.close(panel)


async def test_the_list_follows_another_appearance(app):
    place, panel = await opened(app)
    theme.apply(app, "dark", 100)
    await place.until(lambda: place.feed.is_idle)
    group = panel.list.topLevelItem(1)
    assert group is not None
    assert group.foreground(COUNT).color() == theme.colour("muted")
    theme.apply(app, "light", 100)
    await place.close(panel)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_nothing_is_unnamed_or_clipped_on_any_page(app, appearance: str, part: int):
    place, panel = await opened(app, appearance)
    for kind, key in listed(panel)[part::PARTS]:
        panel.restore({"page": kind, "key": key})
        await place.until(lambda: place.feed.is_idle)
        assert sweep.unnamed(panel) == []
        assert sweep.without_tip(panel) == []
        # A label that changed is laid out in the next turn.
        await place.until(lambda: sweep.clipped(panel) == [])
    await place.close(panel)


async def test_nothing_is_clipped_once_an_experiment_was_played(app):
    place, panel = await chosen(app)
    click(panel.experiment.group.button(0))
    await place.until(panel.experiment.play_button.isEnabled)
    click(panel.experiment.play_button)
    await place.until(panel.experiment.explanation.isVisible)
    await place.until(lambda: sweep.clipped(panel) == [])
    assert sweep.unnamed(panel) == []
    await place.close(panel)


async def test_the_tab_key_reaches_everything_that_can_be_pressed(app):
    place, panel = await chosen(app)
    click(panel.experiment.group.button(RIGHT))
    await place.until(panel.experiment.play_button.isEnabled)
    order = sweep.focus_order(panel)
    for control in (panel.search, panel.list, panel.experiment.play_button, panel.experiment.step_button):
        assert control in order
    assert any(answer in order for answer in panel.experiment.group.buttons())
    await place.close(panel)

"""What a machine can't play says why, and its button plays what can; experiments of socket calls leave as code."""

import select

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.panels.start.test_controller import opened as desk_of
from tests.panels.start.test_view import choose, items, opened
from workbench.cli.checks_machine import event_loop
from workbench.errors import LocalMisuse
from workbench.experiments.card import find_card
from workbench.panels.start.view import PLACE


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.mark.covers("I.3")
async def test_without_poll_the_card_says_so_and_its_button_plays_the_variant(app, monkeypatch):
    monkeypatch.delattr(select, "poll")
    assert "poll" not in event_loop().found.replace(",", "").split()
    place, panel = await opened(app)
    page = panel.experiment
    entry = next(item for item in items(panel) if item.data(0, PLACE) == ("experiment", "poll-client"))
    assert "this machine has not the call poll" in entry.toolTip(0)
    choose(panel, "experiment", "poll-client")
    await place.until(lambda: place.feed.is_idle and page.title.text() == find_card("poll-client").title)
    variant = find_card("select-client").title
    assert page.lacking.text().startswith("Not on this platform: this machine has not the call poll.")
    assert variant in page.lacking.text()
    assert page.play_button.text() == "Play the variant"
    assert not page.step_button.isEnabled()
    click(page.play_button)
    await place.until(lambda: panel.controller.state.experiment.card.id == "select-client")
    await place.until(lambda: panel.controller.state.experiment.is_done)
    assert panel.controller.state.experiment.playing.result.passed
    await place.until(lambda: place.feed.is_idle and page.title.text() == variant)
    assert page.play_button.text() == "Play"
    assert not page.lacking.isVisible()
    await place.close(panel)


async def test_an_experiment_leaves_as_a_script(app):
    place, panel = await opened(app)
    choose(panel, "experiment", "half-close")
    await place.until(lambda: place.feed.is_idle and panel.experiment.script_button.isEnabled())
    click(panel.experiment.script_button)
    script = QGuiApplication.clipboard().text()
    assert "shutdown(socket.SHUT_WR)" in script
    compile(script, "half-close", "exec")
    choose(panel, "experiment", "sql-quotes")
    await place.until(lambda: place.feed.is_idle and not panel.experiment.script_button.isEnabled())
    assert "no socket call" in panel.experiment.script_button.toolTip()
    await place.close(panel)


@pytest.mark.covers("I.6")
async def test_experiments_are_found_by_word_by_panel_and_by_subject():
    desk = await desk_of()
    desk.page.search("deadlock")
    assert "both-talk" in [card.id for card in desk.page.state.found_cards]
    assert all(
        "deadlock" in f"{c.title} {c.question} {c.explanation}".lower() for c in desk.page.state.found_cards
    )
    desk.page.search("certificates")
    assert any(
        card.panel == "certificates" or "certificates" in card.explanation
        for card in desk.page.state.found_cards
    )
    desk.page.search("dns")
    assert {card.panel for card in desk.page.state.found_cards} >= {"dns"}
    desk.page.search("databases")
    assert {card.panel for card in desk.page.state.found_cards} >= {"sql"}
    desk.page.search("RFC 8305")
    assert "first-answer-wins" in [card.id for card in desk.page.state.found_cards]
    await desk.close()


async def test_an_experiment_without_a_variant_stays_where_it_is(monkeypatch):
    desk = await desk_of()
    desk.page.show("experiment", "half-close")
    assert desk.page.state.experiment.lacking == ""
    with pytest.raises(LocalMisuse):
        await desk.page.play_variant()
    assert desk.page.script().startswith('"""')
    await desk.close()

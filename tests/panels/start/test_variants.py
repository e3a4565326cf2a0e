"""What a machine can't play says why, and its button plays what can; every experiment leaves as a program.

The last is done by workbench.panels.start.parts.leaving.
"""

import asyncio
import select

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.panels.start.test_controller import opened as desk_of
from tests.panels.start.test_view import choose, items, opened
from workbench.cli.checks_machine import event_loop
from workbench.errors import LocalFault, LocalMisuse
from workbench.experiments.card import find_card
from workbench.panels.start.parts import leaving
from workbench.panels.start.parts.offerlist import PLACE


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


@pytest.mark.covers("I.1")
async def test_every_experiment_leaves_as_a_script(app, monkeypatch, tmp_path):
    place, panel = await opened(app)
    asked = []

    async def chosen_file(parent, title, filters=(), suggested="", folder=None):
        asked.append((title, filters, suggested))
        return tmp_path / suggested

    monkeypatch.setattr(leaving, "ask_save_file", chosen_file)
    for card_id in ("half-close", "sql-quotes"):
        choose(panel, "experiment", card_id)
        await place.until(lambda card_id=card_id: shown(panel) == card_id and place.feed.is_idle)
        assert panel.experiment.script_button.isEnabled()
        click(panel.experiment.script_button)
        file = tmp_path / f"{card_id.replace('-', '_')}.py"
        await place.until(file.exists)
        compile(file.read_text("utf-8"), card_id, "exec")
        assert find_card(card_id).title in file.read_text("utf-8")
    assert [suggested for _, _, suggested in asked] == ["half_close.py", "sql_quotes.py"]
    await place.close(panel)


def shown(panel) -> str:
    experiment = panel.controller.state.experiment
    return experiment.card.id if experiment is not None else ""


async def test_nothing_is_written_when_the_dialog_is_left(app, monkeypatch):
    place, panel = await opened(app)
    left = asyncio.Event()

    async def nothing(*_given, **_named):
        left.set()

    monkeypatch.setattr(leaving, "ask_save_file", nothing)
    saved = []
    monkeypatch.setattr(panel.controller, "save_script", saved.append)
    choose(panel, "experiment", "half-close")
    await place.until(lambda: shown(panel) == "half-close")
    click(panel.experiment.script_button)
    await asyncio.wait_for(left.wait(), 5)
    assert saved == []
    await place.close(panel)


async def test_the_same_program_is_copied_with_the_certificate_that_it_needs(app):
    place, panel = await opened(app)
    choose(panel, "experiment", "nobody-confirms")
    await place.until(lambda: shown(panel) == "nobody-confirms" and place.feed.is_idle)
    QGuiApplication.clipboard().clear()
    panel._leaving.copy()
    await place.until(lambda: bool(QGuiApplication.clipboard().text()))
    script = QGuiApplication.clipboard().text()
    compile(script, "nobody-confirms", "exec")
    assert (await place.bench.lab.authority()).certificate.decode().strip() in script
    await place.close(panel)


async def test_a_file_that_can_not_be_written_is_a_problem(tmp_path):
    desk = await desk_of()
    desk.page.show("experiment", "half-close")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LocalFault):
        await desk.page.save_script(str(tmp_path / "file" / "half_close.py"))
    assert desk.page.state.problem is not None
    await desk.close()


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
    assert (await desk.page.script()).startswith('"""')
    await desk.close()

"""The page of Gopher as a person uses it: mouse and keys on the real widgets, against the Lab.

What it is made of is tested through it: workbench.panels.sockets.gopher.parts.answer,
workbench.panels.sockets.gopher.parts.levels, workbench.panels.sockets.gopher.actions,
workbench.panels.sockets.gopher.models, workbench.panels.sockets.gopher.places and
workbench.panels.sockets.gopher.state;
workbench.panels.sockets.gopher.tour in the tour of the whole window.
"""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.panels.benches import FrameOfOne, Workplace
from tests.ui import sweep
from workbench.panels.sockets.gopher.view import GopherPage
from workbench.protocols.gopher.values import Item


async def opened(app, appearance: str = "light") -> tuple[Workplace, GopherPage]:
    place = Workplace(app, appearance)
    page = GopherPage(place.bench, FrameOfOne(place))
    place.registry.add_all(page.page_actions(), page)
    place.show(page, 1280, 620)
    return place, page


async def rested(place: Workplace, page: GopherPage) -> None:
    await place.until(lambda: place.feed.is_idle and not any(scope.jobs for scope in place.scopes))


async def at_root(app, appearance: str = "light") -> tuple[Workplace, GopherPage]:
    place, page = await opened(app, appearance)
    QTest.mouseClick(page.answer.empty.button, Qt.MouseButton.LeftButton)
    await rested(place, page)
    return place, page


async def closed(place: Workplace, page: GopherPage) -> None:
    place.registry.forget("sockets/gopher")
    await place.close(page)


def cell(model, row: int, column: int) -> str:
    return str(model.index(row, column).data() or "")


async def test_a_menu_is_walked_through_by_keys_and_back(app):
    place, page = await at_root(app)
    assert page.verdict.verdict.word == "menu"
    items = page.answer.items
    assert [cell(items, 2, column) for column in range(3)] == ["0  text", "About this server", "/readme"]
    assert cell(items, 2, 3) == "127.0.0.1"
    assert int(cell(items, 2, 4)) > 0
    # A line of words leads nowhere; the first item that leads somewhere is chosen.
    assert page.answer.current_item.text == "About this server"
    QTest.keyClick(page.answer.table, Qt.Key.Key_Return)
    await rested(place, page)
    assert page.verdict.verdict.word == "text"
    assert "\n.and a line" in page.answer.text.toPlainText()
    assert page.bar.text() == "lab:gopher/0/readme"
    assert page.controller.state.form.selector == "/readme"
    assert page.parts.chips[-1].text() == "selector /readme"
    QTest.mouseClick(page.back_button, Qt.MouseButton.LeftButton)
    await rested(place, page)
    assert page.verdict.verdict.word == "menu"
    assert not page.back_button.isEnabled()
    await closed(place, page)


async def test_octets_come_as_octets_and_every_read_is_a_row(app):
    place, page = await opened(app)
    page.open_target("lab:gopher")
    QTest.keyClicks(page.selector, "/octets.bin")
    page.read_octets.setValue(16)
    QTest.keyClick(page.selector, Qt.Key.Key_Return)
    await rested(place, page)
    assert page.verdict.verdict.word == "octets"
    assert page.reads.rowCount() == 128
    assert [cell(page.reads, 0, column) for column in range(2)] == ["1", "16"]
    assert [rung.state for rung in page.ladder.model.rows] == ["done"] * 7
    await closed(place, page)


async def test_a_selector_that_is_typed_takes_the_place_of_the_one_in_the_address(app):
    place, page = await opened(app)
    page.open_target("lab:gopher/0/readme")
    QTest.keyClicks(page.selector, "/stars")
    QTest.keyClick(page.selector, Qt.Key.Key_Return)
    await rested(place, page)
    assert page.bar.text() == "lab:gopher/"
    assert page.verdict.verdict.word == "menu"
    assert page.answer.items.rows[1].text == "Sirius"
    await closed(place, page)


async def test_a_failure_is_on_its_rung_and_said_above(app):
    place, page = await opened(app)
    page.open_target("127.0.0.1:1")
    page.start()
    await rested(place, page)
    assert page.notice.isVisible()
    assert "ECONNREFUSED" in page.notice.what.text()
    states = [rung.state for rung in page.ladder.model.rows]
    assert states == ["done"] * 3 + ["failed"] + ["not reached"] * 3
    assert cell(page.ladder.model, 3, 1) == "failed"
    page.ladder.table.activated.emit(page.ladder.model.index(3, 0))
    assert place.events
    await closed(place, page)


async def test_the_same_request_on_four_levels_with_its_scripts(app):
    place, page = await opened(app)
    page.climb()
    await rested(place, page)
    assert page.verdict.verdict.word == "identical"
    assert page.views.page == 1
    model = page.levels.model
    assert [cell(model, 1, column) for column in (1, 2)] == [
        "sendall(b'\\r\\n')",
        "write(b'\\r\\n')\nflush()",
    ]
    assert cell(model, 0, 3) == "inside the call"
    assert len({cell(model, 5, column) for column in (1, 2, 3, 4)}) == 1
    for column, word in ((1, "sendall"), (2, "makefile"), (3, "def fetch"), (4, "GopherHandler")):
        page.levels.table.setCurrentIndex(model.index(0, column))
        assert word in page.levels.code.toPlainText()
    titles = [title for title, _ in page.current_talk().copies]
    assert titles == ["Python: sockets", "Python: file", "Python: protocol", "Python: address", "curl"]
    assert "GopherHandler" in dict(page.current_talk().copies)["Python: address"]()
    await closed(place, page)


async def test_a_search_asks_for_its_words_first(app):
    place, page = await at_root(app)
    row = next(row for row, item in enumerate(page.answer.items.rows) if item.type == "7")
    page.answer.table.selectRow(row)
    page.open_current()
    assert page.bar.text() == "lab:gopher/7/search"
    QTest.keyClicks(page.search, "zenith")
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    await rested(place, page)
    assert [item.text for item in page.answer.items.rows] == ["Vega"]
    await closed(place, page)


async def test_other_schemes_go_to_the_panels_that_speak_them_and_unknown_ones_are_refused(app):
    place, page = await opened(app)
    for address, panel in (("http://127.0.0.1/x", "web"), ("ftp://127.0.0.1/", "files")):
        page.open_target(address)
        page.start()
        assert place.opened[-1] == (panel, address, "")
    page.open_target("wais://127.0.0.1/x")
    page.start()
    assert "No engine here speaks wais" in page.bar.problem.text()
    assert len(place.opened) == 2
    assert len(page.controller.transcript) == 0
    page._on_item_opened(Item("h", "x", "URL:http://127.0.0.1/", "h", 70))
    page._on_item_opened(Item("8", "x", "", "127.0.0.1", 23))
    assert place.opened[2:] == [("web", "http://127.0.0.1/", ""), ("sockets", "127.0.0.1:23", "console")]
    await closed(place, page)


async def test_a_silent_server_is_given_up_by_esc(app):
    place, page = await opened(app)
    page.open_target("lab:silent")
    page.start()
    await place.until(lambda: page.ladder.model.rows[4].state == "done")
    assert page.ladder.model.rows[5].state == "running"
    assert place.registry.run("sockets.gopher_stop")
    await rested(place, page)
    assert page.verdict.verdict.word == "cancelled"
    await closed(place, page)


async def test_a_draft_survives_and_nothing_is_asked(app):
    place, page = await opened(app)
    page.open_target("lab:gopher")
    page.selector.setText("/stars")
    page.terminator.setCurrentIndex(1)
    page.read_octets.setValue(16)
    page._on_edited()
    draft = page.draft()
    await closed(place, page)
    place, other = await opened(app)
    other.restore(draft)
    other.restore({"bar": 3, "read_octets": "x", "terminator": None})
    assert other.draft()["selector"] == "/stars"
    assert other.read_octets.value() == 16
    assert len(other.controller.transcript) == 0
    await closed(place, other)


@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_everything_has_a_name_and_nothing_is_clipped(app, appearance: str):
    place, page = await at_root(app, appearance)
    for view in (0, 1):
        page.views.turn_to(view)
        assert sweep.unnamed(page) == []
        assert sweep.without_tip(page) == []
        await place.until(lambda: sweep.clipped(page) == [])
    await closed(place, page)

"""The page of calls as a person uses it: mouse and keys on the real widgets, against the Lab.

What it is made of is tested through it: workbench.panels.web.calls.parts.composer,
workbench.panels.web.calls.parts.outcome, workbench.panels.web.calls.actions and workbench.panels.web.calls.models;
workbench.panels.web.calls.tour in the tour of the whole window.
"""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels.web.calls.models import MAX_CHILDREN, ArgumentsModel, ValueModel
from workbench.panels.web.calls.state import Argument
from workbench.panels.web.calls.view import CallsPage
from workbench.panels.web.view import WebPanel
from workbench.protocols.xmlrpc.values import Value


async def opened(app, appearance: str = "light") -> tuple[Workplace, WebPanel, CallsPage]:
    place = Workplace(app, appearance)
    panel = WebPanel(place.bench)
    panel.show_page("calls")
    place.show(panel, 1280, 640)
    return place, panel, panel.pages["calls"]


async def rested(place: Workplace, page: CallsPage) -> None:
    await place.until(lambda: place.feed.is_idle and not page.controller.state.is_running)


async def listed(app, appearance: str = "light") -> tuple[Workplace, WebPanel, CallsPage]:
    place, panel, page = await opened(app, appearance)
    QTest.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    await rested(place, page)
    return place, panel, page


def choose(page: CallsPage, name: str) -> None:
    names = [method.name for method in page.methods.rows]
    page.table.selectRow(names.index(name))


def cell(model, row: int, column: int) -> str:
    return str(model.index(row, column).data())


@pytest.mark.covers("C8.17")
async def test_methods_are_listed_and_a_call_is_composed_from_the_signature(app):
    place, panel, page = await listed(app)
    assert page.verdict.verdict.word == "listed"
    choose(page, "pow")
    await rested(place, page)
    assert page.composer.method.text() == "pow"
    assert [cell(page.composer.arguments, row, 0) for row in range(3)] == ["int", "int", ""]
    assert "int pow(int, int)" in page.composer.help.text()
    for row, text in enumerate(("2", "10")):
        model = page.composer.arguments
        model.setData(model.index(row, 1), text)
    QTest.mouseClick(page.composer.button, Qt.MouseButton.LeftButton)
    await place.until(lambda: page.controller.state.came is not None)
    await rested(place, page)
    assert page.verdict.verdict.sentence == "1024"
    values = page.outcome.values
    assert [cell(values, 0, column) for column in range(3)] == ["value", "int", "1024"]
    page.outcome.tree.setCurrentIndex(values.index(0, 0))
    start, stop = page.outcome.received.selected
    assert page.controller.state.came.received[start:stop] == b"<value><int>1024</int></value>"
    assert "server, 'pow')(2, 10)" in page.current_talk().copies[0][1]()
    await place.close(panel)


async def test_a_fault_is_shown_with_its_number(app):
    place, panel, page = await opened(app)
    page.open_target("lab:xmlrpc")
    QTest.keyClicks(page.composer.method, "nosuch")
    QTest.keyClick(page.composer.method, Qt.Key.Key_Return)
    await place.until(lambda: page.controller.state.problem is not None)
    await rested(place, page)
    assert page.verdict.verdict.word == "fault"
    assert page.verdict.verdict.sentence.startswith("-32601: ")
    assert page.outcome.lists.currentWidget() is page.outcome.received
    page.inspect()
    await place.until(lambda: panel.pages["inspector"].controller.state.looked is not None)
    assert panel.pages["inspector"].controller.state.looked.page.kind == "xml"
    await place.close(panel)


async def test_an_argument_of_the_wrong_type_is_marked_before_anything_is_sent(app):
    place, panel, page = await listed(app)
    choose(page, "pow")
    await rested(place, page)
    model = page.composer.arguments
    model.setData(model.index(0, 1), "two")
    sent = len(page.controller.transcript)
    page.call()
    await place.until(lambda: page.controller.state.wrong_argument == 0)
    await rested(place, page)
    assert len(page.controller.transcript) == sent
    assert model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole) == "this one can't be sent"
    await place.close(panel)


async def test_overloads_have_a_choice(app):
    place, panel, page = await listed(app)
    choose(page, "add")
    await rested(place, page)
    assert page.composer.signature.count() == 2
    page.composer.signature.setCurrentIndex(1)
    page.composer.signature.activated.emit(1)
    await rested(place, page)
    assert [argument.type for argument in page.controller.state.form.arguments] == ["double", "double"]
    await place.close(panel)


def test_arguments_are_added_typed_and_removed(app):
    model = ArgumentsModel()
    model.setData(model.index(0, 1), "a")
    model.setData(model.index(1, 0), "boolean")
    model.setData(model.index(1, 1), "true")
    assert model.arguments == (Argument("", "a"), Argument("boolean", "true"))
    model.remove(0)
    assert model.arguments == (Argument("boolean", "true"),)
    assert model.rowCount() == 2


def test_a_long_array_is_shown_as_far_as_people_look(app):
    model = ValueModel()
    model.show_value(Value("array", tuple(Value("int", at) for at in range(MAX_CHILDREN + 7))))
    top = model.index(0, 0)
    assert model.rowCount(top) == MAX_CHILDREN + 1
    assert model.index(MAX_CHILDREN, 2, top).data() == "and 7 more, which are not shown"
    assert model.index(3, 2, top).data() == "3"
    assert model.parent(model.index(3, 0, top)) == top


async def test_the_draft_survives(app):
    place, panel, page = await listed(app)
    choose(page, "add")
    await rested(place, page)
    model = page.composer.arguments
    model.setData(model.index(0, 1), "5")
    draft = panel.draft()
    await place.close(panel)
    place, panel, page = await opened(app)
    panel.restore(draft)
    assert page.draft() == draft["pages"]["calls"]
    assert page.composer.arguments.arguments[0] == Argument("int", "5")
    assert len(page.controller.transcript) == 0
    await place.close(panel)


@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_nothing_is_unnamed_or_clipped(app, appearance: str):
    place, panel, page = await listed(app, appearance)
    choose(page, "add")
    await rested(place, page)
    assert sweep.unnamed(panel) == []
    assert sweep.without_tip(panel) == []
    await place.until(lambda: sweep.clipped(panel) == [])
    await place.close(panel)

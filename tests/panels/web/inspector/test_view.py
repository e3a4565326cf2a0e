"""The page of documents as a person uses it: mouse and keys on the real widgets, against the Lab.

What it is made of is tested through it, and workbench.panels.web.inspector.tour in the tour:
workbench.panels.web.inspector.parts.document,
workbench.panels.web.inspector.parts.search, workbench.panels.web.inspector.parts.source,
workbench.panels.web.inspector.actions and workbench.panels.web.inspector.models.
"""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.formats.markup.samples import table_page
from tests.kit.pulse import even_pulse
from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels.bench import Document
from workbench.panels.web.inspector.models import GROUP, TreeModel
from workbench.panels.web.inspector.view import InspectorPage
from workbench.panels.web.view import WebPanel

PAGE = (
    b"<!DOCTYPE html>\n<title>Tides</title>\n"
    b"<table>\n <tr><td><a href='/one'>one</a></td><td>two</td></tr>\n</table>\n<p>end</i>\n"
)


async def opened(app, appearance: str = "light") -> tuple[Workplace, WebPanel, InspectorPage]:
    place = Workplace(app, appearance)
    panel = WebPanel(place.bench)
    panel.show_page("inspector")
    place.show(panel, 1280, 640)
    return place, panel, panel.pages["inspector"]


async def inspected(app, data: bytes = PAGE, media_type: str = "text/html"):
    place, panel, page = await opened(app)
    panel.take(Document("page.html", media_type, data, "http://host/page.html"))
    await place.until(lambda: is_ready(place, page))
    return place, panel, page


def is_ready(place: Workplace, page: InspectorPage) -> bool:
    state = page.controller.state
    return bool(
        place.feed.is_idle
        and not state.is_running
        and (state.problem or (state.looked and state.looked.is_marked))
    )


async def found(place: Workplace, page: InspectorPage, expression: str) -> None:
    page.search_line.expression.clear()
    QTest.keyClicks(page.search_line.expression, expression)
    QTest.keyClick(page.search_line.expression, Qt.Key.Key_Return)
    await place.until(
        lambda: (
            place.feed.is_idle
            and not page.controller.state.is_searching
            and (page.controller.state.answer or page.controller.state.problem)
        )
    )


def rows(model: TreeModel, parent: QModelIndex | None = None) -> list[str]:
    """Every row of the tree, whole."""
    parent = parent or QModelIndex()
    shown: list[str] = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        shown += [str(index.data()), *rows(model, index)]
    return shown


def place_of(page: InspectorPage, title: str) -> str:
    """What the tree says of where a node stands."""
    todo = [QModelIndex()]
    while todo:
        parent = todo.pop()
        for row in range(page.document.nodes.rowCount(parent)):
            index = page.document.nodes.index(row, 0, parent)
            if str(index.data()).startswith(title):
                return str(index.siblingAtColumn(2).data())
            todo.append(index)
    raise AssertionError(title)


async def test_the_offer_of_the_empty_page_is_a_page_away(app):
    place, panel, page = await opened(app)
    assert page.empty.isVisible()
    QTest.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    await place.until(lambda: is_ready(place, page))
    assert page.bar.text() == "lab:http/page"
    assert "<html" in " ".join(rows(page.document.nodes))
    assert len(page.controller.transcript) > 0
    await place.close(panel)


async def test_tree_source_and_hits_are_one_thing(app):
    place, panel, page = await inspected(app)
    document = page.document
    assert place_of(page, "<tbody>") == "not in the source"
    assert place_of(page, "<a ") == "4:10"
    await found(place, page, "//a/@href")
    assert page.verdict.verdict.sentence == "1 hit"
    model = document.hits
    assert [model.index(0, column).data() for column in range(4)] == ["1", "4:10", "@href", "/one"]
    start, stop = document.source.selected
    assert PAGE[start:stop] == b"href='/one'"
    assert (
        document.nodes.index_of(document.nodes.node_of(document.tree.currentIndex())).data().startswith("<a ")
    )
    # A click into the source selects the node that stands there.
    line = document.source.text_of(6 - 1)
    assert line == "<p>end</i>"
    view = document.source
    height, width = view._height(), view._width()
    at = QPoint(
        int(view._gutter() + 4.5 * width), int((5 - view.verticalScrollBar().value()) * height + height / 2)
    )
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    await place.until(lambda: place.feed.is_idle)
    assert document.nodes.data(document.tree.currentIndex()) == '"end "'
    assert "line 6, column 4" in document.where.text()
    await place.close(panel)


@pytest.mark.covers("C7.8")
async def test_mistakes_are_listed_and_lead_to_their_place(app):
    place, panel, page = await inspected(app)
    model = page.document.problems
    names = [model.index(row, 1).data() for row in range(model.rowCount())]
    assert names == ["unexpected-end-tag"]
    page.document.problem_table.selectRow(0)
    await place.until(lambda: place.feed.is_idle)
    start, stop = page.document.source.selected
    assert PAGE[start:stop] == b"</i>"
    assert page.verdict.verdict.word == "read"
    await place.close(panel)


async def test_hits_are_walked_by_keys(app):
    place, panel, page = await inspected(app)
    await found(place, page, "//td")
    assert page.search_line.at.text() == "1 of 2"
    QTest.mouseClick(page.search_line.after, Qt.MouseButton.LeftButton)
    await place.until(lambda: place.feed.is_idle)
    assert page.search_line.at.text() == "2 of 2"
    page.next_hit()
    await place.until(lambda: place.feed.is_idle)
    assert page.controller.state.hit == 0
    page.copy()
    assert QGuiApplication.clipboard().text() == "<td><a href='/one'>one</a></td>"
    page.copy_path()
    assert QGuiApplication.clipboard().text() == "/html/body/table/tbody/tr/td[1]"
    await place.close(panel)


async def test_a_wrong_expression_has_its_place_and_stops_nothing(app):
    place, panel, page = await inspected(app)
    await found(place, page, "//x:a")
    assert page.notice.isVisible()
    assert page.search_line.marks["expression"].isVisible()
    page.search_line.language.setCurrentIndex(1)
    await found(place, page, "td > a")
    assert page.document.hits.rowCount() == 1
    assert not page.notice.isVisible()
    await place.close(panel)


@pytest.mark.parametrize("expression", ["count(//*" + "[count(//*" * 12 + ")]" * 12 + ")"])
async def test_an_expression_that_never_ends_is_killed_and_the_next_one_works(app, expression: str):
    place, panel, page = await inspected(app)
    page.controller.search_within_s = 0.5
    with even_pulse():
        await found(place, page, expression)
    assert page.controller.state.problem.kind == "TooSlow"
    page.controller.search_within_s = 10.0
    await found(place, page, "//td")
    assert page.document.hits.rowCount() == 2
    await place.close(panel)


async def test_escape_ends_a_search(app):
    place, panel, page = await inspected(app)
    page.search_line.expression.setText("count(//*" + "[count(//*" * 12 + ")]" * 12 + ")")
    page.search()
    await place.until(lambda: page.controller.state.is_searching)
    await asyncio.sleep(0)
    page.stop()
    await place.until(lambda: place.feed.is_idle and not page.controller.state.is_searching)
    assert page.verdict.verdict.word == "cancelled"
    await place.close(panel)


async def test_paste_and_files_are_opened(app, tmp_path: Path):
    place, panel, page = await opened(app)
    QGuiApplication.clipboard().setText("<feed xmlns='u'><entry/></feed>")
    page.paste()
    await place.until(lambda: is_ready(place, page))
    assert page.controller.state.looked.page.kind == "xml"
    await found(place, page, "//entry")
    assert "namespace u" in page.verdict.verdict.sentence
    (tmp_path / "x.xml").write_bytes(b"<a><b></a>")
    page.kind.setCurrentIndex(page.kind.findData("xml"))
    await place.until(lambda: is_ready(place, page))
    page.bar.set_text(str(tmp_path / "x.xml"))
    page.bar.submit()
    await place.until(lambda: is_ready(place, page) and page.controller.state.looked.title == "x.xml")
    assert page.verdict.verdict.word == "broken"
    page.bar.set_text(str(tmp_path / "missing"))
    page.bar.submit()
    await place.until(lambda: page.controller.state.problem is not None and place.feed.is_idle)
    assert page.controller.state.problem.kind == "LocalFault"
    await place.close(panel)


async def test_a_wide_tree_is_shown_in_groups(app):
    place, panel, page = await inspected(app, b"<ul>" + b"<li>x" * 2500)
    await found(place, page, "(//li)[2222]")
    document = page.document
    index = document.tree.currentIndex()
    assert document.nodes.data(index.siblingAtColumn(1)) == "1"
    assert index.row() == 2221 % GROUP
    assert index.parent().data() == "2,001 to 2,500"
    assert index.parent().parent().data() == "<ul>"
    assert document.nodes.rowCount(index.parent().parent()) == 5
    await place.close(panel)


async def test_a_large_page_stops_nothing(app):
    place, panel, page = await opened(app)
    with even_pulse():
        panel.take(Document("page.html", "text/html", table_page(5000).encode(), ""))
        await place.until(lambda: is_ready(place, page))
        await found(place, page, "//a/@href")
        page.hit_before()
        await place.until(lambda: place.feed.is_idle)
    assert page.search_line.at.text() == "5,000 of 5,000"
    assert page.document.source.selected[0] > 500_000
    await place.close(panel)


async def test_the_draft_survives(app):
    place, panel, page = await opened(app)
    page.search_line.expression.setText("//a")
    page.search_line.namespaces.setText("x=u")
    page.search_line.language.setCurrentIndex(1)
    page.bar.set_text("lab:http/")
    page.kind.setCurrentIndex(2)
    draft = panel.draft()
    await place.close(panel)
    place, panel, page = await opened(app)
    panel.restore(draft)
    assert page.draft() == draft["pages"]["inspector"]
    assert page.controller.state.looked is None
    await place.close(panel)


@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_nothing_is_unnamed_or_clipped(app, appearance: str):
    place, panel, page = await opened(app, appearance)
    panel.take(Document("page.html", "text/html", PAGE, ""))
    await place.until(lambda: is_ready(place, page))
    await found(place, page, "//td")
    assert sweep.unnamed(panel) == []
    assert sweep.without_tip(panel) == []
    await place.until(lambda: sweep.clipped(panel) == [])
    await place.close(panel)

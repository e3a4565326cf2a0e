"""The page of requests as a person uses it: mouse and keys on the real widgets, against the Lab.

What it is made of is tested through it: workbench.panels.web.requestpage, workbench.panels.web.pages,
workbench.panels.web.actions, workbench.panels.web.composed, workbench.panels.web.models, workbench.panels.web.drafts,
the parts folder with answer, badges and composer, and workbench.panels.web.tour.
"""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from tests.kit.pulse import even_pulse
from tests.panels.benches import Workplace
from workbench.panels.bench import Document
from workbench.panels.web import actions, composed, drafts, models, pages, tour
from workbench.panels.web.pages import PAGES, REQUEST
from workbench.panels.web.parts import answer, badges, composer
from workbench.panels.web.requestpage import RequestPage
from workbench.panels.web.view import WebPanel


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def shown(app) -> tuple[Workplace, WebPanel, RequestPage]:
    place = Workplace(app)
    panel = WebPanel(place.bench)
    place.show(panel)
    page = panel.pages[REQUEST]
    assert isinstance(page, RequestPage)
    return place, panel, page


async def sent(place: Workplace, page: RequestPage, url: str) -> None:
    page.bar.field.clear()
    QTest.keyClicks(page.bar.field, url)
    QTest.keyClick(page.bar.field, Qt.Key.Key_Return)
    await place.until(lambda: not page.controller.state.is_running and page.controller.state.phase != "idle")
    await place.until(lambda: page.verdict.verdict.kind != "running")


def cell(model, row: int, column: int) -> str:
    return str(model.index(row, column).data() or "")


async def test_a_person_types_an_address_and_reads_the_page(app):
    place, panel, page = shown(app)
    await sent(place, page, "lab:http/redirect")
    assert page.verdict.verdict.word == "200 OK"
    assert "complete" in page.verdict.text()
    assert "2 hops" in page.verdict.text()
    assert "in clear" in page.verdict.text()
    assert page.lines_text(4) == "  <title>Tide tables of Harbour Lab</title>"
    assert "read as utf-8" in page.answer.about.text()
    assert cell(page.answer.hops, 0, 0) == "302 Found"
    assert "302 keeps GET" in cell(page.answer.hops, 0, 2)
    assert [cell(page.answer.fields, row, 0) for row in range(3)] == ["status line", "Server", "Content-Type"]
    page.answer.hops_table.selectRow(0)
    await place.until(lambda: "302" in cell(page.answer.fields, 0, 1))
    assert place.talks[-1] is not None
    assert [title for title, _ in place.talks[-1].copies] == ["Python", "curl"]
    await place.close(panel)


async def test_the_exact_bytes_stand_there_before_anything_goes(app):
    place, panel, page = shown(app)
    QTest.keyClicks(page.bar.field, "http://127.0.0.1:1/x")
    await place.until(lambda: "GET /x HTTP/1.1" in page.composer.text.toPlainText())
    assert place.lab.mode == "none"
    model = page.composer.headers
    model.setData(model.index(0, 0), "X-Lab")
    model.setData(model.index(0, 1), "1")
    row = next(at for at in range(model.rowCount()) if cell(model, at, 0) == "User-Agent")
    model.setData(model.index(row, 0), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    await place.until(lambda: "X-Lab: 1" in page.composer.text.toPlainText())
    assert "User-Agent" not in page.composer.text.toPlainText()
    click(page.composer.as_hex)
    assert page.composer.hex.provider.read(0, 8) == b"GET /x H"
    model.setData(model.index(0, 1), "a\nb")
    await place.until(lambda: "LF can't stand" in page.composer.text.toPlainText())
    page.composer.headers_table.table.selectRow(0)
    QTest.keyClick(page.composer.headers_table, Qt.Key.Key_Delete)
    await place.until(lambda: "X-Lab" not in page.composer.text.toPlainText())
    await place.close(panel)


async def test_a_form_with_a_password_is_sent_and_the_password_masked(app):
    place, panel, page = shown(app)
    page.method.setEditText("POST")
    page.composer.choose_kind("form")
    fields = page.composer.fields
    for row, (name, value) in enumerate((("name", "Anna"), ("password", "swordfish"))):
        fields.setData(fields.index(row, 0), name)
        fields.setData(fields.index(row, 1), value)
    page.composer.user.setText("anna")
    page.composer.password.setText("swordfish")
    await sent(place, page, "lab:http/form")
    assert "name = Anna" in page.lines_text(0)
    assert page.lines_text(1) == "password = (9 characters)"
    assert "swordfish" not in page.composer.text.toPlainText()
    assert "password=*********" in page.composer.text.toPlainText()
    draft = repr(panel.draft()["pages"])
    assert "anna" in draft
    assert "'password', 'swordfish'" not in draft
    await place.close(panel)


@pytest.mark.parametrize(
    ("path", "kind", "word"),
    [
        ("missing", "warning", "404 Not Found"),
        ("truncated", "bad", "truncated"),
        ("no-length", "warning", "200 OK"),
        ("wrong/two-lengths", "bad", "head"),
        ("bomb", "bad", "200 OK"),
    ],
)
async def test_what_went_wrong_is_said_at_the_top(app, path: str, kind: str, word: str):
    place, panel, page = shown(app)
    await sent(place, page, f"lab:http/{path}")
    assert (page.verdict.verdict.kind, page.verdict.verdict.word) == (kind, word)
    assert page.notice.isVisible() is (kind == "bad")
    if path == "bomb":
        assert page.answer.raw.provider.read(0, 2) == b"\x1f\x8b"
    await place.close(panel)


async def test_escape_cancels_and_the_window_never_waits(app):
    place, panel, page = shown(app)
    page.bar.set_text("lab:http/wrong/endless-body")
    assert place.registry.run("web.start")
    await place.until(lambda: page.controller.state.received > 5_000_000)
    received = page.controller.state.received
    with even_pulse():
        await place.until(lambda: page.controller.state.received > received + 20_000_000)
    assert place.registry.run("web.cancel")
    await place.until(lambda: page.verdict.verdict.word == "cancelled")
    assert page.bar.button.text() == "Send"
    await place.close(panel)


async def test_the_body_leaves_to_a_file_to_the_clipboard_and_to_other_panels(app, tmp_path: Path):
    place, panel, page = shown(app)
    await sent(place, page, "lab:https/page")
    click(page.answer.certificates)
    click(page.answer.sockets)
    click(page.answer.dns)
    assert place.opened == [
        ("certificates", "lab:https", ""),
        ("sockets", "lab:https", ""),
        ("dns", "127.0.0.1", ""),
    ]
    view = page.answer.text_view
    view.setCurrentIndex(page.answer.lines.index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "<!DOCTYPE html>"
    click(page.answer.save)

    await place.until(lambda: page.findChildren(QFileDialog))
    dialog = page.findChildren(QFileDialog)[0]
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert name.text() == "page.html"
    name.setText(str(tmp_path / "saved.html"))
    dialog.accept()
    await place.until(lambda: page.controller.state.saved)
    assert (tmp_path / "saved.html").read_bytes() == page.controller.state.body
    await place.close(panel)


async def test_the_body_is_opened_in_the_inspector(app):
    place, panel, page = shown(app)
    taken: list[Document] = []
    panel.inspect = taken.append  # type: ignore[method-assign]  # this one object only
    await sent(place, page, "lab:http/page")
    click(page.answer.inspect)
    assert [(document.name, document.media_type, document.origin) for document in taken] == [
        ("page.html", "text/html; charset=utf-8", "lab:http/page")
    ]
    assert taken[0].data == page.controller.state.body
    await place.close(panel)


async def test_an_empty_page_offers_the_lab(app):
    place, panel, page = shown(app)
    click(page.answer.empty.button)
    await place.until(lambda: page.verdict.verdict.word == "200 OK")
    assert page.bar.text() == "lab:http/page"
    await place.close(panel)


async def test_pages_are_reached_by_keys_and_a_draft_brings_them_back(app):
    place, panel, page = shown(app)
    for number, info in enumerate(PAGES):
        assert place.registry.run(f"web.page_{info.id}")
        assert panel.tabs.currentIndex() == number
        assert panel.page is panel.pages[info.id]
    panel.show_page(REQUEST)
    page.method.setEditText("BREW")
    page.bar.set_text("lab:http/x")
    draft = panel.draft()
    panel.restore(
        {"page": 7, "pages": {"request": {"headers": [["a"], 3, ["b", "c"]], "without": "x", "method": 9}}}
    )
    assert page.composer.headers.pairs == [("b", "c")]
    panel.restore(draft)
    assert (page.method.currentText(), page.bar.text()) == ("BREW", "lab:http/x")
    assert page.composer.headers.pairs == []
    await place.close(panel)


async def test_parts_of_the_answer_are_reached_by_keys(app):
    place, panel, page = shown(app)
    for number, name in enumerate(("text", "fields", "hops", "octets")):
        assert place.registry.run(f"web.{name}")
        assert page.answer.parts.tabs.currentIndex() == number
    await place.close(panel)


def test_the_parts_have_their_own_words():
    assert {part[0] for part in answer.PARTS} >= {"Text", "Fields", "Hops", "Octets"}
    assert [part[0] for part in composer.PARTS] == ["Fields", "Body", "Options"]
    assert (composed.FILE_MARK, pages.REQUEST, actions.CONTEXT) == ("@", "request", "web/request")
    assert models.MAX_PAIRS == drafts.MAX_PAIRS
    assert set(badges.BADGES) == {"complete", "truncated", "overlong", "unverifiable"}
    assert tour.URL == "lab:http/redirect"

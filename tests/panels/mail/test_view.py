"""The Mail panel as a person uses it: mouse and keys on the real widgets, against the Lab.

What it is made of is tested through it: workbench.panels.mail.actions, workbench.panels.mail.drafts,
workbench.panels.mail.models, workbench.panels.mail.parts.access, workbench.panels.mail.parts.composerpage,
workbench.panels.mail.parts.detail, workbench.panels.mail.parts.drawing,
workbench.panels.mail.parts.readerpage, workbench.panels.mail.routes and workbench.panels.mail.tour.
"""

import base64
import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from tests.formats.mime.letters import NESTED, lines
from tests.kit.pulse import even_pulse
from tests.panels.benches import Workplace
from workbench.formats.mime.html_draw import draw
from workbench.panels.bench import Document
from workbench.panels.mail.models import PartsModel
from workbench.panels.mail.parts.detail import FINDINGS, HEADERS, OCTETS, PAGE
from workbench.panels.mail.parts.drawing import MAX_LINE, LetterPage, LetterText
from workbench.panels.mail.view import MailPanel

PAGE_LETTER = lines(
    "Subject: a page",
    "Content-Type: text/html",
    "",
    "<p>Hello <a href='http://evil.test/x'>www.bank.test</a><img src=http://tracker.test/x.gif width=1>",
)


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def made(app) -> tuple[Workplace, MailPanel]:
    place = Workplace(app)
    panel = MailPanel(place.bench)
    place.show(panel)
    return place, panel


async def shown(app, data: bytes) -> tuple[Workplace, MailPanel]:
    place, panel = made(app)
    panel.take(Document("letter.eml", "message/rfc822", data, "a test"))
    await place.until(lambda: panel.controller.reader.state.content is not None and place.feed.is_idle)
    return place, panel


async def answer(place: Workplace, kind: type[QDialog], fill) -> None:
    def open_() -> list[QDialog]:
        return [
            each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
        ]

    await place.until(open_)
    fill(open_()[0])


def rows(model) -> list[str]:
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


async def test_a_person_reads_a_mailbox_and_a_letter(app):
    place, panel = made(app)
    reader = panel.reader
    click(reader.empty.button)
    await place.until(lambda: reader.verdict.verdict.word == "listed")
    assert reader.folder.currentText() == "INBOX"
    count = reader.letters.rowCount()
    assert count > 10
    reader.letters_table.setFocus()
    reader.letters_table.setCurrentIndex(reader.letters.index(1, 0))
    QTest.keyClick(reader.letters_table, Qt.Key.Key_Return)
    await place.until(lambda: reader.verdict.verdict.word == "read" and place.feed.is_idle)
    assert reader.parts.rowCount() == 1
    assert panel.controller.reader.state.selected == 1
    assert "TLS" in reader.verdict.text()
    # A folder of ten thousand, and a row far down that is loaded because it is to be seen.
    reader.folder.setCurrentText("Ten thousand")
    reader.folder.activated.emit(reader.folder.currentIndex())
    await place.until(lambda: reader.letters.rowCount() == 10_000)
    bar = reader.letters_table.verticalScrollBar()
    await place.until(lambda: bar.maximum() > 9000)
    bar.setValue(7000)
    await place.until(lambda: panel.controller.reader.row(7000) is not None)
    assert "number" in str(reader.letters.index(7000, 1).data())
    click(reader.bar.button)
    await place.until(lambda: reader.bar.button.text() == "Read")
    await place.close(panel)


async def test_the_views_of_a_part_are_linked_to_its_octets(app):
    place, panel = await shown(app, NESTED)
    detail = panel.reader.detail
    assert detail.text.toPlainText() == "Grüße"
    assert "read as utf-8" in detail.read_as.text()
    panel.reader.tree.setCurrentIndex(panel.reader.parts.index_of(6))
    await place.until(lambda: panel.controller.reader.state.chosen == 6 and place.feed.is_idle)
    assert rows(detail.headers) == ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]
    detail.tabbed.turn_to(HEADERS)
    detail.headers_table.selectRow(2)
    start, stop = detail.hex.selected_range
    assert NESTED[start:stop].startswith(b"Content-Disposition: attachment")
    detail.tabbed.turn_to(OCTETS)
    labels = detail.hex.labels_at(panel.controller.reader.state.part.body)
    assert labels == ["body of the part"]
    assert "no text" in detail.no_text.sentence.text()
    await place.close(panel)


async def test_a_page_is_drawn_loads_nothing_and_says_what_it_wanted(app):
    place, panel = await shown(app, PAGE_LETTER)
    detail = panel.reader.detail
    assert detail.tabbed.page == PAGE
    assert detail.page.toPlainText().startswith("Hello www.bank.test")
    assert detail.page.refused == []
    found = rows(detail.findings)
    assert any("tracking picture" in each for each in found)
    assert any("misleading link" in each for each in found)
    assert "1 left out" in panel.reader.verdict.text()
    detail.show_view(FINDINGS)
    detail.page.anchorClicked.emit(QUrl("http://evil.test/x"))
    await answer(place, QDialog, lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape))
    await place.until(lambda: not any(scope.jobs for scope in place.scopes))
    assert place.opened == []
    await place.close(panel)


def test_whatever_a_page_asks_for_it_gets_parts_of_the_letter_alone(app):
    page = LetterPage("page")
    image = QTextDocument.ResourceType.ImageResource.value
    sheet = QTextDocument.ResourceType.StyleSheetResource.value
    for kind, url in (
        (image, "http://x.test/y"),
        (sheet, "http://x.test/z"),
        (image, "file:secret"),
        (image, "y.png"),
    ):
        assert page.loadResource(kind, QUrl(url)) == b""
    assert len(page.refused) == 4
    # Even markup that nobody has cleaned.
    page.setHtml(
        "<body background='http://x.test/b'><img src='http://x.test/i'><link rel=stylesheet href='http://x.test/s'>"
    )
    page.resize(200, 200)
    page.grab()
    assert "http://x.test/i" in page.refused
    page.deleteLater()


async def test_long_texts_and_pages_are_drawn_in_slices(app):
    place, panel = made(app)
    text, page = LetterText("text"), LetterPage("page")
    with even_pulse():
        text.show_text("a line of some words\n" * 20_000 + "x" * 100_000)
        page.show_pieces(draw("<table>" + "<tr><td>some<td>words</tr>" * 3000 + "</table>").pieces, None)
        assert not text.is_complete
        assert not page.is_complete
        await place.until(lambda: text.is_complete and page.is_complete)
    assert page.document().blockCount() >= 3000
    # A line that two slices share may be twice as long as one.
    assert max(len(line) for line in text.toPlainText().split("\n")) <= 2 * MAX_LINE
    for each in (text, page):
        each.deleteLater()
    await place.close(panel)


async def test_a_part_is_saved_where_a_person_says(app, tmp_path: Path):
    place, panel = await shown(app, NESTED)
    panel.reader.tree.setCurrentIndex(panel.reader.parts.index_of(6))
    await place.until(lambda: panel.controller.reader.state.chosen == 6 and place.feed.is_idle)
    click(panel.reader.save)

    folder = tmp_path / "downloads"
    folder.mkdir()

    def choose(dialog) -> None:
        dialog.setDirectory(str(folder))
        dialog.selectFile(str(folder))
        dialog.accept()

    await answer(place, QFileDialog, choose)
    await place.until(lambda: panel.reader.verdict.verdict.word == "saved")
    (saved,) = tmp_path.rglob("zeros.bin")
    assert saved.read_bytes() == bytes(12)
    assert "no panel shows this kind" in panel.reader.elsewhere.toolTip()
    await place.close(panel)


async def test_a_page_is_handed_to_the_web_panel_and_a_letter_opened_in_its_place(app):
    place, panel = await shown(app, NESTED)
    panel.reader.tree.setCurrentIndex(panel.reader.parts.index_of(3))
    await place.until(lambda: panel.controller.reader.state.chosen == 3 and place.feed.is_idle)
    click(panel.reader.elsewhere)
    await place.until(lambda: place.handed)
    (where, document) = place.handed[0]
    assert (where, document.media_type, document.data) == ("web", "text/html", b"<b>hello</b>")
    panel.reader.tree.setCurrentIndex(panel.reader.parts.index_of(4))
    await place.until(lambda: panel.controller.reader.state.chosen == 4 and place.feed.is_idle)
    assert panel.reader.elsewhere.text() == "Open as a letter"
    click(panel.reader.elsewhere)
    await place.until(lambda: len(panel.controller.reader.state.examined.letter.parts) == 1)
    await place.close(panel)


async def test_a_letter_is_pasted_dropped_and_refused(app, tmp_path: Path):
    place, panel = made(app)
    QGuiApplication.clipboard().setText(PAGE_LETTER.decode())
    assert place.registry.run("mail.paste")
    await place.until(lambda: panel.controller.reader.state.content is not None)
    assert "“a page”" in panel.controller.reader.state.verdict.sentence
    path = tmp_path / "letter.eml"
    path.write_bytes(NESTED)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    panel._take(mime, "what was dropped")
    await place.until(lambda: "“nested”" in panel.controller.reader.state.verdict.sentence)
    panel._take(QMimeData(), "the clipboard")
    await place.until(panel.reader.notice.isVisible)
    assert "holds no text" in panel.reader.notice.what.text()
    await place.close(panel)


async def test_a_person_writes_sees_the_octets_and_sends(app, tmp_path: Path):
    place, panel = made(app)
    panel.show_composer()
    page = panel.composer
    QTest.keyClicks(page.fields["sender"], "anna@lab.test")
    QTest.keyClicks(page.fields["to"], "ben@lab.test, nobody")
    await place.until(lambda: "nobody is no address" in page.about.text())
    assert page.fields["to"].property("wrong")
    page.fields["to"].setText("ben@lab.test, nobody@elsewhere.test")
    QTest.keyClicks(page.text, "Hello")
    attached = tmp_path / "a.txt"
    attached.write_bytes(b"file")
    page.attach_files([str(attached)])
    await place.until(lambda: "ready to send" in page.about.text() and "a.txt" in page.source.toPlainText())
    assert rows(page.files) == ["a.txt"]
    state = panel.controller.composer.state
    assert state.built is not None
    assert len(page.hex.provider) == len(state.built.data)
    page.bar.set_text("lab:smtp")
    click(page.bar.button)
    await place.until(lambda: page.verdict.verdict.kind == "warning")
    assert rows(page.results) == ["ben@lab.test", "nobody@elsewhere.test"]
    assert [str(page.results.index(row, 1).data()) for row in (0, 1)] == ["accepted", "refused"]
    assert place.talks[-1] is not None
    assert place.talks[-1].transcript is panel.controller.composer.transcript
    click(page.clear)
    assert page.fields["to"].text() == ""
    await place.close(panel)


async def test_a_draft_survives_with_its_files_and_never_a_password(app, tmp_path: Path):
    place, panel = made(app)
    panel.show_composer()
    panel.composer.fields["subject"].setText("half a thought")
    panel.composer.text.setPlainText("two\nlines")
    panel.composer.bar.password.setText("hunter2")
    panel.reader.bar.password.setText("hunter2")
    attached = tmp_path / "a.txt"
    attached.write_bytes(b"file")
    panel.composer.attach_files([str(attached)])
    await place.until(lambda: panel.controller.composer.state.files)
    draft = json.loads(json.dumps(panel.draft()))
    assert "hunter2" not in json.dumps(draft)
    other, again = made(app)
    again.restore(draft)
    assert again.is_composing
    assert again.composer.text.toPlainText() == "two\nlines"
    assert again.controller.composer.state.files == panel.controller.composer.state.files
    await other.close(again)
    await place.close(panel)


@pytest.mark.parametrize(
    ("target", "composing", "kind"),
    [
        ("lab:smtp", True, "imap"),
        ("lab:pop", False, "pop"),
        ("imaps://x.test", False, "imap"),
        ("x.test:1", False, "imap"),
    ],
)
async def test_a_target_of_elsewhere_turns_to_the_page_that_can_use_it(
    app, target: str, composing: bool, kind: str
):
    place, panel = made(app)
    panel.open_target(target)
    assert panel.is_composing is composing
    assert panel.reader.bar.kind() == kind
    assert (panel.composer if composing else panel.reader).bar.text() == target
    await place.close(panel)


def test_the_tree_of_a_letter_leads_back_to_its_parents(app):
    from workbench.formats.mime.contents import examining
    from workbench.formats.mime.parse import parse
    from workbench.formats.mime.values import through

    model = PartsModel()
    assert model.rowCount() == 0
    model.show_letter(through(examining(parse(NESTED))))
    inner = model.index_of(2)
    assert model.place_of(model.parent(inner)) == 1
    assert model.place_of(model.parent(model.parent(inner))) == 0
    assert not model.parent(model.index_of(0)).isValid()
    assert model.index_of(2) == model.index(0, 0, model.index_of(1))
    assert "travels as quoted-printable" in str(inner.data(Qt.ItemDataRole.ToolTipRole))


async def test_a_large_letter_leaves_the_window_alive(app):
    attached = base64.encodebytes(bytes(range(256)) * 40_000)
    head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Transfer-Encoding: base64\n\n"
    place, panel = made(app)
    with even_pulse():
        panel.take(Document("large.eml", "message/rfc822", head + attached + b"--b--\n", "a test"))
        await place.until(lambda: panel.controller.reader.state.content is not None)
    assert panel.controller.reader.state.examined.contents[2].size == 256 * 40_000
    await place.close(panel)


async def test_the_conversation_is_named_after_the_target_of_the_page_in_front(app):
    place, panel = made(app)
    panel.reader.bar.set_text("lab:imap")
    await place.until(
        lambda: place.talks and place.talks[-1] is not None and place.talks[-1].title == "lab:imap"
    )
    panel.show_composer()
    panel.composer.bar.set_text("lab:smtp")
    await place.until(lambda: place.talks[-1] is not None and place.talks[-1].title == "lab:smtp")
    await place.close(panel)


async def test_the_letters_have_room_in_a_low_window(app):
    place, panel = made(app)
    # What the window of 1280x800 leaves beside the Conversation.
    panel.resize(1280, 472)
    panel.reader.bar.set_text("lab:imap")
    panel.reader.bar.submit()
    table = panel.reader.letters_table
    await place.until(
        lambda: table.isVisible() and panel.reader.letters.rowCount() > 6 and place.feed.is_idle
    )
    # What has just come up is laid out in a later turn.
    await place.until(lambda: table.viewport().height() >= 6 * table.rowHeight(0))
    await place.close(panel)

"""The Certificates panel as a person uses it: mouse and keys, dialog, drop and paste.

What it is made of is tested through it: workbench.panels.certificates.parts.inspection and
workbench.panels.certificates.parts.trees.
"""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from tests.formats.x509.samples import ec_key
from tests.formats.x509.test_paper import CLEAR, GOOD, GOOD_PEM, PEM, PKCS8
from tests.kit.scripted_peer import scripted_peer
from tests.panels.benches import Workplace
from workbench.panels.certificates.view import CertificatesPanel
from workbench.ui import theme


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def opened(app) -> tuple[Workplace, CertificatesPanel]:
    place = Workplace(app)
    panel = CertificatesPanel(place.bench)
    place.show(panel)
    return place, panel


async def look_at(place: Workplace, panel: CertificatesPanel, target: str) -> None:
    view = panel.look
    view.bar.field.clear()
    QTest.keyClicks(view.bar.field, target)
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
    await place.until(lambda: panel.controller.state.phase in ("done", "failed"))
    await place.until(lambda: view.verdict.verdict.word in ("accepted", "refused") or view.notice.isVisible())


def choose(panel: CertificatesPanel, path: Path) -> None:
    """Type a file's name into the dialog that is open, and press Return."""
    field = panel.findChildren(QFileDialog)[0].findChild(QLineEdit, "fileNameEdit")
    field.setText(str(path))
    QTest.keyClick(field, Qt.Key.Key_Return)


def field_names(panel: CertificatesPanel) -> list[str]:
    return [row.value.name for row in panel.look.fields.top]


async def test_an_empty_panel_offers_the_lab_and_fills_with_its_chain(app):
    place, panel = opened(app)
    view = panel.look
    assert view.empty.isVisible()
    click(view.empty.button)
    await place.until(lambda: view.verdict.verdict.word == "accepted")
    assert view.chain_tree.isVisible()
    assert "localhost" in view.verdict.text()
    assert [row.value.title for row in view.chain.top] == ["Verdict", "As it was sent", "As it was built"]
    assert field_names(panel)[:2] == ["Version", "Serial number"]
    assert panel.current_talk() is not None
    await place.close(panel)


async def test_a_refused_one_says_why_and_shows_the_chain(app):
    place, panel = opened(app)
    await look_at(place, panel, "lab:tls-wrong-name")
    view = panel.look
    assert view.verdict.verdict.kind == "bad"
    assert view.verdict.verdict.sentence == "it is not for localhost: it holds DNS:elsewhere.test"
    assert not view.notice.isVisible()
    assert view.chain_tree.currentIndex().data() == "Verdict"
    assert field_names(panel)[:2] == ["Why it is refused", "Name"]
    await place.close(panel)


async def test_a_field_marks_its_octets_and_octets_lead_to_their_field(app):
    place, panel = opened(app)
    panel.look.open_octets(GOOD_PEM, "pasted")
    view = panel.look
    await place.until(lambda: view.verdict.verdict.word == "refused")
    paper = view.chain.row_of("paper/0")
    assert paper is not None
    view.chain_tree.setCurrentIndex(view.chain.index_of(paper))
    await place.until(lambda: field_names(panel)[:1] == ["Version"])
    serial = next(row for row in view.fields.walk() if row.value.name == "Serial number")
    view.fields_tree.setCurrentIndex(view.fields.index_of(serial))
    start, stop = view.hex.selected_range
    assert GOOD[start:stop] == b"\x02\x02\x12\x34"
    assert view.about.isVisible()
    assert "RFC 5280 4.1.2.2" in view.about.text()
    at = GOOD.index(b"An authority") + 2
    view.hex.select(at, at + 1)
    found = view.fields.value_at(view.fields_tree.currentIndex())
    assert found is not None
    assert (found.name, found.text) == ("commonName", "An authority")
    assert view.hex.selected_range == (at, at + 1), "what the person selected stays selected"
    await place.close(panel)


async def test_by_keyboard_alone_the_tree_is_walked(app):
    place, panel = opened(app)
    await look_at(place, panel, "lab:tls-good")
    view = panel.look
    view.chain_tree.setFocus()
    QTest.keyClick(view.chain_tree, Qt.Key.Key_Down)
    await place.until(lambda: panel.controller.state.selected == "sent/1")
    assert "issuing" in view.chain_tree.currentIndex().data()
    await place.close(panel)


@pytest.mark.parametrize("way", ["drop a file", "drop text", "paste text", "paste a file", "dialog"])
async def test_a_certificate_comes_in_by_every_way(app, tmp_path: Path, way: str):
    path = tmp_path / "some.pem"
    path.write_bytes(GOOD_PEM)
    place, panel = opened(app)
    mime = QMimeData()
    if way.endswith("file"):
        mime.setUrls([QUrl.fromLocalFile(str(path))])
    else:
        mime.setText(GOOD_PEM.decode())
    if way.startswith("drop"):
        actions, buttons, keys = (
            Qt.DropAction.CopyAction,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        enter = QDragEnterEvent(QPoint(5, 5), actions, mime, buttons, keys)
        QApplication.sendEvent(panel, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(panel, QDropEvent(QPointF(5, 5), actions, mime, buttons, keys))
    elif way.startswith("paste"):
        QGuiApplication.clipboard().setMimeData(mime)
        click(panel.look.paste_button)
    else:
        click(panel.look.open_button)
        await place.until(lambda: panel.findChildren(QFileDialog))
        choose(panel, path)
    await place.until(lambda: panel.controller.state.phase == "done")
    await place.until(lambda: panel.look.verdict.verdict.word == "refused")
    held = panel.look.chain.row_of("papers")
    assert held is not None
    assert [row.value.title for row in held.rows] == ["www.example.test"]
    await place.close(panel)


async def test_a_key_is_named_and_never_shown(app):
    place, panel = opened(app)
    view = panel.look
    view.open_octets(ec_key().private_bytes(PEM, PKCS8, CLEAR), "key.pem")
    await place.until(lambda: view.notice.isVisible())
    assert "private key (EC)" in view.notice.what.text()
    assert "keep it to yourself" in view.notice.details.text().lower()
    assert len(view.hex.provider) == 0
    assert [row.value.name for row in view.fields.top] == ["What it is", "What to do"]
    click(view.notice.close_button)
    await place.until(lambda: not view.notice.isVisible())
    await place.close(panel)


async def test_an_empty_clipboard_is_told(app):
    QGuiApplication.clipboard().clear()
    place, panel = opened(app)
    click(panel.look.paste_button)
    await place.until(panel.look.notice.isVisible)
    assert "holds no text" in panel.look.notice.what.text()
    await place.close(panel)


async def test_a_look_is_cancelled_by_its_button_and_the_controls_come_back(app):
    with scripted_peer([("stall",)]) as peer:
        place, panel = opened(app)
        view = panel.look
        QTest.keyClicks(view.bar.field, str(peer))
        click(view.bar.button)
        await place.until(lambda: view.verdict.verdict.word == "shaking hands")
        assert not view.open_button.isEnabled()
        assert not view.name.isEnabled()
        assert view.bar.button.text() == "Cancel"
        click(view.bar.button)
        await place.until(lambda: view.verdict.verdict.word == "cancelled")
        assert view.open_button.isEnabled()
        await place.close(panel)


async def test_a_file_to_trust_is_asked_for_when_it_is_chosen(app, tmp_path: Path):
    path = tmp_path / "root.pem"
    path.write_bytes(GOOD_PEM)
    place, panel = opened(app)
    view = panel.look
    view.trust.setFocus()
    view.trust.choose("file")
    view.trust.activated.emit(view.trust.currentIndex())
    await place.until(lambda: panel.findChildren(QFileDialog))
    choose(panel, path)
    await place.until(lambda: panel.controller.state.form.trust_file == str(path))
    assert view.trust.currentText() == "File: root.pem"
    assert panel.controller.state.form.trust == "file"
    await place.close(panel)


async def test_the_target_goes_on_to_sockets(app):
    place, panel = opened(app)
    assert not place.registry.run("certificates.sockets")
    panel.open_target("lab:tls-good")
    assert place.registry.run("certificates.sockets")
    assert place.opened == [("sockets", "lab:tls-good", "")]
    await place.close(panel)


async def test_a_draft_keeps_target_name_and_trust(app):
    place, panel = opened(app)
    panel.restore(
        {"bar": {"target": "h.test:443"}, "name": "n.test", "trust": "file", "trust_file": "/x/root.pem"}
    )
    form = panel.controller.state.form
    assert (form.target, form.name, form.trust, form.trust_file) == (
        "h.test:443",
        "n.test",
        "file",
        "/x/root.pem",
    )
    panel.restore({"bar": 5, "name": [], "trust": None, "trust_file": {}})
    assert panel.controller.state.form == form
    await place.close(panel)


async def test_the_row_with_the_focus_is_flat(app):
    place, panel = opened(app)
    panel.look.bar.set_text("lab:tls-good")
    panel.look.bar.submit()
    tree = panel.look.chain_tree
    await place.until(lambda: tree.isVisible() and tree.currentIndex().isValid())
    tree.setFocus()
    row = tree.visualRect(tree.currentIndex())
    picture = tree.viewport().grab(row).toImage()
    at = round((row.width() - 4) * picture.devicePixelRatio())
    column = {picture.pixelColor(at, y).name() for y in range(picture.height())}
    assert column == {theme.colour("selection").name()}
    await place.close(panel)

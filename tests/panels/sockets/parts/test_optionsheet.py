"""The sheet behind "...": fields, mistakes at their place, drafts without passwords, names and focus.

Also workbench.panels.sockets.parts.fields.
"""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit

from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels.sockets.view import SocketsPanel


def shown(app, appearance: str = "light", height: int = 560) -> tuple[Workplace, SocketsPanel]:
    place = Workplace(app, appearance)
    panel = SocketsPanel(place.bench)
    place.show(panel, 1280, height)
    return place, panel


async def test_it_opens_by_key_and_takes_the_focus_and_closes_when_something_begins(app):
    place, panel = shown(app)
    view = panel.console.current
    place.registry.run("sockets.options")
    assert view.pages.currentWidget() is view.sheet
    assert view.more.isChecked()
    assert view.sheet.untrusted.box.hasFocus() or not panel.isActiveWindow()
    view.bar.set_text("lab:echo")
    view.start()
    assert view.pages.currentWidget() is not view.sheet
    await place.until(lambda: view.controller.state.can_send)
    await place.close(panel)


@pytest.mark.parametrize(
    ("field", "text", "caret", "reason"),
    [
        ("options", "NODELAY=1 TTL=999", 14, "1 to 255"),
        ("proxy", "ftp://127.0.0.1:1", 0, "no proxy"),
        ("local", "not an address", None, ""),
    ],
)
async def test_a_mistake_is_marked_in_its_field_with_the_reason_and_nothing_is_sent(
    app, field: str, text: str, caret: int | None, reason: str
):
    place, panel = shown(app)
    view = panel.console.current
    view.bar.set_text("lab:echo")
    view.toggle_options()
    typed = view.sheet.fields[field].findChild(QLineEdit)
    QTest.keyClicks(typed, text)
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
    await place.until(lambda: view.controller.state.mistake is not None)
    await place.until(view.sheet.isVisible)
    problem = view.sheet.fields[field].problem
    assert problem is not None
    await place.until(problem.isVisible)
    assert reason in problem.words.text()
    assert typed.accessibleDescription() == problem.words.text()
    if caret is not None:
        assert typed.cursorPosition() == caret
    assert len(view.controller.transcript) == 0
    assert place.lab.mode == "none"
    QTest.keyClicks(typed, "x")
    assert not problem.isVisible()
    await place.close(panel)


async def test_a_file_that_can_not_be_read_is_told_at_its_field(app):
    place, panel = shown(app)
    view = panel.console.current
    view.bar.set_text("lab:tls-echo")
    view.tls.setChecked(True)
    view.sheet.trust.choose("file")
    view.sheet.trust_file.set_text("/no/such/file")
    view.start()
    await place.until(lambda: view.controller.state.mistake is not None)
    await place.until(view.sheet.isVisible)
    field = view.sheet.trust_file
    assert field.problem is not None
    await place.until(field.problem.isVisible)
    assert "can't be read" in field.problem.words.text()
    assert field.mark is not None
    assert field.field.cursorPosition() == 0
    assert view.controller.state.phase == "idle"
    assert len(view.controller.transcript) == 0
    field.set_text("/another/one")
    assert not field.problem.isVisible()
    await place.close(panel)


async def test_a_password_is_asked_at_its_field_and_never_kept(app):
    place, panel = shown(app)
    view = panel.console.current
    proxy = await place.lab.start("proxy-http", user="me", password="open sesame")
    view.bar.set_text("lab:echo")
    view.sheet.proxy.set_text(f"http://{proxy.target}")
    view.sheet.proxy_user.set_text("me")
    view.start()
    await place.until(lambda: view.controller.state.mistake is not None)
    password = view.sheet.password
    await place.until(lambda: password.isVisible() and password.problem is not None)
    assert password.field.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClicks(password.field, "open sesame")
    view.start()
    await place.until(lambda: view.controller.state.can_send)
    draft = json.dumps(panel.draft())
    assert "me" in draft
    assert "sesame" not in draft
    transcript = view.controller.transcript
    masked = [event for event in transcript.events() if transcript.secrets(event)]
    assert masked
    await place.close(panel)


async def test_the_forms_come_back_after_a_restart(app):
    place, panel = shown(app)
    view = panel.console.current
    view.tls.setChecked(True)
    for name, field in view.sheet.fields.items():
        if name == "password":
            field.set_text("never kept")
            continue
        box, line = field.findChild(QComboBox), field.findChild(QLineEdit)
        if box is not None:
            box.setCurrentIndex(box.count() - 1)
        elif line is not None:
            line.setText(f"some {name}")
    draft = json.loads(json.dumps(panel.draft()))
    assert "never kept" not in json.dumps(draft)
    other, again = shown(app)
    again.restore(draft)
    assert json.loads(json.dumps(again.draft())) == draft
    assert again.console.current.sheet.tls_form(is_on=True) == view.sheet.tls_form(is_on=True)
    assert again.console.current.sheet.password.text() == ""
    assert again.console.current.tls.isChecked()
    await other.close(again)
    await place.close(panel)


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("kind", ["client tcp", "listener tcp", "client udp", "listener udp"])
async def test_each_kind_shows_its_fields_named_and_unclipped(app, appearance: str, kind: str):
    place, panel = shown(app, appearance)
    view = panel.console.current
    view.bar.set_kind(kind)
    view.toggle_options()
    await place.until(lambda: view.controller.state.form.role == kind.split()[0])
    await place.until(lambda: view.tls.isVisible() == kind.endswith("tcp"))
    sheet = view.sheet
    assert sheet.proxy.isVisible() == (kind == "client tcp")
    assert sheet.local.isVisible() == kind.startswith("client")
    assert sheet.ask_client.isVisible() == (kind == "listener tcp")
    assert sheet.options.isVisible()
    assert sweep.unnamed(panel) == []
    assert sweep.without_tip(panel) == []
    await place.until(lambda: sweep.clipped(panel) == [])
    await place.close(panel)


async def test_the_tab_key_passes_every_field(app):
    place, panel = shown(app)
    view = panel.console.current
    view.toggle_options()
    for box, choice in (
        (view.sheet.trust, "file"),
        (view.sheet.name, "other"),
        (view.sheet.identity, "file"),
    ):
        box.choose(choice)
    await place.until(lambda: view.sheet.key.isVisible())
    order = [widget for widget in sweep.focus_order(panel) if view.sheet.isAncestorOf(widget)]
    everything = sweep.focus_order(panel)
    assert everything[everything.index(view.bar.button) + 1] is order[0]
    names = [widget.accessibleName() for widget in order]
    assert names[0] == "Policy for certificates"
    assert names.index("Policy for certificates") < names.index("File of authorities")
    assert names.index("File of its key") < names.index("Proxy") < names.index("Socket options")
    await place.close(panel)

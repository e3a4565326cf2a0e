"""TLS in a session as a person uses it: the box, the middle of a conversation, the verdict and the certificates.

Also workbench.panels.sockets.parts.connections and workbench.panels.sockets.parts.editor.
"""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels.sockets.view import SocketsPanel


def shown(app, appearance: str = "light") -> tuple[Workplace, SocketsPanel]:
    place = Workplace(app, appearance)
    panel = SocketsPanel(place.bench)
    place.show(panel)
    return place, panel


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


async def test_the_box_puts_a_connection_under_tls_and_the_verdict_line_says_who_it_is(app):
    place, panel = shown(app)
    view = panel.console.current
    QTest.keyClicks(view.bar.field, "lab:tls-echo")
    view.tls.setFocus()
    QTest.keyClick(view.tls, Qt.Key.Key_Space)
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
    await place.until(lambda: "localhost is verified" in view.verdict.text())
    assert "TLSv1.3" in view.verdict.text()
    assert not view.tls_button.isVisible()
    assert not view.tls.isEnabled()
    place.registry.run("sockets.certificates")
    part = view.certificates
    await place.until(lambda: part.currentWidget() is not part.empty)
    tree = part.tree
    assert tree.facts.find("verdict").data() == "localhost is verified"
    assert tree.facts.find("sent.0").data() == "CN=a server of the Lab"
    assert tree.facts.find("decision.0").isValid()
    tree.setCurrentIndex(tree.facts.find("agreed.version", 0))
    QTest.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Version: TLSv1.3"
    await place.close(panel)


async def test_a_certificate_that_is_refused_can_be_read_and_what_to_try_is_said_for_a_window(app):
    place, panel = shown(app)
    view = panel.console.current
    server = await place.lab.start("tls-echo", certificate="expired")
    view.bar.set_text(str(server.target))
    view.tls.setChecked(True)
    view.sheet.trust.choose("lab")
    click(view.bar.button)
    await place.until(lambda: view.verdict.verdict.kind == "bad")
    assert "expired" in view.verdict.text()
    assert "--" not in view.notice.details.text()
    assert "show the verdict" in f"{view.notice.what.text()} {view.notice.details.text()}"
    place.registry.run("sockets.certificates")
    assert view.certificates.tree.facts.find("decision.1").data().startswith("not accepted")
    # The same again, shown and passed.
    view.sheet.untrusted.choose("show")
    click(view.bar.button)
    await place.until(lambda: view.verdict.verdict.word == "open, not trusted")
    assert view.verdict.verdict.kind == "warning"
    await place.close(panel)


async def test_tls_is_started_in_the_middle_by_button_and_by_the_empty_part(app):
    place, panel = shown(app)
    view = panel.console.current
    for by_part in (False, True):
        view.bar.set_text("lab:tls-echo")
        view.start()
        await place.until(lambda: view.tls_button.isEnabled())
        assert view.tls_button.text() == "Start TLS"
        if by_part:
            place.registry.run("sockets.certificates")
            await place.until(view.certificates.empty.button.isVisible)
            click(view.certificates.empty.button)
        else:
            click(view.tls_button)
        await place.until(lambda: "localhost is verified" in view.verdict.text())
        assert not view.tls_button.isVisible()
        assert view.controller.state.why_not_start_tls == "this connection is under TLS already"
        view.stop()
        await place.until(lambda: not any(scope.jobs for scope in place.scopes))
        await place.until(lambda: view.bar.button.text() == "Connect")
    await place.close(panel)


async def test_a_listener_sends_its_go_ahead_in_clear_and_then_shakes_hands(app):
    place, panel = shown(app)
    server = panel.console.current
    server.bar.set_kind("listener tcp")
    server.sheet.identity.choose("lab")
    server.bar.set_text("127.0.0.1:0")
    server.start()
    await place.until(lambda: server.controller.state.phase == "open")
    panel.console.new_session()
    client = panel.console.current
    client.sheet.trust.choose("lab")
    client.bar.set_text(server.controller.state.address)
    client.start()
    await place.until(lambda: client.controller.state.can_send)
    await place.until(lambda: server.controller.state.can_send)
    panel.console.tabs.setCurrentIndex(0)
    server.bytes.set_text("220 go\\r\\n")
    await place.until(server.tls_button.isEnabled)
    assert server.tls_button.text() == "Send, start TLS"
    click(server.tls_button)
    await place.until(lambda: client.controller.state.peers[0].received == 8)
    client.tls_button.click()
    await place.until(lambda: bool(server.controller.state.peers[0].is_secure))
    await place.until(lambda: "127.0.0.1 is verified" in client.verdict.text())
    await place.close(panel)


async def test_a_listener_without_a_certificate_is_told_at_its_field(app):
    place, panel = shown(app)
    view = panel.console.current
    view.bar.set_kind("listener tcp")
    view.bar.set_text("127.0.0.1:0")
    view.tls.setChecked(True)
    view.start()
    await place.until(lambda: view.more.isChecked())
    assert view.pages.currentWidget() is view.sheet
    assert view.sheet.identity.problem is not None
    assert view.sheet.identity.problem.isVisible()
    assert "certificate" in view.sheet.identity.problem.words.text()
    assert view.verdict.verdict.sentence == "Nothing was opened yet."
    assert len(view.controller.transcript) == 0
    await place.close(panel)


@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_every_part_is_named_and_nothing_is_clipped(app, appearance: str):
    place, panel = shown(app, appearance)
    view = panel.console.current
    view.bar.set_text("lab:tls-echo")
    view.tls.setChecked(True)
    view.start()
    await place.until(lambda: "verified" in view.verdict.text())
    for number in range(5):
        view.show_part(number)
        assert sweep.unnamed(panel) == []
        assert sweep.without_tip(panel) == []
        await place.until(lambda: sweep.clipped(panel) == [])
    await place.close(panel)

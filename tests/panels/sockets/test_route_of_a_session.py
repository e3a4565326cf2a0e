"""The route's drop-down in a session, as a person uses it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.panels.benches import Workplace
from workbench.panels.sockets.routes import ROUTES
from workbench.panels.sockets.view import SocketsPanel


@pytest.mark.parametrize(
    ("route", "answer", "end"), [("cut", b"0123456789", "FIN"), ("flip", b"1123456789abc", "")]
)
async def test_a_session_goes_through_the_relay_that_was_chosen(app, route: str, answer: bytes, end: str):
    place = Workplace(app)
    panel = SocketsPanel(place.bench)
    place.show(panel)
    view = panel.console.current
    assert view.route.accessibleName() == "Route through relay"
    view.route.setFocus()
    for _ in [one.id for one in ROUTES][: [one.id for one in ROUTES].index(route)]:
        QTest.keyClick(view.route, Qt.Key.Key_Down)
    assert view.route.route() == view.controller.state.form.route == route
    QTest.keyClicks(view.bar.field, "lab:echo")
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
    await place.until(lambda: view.verdict.verdict.word == "open")
    assert not view.route.isEnabled()
    QTest.keyClicks(view.bytes.editor, "0123456789abc")
    view.send_button.click()
    await place.until(lambda: view.model.at(0).received == len(answer))
    transcript = view.controller.transcript
    received = [event for event in transcript.events() if event.direction.value == "received"]
    assert b"".join(transcript.data(event) for event in received) == answer
    if end:
        await place.until(lambda: end in view.verdict.text())
    await place.close(panel)


async def test_only_a_client_of_tcp_has_a_route_and_it_survives_a_restart(app):
    place = Workplace(app)
    panel = SocketsPanel(place.bench)
    place.show(panel)
    view = panel.console.current
    assert view.route.isVisible()
    view.route.choose("delay")
    view.route.choose("nonsense")
    assert view.route.toolTip() == view.route.accessibleDescription()
    assert "200 ms" in view.route.toolTip()
    draft = view.draft()
    for kind in ("listener tcp", "client udp", "listener udp"):
        view.bar.set_kind(kind)
        await place.until(lambda: not view.route.isVisible())
    view.bar.set_kind("client tcp")
    view.route.choose("off")
    view.restore(draft)
    await place.until(view.route.isVisible)
    assert view.controller.state.form.route == "delay"
    await place.close(panel)

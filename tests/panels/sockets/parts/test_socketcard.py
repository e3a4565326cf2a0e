"""The socket card: fresh while in sight, at rest while not, and each option set on the living socket."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.panels.benches import Workplace
from workbench.panels.sockets.parts.connections import SOCKET
from workbench.panels.sockets.parts.socketcard import SocketCard
from workbench.panels.sockets.view import SocketsPanel


async def connected(app, target: str = "lab:echo") -> tuple[Workplace, SocketsPanel]:
    place = Workplace(app)
    panel = SocketsPanel(place.bench)
    place.show(panel)
    panel.console.current.bar.set_text(target)
    panel.console.current.start()
    await place.until(lambda: panel.console.current.controller.state.can_send)
    await place.until(lambda: panel.console.current.verdict.verdict.word == "open")
    return place, panel


def value(card: SocketCard, key: str) -> str:
    return str(card.tree.facts.find(key).data())


def meaning(card: SocketCard, key: str) -> str:
    return str(card.tree.facts.find(key, 2).data())


async def test_it_looks_only_while_it_is_in_sight(app):
    place, panel = await connected(app)
    card = panel.console.current.socket
    assert not card.timer.isActive()
    place.registry.run("sockets.socket")
    assert card.timer.isActive()
    assert card.tree.hasFocus() or not panel.isActiveWindow()
    assert value(card, "tuple.peer.address") == "127.0.0.1"
    assert value(card, "info.state") == "ESTABLISHED"
    panel.console.current.bytes.set_text("12345")
    panel.console.current.send_button.click()
    await place.until(lambda: value(card, "info.bytes_received") == "5 B")
    panel.console.new_session()
    assert not card.timer.isActive()
    await place.close(panel)
    assert not card.timer.isActive()


async def test_an_option_is_set_and_what_was_granted_is_said_at_it(app):
    place, panel = await connected(app)
    card = panel.console.current.socket
    place.registry.run("sockets.socket")
    card.tree.setCurrentIndex(card.tree.facts.find("option.NODELAY", 0))
    QTest.keyClick(card.tree, Qt.Key.Key_Space)
    assert value(card, "option.NODELAY") == "off"
    card.tree.facts.setData(card.tree.facts.find("option.TTL"), "9")
    assert value(card, "option.TTL") == "9 hops"
    card.tree.facts.setData(card.tree.facts.find("option.RCVBUF"), "4096")
    assert meaning(card, "option.RCVBUF").startswith("granted ")
    card.tree.facts.setData(card.tree.facts.find("option.TTL"), "999")
    assert meaning(card, "option.TTL").startswith("TTL takes a whole number from 1 to 255")
    assert value(card, "option.TTL") == "9 hops"
    facts = [
        event.values["option"]
        for event in panel.console.current.controller.transcript.events()
        if event.name == "option.set"
    ]
    assert facts == ["NODELAY", "TTL", "RCVBUF"]
    await place.close(panel)


async def test_a_socket_that_is_gone_leaves_the_sentence_and_no_old_figures(app):
    place, panel = await connected(app)
    card = panel.console.current.socket
    assert panel.console.current.left.tabs.tabText(SOCKET) == "Socket"
    place.registry.run("sockets.socket")
    assert card.currentWidget() is card.tree
    panel.console.current.stop()
    await place.until(lambda: not panel.console.current.controller.state.is_live)
    await place.until(lambda: card.currentWidget() is card.empty)
    await place.close(panel)


@pytest.mark.parametrize("target", ["lab:udp-echo"])
async def test_a_datagram_socket_shows_what_it_has_and_hatches_the_rest(app, target: str):
    place = Workplace(app)
    panel = SocketsPanel(place.bench)
    place.show(panel)
    view = panel.console.current
    view.open_target(target, "client udp")
    view.start()
    await place.until(lambda: view.controller.state.can_send)
    place.registry.run("sockets.socket")
    assert value(view.socket, "tuple.protocol") == "UDP"
    assert value(view.socket, "info.rtt_us") == "not measurable here"
    await place.close(panel)

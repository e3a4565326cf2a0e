"""The Sockets panel as a person uses it: mouse and keys on the real widgets, against the Lab.

What it is made of is tested through it: workbench.panels.sockets.consolepage, workbench.panels.sockets.parts.session,
workbench.panels.sockets.pages, and workbench.panels.bench.
"""

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QTest

from tests.kit.scripted_peer import scripted_peer
from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels.sockets.models import PeersModel
from workbench.panels.sockets.state import Peer
from workbench.panels.sockets.view import SocketsPanel


def row(panel: SocketsPanel, number: int = 0) -> list[str]:
    model = panel.console.current.model
    return [str(model.index(number, column).data()) for column in range(model.columnCount())]


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


async def opened(app, target: str, kind: str = "client tcp") -> tuple[Workplace, SocketsPanel]:
    place = Workplace(app)
    panel = SocketsPanel(place.bench)
    place.show(panel)
    view = panel.console.current
    view.bar.set_kind(kind)
    QTest.keyClicks(view.bar.field, target)
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
    await place.until(
        lambda: view.verdict.verdict.word not in ("", "opening", "connecting", "looking up the name")
    )
    return place, panel


async def test_a_line_goes_to_the_echo_and_comes_back(app):
    place, panel = await opened(app, "lab:echo")
    view = panel.console.current
    assert view.verdict.verdict.word == "open"
    assert view.bytes.editor.hasFocus() or not panel.isActiveWindow()
    QTest.keyClicks(view.bytes.editor, "hello\\r\\n")
    click(view.send_button)
    await place.until(lambda: row(panel)[2] == "7 B")
    assert row(panel)[1] == "7 B"
    assert row(panel)[3:5] == ["open", "open"]
    click(view.finish_button)
    await place.until(lambda: view.verdict.verdict.word == "ended")
    assert "FIN" in view.verdict.text()
    assert row(panel)[3:5] == ["finished", "finished"]
    assert not view.send_button.isEnabled()
    assert "connect first" in view.send_button.toolTip()
    await place.close(panel)


async def test_a_mistake_in_the_bytes_is_named_and_nothing_is_sent(app):
    place, panel = await opened(app, "lab:echo")
    view = panel.console.current
    QTest.keyClicks(view.bytes.editor, "oops \\q")
    await place.until(lambda: view.bytes.problem.isVisible())
    assert not view.send_button.isEnabled()
    assert "mistake" in view.send_button.toolTip()
    QTest.keyClick(view.bytes.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert row(panel)[1] == "0 B"
    await place.close(panel)


async def test_a_mistake_in_the_target_stays_in_the_field_with_its_reason(app):
    place = Workplace(app)
    panel = SocketsPanel(place.bench)
    place.show(panel)
    view = panel.console.current
    QTest.keyClicks(view.bar.field, "127.0.0.1:70000")
    click(view.bar.button)
    assert view.bar.problem.isVisible()
    assert "65535" in view.bar.problem.text()
    assert place.scopes[-1].jobs == ()
    await place.close(panel)


async def test_a_refused_connection_shows_stage_symbol_and_the_line_of_the_conversation(app):
    place, panel = await opened(app, "127.0.0.1:1")
    view = panel.console.current
    assert view.verdict.verdict.kind == "bad"
    assert view.notice.isVisible()
    assert (
        "ECONNREFUSED"
        in f"{view.notice.heading.text()} {view.notice.what.text()} {view.notice.details.text()}"
    )
    click(view.notice.show_event)
    assert place.events
    click(view.notice.close_button)
    await place.until(lambda: not view.notice.isVisible())
    await place.close(panel)


async def test_a_reset_shows_as_such(app):
    place, panel = await opened(app, "lab:resetting")
    view = panel.console.current
    QTest.keyClicks(view.bytes.editor, "x")
    QTest.keyClick(view.bytes.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await place.until(lambda: view.verdict.verdict.word == "ended")
    assert "RST" in view.verdict.text()
    assert row(panel)[3:5] == ["reset", "reset"]
    await place.close(panel)


async def test_an_empty_datagram_is_sent_and_counted(app):
    place, panel = await opened(app, "lab:udp-echo", "client udp")
    view = panel.console.current
    assert not view.finish_button.isVisible()
    click(view.send_button)
    talk = panel.current_talk()
    assert talk is not None
    await place.until(lambda: sum(e.kind == "bytes" for e in talk.transcript.events()) == 2)
    assert [e.size for e in talk.transcript.events() if e.kind == "bytes"] == [0, 0]
    await place.close(panel)


async def test_a_listener_lists_who_comes_and_answers_by_rule(app):
    place, panel = await opened(app, "127.0.0.1:0", "listener tcp")
    view = panel.console.current
    assert view.rule.isVisible()
    view.rule.setCurrentIndex(view.rule.findData("echo"))
    host, port = view.controller.state.address.split(":")
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"ping")
    assert await reader.readexactly(4) == b"ping"
    await place.until(lambda: row(panel)[1:3] == ["4 B", "4 B"])
    assert row(panel)[0].startswith("127.0.0.1:")
    writer.close()
    await writer.wait_closed()
    await place.until(lambda: "FIN" in row(panel)[5])
    click(view.bar.button)
    await place.until(lambda: view.verdict.verdict.word == "closed")
    await place.close(panel)


async def test_several_sessions_live_side_by_side_and_close_one_by_one(app):
    place, panel = await opened(app, "lab:echo")
    click(panel.console.add_button)
    assert len(panel.console.sessions) == 2
    second = panel.console.current
    second.bar.set_text("lab:discard")
    second.start()
    await place.until(lambda: second.verdict.verdict.word == "open")
    assert {view.verdict.verdict.word for view in panel.console.sessions} == {"open"}
    assert [panel.console.tabs.tabText(at) for at in range(2)] == ["lab:echo", "lab:discard"]
    place.registry.run("sockets.close_session")
    assert len(panel.console.sessions) == 1
    assert panel.console.current.title == "lab:echo"
    place.registry.run("sockets.close_session")
    assert len(panel.console.sessions) == 1
    assert panel.console.current.title == "New session"
    await place.close(panel)


async def test_drafts_come_back_but_nothing_is_connected(app):
    place = Workplace(app)
    panel = SocketsPanel(place.bench)
    place.show(panel)
    panel.console.current.bar.set_kind("client udp")
    panel.console.current.bar.set_text("lab:udp-time")
    panel.console.current.bytes.set_text("half a thou")
    panel.console.new_session()
    panel.console.current.bar.set_kind("listener tcp")
    panel.console.current.rule.setCurrentIndex(2)
    panel.console.current.rule_text.setText("no\\r\\n")
    draft = panel.draft()
    again = SocketsPanel(place.bench._replace(registry=Workplace(app).registry))
    again.restore(draft)
    assert again.draft() == draft
    assert [view.bar.text() for view in again.console.sessions] == ["lab:udp-time", ""]
    assert again.console.sessions[0].bytes.text() == "half a thou"
    assert again.console.sessions[1].controller.state.form.reply == "text"
    assert not any(view.controller.state.is_live for view in again.console.sessions)
    again.console.restore({"sessions": "junk", "current": "junk"})
    again.console.restore({"sessions": [3, {"bar": 5, "bytes": [], "form": None}], "current": 99})
    await again.retire()
    again.deleteLater()
    await place.close(panel)


async def test_opening_a_target_from_elsewhere_fits_the_kind_and_spares_what_is_busy(app):
    place, panel = await opened(app, "lab:echo")
    panel.open_target("lab:udp-echo")
    assert len(panel.console.sessions) == 2
    assert (panel.console.current.bar.kind(), panel.console.current.bar.text()) == (
        "client udp",
        "lab:udp-echo",
    )
    panel.open_target("127.0.0.1:0", "listen")
    assert panel.console.current.bar.kind() == "listener tcp"
    panel.open_target("no target at all")
    assert panel.console.current.bar.kind() == "client tcp"
    await place.close(panel)


async def test_retiring_in_the_middle_of_a_stalled_conversation_leaves_nothing(app):
    with scripted_peer([("send", b"x"), ("stall",)]) as peer:
        place, panel = await opened(app, str(peer))
        view = panel.console.current
        place.scopes[-1].launch(view.controller.send(b"y" * 20_000_000), name="send")
        await place.until(lambda: view.controller.state.sending)
        await place.close(panel)
        assert all(not scope.jobs for scope in place.scopes)


@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_nothing_is_unnamed_or_clipped(app, appearance):
    place = Workplace(app, appearance)
    panel = SocketsPanel(place.bench)
    place.show(panel, 1280, 500)
    for kind in ("client tcp", "listener tcp", "client udp", "listener udp"):
        panel.console.current.bar.set_kind(kind)
        await place.until(lambda: place.feed.is_idle)
        assert sweep.unnamed(panel) == []
        # A label that changed is laid out in the next turn.
        await place.until(lambda: sweep.clipped(panel) == [])
    await place.close(panel)


async def test_a_screen_reader_hears_the_rows(app):
    place, panel = await opened(app, "lab:echo")
    await place.until(lambda: panel.console.current.model.rowCount() == 1)
    cell = panel.console.current.model.index(0, 3)
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "Our half: open"
    interface = QAccessible.queryAccessibleInterface(panel.console.current.table)
    assert interface.text(QAccessible.Text.Name) == "Connections"
    await place.close(panel)


def test_the_model_keeps_its_promises_while_peers_come_change_and_go(app):
    model = PeersModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    one, two = Peer(1, "a:1", "b:1"), Peer(2, "a:2", "b:1")
    for peers in [(one,), (one, two), (replace(one, sent=5), two), (two,), ()]:
        model.show_peers(peers)
        assert model.rowCount() == len(peers)
    assert model.place_of(1) == -1
    del tester

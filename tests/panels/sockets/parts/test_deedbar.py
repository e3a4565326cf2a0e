"""The menus beside the editor, the reads, the answers and a listener's controls, by mouse and keys in the real panel.

Also workbench.panels.sockets.passes, workbench.panels.sockets.passesmodel, workbench.panels.sockets.answersmodel,
workbench.panels.sockets.parts.answers, workbench.panels.sockets.parts.groupbar,
workbench.panels.sockets.parts.serverbar, workbench.panels.sockets.parts.faultlist,
workbench.panels.sockets.parts.sessionverdict, workbench.panels.sockets.parts.sessiondraft,
workbench.panels.sockets.parts.kindwords, workbench.panels.sockets.parts.consent,
workbench.panels.sockets.parts.latepart, workbench.panels.sockets.parts.reads.
"""

import asyncio
import socket

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from tests.kit.scripted_peer import scripted_peer
from tests.panels.sockets.test_view import click, opened
from tests.ui import sweep
from workbench.panels.sockets.answersmodel import STRANGER, AnswersModel
from workbench.panels.sockets.parts.connections import ANSWERS, READS
from workbench.panels.sockets.parts.faultlist import as_text
from workbench.panels.sockets.passes import LOOK_AT_MOST, Passes
from workbench.panels.sockets.passesmodel import PassesModel
from workbench.panels.sockets.view import SocketsPanel
from workbench.protocols.raw.question import Answer
from workbench.protocols.raw.zones import Fault
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction


def choose(menu, text: str) -> None:
    """Choose an entry by its beginning, as a person does: open, go there, Enter."""
    action = next(each for each in menu.actions() if each.text().startswith(text))
    assert action.isEnabled()
    menu.popup(menu.parentWidget().mapToGlobal(menu.parentWidget().rect().center()))
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def cells(table, row: int) -> list[str]:
    model = table.model()
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


async def test_reads_show_that_messages_come_as_they_like(app):
    with scripted_peer([("send", b"one\r\ntwo\r\n"), ("expect", b"x"), ("send", b"thr"), ("stall",)]) as peer:
        place, panel = await opened(app, str(peer))
        view = panel.console.current
        place.registry.run("sockets.reads")
        assert view.left.tabs.currentIndex() == READS
        reads = view.left.reads
        await place.until(lambda: reads.model.rowCount() == 1)
        QTest.keyClicks(view.bytes.editor, "x")
        click(view.send_button)
        await place.until(lambda: reads.model.rowCount() == 3)
        first, second, third = (cells(reads.table, row) for row in range(3))
        # Two lines in one read; half a word in the other.
        assert (first[0], first[2:]) == ("←", ["", "0", "10 B", "one\\r\\ntwo\\r\\n"])
        assert (second[0], second[3:]) == ("→", ["0", "1 B", "x"])
        assert (third[0], third[3:]) == ("←", ["10", "3 B", "thr"])
        assert third[2].endswith(("ms", "s"))
        assert reads.line.text() == "2 reads, 1 write"
        assert sweep.unnamed(panel) == []
        assert sweep.without_tip(panel) == []
        view.show_part(0)
        assert not reads.again.isActive()
        await place.close(panel)


def test_reads_are_taken_in_a_little_at_a_time_and_only_of_one_channel(app):
    transcript = Transcript()
    one, two = transcript.open("one", "tcp"), transcript.open("two", "tcp")
    for number in range(LOOK_AT_MOST):
        one.received(b"x" * (number % 7 + 1))
        two.sent(b"y")
    one.received(b"records", layer="proxy")
    one.fact("tls.started")
    one.received(b"record")
    one.received(b"plain", layer="tls")
    passes = Passes(transcript)
    model = PassesModel(passes)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert not model.look()
    model.follow(0)
    assert model.look()
    assert model.rowCount() == LOOK_AT_MOST // 2
    while model.look():
        pass
    assert model.rowCount() == LOOK_AT_MOST + 1
    last = passes[LOOK_AT_MOST]
    # Behind all that was said in clear; records and the proxy's words are not counted.
    assert (last.first, last.offset) == (b"plain", sum(number % 7 + 1 for number in range(LOOK_AT_MOST)))
    assert last.direction is Direction.RECEIVED
    assert (passes.reads, passes.writes) == (LOOK_AT_MOST + 1, 0)
    model.follow(1)
    assert model.rowCount() == 0
    assert model.at(0) is None
    transcript.close()


async def test_send_once_leaves_the_rest_marked_in_the_editor(app):
    with scripted_peer([("stall",)]) as peer:
        place, panel = await opened(app, str(peer))
        view = panel.console.current
        view.controller.set_option("SNDBUF", "4608")
        view.bytes.set_text("0123456789" * 30_000)
        await place.until(lambda: view.send_button.isEnabled())
        click(view.editor.once_button)
        await place.until(lambda: "stay in the editor" in view.editor.deeds.line.text())
        offer = view.controller.state.offer
        assert offer is not None
        assert 0 < offer.accepted < 300_000
        assert len(view.bytes.value()) == 300_000 - offer.accepted
        assert view.bytes.editor.textCursor().hasSelection()
        await place.close(panel)


async def test_the_menus_make_mischief_cancel_it_and_ask_for_tls(app):
    place, panel = await opened(app, "lab:smtp")
    view = panel.console.current
    bar = view.editor.deeds
    view.bytes.set_text("NOOP\\r\\n")
    await place.until(lambda: bar.faults.isEnabled())
    choose(bar.fault_menu, "One octet at a time")
    await place.until(lambda: view.controller.state.peers[0].sent == 6)
    await place.until(lambda: all(action.isEnabled() for action in bar.fault_menu.actions()[:4]))
    choose(bar.fault_menu, "Pause in the middle")
    await place.until(lambda: view.controller.state.doing)
    assert "Pause" in bar.line.text() or view.editor.deeds.line.text() == ""
    job = next(job for scope in place.scopes for job in scope.jobs if job.name == "pause")
    job.cancel()
    await job.wait()
    await place.until(view.send_button.isEnabled)
    heard = view.controller.state.peers[0].received
    view.bytes.set_text("\\r\\n")
    click(view.send_button)
    await place.until(lambda: view.controller.state.peers[0].received > heard and bar.ask.isEnabled())
    choose(bar.ask_menu, "SMTP")
    await place.until(lambda: view.controller.state.peers[0].is_secure)
    await place.until(lambda: "under TLS already" in bar.ask.toolTip() and bar.cut.isEnabled())
    assert not bar.ask.isEnabled()
    choose(bar.fault_menu, "FIN without")
    await place.until(lambda: view.verdict.verdict.word == "ended")
    await place.close(panel)


async def test_a_file_is_chosen_and_sent(app, tmp_path, monkeypatch):
    path = tmp_path / "file.bin"
    path.write_bytes(b"x" * 100_000)

    async def chosen(*_args: object, **_named: object):
        return path

    monkeypatch.setattr("workbench.panels.sockets.parts.deedbar.ask_open_file", chosen)
    place, panel = await opened(app, "lab:discard")
    view = panel.console.current
    await place.until(lambda: view.editor.deeds.files.isEnabled())
    choose(view.editor.deeds.file_menu, "Send a file")
    await place.until(lambda: view.verdict.verdict.word == "sent")
    assert "SHA-256" in view.verdict.text()
    assert view.controller.state.peers[0].sent == 100_000
    await place.close(panel)


async def test_three_machines_answer_and_a_stranger_is_marked(app):
    place, panel = await opened(app, "lab:beacon", "client udp")
    view = panel.console.current
    assert view.editor.ask.isVisible()
    view.bytes.set_text("who is there?")
    click(view.send_button)
    place.registry.run("sockets.answers")
    assert view.left.tabs.currentIndex() == ANSWERS
    table = view.left.answers.table
    await place.until(lambda: table.model().rowCount() == 3)
    assert sorted(cells(table, row)[5] for row in range(3)) == [
        "I am here: anvil",
        "I am here: bellows",
        "I am here: chisel",
    ]
    assert view.left.answers.line.text().startswith("3 from 3; waiting")
    assert sweep.unnamed(panel) == []
    assert sweep.without_tip(panel) == []
    click(view.bar.button)
    await place.until(lambda: view.verdict.verdict.word == "closed")
    view.editor.ask.strangers.setChecked(True)
    view.bar.set_text("lab:udp-echo")
    view.start()
    await place.until(lambda: view.controller.state.can_send)
    host, port = view.controller.state.address.split(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"boo", (host, int(port)))
    await place.until(lambda: table.model().rowCount() == 1)
    assert cells(table, 0)[0].endswith(STRANGER)
    assert cells(table, 0)[2] == "unasked"
    assert "1 from someone else" in view.left.answers.line.text()
    await place.close(panel)


def test_the_model_of_answers_keeps_its_promises_to_qt(app):
    model = AnswersModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    one = Answer("127.0.0.1:9", b"a\x1b[1m", 5, 0.001, 1, stranger=False, truncated=True)
    two = one._replace(source="[::1]:9", latency_s=None, stranger=True)
    model.show_rows((one,))
    model.show_rows((one, two))
    model.name("127.0.0.1", "localhost")
    row = [str(model.index(0, column).data()) for column in range(6)]
    assert row[:5] == ["127.0.0.1:9", "localhost", "1 ms", "5 B, cut", "1"]
    assert "\x1b" not in row[5]
    assert model.index(1, 0).data(Qt.ItemDataRole.DecorationRole) is not None
    model.show_rows((two,))
    assert model.rowCount() == 1


async def test_a_listener_is_told_to_throw_and_its_exceptions_are_read(app):
    place, panel = await opened(app, "127.0.0.1:0", "listener tcp")
    view = panel.console.current
    bar = view.editor.server
    assert bar.isVisible()
    view.rule.setCurrentIndex(view.rule.findData("echo"))
    click(bar.one)
    assert view.controller.state.form.one_at_a_time
    host, port = view.controller.state.address.split(":")
    choose(bar.menu, "While it serves the next")
    reader, writer = await asyncio.open_connection(host, port)
    assert await reader.read() == b""
    writer.close()
    await place.until(lambda: bar.read.isVisible())
    assert bar.read.text() == "1 exception"
    assert "failed 1" in bar.figures.text()
    click(bar.read)
    await place.until(lambda: isinstance(QApplication.activeModalWidget(), QDialog))
    QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape)
    first_reader, first = await asyncio.open_connection(host, port)
    first.write(b"a")
    assert await first_reader.readexactly(1) == b"a"
    _, second = await asyncio.open_connection(host, port)
    await place.until(lambda: "1 waiting" in bar.figures.text())
    rows = view.model.rowCount()
    await place.until(lambda: str(view.model.index(rows - 1, 5).data()) == "waits for its turn")
    click(bar.stop)
    await place.until(lambda: view.verdict.verdict.word == "stopping")
    first.close()
    second.close()
    await place.until(lambda: view.verdict.verdict.word in ("closed", "ended"))
    await place.close(panel)


def test_exceptions_are_told_the_last_one_first():
    text = as_text(
        (Fault(1, "a", "accept", "E: x", "trace 1\n"), Fault(2, "b", "handle", "E: y", "trace 2\n"))
    )
    assert text.index("client 2 (b), while it was to handle") < text.index("trace 1")


async def test_time_is_counted_down_while_a_limit_runs_and_wrong_ones_are_marked(app):
    place, panel = await opened(app, "127.0.0.1:1")
    view = panel.console.current
    idle = view.sheet.fields["idle"]
    idle.set_text("soon")
    view.bar.set_text("lab:silent")
    view.start()
    await place.until(lambda: view.more.isChecked() and idle.problem is not None and idle.problem.isVisible())
    idle.set_text("30")
    view.start()
    await place.until(lambda: view.verdict.verdict.word == "open")
    await place.until(view.verdict.timer.isActive)
    assert any("s left" in chip.text for chip in view.verdict.verdict.chips if hasattr(chip, "text"))
    assert panel.draft()["pages"]["console"]["sessions"][0]["limits"]["idle"] == "30"
    view.stop()
    await place.until(lambda: not view.verdict.timer.isActive())
    await place.close(panel)


async def test_what_would_leave_this_machine_is_asked_about_and_no_means_no(app):
    place, panel = await opened(app, "lab:udp-echo", "client udp")
    view = panel.console.current
    view.stop()
    await place.until(lambda: not view.controller.state.is_live and view.bar.target_box.isEnabled())
    view.bar.set_text("255.255.255.255:9")
    view.start()
    await place.until(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
    box = QApplication.activeModalWidget()
    assert "every machine" in box.informativeText().lower()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    await place.until(lambda: QApplication.activeModalWidget() is None)
    assert view.controller.state.phase != "open"
    await place.close(panel)


async def test_groups_are_joined_and_left_and_what_is_none_is_marked(app):
    place, panel = await opened(app, "127.0.0.1:0", "listener udp")
    view = panel.console.current
    bar = view.editor.groups
    await place.until(bar.join.isEnabled)
    QTest.keyClicks(bar.group, "127.0.0.1")
    QTest.keyClick(bar.group, Qt.Key.Key_Return)
    assert "no address of a group" in bar.line.text()
    bar.group.setText("239.255.1.1@127.0.0.1")
    click(bar.join)
    assert bar.line.text() == "hears 239.255.1.1"
    click(bar.leave)
    assert bar.line.text() == ""
    click(bar.leave)
    assert "was not joined" in bar.line.text()
    await place.close(panel)


async def test_every_session_is_stopped_by_one_key(app):
    place, panel = await opened(app, "lab:echo")
    panel.console.new_session()
    panel.console.current.bar.set_kind("listener tcp")
    panel.console.current.bar.set_text("127.0.0.1:0")
    panel.console.current.start()
    await place.until(lambda: all(view.controller.state.phase == "open" for view in panel.console.sessions))
    place.registry.run("sockets.stop_all")
    await place.until(lambda: not any(view.controller.state.is_live for view in panel.console.sessions))
    await place.close(panel)


@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_nothing_is_clipped_or_without_a_name(app, appearance):
    from tests.panels.benches import Workplace

    place = Workplace(app, appearance)
    panel = SocketsPanel(place.bench)
    place.show(panel)
    view = panel.console.current
    for kind in ("client tcp", "listener tcp", "client udp", "listener udp"):
        view.bar.set_kind(kind)
        view.open_target("", kind)
        await place.until(lambda: sweep.clipped(panel) == [])
        assert sweep.unnamed(panel) == []
        assert sweep.without_tip(panel) == []
    await place.close(panel)

"""What the window needs of its bridge, in ten points; the other files of this folder look closer at each."""

import ast
import asyncio
import faulthandler
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

import workbench.bridge
from tests.bridge.programs import run_program
from tests.bridge.signals import emitted, until
from workbench.bridge.ask import ACCEPTED, ask
from workbench.bridge.crash import CrashReporter
from workbench.bridge.ending import Ending, Phase, close_in_two_steps
from workbench.bridge.feed import Feed
from workbench.bridge.heartbeat import Heartbeat
from workbench.bridge.loop import WorkbenchLoop
from workbench.jobs.scope import Scope
from workbench.transcript.recorder import Transcript

BRIDGE = Path(workbench.bridge.__file__).parent


class Clicked(QObject):
    clicked = Signal()


def test_point_1_qasync_takes_the_binding_we_chose_whatever_else_is_installed(tmp_path):
    for name in ("PyQt5", "PyQt6"):
        (tmp_path / f"{name}.py").write_text(f"raise RuntimeError('{name} was taken')", encoding="utf-8")
    program = "import workbench.bridge.loop, qasync; print(qasync.QtModuleName)"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.stdout, ended.stderr) == ("PySide6\n", "")


async def test_point_2_a_panels_work_is_held_and_ends_with_it(app):
    scope, started, ended = Scope("panel"), asyncio.Event(), []

    async def work():
        started.set()
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0)
            ended.append("work")

    button = Clicked()
    # Nobody keeps what launch() returns: the scope does.
    button.clicked.connect(lambda: scope.launch(work(), name="work"))
    QTimer.singleShot(0, button.clicked.emit)
    await started.wait()
    gc.collect()
    await asyncio.sleep(0)
    assert len(scope.jobs) == 1
    await scope.retire()
    assert ended == ["work"]
    assert scope.jobs == ()


async def test_point_3_a_failing_slot_and_a_failing_task_are_reported_and_cancellation_is_silent(
    app, expected_log
):
    expected_log("workbench.crash")
    reporter = CrashReporter()
    reporter.install(asyncio.get_running_loop())
    scope = Scope("panel", crash=reporter.report)

    async def fail():
        raise LookupError

    def click():
        scope.launch(fail(), name="fail")
        scope.launch(asyncio.sleep(3600), name="stay")
        raise ZeroDivisionError

    button = Clicked()
    button.clicked.connect(click)
    QTimer.singleShot(0, button.clicked.emit)
    await emitted(button.clicked)
    await until(lambda: len(reporter.crashes) == 2)
    await scope.retire()
    reporter.uninstall()
    assert [(crash.where, crash.text.splitlines()[-1]) for crash in reporter.crashes] == [
        ("slot", "ZeroDivisionError"),
        ("panel/fail", "LookupError"),
    ]


async def test_point_4_a_dialog_is_awaited_and_everything_else_goes_on(app):
    window, steps = QWidget(), []
    window.show()

    async def other():
        while True:
            steps.append(None)
            await asyncio.sleep(0.001)

    moving = asyncio.create_task(other())
    asking = asyncio.create_task(ask(QDialog(window)))
    await until(QApplication.activeModalWidget)
    before = len(steps)
    await asyncio.sleep(0.02)
    assert len(steps) > before
    QApplication.activeModalWidget().accept()
    assert await asking == ACCEPTED
    moving.cancel()
    window.close()
    window.deleteLater()


def test_point_4_the_bridge_enters_no_nested_loop():
    calls = [
        (path.name, node.func.attr)
        for path in BRIDGE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert [name for name, call in calls if call in ("exec", "exec_")] == ["loop.py"]  # Qt's own, once
    assert [name for name, call in calls if call in ("processEvents", "asyncClose", "asyncSlot")] == []


async def test_point_5_closing_is_refused_until_everything_has_ended_in_order(app):
    order, window = [], QWidget()
    window.show()
    ending = Ending(lambda where, text: order.append(text))

    def step(name):
        async def run():
            assert window.isVisible()
            await asyncio.sleep(0.001)
            order.append(name)

        return run

    for phase in reversed(Phase):
        ending.add(phase, phase.name, step(phase.name))
    closing = close_in_two_steps(window, ending.run)
    workers = asyncio.get_running_loop().workers
    await asyncio.to_thread(int)
    window.close()
    assert window.isVisible()
    await ending.requested()
    assert await ending.run() == []
    await closing.closed.wait()
    assert order == ["PANELS", "TASKS", "TRANSPORTS", "LAB", "REACTOR"]
    assert not window.isVisible()
    assert await workers.finished()  # its threads have ended
    window.deleteLater()


async def test_point_6_a_slow_callback_is_caught_in_the_act(app):
    heartbeat = Heartbeat(limit_ms=50, interval_ms=10)
    heartbeat.start()

    def slow():
        until = time.monotonic() + 0.12
        while time.monotonic() < until:
            pass

    asyncio.get_running_loop().call_soon(slow)
    [late] = await emitted(heartbeat.was_late)
    heartbeat.stop()
    assert "in slow" in late.stack
    heartbeat.deleteLater()


def test_point_6_all_hooks_are_taken_and_given_back(app, tmp_path):
    loop, reporter = WorkbenchLoop(app), CrashReporter(tmp_path)
    before = sys.excepthook, sys.unraisablehook, threading.excepthook
    reporter.install(loop)
    assert faulthandler.is_enabled()
    assert not set(before) & {sys.excepthook, sys.unraisablehook, threading.excepthook}
    assert loop.get_exception_handler() is not None
    reporter.uninstall()
    assert (sys.excepthook, sys.unraisablehook, threading.excepthook) == before
    loop.close()


async def test_point_7_signals_arrive_on_the_loop(app):
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        ending = Ending(print)
        loop.add_signal_handler(number, ending.request)
        loop.call_later(0.001, os.kill, os.getpid(), number)
        await ending.requested()
        loop.remove_signal_handler(number)


async def test_point_8_a_flood_of_events_is_a_frame_now_and_then(app):
    transcript, feed, shown = Transcript(), Feed(interval_ms=20), []
    loop = asyncio.get_running_loop()
    began = loop.time()
    cut = feed.watch(transcript, lambda: shown.append(len(transcript)))
    channel = transcript.open("flood", "tcp")
    for _ in range(20):
        for _ in range(100):
            channel.received(b"x")
        await asyncio.sleep(0)
    await until(lambda: feed.is_idle)
    assert shown[-1] == len(transcript) >= 2000
    # One at once, then no more than fit into the time: 20 of them only where each hundred events took a frame.
    assert len(shown) <= 2 + (loop.time() - began) / 0.0195
    cut()
    transcript.close()
    feed.deleteLater()


async def test_point_9_a_call_that_blocks_does_not_block_the_window(app):
    heartbeat, release = Heartbeat(limit_ms=10_000, interval_ms=5), threading.Event()
    blocked = asyncio.create_task(asyncio.to_thread(release.wait, 10))
    heartbeat.start()
    await until(lambda: len(heartbeat._gaps) >= 10)
    assert not blocked.done()
    release.set()
    assert await blocked
    heartbeat.stop()
    heartbeat.deleteLater()


def test_point_10_twisted_runs_on_the_same_loop_and_stops_in_order():
    ended = run_program(
        """
        from workbench.bridge.reactor import start_twisted
        async def main():
            twisted = await start_twisted()
            loop = asyncio.get_running_loop()
            from twisted.internet import reactor
            from twisted.internet.endpoints import TCP4ServerEndpoint
            from twisted.internet.protocol import Factory, Protocol
            from twisted.internet.threads import deferToThread
            assert reactor is twisted.reactor and reactor.running
            class Echo(Protocol):
                def dataReceived(self, data):
                    self.transport.write(data)
            endpoint = TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")
            port = await endpoint.listen(Factory.forProtocol(Echo)).asFuture(loop)
            reader, writer = await asyncio.open_connection("127.0.0.1", port.getHost().port)
            writer.write(b"hello")
            say((await reader.readexactly(5)).decode())
            say(await deferToThread(lambda: threading.current_thread() is threading.main_thread()).asFuture(loop))
            await twisted.stop()
            assert await reader.read() == b""
            writer.close()
            await writer.wait_closed()
            return 0
        sys.exit(run(app, main))
        """,
        is_strict=False,
    )
    assert ended[:3] == (0, "hello\nFalse\n", "")


async def test_a_ui_thread_under_network_load_still_answers_keys(app):
    """Echoes without end on the same thread: a key press is handled within a frame, not after the load."""
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    for sock in (ours, theirs):
        sock.setblocking(False)
        loop.add_reader(sock, lambda sock=sock: sock.send(sock.recv(4096)))
    ours.send(b"ball")
    window, pressed = QWidget(), loop.create_future()
    window.keyPressEvent = lambda event: pressed.done() or pressed.set_result(event.text())
    window.show()
    QTimer.singleShot(20, lambda: QTest.keyClick(window, "k"))
    assert await pressed == "k"
    for sock in (ours, theirs):
        loop.remove_reader(sock)
        sock.close()
    window.close()
    window.deleteLater()

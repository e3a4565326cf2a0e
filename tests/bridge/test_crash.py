"""The crash reporter hears of every exception nobody answered, and the log never holds payload."""

import asyncio
import gc
import io
import logging
import sys
import threading

import pytest
from PySide6.QtCore import QObject, QTimer, Signal

from tests.bridge.programs import run_program
from tests.bridge.signals import emitted
from workbench.bridge.crash import LOG_NAME, CrashReporter
from workbench.errors import PeerMisbehaved

PAYLOAD = "220 the words of a peer"


@pytest.fixture
def reporter(tmp_path, expected_log):
    expected_log("ERROR workbench.crash", maybe=True)
    reporter = CrashReporter(tmp_path / "state")
    yield reporter
    reporter.uninstall()


class Told:
    """An observer that can be awaited."""

    def __init__(self, reporter):
        self.crashes = asyncio.Queue()
        self.thread = None
        self.cut = reporter.observe(self.hear)

    def hear(self, crash):
        self.thread = threading.get_ident()
        self.crashes.put_nowait(crash)


class Knocker(QObject):
    knocked = Signal()


async def test_an_exception_in_a_slot(app, reporter):
    reporter.install(asyncio.get_running_loop())
    told, knocker = Told(reporter), Knocker()

    def fail_in_slot():
        raise ValueError(PAYLOAD)

    knocker.knocked.connect(fail_in_slot)
    QTimer.singleShot(0, knocker.knocked.emit)
    crash = await told.crashes.get()
    assert crash.where == "slot"
    assert "in fail_in_slot" in crash.text
    assert crash.text.endswith("ValueError\n")


async def test_an_exception_in_a_task_nobody_awaits(app, reporter):
    reporter.install(asyncio.get_running_loop())
    told = Told(reporter)

    async def fail_in_task():
        raise ValueError(PAYLOAD)

    task = asyncio.create_task(fail_in_task(), name="sockets/send")
    await asyncio.wait([task])
    del task
    gc.collect()
    crash = await told.crashes.get()
    assert crash.where == "task sockets/send"
    assert "in fail_in_task" in crash.text


async def test_an_exception_in_a_callback(app, reporter):
    reporter.install(asyncio.get_running_loop())
    told = Told(reporter)
    asyncio.get_running_loop().call_soon(int, PAYLOAD)
    crash = await told.crashes.get()
    assert crash.text.endswith("ValueError\n")
    assert PAYLOAD not in crash.where + crash.text


async def test_an_exception_in_a_thread_is_told_on_the_loops(app, reporter):
    reporter.install(asyncio.get_running_loop())
    told = Told(reporter)
    thread = threading.Thread(target=int, args=(PAYLOAD,), name="reader")
    thread.start()
    crash = await told.crashes.get()
    thread.join()
    assert crash.where == "thread reader"
    assert told.thread == threading.get_ident()


async def test_an_exception_while_freeing(app, reporter):
    class Fragile:
        def __del__(self):
            raise ValueError(PAYLOAD)

    reporter.install(asyncio.get_running_loop())
    told = Told(reporter)
    Fragile()
    crash = await told.crashes.get()
    assert "Fragile.__del__" in crash.where
    assert crash.text.endswith("ValueError\n")


async def test_trouble_without_an_exception_says_where_the_task_stood(app, reporter):
    reporter.install(asyncio.get_running_loop())
    waiting = asyncio.create_task(asyncio.sleep(60), name="forgotten")
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_exception_handler({"message": "was destroyed", "task": waiting})
    [crash] = reporter.crashes
    assert crash.where == "task forgotten"
    assert "in sleep" in crash.text
    assert "was destroyed" in crash.text
    waiting.cancel()
    await asyncio.wait([waiting])


async def test_cancellation_and_leaving_are_silent(app, reporter):
    reporter.install(asyncio.get_running_loop())
    task = asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    del task
    gc.collect()
    for error in (asyncio.CancelledError(), KeyboardInterrupt(), SystemExit()):
        reporter.report(error, "anywhere")
    assert not reporter.crashes


def test_the_log_holds_types_and_places_and_our_own_sentences_only(reporter, tmp_path):
    reporter.install()
    try:
        secret = PAYLOAD
        raise PeerMisbehaved("The greeting has no code", data=secret.encode()) from ValueError(secret)
    except PeerMisbehaved:
        sys.excepthook(*sys.exc_info())
    reporter.uninstall()
    log = (tmp_path / "state" / LOG_NAME).read_text(encoding="utf-8")
    assert "PeerMisbehaved: The greeting has no code" in log
    assert "in test_the_log_holds_types" in log
    assert PAYLOAD not in log


def test_a_failure_that_repeats_is_one_entry_and_few_lines(reporter, tmp_path):
    reporter.install()
    for _ in range(100):
        reporter.note("slot", "the same\n")
    reporter.note("slot", "another\n")
    reporter.uninstall()
    assert [(crash.text, crash.times) for crash in reporter.crashes] == [
        ("the same\n", 100),
        ("another\n", 1),
    ]
    log = (tmp_path / "state" / LOG_NAME).read_text(encoding="utf-8")
    assert log.count("the same") == 7  # 1, 2, 4 ... 64


def test_the_log_rotates(reporter, tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.bridge.crash.LOG_OCTETS", 10_000)
    reporter.install()
    for number in range(200):
        reporter.note("slot", f"{number} " + "x" * 500)
    reporter.uninstall()
    files = sorted((tmp_path / "state").glob(f"{LOG_NAME}*"))
    assert len(files) == 4
    assert all(file.stat().st_size <= 10_000 for file in files)


def test_only_the_latest_are_kept(reporter):
    for number in range(500):
        reporter.note("slot", f"{number}")
    assert len(reporter.crashes) == 100
    assert reporter.crashes[-1].text == "499"


def test_uninstalling_puts_everything_back(reporter):
    def hooks():
        return (
            sys.excepthook,
            sys.unraisablehook,
            threading.excepthook,
            logging.getLogger("workbench").handlers[:],
        )

    before = hooks()
    loop = asyncio.new_event_loop()
    reporter.install(loop)
    assert all(now != then for now, then in zip(hooks(), before, strict=True))
    assert loop.get_exception_handler() is not None
    reporter.uninstall()
    assert hooks() == before
    assert loop.get_exception_handler() is None
    loop.close()


def test_an_observer_that_fails_is_not_asked_again(reporter):
    heard = []

    def fail(crash):
        heard.append("failing")
        raise ValueError(PAYLOAD)

    reporter.observe(fail)
    cut = reporter.observe(lambda crash: heard.append(crash.text))
    reporter.note("slot", "one")
    reporter.note("slot", "two")
    cut()
    cut()
    reporter.note("slot", "three")
    assert heard == ["failing", "one", "two"]


def test_what_the_terminal_is_told_holds_no_payload_either(expected_log):
    expected_log("workbench.crash")
    echo = io.StringIO()
    CrashReporter(echo=echo).report(ValueError(PAYLOAD), "task a")
    assert echo.getvalue() == "workbench: task a\nValueError\n"


async def test_crashes_while_a_view_listens_reach_it_in_order(app, reporter):
    reporter.install(asyncio.get_running_loop())
    told, knocker = Told(reporter), Knocker()
    for error in (KeyError, TypeError):
        knocker.knocked.connect(lambda error=error: (_ for _ in ()).throw(error))
    QTimer.singleShot(0, knocker.knocked.emit)
    await emitted(knocker.knocked)
    assert [(await told.crashes.get()).text.splitlines()[-1] for _ in range(2)] == ["KeyError", "TypeError"]


def test_what_kills_the_interpreter_is_written_down(tmp_path):
    ended = run_program(f"""
        import ctypes, pathlib
        from workbench.bridge.crash import CrashReporter
        import faulthandler
        faulthandler.disable()  # python -X dev has it on
        CrashReporter(pathlib.Path({str(tmp_path)!r})).install()
        async def main():
            ctypes.string_at(0)
        run(app, main)
    """)
    assert ended.code < 0
    text = (tmp_path / "faults.log").read_text(encoding="utf-8")
    assert "Segmentation fault" in text
    assert "in main" in text

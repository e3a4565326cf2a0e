"""The loop keeps asyncio's promises while Qt runs the thread; each known fault of qasync 0.28 has its test here."""

import asyncio
import contextvars
import gc
import socket
import sys
import threading
import time
import weakref

import pytest
import qasync
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QObject, QSocketNotifier, Qt, QTimer, Signal
from shiboken6 import Shiboken

from tests.bridge.signals import emitted
from workbench.bridge.loop import SLICE_S, WorkbenchLoop

NAME = contextvars.ContextVar("NAME", default="nobody")

needs_mortal_none = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None is immortal there and cannot lose a reference"
)


@pytest.fixture
def loop(app):
    loop = WorkbenchLoop(app)
    yield loop
    loop.close()


def qt_timers():
    return [thing for thing in Shiboken.getAllValidWrappers() if isinstance(thing, QTimer)]


def test_it_is_a_qasync_loop_and_an_asyncio_one(loop):
    assert isinstance(loop, qasync.QEventLoop)
    assert isinstance(loop, asyncio.SelectorEventLoop)


def test_no_method_of_qasync_is_inherited_unnoticed():
    harmless = {"__enter__", "__exit__", "__module__", "__doc__", "__dict__", "__weakref__", "_logger"}
    unused = {"_process_event", "_before_run_forever", "_after_run_forever"}
    inherited = {
        name
        for base in WorkbenchLoop.__mro__
        if base.__module__.startswith("qasync")
        for name in vars(base)
        if name not in vars(WorkbenchLoop) and not name.startswith("_QEventLoop__")
    }
    assert inherited <= harmless | unused


# Order and contexts


async def test_callbacks_run_in_the_order_they_were_asked_for(app):
    seen = []
    loop = asyncio.get_running_loop()
    for number in range(1000):
        loop.call_soon(seen.append, number)
    loop.call_soon_threadsafe(seen.append, 1000)
    await asyncio.sleep(0)
    assert seen == list(range(1001))


async def test_timers_with_one_deadline_or_several_run_in_the_order_of_their_deadlines(app):
    seen = []
    loop = asyncio.get_running_loop()
    now = loop.time()
    for delay_ms in (7, 3, 5, 1, 9):
        loop.call_at(now + delay_ms / 1000, seen.append, delay_ms)
    await asyncio.sleep(0.012)
    assert seen == [1, 3, 5, 7, 9]


async def test_a_callback_does_not_overtake_those_already_waiting(app):
    seen = []
    loop = asyncio.get_running_loop()
    loop.call_soon(lambda: (seen.append("first"), loop.call_soon(seen.append, "third")))
    loop.call_soon(seen.append, "second")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert seen == ["first", "second", "third"]


async def test_a_call_from_a_thread_keeps_its_context_and_returns_a_handle(app):
    loop = asyncio.get_running_loop()
    seen = asyncio.Queue()
    context = contextvars.copy_context()
    context.run(NAME.set, "thread")

    def call():
        handle = loop.call_soon_threadsafe(lambda: seen.put_nowait(NAME.get()), context=context)
        cancelled = loop.call_soon_threadsafe(lambda: seen.put_nowait("cancelled"))
        cancelled.cancel()
        loop.call_soon_threadsafe(seen.put_nowait, type(handle))

    await asyncio.to_thread(call)
    assert await seen.get() == "thread"
    assert issubclass(await seen.get(), asyncio.Handle)
    assert seen.empty()


async def test_a_thread_wakes_a_loop_that_sleeps(app):
    loop = asyncio.get_running_loop()
    woken = loop.create_future()
    began = loop.time()
    thread = threading.Timer(0.02, loop.call_soon_threadsafe, (woken.set_result, None))
    thread.start()
    await woken
    thread.join()
    assert loop.time() - began < 5


def test_a_loop_can_run_again_and_finds_what_was_left(loop):
    seen = []

    async def first():
        loop.call_later(0.1, seen.append, "timer")

    loop.run_until_complete(first())
    assert seen == []
    loop.run_until_complete(asyncio.sleep(0.1))
    assert seen == ["timer"]


def test_stop_lets_what_is_ready_run_first(loop):
    seen = []
    loop.call_soon(loop.stop)
    loop.call_soon(seen.append, "same turn")
    loop.call_soon(lambda: loop.call_soon(seen.append, "next turn"))
    loop.run_forever()
    assert seen == ["same turn"]


def test_a_slot_can_stop_the_loop(loop, app):
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(loop.stop)
    timer.start(20)  # long enough for the loop to have fallen asleep
    began = loop.time()
    loop.run_forever()
    assert loop.time() - began < 5


def test_an_exit_asked_for_by_a_callback_leaves_through_run_forever(loop):
    loop.call_soon(sys.exit, 3)
    with pytest.raises(SystemExit) as caught:
        loop.run_forever()
    assert caught.value.code == 3
    loop.run_until_complete(asyncio.sleep(0))


def test_an_interrupted_task_leaves_through_run_until_complete(loop):
    async def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(interrupted())


def test_qt_ending_its_loop_ends_ours(loop, app):
    loop.call_soon(app.exit)
    with pytest.raises(RuntimeError, match="stopped before Future completed"):
        loop.run_until_complete(loop.create_future())


def test_a_running_loop_refuses_to_run_or_to_close(loop):
    async def tries():
        with pytest.raises(RuntimeError):
            loop.run_forever()
        with pytest.raises(RuntimeError):
            loop.close()

    loop.run_until_complete(tries())


# Timers


async def test_no_timer_is_early(app):
    loop = asyncio.get_running_loop()
    errors_s = []

    async def one(delay_s):
        due = loop.time() + delay_s
        await asyncio.sleep(delay_s)
        errors_s.append(loop.time() - due)

    await asyncio.gather(*(one(0.0007 + number * 0.00173) for number in range(60)))
    assert len(errors_s) == 60
    assert min(errors_s) >= -1e-6


async def test_a_delayed_call_says_when(app):
    loop = asyncio.get_running_loop()
    due = loop.time() + 60
    handle = loop.call_at(due, print)
    assert isinstance(handle, asyncio.TimerHandle)
    assert handle.when() == due
    assert loop.call_later(60, print).when() > due - 1
    handle.cancel()
    assert handle.cancelled()


async def test_finished_timeouts_leave_no_timer_behind(app):
    loop = asyncio.get_running_loop()
    timers, frames = loop.counts().timers, []
    before = len(qt_timers())
    for _ in range(5000):
        async with asyncio.timeout(60) as scope:
            await asyncio.sleep(0)
    frames.append(weakref.ref(scope))
    del scope
    assert loop.counts().timers == timers
    assert len(qt_timers()) == before
    assert len(loop._scheduled) <= 200  # cancelled ones are thrown out in batches, as asyncio does
    gc.collect()
    assert frames[0]() is None


async def test_a_cancelled_timer_never_fires(app):
    loop = asyncio.get_running_loop()
    seen = []
    for number in range(300):
        handle = loop.call_later(0.002, seen.append, number)
        if number % 3:
            handle.cancel()
    await asyncio.sleep(0.01)
    assert seen == list(range(0, 300, 3))


async def test_an_earlier_timer_set_by_a_slot_is_not_kept_waiting_by_a_later_one(app):
    loop = asyncio.get_running_loop()
    asleep = asyncio.create_task(asyncio.sleep(60))
    rang = loop.create_future()
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(lambda: loop.call_later(0.001, rang.set_result, None))
    timer.start(1)
    async with asyncio.timeout(60):
        await rang
    asleep.cancel()
    await asyncio.wait([asleep])


def test_an_idle_loop_is_not_woken(loop):
    """A program that waits for hours costs nothing: no turn happens between two events that are far apart."""
    turns = []
    collect = loop._collect
    loop._collect = lambda: (turns.append(1), collect())
    loop.run_until_complete(asyncio.sleep(0.1))
    # Start, the timer, the stop; each turn polls once more to see that nothing is left.
    assert len(turns) <= 8


@needs_mortal_none
async def test_thousands_of_timer_events_lose_no_reference_to_none(app):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    seen = []

    def on_timeout():
        seen.append(None)
        loop.call_soon(seen.append, None)
        if len(seen) >= 4000:
            timer.stop()
            if not done.done():
                done.set_result(None)

    timer = QTimer()
    timer.timeout.connect(on_timeout)
    timer.start(0)
    before = sys.getrefcount(None)
    await done
    timer.timeout.disconnect(on_timeout)
    held = len(seen)
    assert abs(sys.getrefcount(None) - before - held) < 500


# Sharing the thread with Qt


class Knocker(QObject):
    knocked = Signal(int)


async def test_a_slot_can_start_a_task_and_knows_the_loop(app):
    loop = asyncio.get_running_loop()
    knocker, results = Knocker(), asyncio.Queue()

    async def work(number):
        results.put_nowait((number, asyncio.get_running_loop() is loop))

    started = []
    knocker.knocked.connect(lambda number: started.append(asyncio.create_task(work(number))))
    QTimer.singleShot(0, lambda: knocker.knocked.emit(7))
    assert await results.get() == (7, True)
    await asyncio.gather(*started)


async def test_callbacks_that_never_end_leave_qt_its_turn(app):
    loop = asyncio.get_running_loop()
    busy = True

    def again():
        if busy:
            loop.call_soon(again)

    again()
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.start(5)
    for _ in range(20):
        await emitted(timer.timeout)
    timer.stop()
    busy = False


async def test_a_crowd_of_ready_callbacks_is_cut_into_slices(app):
    """20,000 callbacks of 50 us would be one second; Qt's timer still ticks in between."""
    loop = asyncio.get_running_loop()
    ticks = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(loop.time()))

    def spin():
        until = time.perf_counter() + 50e-6
        while time.perf_counter() < until:
            pass

    timer.start(0)
    for _ in range(2000):
        loop.call_soon(spin)
    await asyncio.sleep(0)
    timer.stop()
    assert len(ticks) >= 2000 * 50e-6 / SLICE_S / 4


async def test_a_nested_event_loop_inside_a_task_stops_the_others_but_loses_none(app):
    """The house forbids it; where a library does it all the same, qasync's tasks were lost for ever."""
    loop = asyncio.get_running_loop()
    steps = []

    async def other():
        while len(steps) < 50:
            steps.append(loop.time())
            await asyncio.sleep(0.001)

    task = asyncio.create_task(other())
    await asyncio.sleep(0.005)
    nested = QEventLoop()
    QTimer.singleShot(100, nested.quit)
    before = len(steps)
    nested.exec()
    assert len(steps) == before
    await task
    assert len(steps) >= 50


async def test_a_nested_event_loop_inside_a_task_does_not_spin_and_misses_no_data(app):
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    arrived = loop.create_future()
    loop.add_reader(ours, lambda: arrived.done() or arrived.set_result(ours.recv(10)))
    nested = QEventLoop()
    QTimer.singleShot(200, nested.quit)
    theirs.send(b"x")
    cpu_s = time.process_time()
    nested.exec()
    cpu_s = time.process_time() - cpu_s
    assert cpu_s < 0.1
    async with asyncio.timeout(60):
        assert await arrived == b"x"
    loop.remove_reader(ours)
    ours.close()
    theirs.close()


async def test_a_nested_event_loop_inside_a_slot_stops_nobody(app):
    loop = asyncio.get_running_loop()
    steps = []

    nested = QEventLoop()

    async def other():
        while True:
            steps.append(loop.time())
            if len(steps) > 20:
                nested.quit()
            await asyncio.sleep(0.001)

    def modal():
        rescue = QTimer(singleShot=True)
        rescue.timeout.connect(nested.quit)
        rescue.start(10_000)
        before = len(steps)
        nested.exec()
        rescue.stop()
        finished.set_result(len(steps) - before)

    task = asyncio.create_task(other())
    finished = loop.create_future()
    QTimer.singleShot(0, modal)
    assert await finished > 3
    task.cancel()


# Asynchronous generators, the executor, the end


def test_asynchronous_generators_are_closed_with_the_loop(loop):
    ended = []

    async def numbers():
        try:
            yield 1
        finally:
            ended.append("closed")

    async def take_one():
        generator = numbers()
        assert await anext(generator) == 1
        return generator

    generator = loop.run_until_complete(take_one())
    loop.run_until_complete(loop.shutdown_asyncgens())
    assert ended == ["closed"]
    del generator


async def test_a_blocking_call_returns_its_result_and_its_exception(app):
    assert await asyncio.to_thread(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(divmod, 7, 0)


async def test_shutting_the_executor_down_waits_for_its_job_and_refuses_the_next(app):
    loop = asyncio.get_running_loop()
    may_end, began = threading.Event(), threading.Event()

    def job():
        began.set()
        may_end.wait(60)
        return "done"

    running = loop.run_in_executor(None, job)
    await asyncio.to_thread(began.wait)
    shutting = asyncio.create_task(loop.shutdown_default_executor())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError):
        loop.run_in_executor(None, job)
    assert not shutting.done()
    may_end.set()
    await shutting
    assert await running == "done"
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("worker")]


async def test_shutting_the_executor_down_honours_its_timeout(app):
    loop = asyncio.get_running_loop()
    may_end, starting = threading.Event(), threading.Event()
    stuck = loop.run_in_executor(None, lambda: (starting.set(), may_end.wait(60)))
    await asyncio.to_thread(starting.wait)
    workers = loop.workers
    began = loop.time()
    await loop.shutdown_default_executor(timeout=0.05)
    assert 0.05 <= loop.time() - began < 2
    assert not stuck.done()
    [job] = workers.stuck()
    assert "wait" in job.stack
    may_end.set()
    await stuck
    assert await workers.finished(5)


def test_closing_twice_is_closing_once_and_leaves_no_qt_object(app):
    def objects():
        return sum(isinstance(thing, QTimer | QSocketNotifier) for thing in Shiboken.getAllValidWrappers())

    gc.collect()
    before = objects()
    children = len(app.children())
    loop = WorkbenchLoop(app)
    loop.run_until_complete(asyncio.sleep(0.002))
    assert objects() == before + 2
    loop.close()
    loop.close()
    assert objects() == before
    assert len(app.children()) == children
    with pytest.raises(RuntimeError):
        loop.call_soon(print)


def test_a_closed_loop_is_freed(app):
    loop = WorkbenchLoop(app)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    gone = weakref.ref(loop)
    del loop
    gc.collect()
    assert gone() is None


async def test_debug_mode_names_a_slow_callback(app, expected_log):
    loop = asyncio.get_running_loop()
    loop.slow_callback_duration = 0.01
    expected_log(r"Executing .*spin.* took 0\.\d+ seconds")

    def spin():
        deadline = QDeadlineTimer(20)
        while not deadline.hasExpired():
            pass

    loop.call_soon(spin)
    await asyncio.sleep(0)
    loop.slow_callback_duration = 5.0

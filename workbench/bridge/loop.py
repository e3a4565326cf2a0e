"""asyncio's own loop, turned by Qt: one thread, in which tasks and widgets take turns.

Strategy. Everything that asyncio's selector loop promises (order of callbacks, timers, contexts, executor, signals,
child processes, debug mode) is asyncio's own code. Qt runs the thread and says only *when* to turn: a socket
notifier on the selector's own descriptor wakes us for every registered file at once, and one precise timer for the
next deadline. One turn polls, collects what is due and runs what is ready until nothing is left or SLICE_S is used
up; then Qt paints and reads the keyboard, and we are called again.

It is a qasync loop by type, so that whatever was written for qasync accepts it, but the parts of qasync 0.28 that
are at fault are replaced by asyncio's: there every callback is a Qt timer of its own (early by up to 4 ms, alive
until its deadline after a cancelled timeout, lost for ever in a nested event loop), `call_later` returns a handle
without `when()`, `call_soon_threadsafe` drops its context and returns nothing, and the default executor is never shut
down. `tests/bridge/test_loop.py` holds each of these.

A modal `exec()` inside a task stops all tasks until it returns (nothing else is possible: the task's own frame is
on the stack) but loses none. One inside a plain slot stops nobody. Both are against the house rules all the same.
"""

import asyncio
import heapq
import logging
import math
import selectors
import signal
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, NamedTuple

# First PySide6, then qasync, which otherwise picks the first Qt binding it finds installed.
from PySide6.QtCore import QCoreApplication, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from shiboken6 import Shiboken

import qasync  # isort: skip

from workbench.bridge.leftovers import end_leftovers
from workbench.bridge.workers import Workers

SLICE_S = 0.004
"""How long tasks may go on before Qt has its turn: half of the 8 ms that nothing in the window may exceed."""

LEAVING_S = 2.0
"""How long a program's tasks and workers may take to end once its main coroutine has; the rest is left behind."""

LONGEST_WAIT_MS = 3_600_000
"""A Qt interval is an int of milliseconds; a later deadline is simply looked at again after an hour."""

# When to throw cancelled timers out of the heap: asyncio's own rule and figures (base_events._run_once).
MIN_SCHEDULED = 100
MIN_CANCELLED_FRACTION = 0.5

_AsyncioLoop: Any = asyncio.SelectorEventLoop
_log = logging.getLogger("asyncio")


class LoopCounts(NamedTuple):
    """What the loop holds at this moment, for the diagnostics page and for tests."""

    ready: int
    timers: int
    files: int


class WorkbenchLoop(qasync.QEventLoop):
    """The loop of the window. Create it in the thread of the QApplication, run it, close it.

    Args:
        app: the application.
    """

    # asyncio's own, in the place of qasync's. A test finds any method of qasync's that is inherited unnoticed.
    run_forever = _AsyncioLoop.run_forever
    run_until_complete = _AsyncioLoop.run_until_complete
    is_running = _AsyncioLoop.is_running
    call_soon = _AsyncioLoop.call_soon
    call_later = _AsyncioLoop.call_later
    call_soon_threadsafe = _AsyncioLoop.call_soon_threadsafe
    time = _AsyncioLoop.time
    run_in_executor = _AsyncioLoop.run_in_executor
    set_default_executor = _AsyncioLoop.set_default_executor
    set_exception_handler = _AsyncioLoop.set_exception_handler
    default_exception_handler = _AsyncioLoop.default_exception_handler
    call_exception_handler = _AsyncioLoop.call_exception_handler
    get_debug = _AsyncioLoop.get_debug
    set_debug = _AsyncioLoop.set_debug
    _add_callback = _AsyncioLoop._add_callback
    _add_reader = _AsyncioLoop._add_reader
    _remove_reader = _AsyncioLoop._remove_reader
    _add_writer = _AsyncioLoop._add_writer
    _remove_writer = _AsyncioLoop._remove_writer

    # asyncio's own state, which turning needs.
    _ready: deque[asyncio.Handle]
    _scheduled: list[Any]  # a heap of TimerHandles
    _timer_cancelled_count: int
    _current_handle: asyncio.Handle | None
    _executor_shutdown_called: bool
    _stopping: bool

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._turning = False
        self._asleep = False
        self._wake_at = math.inf
        self._fatal: BaseException | None = None
        # Not qasync's constructor: it would build the timers and notifiers that are replaced here.
        selector = selectors.DefaultSelector()
        _AsyncioLoop.__init__(self, selector)
        self.set_default_executor(Workers("worker"))
        self._alarm = QTimer()
        self._alarm.setObjectName("loop alarm")
        self._alarm.setSingleShot(True)
        self._alarm.setTimerType(Qt.TimerType.PreciseTimer)
        self._alarm.timeout.connect(self._on_alarm)
        # An epoll or kqueue descriptor is readable when one of its files is ready.
        self._notifier = QSocketNotifier(selector.fileno(), QSocketNotifier.Type.Read)
        self._notifier.setEnabled(False)
        self._notifier.activated.connect(self._turn)

    def counts(self) -> LoopCounts:
        """How many callbacks are ready, timers are waiting (cancelled ones not counted) and files are watched."""
        timers = sum(not handle.cancelled() for handle in self._scheduled)
        files = len(self._selector.get_map()) - self._internal_fds
        return LoopCounts(len(self._ready), timers, files)

    @property
    def workers(self) -> Workers | None:
        """The default executor, while it takes work; None once it was shut down, or if somebody set another one."""
        executor = self._default_executor
        return executor if isinstance(executor, Workers) and not self._executor_shutdown_called else None

    # What wakes us: a callback or a deadline from outside a turn, that is from a slot of Qt's.

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        """Call at a time of `self.time()`, never before it."""
        handle: Any = _AsyncioLoop.call_at(self, when, callback, *args, context=context)
        if handle._source_traceback:
            del handle._source_traceback[-1]
        if self._asleep and when < self._wake_at:
            self._set_alarm(when)
        return handle

    def _call_soon(self, callback: Callable[..., object], args: Any, context: Any) -> asyncio.Handle:
        handle = _AsyncioLoop._call_soon(self, callback, args, context)
        # From another thread the self-pipe wakes us; a QTimer belongs to its own thread.
        if self._asleep and threading.get_ident() == self._thread_id:
            self._wake()
        return handle

    def stop(self) -> None:
        """Let what is ready run, then return from run_forever()."""
        _AsyncioLoop.stop(self)
        if self._asleep:
            self._wake()

    def _wake(self) -> None:
        self._asleep = False
        self._wake_at = -math.inf
        self._alarm.start(0)

    def _set_alarm(self, when: float) -> None:
        self._wake_at = when
        wait_ms = math.ceil((when - self.time()) * 1000)
        self._alarm.start(min(max(0, wait_ms), LONGEST_WAIT_MS))

    def _on_alarm(self) -> None:
        self._wake_at = math.inf
        self._turn()

    # Turning.

    def _run_once(self) -> None:
        """Run all turns from inside Qt's loop: what asyncio's run_forever() repeats until `_stopping` is set."""
        with self._woken_by_signals():
            self._notifier.setEnabled(True)
            self._wake()
            try:
                self._app.exec()
            finally:
                self._notifier.setEnabled(False)
                self._alarm.stop()
                self._asleep = False
                self._wake_at = math.inf
        # Somebody else may have ended Qt's loop (QCoreApplication.quit): then this one has ended too.
        self._stopping = True
        if self._fatal is not None:
            fatal, self._fatal = self._fatal, None
            raise fatal

    def _turn(self) -> None:
        if self._turning:
            # A nested event loop inside a task. The notifier would fire without end; this turn's end enables it again.
            self._notifier.setEnabled(False)
            return
        try:
            self._turning = True
            self._asleep = False
            self._run_slice(monotonic() + SLICE_S)
        except BaseException as error:  # noqa: BLE001 (SystemExit, Ctrl-C: not through Qt, but out of run_forever())
            self._fail(error)
        finally:
            self._turning = False
            self._settle()

    def _fail(self, error: BaseException) -> None:
        self._fatal = error
        self._stopping = True
        self._app.exit()

    def _run_slice(self, until: float) -> None:
        ready, run = self._ready, self._run_debugged if self._debug else asyncio.Handle._run
        while True:
            self._collect()
            todo = len(ready)
            if not todo and not self._stopping:
                return
            for _ in range(todo):
                handle = ready.popleft()
                if not handle._cancelled:
                    run(handle)
                if monotonic() >= until:
                    return
            if self._stopping:
                self._app.exit()
                return

    def _collect(self) -> None:
        """Move what the files and the clock made ready to the queue, in asyncio's order."""
        self._drop_cancelled_timers()
        self._process_events(self._selector.select(0))
        if self._scheduled:
            due = self.time() + self._clock_resolution
            while self._scheduled and self._scheduled[0]._when < due:
                handle = heapq.heappop(self._scheduled)
                handle._scheduled = False
                self._ready.append(handle)

    def _drop_cancelled_timers(self) -> None:
        scheduled = self._scheduled
        if (
            len(scheduled) > MIN_SCHEDULED
            and self._timer_cancelled_count > len(scheduled) * MIN_CANCELLED_FRACTION
        ):
            kept = []
            for handle in scheduled:
                if handle._cancelled:
                    handle._scheduled = False
                else:
                    kept.append(handle)
            heapq.heapify(kept)
            self._scheduled = kept
            self._timer_cancelled_count = 0
            return
        while scheduled and scheduled[0]._cancelled:
            self._timer_cancelled_count -= 1
            heapq.heappop(scheduled)._scheduled = False

    def _run_debugged(self, handle: asyncio.Handle) -> None:
        try:
            self._current_handle = handle
            began = self.time()
            handle._run()
            took_s = self.time() - began
            if took_s >= self.slow_callback_duration:
                _log.warning("Executing %r took %.3f seconds", handle, took_s)
        finally:
            self._current_handle = None

    def _settle(self) -> None:
        """Say when the next turn has to come; the notifier says it for files."""
        if not self._notifier.isEnabled():
            self._notifier.setEnabled(True)
        # A slice may have ended right after stop() was called: the next turn is the one that leaves.
        if self._ready or self._stopping:
            self._wake()
            return
        self._asleep = True
        # An alarm that comes too soon (its timer was cancelled) is harmless, and rarer than starting one every turn.
        if self._scheduled and self._scheduled[0]._when < self._wake_at:
            self._set_alarm(self._scheduled[0]._when)

    @contextmanager
    def _woken_by_signals(self) -> Iterator[None]:
        """Let Ctrl-C reach Python while Qt waits in C, also where nobody asked for add_signal_handler()."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        wakeup = signal.set_wakeup_fd(self._csock.fileno(), warn_on_full_buffer=False)
        is_default = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if is_default:
            signal.signal(signal.SIGINT, self._on_interrupt)
        try:
            yield
        finally:
            if is_default and signal.SIGINT not in self._signal_handlers:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            if not self._signal_handlers:
                signal.set_wakeup_fd(wakeup)

    def _on_interrupt(self, number: int, frame: object) -> None:
        # Python calls this between any two instructions. Inside a turn whatever hangs there is interrupted; outside,
        # an exception would end in whichever slot Qt happened to call, so that only the second Ctrl-C raises one.
        if self._turning or self._fatal is not None:
            raise KeyboardInterrupt
        self._fail(KeyboardInterrupt())

    # The end.

    async def shutdown_default_executor(
        self,
        timeout: float | None = None,  # noqa: ASYNC109 (asyncio's own signature since 3.12)
    ) -> None:
        """Let the default executor finish what it was given; after `timeout` seconds drop what has not begun.

        What still runs then is left behind, and ends with the process.
        """
        if self._executor_shutdown_called:
            return
        workers = self.workers
        if workers is None:  # somebody set another one: asyncio knows no limit for it
            await _AsyncioLoop.shutdown_default_executor(self)
            return
        self._executor_shutdown_called = True
        workers.shutdown(wait=False)
        if not await workers.finished(timeout):
            workers.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Release everything; RuntimeError while the loop runs. A second call does nothing."""
        if self.is_running():
            raise RuntimeError("Cannot close a running event loop")
        if self.is_closed():
            return
        # Qt must let go of the selector's descriptor before that is closed; after the application is gone it has.
        for thing in (self._notifier, self._alarm):
            if Shiboken.isValid(thing):
                Shiboken.delete(thing)
        _AsyncioLoop.close(self)


def run(app: QGuiApplication, main: Callable[[], Awaitable[int]]) -> int:
    """Run a program's main coroutine on Qt's loop and return its exit code.

    Closing the last window ends nothing: leaving is `main`'s decision. SIGINT and SIGTERM cancel it, unless it has
    put handlers of its own in their place. When it has returned, leftover tasks, asynchronous generators and the
    executor get LEAVING_S to end; what does not is reported to the loop's exception handler and left behind.

    Returns:
        What `main` returns; 128 + the signal's number if a signal cancelled it; 0 if Qt ended its loop by itself
        (a session manager).

    Raises:
        Exception: whatever `main` raises.
    """
    app.setQuitOnLastWindowClosed(False)
    loop = WorkbenchLoop(app)
    asyncio.set_event_loop(loop)
    try:
        return _run_main(loop, main)
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def _run_main(loop: WorkbenchLoop, main: Callable[[], Awaitable[int]]) -> int:
    async def awaited() -> int:
        return await main()

    def on_done(_: object) -> None:
        loop.stop()

    task = loop.create_task(awaited(), name="main")
    task.add_done_callback(on_done)
    caught: list[int] = []

    def on_signal(number: int) -> None:
        caught.append(number)
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal, number)
    try:
        loop.run_forever()
        if not task.done():  # somebody ended Qt's loop: main gets the chance to end in order
            task.cancel()
            loop.call_later(LEAVING_S, loop.stop)
            loop.run_forever()
    finally:
        task.remove_done_callback(on_done)  # or a late end would stop the loop under the leftovers
        for name, stack in loop.run_until_complete(end_leftovers(LEAVING_S)):
            loop.call_exception_handler({"message": f"{stack}{name} did not end"})
    if not task.done() or task.cancelled():
        return 128 + caught[0] if caught else 0
    return task.result()

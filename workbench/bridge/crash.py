"""Every exception that nobody answered, in one place: for the log, for the diagnostics page, never only for stderr.

It hears of slots and plain calls (sys.excepthook), of tasks and callbacks (the loop's handler), of threads, of what
happens while objects are freed (sys.unraisablehook); faulthandler writes what kills the interpreter itself.

The log never holds payload: of an exception it keeps the type and the traceback without values; messages only of our
own WorkbenchErrors (see `stacks`).
"""

import asyncio
import faulthandler
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TextIO

from workbench.bridge import stacks

MAX_KEPT = 100
"""What the diagnostics page can show; the log has more."""

LOG_OCTETS = 512 * 1024
LOG_FILES = 3

LOG_NAME = "workbench.log"
FAULTS_NAME = "faults.log"

_log = logging.getLogger("workbench.crash")


class Crash(NamedTuple):
    """An exception that nobody answered.

    Args:
        when_ns: the last time it happened, wall clock, nanoseconds since 1970.
        where: "slot", "task NAME", "thread NAME" ...
        text: traceback and type, no values.
        times: how often it happened in a row.
    """

    when_ns: int
    where: str
    text: str
    times: int = 1


class CrashReporter:
    """Collects crashes; between install() and uninstall() those of the whole process.

    Args:
        state: the folder for the rotating log and faulthandler's file; None writes no files.
        echo: where crashes are also written, as a terminal's user expects; None for nowhere.
    """

    def __init__(self, state: Path | None = None, *, echo: TextIO | None = None) -> None:
        self.crashes: deque[Crash] = deque(maxlen=MAX_KEPT)
        self._state = state
        self._echo = echo
        self._observers: list[Callable[[Crash], object]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.get_ident()
        self._lock = threading.RLock()  # freeing an object may report from inside note()
        self._restore: list[Callable[[], object]] = []

    def install(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Become the process's hooks, and the loop's, which observers are then called on."""
        if self._state is not None:
            self._open_files(self._state)
        except_hook, unraisable_hook, thread_hook = sys.excepthook, sys.unraisablehook, threading.excepthook
        sys.excepthook, sys.unraisablehook, threading.excepthook = (
            self.hook,
            self._on_unraisable,
            self._on_thread,
        )
        self._restore.append(lambda: setattr(sys, "excepthook", except_hook))
        self._restore.append(lambda: setattr(sys, "unraisablehook", unraisable_hook))
        self._restore.append(lambda: setattr(threading, "excepthook", thread_hook))
        if loop is not None:
            self.watch(loop)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear of a loop's tasks and callbacks too."""
        self._loop = loop
        handler = loop.get_exception_handler()
        loop.set_exception_handler(self._on_loop)
        self._restore.append(lambda: loop.set_exception_handler(handler))

    def uninstall(self) -> None:
        """Put back what was there before, and close the files."""
        while self._restore:
            self._restore.pop()()
        self._loop = None

    def observe(self, callback: Callable[[Crash], object]) -> Callable[[], None]:
        """Be told of each crash, on the loop's thread. Returns what ends it."""
        self._observers.append(callback)

        def cut() -> None:
            if callback in self._observers:
                self._observers.remove(callback)

        return cut

    def report(self, error: BaseException, where: str) -> None:
        """Take note of an exception, as a Scope's `crash`. Cancellation is none, nor is the wish to leave."""
        if not isinstance(error, asyncio.CancelledError | KeyboardInterrupt | SystemExit):
            self.note(where, stacks.of_exception(error))

    def note(self, where: str, text: str) -> None:
        """Take note of something that is wrong without an exception, such as a task that would not end."""
        with self._lock:
            last = self.crashes[-1] if self.crashes else None
            times = last.times + 1 if last is not None and last[1:3] == (where, text) else 1
            crash = Crash(time.time_ns(), where, text, times)
            if times > 1:
                self.crashes.pop()
            self.crashes.append(crash)
        # A broken paintEvent fails sixty times a second: told at 1, 2, 4, 8 ...
        if times & (times - 1) == 0:
            self._write(crash)
        if threading.get_ident() == self._thread:
            self._tell(crash)
        elif self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, crash)

    def hook(self, kind: type[BaseException], error: BaseException | None, tb: TracebackType | None) -> None:
        """Report from where sys.excepthook is called: slots, and whoever is given a hook of that shape."""
        self.report(error if error is not None else kind(), "slot")

    def _tell(self, crash: Crash) -> None:
        for callback in tuple(self._observers):
            try:
                callback(crash)
            except Exception as error:  # noqa: BLE001 (no reporting to itself: out it goes, and the log says so)
                self._observers.remove(callback)
                self._write(Crash(crash.when_ns, "observer of crashes", stacks.of_exception(error)))

    def _write(self, crash: Crash) -> None:
        again = f" (time {crash.times})" if crash.times > 1 else ""
        _log.error("%s%s\n%s", crash.where, again, crash.text.rstrip())
        if self._echo is not None:
            print(f"workbench: {crash.where}{again}\n{crash.text.rstrip()}", file=self._echo, flush=True)

    def _on_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        task = context.get("task") or context.get("future")
        where, message = "loop", context.get("message", "something is wrong")
        if isinstance(task, asyncio.Task):
            where = f"task {task.get_name()}"
        elif (handle := context.get("handle")) is not None:
            # asyncio's message holds the arguments of the callback, and so perhaps payload.
            where = message = f"callback {_name_of(getattr(handle, '_callback', None))}"
        if error is not None:
            self.report(error, where if where != "loop" else message)
        else:
            stack = stacks.of_task(task) if isinstance(task, asyncio.Task) else ""
            self.note(where, f"{stack}{message}\n")

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        name = args.thread.name if args.thread is not None else "?"
        self.report(args.exc_value if args.exc_value is not None else args.exc_type(), f"thread {name}")

    def _on_unraisable(self, args: "sys.UnraisableHookArgs") -> None:
        # The object itself may be half freed: only what it is called.
        error = args.exc_value if args.exc_value is not None else args.exc_type()
        self.report(error, f"freeing {_name_of(args.object)}")

    def _open_files(self, state: Path) -> None:
        state.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            state / LOG_NAME, maxBytes=LOG_OCTETS, backupCount=LOG_FILES, encoding="utf-8", delay=True
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root = logging.getLogger("workbench")
        root.addHandler(handler)
        self._restore.append(handler.close)
        self._restore.append(lambda: root.removeHandler(handler))
        if (
            not faulthandler.is_enabled()
        ):  # else somebody wanted it elsewhere: python -X faulthandler, a test runner
            faults = (state / FAULTS_NAME).open("a", encoding="utf-8")
            faulthandler.enable(faults)
            self._restore.append(faults.close)
            self._restore.append(faulthandler.disable)


def _name_of(thing: object) -> str:
    """What a function or an object of a class is called; never its repr, which may hold payload."""
    return getattr(thing, "__qualname__", type(thing).__qualname__)

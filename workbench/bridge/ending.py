"""The orderly end: everything that was opened is closed, in order, within three seconds; what hangs is left behind.

`Ending` is asked by whoever wants to leave (the window's close event, SIGINT, SIGTERM, the menu), once or ten times;
the program's main coroutine waits for that and runs it. Each phase may use the time that is left but for what is
kept for the later ones, so that one that hangs leaves them theirs, and time not used is handed on.
"""

import asyncio
import faulthandler
from collections.abc import Awaitable, Callable
from enum import IntEnum
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import Shiboken

from workbench.bridge import stacks
from workbench.bridge.leftovers import GRACE_S, end_leftovers, wait_for_tasks
from workbench.bridge.stacks import Stuck

ORDERLY_S = 2.0
"""For all steps together; the rest of the three seconds is for Qt and the interpreter to go."""

KEPT_S = 0.2
"""Seconds for each phase to come. Measured: those behind the panels take 4 to 5 ms each where nothing hangs."""

LAST_RESORT_S = 3.0
"""After the request: whatever still keeps the process alive then is a bug, and the process goes without it."""


class Phase(IntEnum):
    """When a step has its turn. Steps of one phase run side by side, phases one after another.

    After the last come the leftovers: every other task, asynchronous generators, the executor. The reactor is before
    them, not last, since the executor joins its threads.
    """

    PANELS = 1
    TASKS = 2
    TRANSPORTS = 3
    LAB = 4
    REACTOR = 5


class _Step(NamedTuple):
    phase: Phase
    name: str
    run: Callable[[], Awaitable[object]]


Report = Callable[[str, str], object]
"""CrashReporter.note: where, text."""


class Ending:
    """Collects what has to end, and ends it. Made by the program's main task, which is not ended with the others:

        await ending.requested()
        await ending.run()
        return 0

    Args:
        report: told of each step that failed and each thing that did not end, with its stack.
        within_s: for all steps together.
        last_resort: also kill the process LAST_RESORT_S after the request, stacks to stderr, exit code 1, if it is
            still there: not even a blocked main thread keeps a person waiting. For a program, not for a test.
    """

    def __init__(self, report: Report, *, within_s: float = ORDERLY_S, last_resort: bool = False) -> None:
        self._report = report
        self._within_s = within_s
        self._last_resort = last_resort
        self._steps: list[_Step] = []
        self._request = asyncio.Event()
        self._run: asyncio.Task[list[Stuck]] | None = None
        self._waiting = {asyncio.current_task()}

    def add(self, phase: Phase, name: str, run: Callable[[], Awaitable[object]]) -> Callable[[], None]:
        """Have a coroutine run in a phase. Returns what takes it out again (its thing ended before)."""
        step = _Step(phase, name, run)
        self._steps.append(step)

        def cut() -> None:
            if step in self._steps:
                self._steps.remove(step)

        return cut

    @property
    def is_requested(self) -> bool:
        """Whether the end has been asked for."""
        return self._request.is_set()

    def request(self) -> None:
        """Ask for the end. Fit for signal handlers and slots; the second time says nothing new."""
        if not self._request.is_set():
            self._request.set()
            if self._last_resort:
                faulthandler.dump_traceback_later(LAST_RESORT_S, exit=True, file=2)

    async def requested(self) -> None:
        """Wait until somebody asks for the end."""
        await self._request.wait()

    async def run(self) -> list[Stuck]:
        """Run all steps and return what did not end; a second caller waits for the same run."""
        self.request()
        if self._run is None:
            self._run = asyncio.create_task(self._run_phases(), name="ending")
        self._waiting.add(asyncio.current_task())
        # Whoever waits may be cancelled; the end goes on.
        return await asyncio.shield(self._run)

    async def _run_phases(self) -> list[Stuck]:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._within_s
        stuck: list[Stuck] = []
        phases = sorted({step.phase for step in self._steps})
        for number, phase in enumerate(phases):
            left_s, later = until - loop.time(), len(phases) - number  # the last one is for the leftovers
            stuck += await self._run_phase(phase, max(left_s - later * KEPT_S, left_s / (later + 1)))
        stuck += await end_leftovers(until - loop.time(), keep={self._run, *self._waiting})
        for name, stack in stuck:
            self._report("ending", f"{stack}{name} did not end\n")
        return stuck

    async def _run_phase(self, phase: Phase, share_s: float) -> list[Stuck]:
        steps = [step for step in self._steps if step.phase == phase]
        tasks = [asyncio.create_task(_awaited(step.run), name=step.name) for step in steps]
        stuck = await wait_for_tasks(tasks, share_s - GRACE_S)
        for task in tasks:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                self._report(f"ending {task.get_name()}", stacks.of_exception(error))
        return stuck


async def _awaited(run: Callable[[], Awaitable[object]]) -> object:
    return await run()


class TwoSteps(QObject):
    """A window's close event, answered in two steps: ignored while the window retires, then let through.

    Args:
        window: whose close event it is; this lives as long as the window does.
        retire: ends what the window holds.
        may_close: asked first, for as long as a person takes to answer; False leaves the window open.
        within_s: for `retire`; after that the window closes whatever it still does.
    """

    def __init__(
        self,
        window: QWidget,
        retire: Callable[[], Awaitable[object]],
        may_close: Callable[[], Awaitable[bool]] | None = None,
        *,
        within_s: float = ORDERLY_S,
    ) -> None:
        super().__init__(window)
        self.closed = asyncio.Event()
        self._window = window
        self._retire = retire
        self._may_close = may_close
        self._within_s = within_s
        self._task: asyncio.Task[None] | None = None
        self._is_retired = False
        window.installEventFilter(self)

    async def _close(self) -> None:
        if self._may_close is not None and not await self._is_allowed(self._may_close):
            return
        retiring = asyncio.create_task(_awaited(self._retire), name="retire")
        retiring.add_done_callback(_tell_failure)
        try:
            stuck = await wait_for_tasks([retiring], self._within_s)
            for name, stack in stuck:
                message = f"{stack}{name} of the window did not end"
                asyncio.get_running_loop().call_exception_handler({"message": message})
        finally:  # also when cancelled: the person said close
            retiring.cancel()
            self._is_retired = True
            if Shiboken.isValid(self._window):
                self._window.close()
            self.closed.set()

    async def _is_allowed(self, may_close: Callable[[], Awaitable[bool]]) -> bool:
        is_allowed = False
        try:
            is_allowed = await may_close()
        finally:
            if not is_allowed:
                self._task = None  # the next close event asks again
        return is_allowed

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Close or self._is_retired:
            return False
        event.ignore()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._close(), name="closing")
            self._task.add_done_callback(_tell_failure)
        return True


def close_in_two_steps(
    window: QWidget,
    retire: Callable[[], Awaitable[object]],
    may_close: Callable[[], Awaitable[bool]] | None = None,
    *,
    within_s: float = ORDERLY_S,
) -> TwoSteps:
    """Have a window await `retire()` before it closes. Returns the filter, whose `closed` event can be awaited."""
    return TwoSteps(window, retire, may_close, within_s=within_s)


def _tell_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        context = {"message": "a window's end failed", "exception": error, "task": task}
        task.get_loop().call_exception_handler(context)

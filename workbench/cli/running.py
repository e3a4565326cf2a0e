"""Running a verb's coroutine to its end: signals and a vanished reader become cancellation, and codes at the end.

The first Ctrl-C or SIGTERM cancels the verb, which closes what it opened; a second one does not wait for that. From
the first one on a reader that takes nothing is not waited for either.
"""

import asyncio
import signal
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from workbench.cli.output import Output
from workbench.errors import WorkbenchError
from workbench.formats.quantity import duration

SECOND_NS = 1_000_000_000
SILENCE_NS = 1_500_000_000
"""After so long without a word a person begins to wonder."""
LOOK_EVERY_S = 0.5
_CAUSES = {
    signal.SIGINT: "Ctrl-C",
    signal.SIGTERM: "SIGTERM",
    signal.SIGPIPE: "the end of who read its output",
}


class Stopped(WorkbenchError):
    """A person, the system or a vanished reader ended the verb: nobody's fault, but not done either."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__(f"stopped by {_CAUSES[number]}", stage="stopped", committed="maybe")
        self.number = number


def run(work: Coroutine[Any, Any, int], output: Output) -> int:
    """Run a verb on a loop of its own and return its exit code; a stopped one's is 128 and the signal's number.

    Raises: what the verb raises; KeyboardInterrupt on a second Ctrl-C.
    """
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        stopper = _Stopper(loop, output)
        with stopper.listening():
            return runner.run(stopper.supervised(work))


async def _show_patience(output: Output) -> None:
    """Where a person watches and the verb says nothing for long, say that it goes on, and how to end it."""
    if not output.shows_status:
        return
    started_ns = time.monotonic_ns()
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        now_ns = time.monotonic_ns()
        if now_ns - output.said_ns >= SILENCE_NS:
            output.waiting(
                f"{duration((now_ns - started_ns) // SECOND_NS * SECOND_NS)} so far; Ctrl-C ends it"
            )


def _woken() -> None:
    """The loop is awake: Python now calls the handler that was set."""


class _Stopper:
    def __init__(self, loop: asyncio.AbstractEventLoop, output: Output) -> None:
        self._loop = loop
        self._output = output
        self._task: asyncio.Task[Any] | None = None
        self._number: signal.Signals | None = None

    async def supervised(self, work: Coroutine[Any, Any, int]) -> int:
        self._task = asyncio.current_task()
        self._output.on_closed = self._on_closed
        patience = asyncio.create_task(_show_patience(self._output), name="running/patience")
        try:
            return await work
        except asyncio.CancelledError:
            if self._number is None:
                raise
            if not self._output.is_complete:
                self._output.fail(Stopped(self._number))
            return 128 + self._number
        finally:
            self._output.on_closed = None
            # Not awaited: a reader may have gone away just now, and its cancellation would come out here. The runner
            # waits for what is cancelled.
            patience.cancel()
            self._output.waiting("")

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Signals come to us meanwhile. Only the main thread can hear them: elsewhere there is nothing to do."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
        for number, _ in before:
            # A signal that another thread took, or that came just before the loop waits for its sockets, wakes nobody
            # up: the loop's own handler writes to a pipe that it waits for. Ours is heard while the loop is busy too.
            self._loop.add_signal_handler(number, _woken)
            signal.signal(number, self._on_signal)
        try:
            yield
        finally:
            for number, handler in before:
                self._loop.remove_signal_handler(number)
                signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._number is not None:
            raise KeyboardInterrupt
        self._output.is_hurried = True
        self._stop(signal.Signals(number))

    def _on_closed(self) -> None:
        if self._number is None:
            self._stop(signal.SIGPIPE)

    def _stop(self, number: signal.Signals) -> None:
        self._number = number
        if self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)

"""One thread for one library that blocks: calls are made in it in their order, and can be waited for.

A thread of its own, since a database that is being written to must not be touched from two; a daemon, so that a call
that never returns can't keep the program.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

_Task = tuple[Callable[[], Any], asyncio.AbstractEventLoop, "asyncio.Future[Any]"]


class Worker:
    """A thread that waits for calls. Its owner calls stop()."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def call(self, call: Callable[[], T]) -> T:
        """Make a call in the thread and return its result; what it raises is raised here.

        Cancelling stops the waiting alone.
        """
        return await self.begin(call)

    def begin(self, call: Callable[[], T]) -> "asyncio.Future[T]":
        """Make a call in the thread; the future is its result."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._calls.put((call, loop, future))
        return future

    def stop(self) -> None:
        """No more calls; the thread ends after those that were begun."""
        self._calls.put(None)

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; whether it came."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (task := self._calls.get()) is not None:
            call, loop, future = task
            result, error = None, None
            try:
                result = call()
            except BaseException as caught:  # noqa: BLE001 - whatever it is, the waiting coroutine must hear of it
                error = caught
            try:
                loop.call_soon_threadsafe(_settle, future, result, error)
            except RuntimeError:
                # The loop has closed meanwhile: nobody waits for this answer any more.
                continue
            finally:
                del task, call, future, result, error


def _settle(future: "asyncio.Future[Any]", result: object, error: BaseException | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)

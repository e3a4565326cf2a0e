"""Threads for calls that block, which can be left behind: the program ends in time whatever they wait for.

The standard ThreadPoolExecutor is joined when the interpreter exits, so one job that hangs (a name server that does
not answer, a keyring prompt nobody sees) keeps the process alive for ever. These threads are daemons.
"""

import asyncio
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple

from workbench.bridge import stacks
from workbench.bridge.stacks import Stuck

MAX_WORKERS = min(32, (os.cpu_count() or 1) + 4)
"""As many as the standard pool starts."""


class _Work(NamedTuple):
    future: Future[Any]
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.function(*self.args, **self.kwargs)
        except BaseException as error:  # noqa: BLE001 (it belongs to whoever waits for the future)
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class Workers(ThreadPoolExecutor):
    """An executor of daemon threads, started when needed, at most `limit`.

    A ThreadPoolExecutor by type, since asyncio accepts nothing else as its default; queue and threads are its own.

    Args:
        name: what the threads are called, with a number behind.
    """

    def __init__(self, name: str, limit: int = MAX_WORKERS) -> None:
        super().__init__(limit, name)  # starts no thread by itself
        self._name = name
        self._limit = limit
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._alive: set[threading.Thread] = set()
        self._working: set[threading.Thread] = set()
        self._started = 0
        self._is_shut = False
        self._on_empty: Callable[[], object] | None = None

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function in a thread.

        Raises:
            RuntimeError: the pool was shut down.
        """
        with self._lock:
            if self._is_shut:
                raise RuntimeError("cannot schedule new futures after shutdown")
            future: Future[Any] = Future()
            self._queue.put(_Work(future, fn, args, kwargs))
            if len(self._alive) < self._limit and not self._idle.acquire(blocking=False):
                self._start_thread()
            return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept nothing more; threads end once the queue is empty.

        Args:
            wait: block until they have ended.
            cancel_futures: drop what has not begun.
        """
        with self._lock:
            self._is_shut = True
            if cancel_futures:
                with suppress(queue.Empty):
                    while True:
                        work = self._queue.get_nowait()
                        if work is not None:
                            work.future.cancel()
            for _ in self._alive:
                self._queue.put(None)
            threads = list(self._alive)
        if wait:
            for thread in threads:
                thread.join()

    async def finished(self, timeout_s: float | None = None) -> bool:
        """Wait for the last thread after a shutdown().

        Returns:
            Whether all threads have ended; False when the time was up first.
        """
        loop = asyncio.get_running_loop()
        empty = asyncio.Event()

        def on_empty() -> None:
            with suppress(RuntimeError):  # the loop was closed in the meantime: nobody waits any more
                loop.call_soon_threadsafe(empty.set)

        with self._lock:
            threads = list(self._alive)
            if not threads:
                return True
            self._on_empty = on_empty
        try:
            async with asyncio.timeout(timeout_s):
                await empty.wait()
        except TimeoutError:
            return False
        finally:
            self._on_empty = None
        for thread in threads:  # each is past its last line
            thread.join()
        return True

    def stuck(self) -> list[Stuck]:
        """The jobs that run at this moment, each with the stack of its thread."""
        with self._lock:
            threads = list(self._working)
        found = ((thread.name, stacks.of_thread(thread.ident or 0)) for thread in threads)
        return [Stuck(name, stack) for name, stack in found if stack]

    def _start_thread(self) -> None:
        self._started += 1
        thread = threading.Thread(target=self._run, name=f"{self._name}_{self._started}", daemon=True)
        self._alive.add(thread)
        thread.start()

    def _run(self) -> None:
        this = threading.current_thread()
        while (work := self._queue.get()) is not None:
            with self._lock:
                self._working.add(this)
            work.run()
            del work  # or its arguments and result would live until the next job
            with self._lock:
                self._working.discard(this)
            self._idle.release()
        with self._lock:
            self._alive.discard(this)
            on_empty = None if self._alive else self._on_empty
        if on_empty is not None:
            on_empty()

"""Waiting for many sockets without making the program wait.

Strategy. The system call blocks in a thread of its own, one call at a time and only when it is asked for, so a socket
that stays ready can't make it spin. A pipe to ourselves is part of every set: one octet in it ends the waiting at once,
when the set has changed, when nobody waits any more, and when all is given back. The engine "asyncio" has no thread:
there the loop that everything runs on does the waiting.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue

from workbench.errors import LocalMisuse
from workbench.protocols.readiness.engines import Engine, engines, make_engine
from workbench.protocols.readiness.values import EVERYTHING, NOTHING, Answer, Ready, Sets, Wake, Wanted

_Call = tuple[Wanted, tuple[int, ...], float | None, asyncio.AbstractEventLoop, "asyncio.Future[Wake]"]
_FAR_S = 3600.0
"""A wait for ever is cut into hours: no event loop knows a timer without end."""


class Watch:
    """Waits for the descriptors in `wanted` by one engine. Its owner calls close().

    shown: further ones, which are looked at and not waited for.

    Raises: LocalMisuse: there is no such engine; LocalFault: this system has none of it.
    """

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.wanted: dict[int, Ready] = {}
        self.shown: tuple[int, ...] = ()
        # The thread and the loop look at the same time: what is kept between two calls is each one's own.
        self._waiting, self._looking, self._glancing = (make_engine(engine) for _ in range(3))
        self._inlet, self._outlet = os.pipe()
        os.set_blocking(self._inlet, False)
        os.set_blocking(self._outlet, False)
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._turn = asyncio.Lock()
        self._woken: asyncio.Event | None = None
        self._is_closed = False

    def change(self) -> None:
        """End the waiting that goes on: it returns as "woken". Call it after changing `wanted`."""
        if self._woken is not None:
            self._woken.set()
        if self._thread is not None:
            with suppress(BlockingIOError):
                os.write(self._outlet, b"!")

    async def wait(self, timeout_s: float | None) -> Wake:
        """One waiting: 0 asks once, None waits for ever. Cancelling ends it at once.

        Raises: LocalMisuse: a number is too high for select.
        """
        if self._is_closed:
            raise LocalMisuse("this watch is closed", stage="wait")
        async with self._turn:
            if self.engine == "asyncio":
                return await self._by_the_loop(timeout_s)
            return await self._by_the_thread(timeout_s)

    def look(self) -> dict[int, Ready]:
        """All that can be told of each descriptor at this moment; it does not wait. Raises: as wait()."""
        return _look(self._glancing, (*self.wanted, *self.shown))

    def close(self) -> None:
        """Give all back; a waiting that goes on ends. Idempotent."""
        if self._is_closed:
            return
        self._is_closed = True
        self.change()
        if self._thread is not None:
            self._calls.put(None)
            # It holds nothing but the waiting that was just ended.
            self._thread.join()
        self._waiting.close()
        self._looking.close()
        self._glancing.close()
        os.close(self._inlet)
        os.close(self._outlet)

    # ---- in a thread

    async def _by_the_thread(self, timeout_s: float | None) -> Wake:
        loop = asyncio.get_running_loop()
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=f"watch {self.engine}", daemon=True)
            self._thread.start()
        future: asyncio.Future[Wake] = loop.create_future()
        self._calls.put((dict(self.wanted), self.shown, timeout_s, loop, future))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            self.change()
            # The thread answers within microseconds; the next waiting must not meet this one's answer.
            await asyncio.wait([future])
            # Looked at, so that nobody is told of an answer that nobody waits for.
            future.exception()
            raise

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            wanted, shown, timeout_s, loop, future = call
            settle: Callable[[], None]
            try:
                wake = self._one(wanted, shown, timeout_s)
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
                settle = _teller(future, None, error)
            else:
                settle = _teller(future, wake, None)
            with suppress(RuntimeError):
                # The loop may have closed meanwhile: nobody waits any more.
                loop.call_soon_threadsafe(settle)

    def _one(self, wanted: Wanted, shown: tuple[int, ...], timeout_s: float | None) -> Wake:
        began_ns, cpu_ns = time.monotonic_ns(), time.thread_time_ns()
        answer = self._waiting.wait({**wanted, self._inlet: Ready.IN}, timeout_s)
        slept_ns, used_ns = time.monotonic_ns() - began_ns, time.thread_time_ns() - cpu_ns
        woken = answer.ready.pop(self._inlet, NOTHING)
        if woken:
            with suppress(BlockingIOError):
                os.read(self._inlet, 4096)
        lamps = _look(self._looking, (*wanted, *shown))
        return _wake(answer, bool(woken), slept_ns, used_ns, lamps, self._inlet)

    # ---- on the loop

    async def _by_the_loop(self, timeout_s: float | None) -> Wake:
        loop = asyncio.get_running_loop()
        woken = self._woken = asyncio.Event()
        told: dict[int, Ready] = {}
        began_ns = time.monotonic_ns()
        lamps = self.look()
        closed = {fd: Ready.NVAL for fd, flags in lamps.items() if flags == Ready.NVAL}
        added: list[tuple[Callable[[int], bool], int]] = []

        def tell(fd: int, flag: Ready) -> None:
            told[fd] = told.get(fd, NOTHING) | flag
            woken.set()

        try:
            for fd, flags in self.wanted.items():
                if fd in closed:
                    continue
                if flags & (Ready.IN | Ready.RDHUP):
                    loop.add_reader(fd, tell, fd, Ready.IN)
                    added.append((loop.remove_reader, fd))
                if flags & Ready.OUT:
                    loop.add_writer(fd, tell, fd, Ready.OUT)
                    added.append((loop.remove_writer, fd))
            with suppress(TimeoutError):
                async with asyncio.timeout(0 if closed else _FAR_S if timeout_s is None else timeout_s):
                    await woken.wait()
        finally:
            self._woken = None
            for remove, fd in added:
                remove(fd)
        answer = Answer(told | closed)
        return _wake(answer, woken.is_set() and not told, time.monotonic_ns() - began_ns, 0, self.look(), -1)


def _wake(
    answer: Answer, woken: bool, slept_ns: int, cpu_ns: int, lamps: dict[int, Ready], inlet: int
) -> Wake:
    sets = answer.sets
    if sets is not None:
        sets = Sets(*(tuple(fd for fd in numbers if fd != inlet) for numbers in sets))
    reason = "ready" if answer.ready else "woken" if woken else "timeout"
    return Wake(reason, answer.ready, slept_ns, cpu_ns, lamps, sets)  # type: ignore[arg-type]  # one of the three


def _look(engine: Engine, numbers: tuple[int, ...]) -> dict[int, Ready]:
    ready = engine.wait(dict.fromkeys(numbers, EVERYTHING), 0).ready
    return {fd: ready.get(fd, NOTHING) for fd in numbers}


def _teller(future: "asyncio.Future[Wake]", wake: Wake | None, error: Exception | None) -> Callable[[], None]:
    def settle() -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        elif wake is not None:
            future.set_result(wake)

    return settle


def can_tell(engine: str) -> Ready:
    """The flags that an engine can tell; the others are hatched."""
    return engines()[engine].tells

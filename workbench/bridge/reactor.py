"""Twisted on the same loop: one thread, in which deferreds, tasks and widgets take turns.

Twisted's reactor is one per process and is chosen by the first import of `twisted.internet.reactor`; so this is called
before anything of ours or of a library's imports that. Nobody calls `reactor.run()` or `reactor.stop()`: the loop runs,
and `TwistedReactor.stop()` ends what Twisted holds without ending the loop.
"""

import asyncio
import importlib
import sys
from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Any

REACTOR = "twisted.internet.reactor"
MAX_THREADS = 10  # Twisted's own figure


class TwistedReactor:
    """The installed reactor, from install_twisted() to stop()."""

    def __init__(self, loop: asyncio.AbstractEventLoop, reactor: Any) -> None:
        self.loop = loop
        self.reactor = reactor
        self._end_logging: Callable[[], object] = _tell_failures(loop)
        self._pool: Any = None

    def start(self) -> None:
        """Let the reactor know that it runs. Called inside the running loop, by install_twisted()."""
        self.reactor.startRunning(installSignalHandlers=False)

    async def stop(self) -> None:
        """Let its threads finish, close ports and connections, drop delayed calls, take the reactor out again.

        It waits for a thread that hangs as long as it is allowed to: the caller sets the limit, and what is left to
        do is done when cancelled, too. The threads are daemons, and end with the process.
        """
        pool, self.reactor.threadpool = self.reactor.threadpool, None
        try:
            if pool is not None:
                await asyncio.to_thread(pool.stop)  # it joins its threads
        finally:
            await self._shut_down()
            self._forget()

    async def _shut_down(self) -> None:
        if self.reactor.running:
            shut = self.loop.create_future()
            self.reactor.addSystemEventTrigger("after", "shutdown", shut.set_result, None)
            self.reactor.fireSystemEvent("shutdown")
            await shut

    def _forget(self) -> None:
        reactor = self.reactor
        if reactor._timerHandle is not None:  # the one timer behind all delayed calls
            reactor._timerHandle.cancel()
        for reader in tuple(
            reactor._internalReaders
        ):  # the pipe that would wake a reactor with a loop of its own
            reactor._internalReaders.discard(reader)
            reactor.removeReader(reader)
            reader.connectionLost(None)
        self._end_logging()
        if sys.modules.get(REACTOR) is reactor:
            del sys.modules[REACTOR]
            del sys.modules["twisted.internet"].reactor


_installed: TwistedReactor | None = None


def install_twisted(loop: asyncio.AbstractEventLoop) -> TwistedReactor:
    """Make a loop Twisted's reactor. A second call for the same loop returns the same.

    Raises:
        RuntimeError: another reactor is installed already, which can't be undone.
    """
    global _installed
    there = sys.modules.get(REACTOR)
    if there is not None:
        if _installed is not None and _installed.reactor is there and _installed.loop is loop:
            return _installed
        raise RuntimeError(
            f"Twisted already has a reactor ({type(there).__name__}): install_twisted() has to come before any import"
            " of twisted.internet.reactor, and stop() before another loop's"
        )
    reactor = _reactor_class()(loop)
    importlib.import_module("twisted.internet.main").installReactor(reactor)
    _installed = TwistedReactor(loop, reactor)
    if loop.is_running():
        _installed.start()
    else:
        loop.call_soon(_installed.start)
    return _installed


async def start_twisted() -> TwistedReactor:
    """Install Twisted on the running loop at its first use in a window: imported in a thread, in pieces.

    On the window's own thread the import is one gap of 0.3 s.
    """
    await asyncio.to_thread(importlib.import_module, "twisted.internet.asyncioreactor")
    return install_twisted(asyncio.get_running_loop())


def _reactor_class() -> Any:
    from twisted.internet.asyncioreactor import AsyncioSelectorReactor
    from twisted.python.threadpool import ThreadPool

    class WorkbenchReactor(AsyncioSelectorReactor):
        """asyncio's, which neither owns the loop nor keeps the process alive."""

        def crash(self) -> None:
            """Say that the reactor no longer runs; Twisted's own would stop the loop with it."""
            super(AsyncioSelectorReactor, self).crash()

        def _initThreadPool(self) -> None:
            pool: Any = ThreadPool(0, MAX_THREADS, REACTOR)
            pool.threadFactory = partial(Thread, daemon=True)
            self.threadpool = pool
            self._threadpoolStartupID = self.callWhenRunning(pool.start)

    return WorkbenchReactor


def _tell_failures(loop: asyncio.AbstractEventLoop) -> Callable[[], object]:
    """Send Twisted's unhandled failures where the loop's go; by default it keeps them, and everything else it logs."""
    from twisted.logger import globalLogBeginner, globalLogPublisher

    def tell(event: Any) -> None:
        failure = event.get("log_failure")
        if failure is not None:
            error = failure.value.with_traceback(failure.getTracebackObject())
            loop.call_exception_handler({"message": "Twisted", "exception": error})

    observer: Any = tell
    if not _has_begun:
        _has_begun.append(True)
        globalLogBeginner.beginLoggingTo([observer], discardBuffer=True, redirectStandardIO=False)
    else:
        globalLogPublisher.addObserver(observer)
    return partial(globalLogPublisher.removeObserver, observer)


_has_begun: list[bool] = []

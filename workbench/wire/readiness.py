"""Waiting until a socket can be read or written, on any asyncio loop, without losing octets to a cancellation.

Strategy. The callback only wakes the waiter; the caller then does the system call itself. So a cancelled or timed-out
waiter never swallows octets. The descriptor stays registered between waits as long as it is used, since adding and
removing it costs a system call on epoll and a QSocketNotifier in the window; a wake-up nobody waits for unregisters it.
"""

import asyncio
import socket

from workbench.errors import TooSlow
from workbench.formats.quantity import duration_s


class Readiness:
    """Readability and writability of one non-blocking socket. close() before the socket is closed.

    reading_since_s, writing_since_s: since when, by the loop's clock, somebody waits; None while nobody does.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._fd = sock.fileno()
        self._loop = asyncio.get_running_loop()
        self._reading = False
        self._writing = False
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self.reading_since_s: float | None = None
        self.writing_since_s: float | None = None

    async def readable(self, timeout_s: float | None, what: str = "nothing arrived") -> None:
        """Return once octets, an end or an error can be read.

        Raises: TooSlow after timeout_s; `what` begins its sentence.
        """
        waiter = self._loop.create_future()
        self._reader = waiter
        if not self._reading:
            self._loop.add_reader(self._fd, self._on_readable)
            self._reading = True
        self.reading_since_s = self._loop.time()
        try:
            await self._wait(waiter, timeout_s, what, "receive")
        finally:
            if self._reader is waiter:
                self._reader = self.reading_since_s = None

    async def writable(
        self, timeout_s: float | None, what: str = "the peer takes no more", stage: str = "send"
    ) -> None:
        """Return once the system takes octets, or a connection attempt has ended. Raises TooSlow."""
        waiter = self._loop.create_future()
        self._writer = waiter
        if not self._writing:
            self._loop.add_writer(self._fd, self._on_writable)
            self._writing = True
        self.writing_since_s = self._loop.time()
        try:
            await self._wait(waiter, timeout_s, what, stage)
        finally:
            if self._writer is waiter:
                self._writer = self.writing_since_s = None
            # Unlike readability, writability is nearly always there: registered without a waiter it would spin.
            if self._writing:
                self._loop.remove_writer(self._fd)
                self._writing = False

    def close(self) -> None:
        """Unregister the socket and wake whoever waits: its next system call tells what happened."""
        if self._reading:
            self._loop.remove_reader(self._fd)
            self._reading = False
        if self._writing:
            self._loop.remove_writer(self._fd)
            self._writing = False
        for waiter in (self._reader, self._writer):
            if waiter is not None and not waiter.done():
                waiter.set_result(None)

    async def _wait(
        self, waiter: "asyncio.Future[None]", timeout_s: float | None, what: str, stage: str
    ) -> None:
        if timeout_s is None:
            await waiter
            return
        timer = self._loop.call_later(
            timeout_s, _expire, waiter, f"{what} within {duration_s(timeout_s)}", stage
        )
        try:
            await waiter
        finally:
            timer.cancel()

    def _on_readable(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
        elif self._reader is None:
            self._loop.remove_reader(self._fd)
            self._reading = False

    def _on_writable(self) -> None:
        if self._writer is not None and not self._writer.done():
            self._writer.set_result(None)


def _expire(waiter: "asyncio.Future[None]", what: str, stage: str) -> None:
    if not waiter.done():
        waiter.set_exception(TooSlow(what, stage=stage, committed="maybe"))

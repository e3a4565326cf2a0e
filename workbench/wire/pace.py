"""Keeping pace with the recorder: a disk slower than the network must slow the network, not fill the memory.

Who is about to take octets from a socket, or to hand some over, asks for room first. While there is none nothing is
read, so that the system's buffers fill and the peer is told to wait (its window closes); a datagram socket drops, and
counts. Waiting here is nobody's timeout: the peer is not slow. It never blocks the loop, and it can be cancelled.
"""

import asyncio
from contextlib import suppress

from workbench.transcript.recorder import Channel


class Pace:
    """The room that one socket's recorder has. close() lets everybody go."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._loop = asyncio.get_running_loop()
        self._waiters: set[asyncio.Future[None]] = set()
        self._closed = False

    async def room(self) -> None:
        """Return once the recorder takes more, or there is no more point in asking."""
        while self._channel.is_behind and not self._closed:
            waiter = self._loop.create_future()
            self._waiters.add(waiter)

            def wake(waiter: "asyncio.Future[None]" = waiter) -> None:
                # Called by the writing thread; of a loop that has ended nobody waits any more.
                with suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(_release, waiter)

            forget = self._channel.transcript.when_written(wake)
            try:
                await waiter
            finally:
                forget()
                self._waiters.discard(waiter)

    def close(self) -> None:
        """Let everybody go who waits here."""
        self._closed = True
        for waiter in self._waiters:
            _release(waiter)


def _release(waiter: "asyncio.Future[None]") -> None:
    if not waiter.done():
        waiter.set_result(None)

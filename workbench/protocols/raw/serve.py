"""A server by hand: it answers every connection or datagram by a rule, or not at all."""

import asyncio
from typing import Literal, NamedTuple, Protocol

from workbench.errors import LinkLost, TooSlow
from workbench.wire.datagram import Datagram, Received
from workbench.wire.ends import HalfState
from workbench.wire.listen import Listener
from workbench.wire.stream import Stream

MAX_CONNECTIONS = 1000
"""More at once than a person can watch; the next ones wait in the system's queue."""


class Reply(NamedTuple):
    """What a listener does with what arrives: nothing, send it back, or send `data` for every piece."""

    rule: Literal["none", "echo", "text"]
    data: bytes = b""

    def answer(self, data: bytes) -> bytes | None:
        """The octets to send back for what arrived; None for silence."""
        if self.rule == "echo":
            return data
        return self.data if self.rule == "text" else None


NO_REPLY = Reply("none")


class Watcher(Protocol):
    """Told of what happens; called on the loop, must not wait."""

    def accepted(self, stream: Stream) -> None:
        """A connection is there."""
        ...

    def received(self, stream: Stream, data: bytes) -> None:
        """Octets arrived on a connection; b"" once, when its receiving half has ended."""
        ...

    def closed(self, stream: Stream) -> None:
        """The connection was given back."""
        ...


class Server:
    """Answers the connections of one listener; its owner runs serve() and ends it by cancelling or aclose().

    Args:
        listener: accepted from until it is closed; closed by this server's aclose().
        reply: the rule; may be replaced at any time.
        keep_open: leave a connection open after the peer finished, for a person who wants to answer by hand.
    """

    def __init__(
        self, listener: Listener, reply: Reply, watcher: Watcher | None = None, *, keep_open: bool = False
    ) -> None:
        self.listener = listener
        self.reply = reply
        self.streams: set[Stream] = set()
        self._watcher = watcher
        self._keep_open = keep_open
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MAX_CONNECTIONS)

    async def serve(self) -> None:
        """Accept and answer until the listener is closed; then, or when cancelled, close all connections."""
        try:
            while True:
                await self._room.acquire()
                try:
                    stream = await self.listener.accept()
                except LinkLost:
                    return
                task = asyncio.create_task(self._converse(stream), name=f"serve {stream.peer}")
                self._tasks.add(task)
                task.add_done_callback(self._forget)
        finally:
            await self._end_all()

    async def aclose(self) -> None:
        """Close the listener and all connections. Idempotent."""
        await self.listener.aclose()
        await self._end_all()

    async def _end_all(self) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        # A fault of ours in one connection must reach the caller, after all the others are closed.
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome

    def _forget(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._room.release()

    async def _converse(self, stream: Stream) -> None:
        self.streams.add(stream)
        if self._watcher is not None:
            self._watcher.accepted(stream)
        try:
            while data := await stream.read():
                if self._watcher is not None:
                    self._watcher.received(stream, data)
                answer = self.reply.answer(data)
                if answer:
                    await stream.send(answer)
            if self._watcher is not None:
                self._watcher.received(stream, b"")
            if self._keep_open and stream.sending is HalfState.OPEN:
                await stream.wait_closed()
        except (LinkLost, TooSlow):
            # The client went away in the middle of an answer: its end is recorded, the server goes on.
            return
        finally:
            self.streams.discard(stream)
            await stream.aclose()
            if self._watcher is not None:
                self._watcher.closed(stream)


class DatagramWatcher(Protocol):
    """Told of every datagram; called on the loop, must not wait."""

    def heard(self, received: Received) -> None:
        """A datagram arrived."""
        ...


async def serve_datagrams(socket_: Datagram, reply: Reply, watcher: DatagramWatcher | None = None) -> None:
    """Answer datagrams until the socket is closed or this task is cancelled. An empty one is answered too."""
    while socket_.is_open:
        try:
            received = await socket_.receive()
            if watcher is not None:
                watcher.heard(received)
            answer = reply.answer(received.data)
            if answer is not None:
                await socket_.send(answer, received.source)
        except LinkLost:
            # An ICMP error about an answer of ours: recorded; the others still want theirs.
            continue

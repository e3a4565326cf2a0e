"""A server by hand: it answers every connection or datagram by a rule, or not at all."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from workbench.errors import LinkLost, PeerMisbehaved, Refused, TooSlow, Untrusted, WorkbenchError
from workbench.protocols.raw.limits import UNLIMITED, Limits, passed
from workbench.protocols.raw.link import Link
from workbench.protocols.raw.presets import BY_NAME
from workbench.protocols.raw.talk import Secure
from workbench.protocols.raw.zones import Thrown, Zone, Zones
from workbench.wire.datagram import Datagram, Received
from workbench.wire.ends import HalfState
from workbench.wire.listen import Listener
from workbench.wire.stream import Stream

MAX_CONNECTIONS = 1000
"""More at once than a person can watch; the next ones wait in the system's queue."""


class Reply(NamedTuple):
    """What a listener does with what arrives: nothing, send it back, or send `data` for every piece.

    preset: be that server instead (protocols.raw.presets), from the next connection on.
    """

    rule: Literal["none", "echo", "text"]
    data: bytes = b""
    preset: str = ""

    def answer(self, data: bytes) -> bytes | None:
        """The octets to send back for what arrived; None for silence."""
        if self.rule == "echo":
            return data
        return self.data if self.rule == "text" else None


NO_REPLY = Reply("none")

_OF_THE_PEER = (LinkLost, TooSlow, PeerMisbehaved, Refused, Untrusted)
"""Failures of one connection: the server goes on. Any other is a fault of ours."""


class Answerer(Protocol):
    """Whoever decides what is sent back: a Reply, or something whose rule changes."""

    def answer(self, data: bytes) -> bytes | None:
        """The octets to send back for what arrived; None for silence."""
        ...


@runtime_checkable
class Conversing(Protocol):
    """Whoever has the whole conversation with a connection: rules that wait, and that end it."""

    async def converse(self, link: Link) -> None:
        """Read and answer until the connection ends, or is to be given back."""
        ...


class Watcher(Protocol):
    """Told of what happens; called on the loop, must not wait."""

    def accepted(self, stream: Stream) -> None:
        """A connection is there."""
        ...

    def received(self, stream: Stream, data: bytes) -> None:
        """Octets arrived on a connection; b"" once, when its receiving half has ended."""
        ...

    def answered(self, stream: Stream) -> None:
        """An answer by the rule was handed to the system."""
        ...

    def closed(self, stream: Stream) -> None:
        """The connection was given back."""
        ...


class Server:
    """Answers the connections of one listener; its owner runs serve() and ends it by cancelling or aclose().

    Args:
        listener: accepted from until it is closed; closed by this server's aclose().
        reply: the rule; may be replaced at any time.
        keep_open: leave a connection open after the peer finished, for a person who wants to answer by hand; it may
            be replaced at any time, too.
        limit: accept so many connections, then stop listening; serve() returns when the last of them has ended.
        secure: puts every connection under TLS before anything is read.
        on_secure: told of a connection once it is under TLS.
        on_failure: told, with the connection, what a peer did to end it: a handshake that failed, a broken record.
        limits: of every connection.

    Attributes:
        one_at_a_time: serve a client only once the one before has gone; the others are accepted, and wait unread.
        zones: what went wrong, and counts.
        waiting: who waits for its turn, by the number of the channel: since when, by the loop's clock.
    """

    def __init__(
        self,
        listener: Listener,
        reply: "Reply | Conversing",
        watcher: Watcher | None = None,
        *,
        keep_open: bool = False,
        limit: int | None = None,
        secure: Secure | None = None,
        on_secure: Callable[[Stream], object] | None = None,
        on_failure: Callable[[Stream, WorkbenchError], object] | None = None,
        limits: Limits = UNLIMITED,
    ) -> None:
        self.one_at_a_time = False
        self.zones = Zones()
        self.waiting: dict[int, float] = {}
        self._limits = limits
        self._turn = asyncio.Lock()
        self._having_turn: int | None = None
        self._is_finishing = False
        self.listener = listener
        self.reply = reply
        self.links: dict[int, Link] = {}
        """The open connections by the number of their channel."""
        self._watcher = watcher
        self.keep_open = keep_open
        self._limit = limit
        self._accepted = 0
        self._serving: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MAX_CONNECTIONS)
        self._secure = secure
        self._on_secure = on_secure
        self._on_failure = on_failure

    @property
    def streams(self) -> set[Stream]:
        """The open connections."""
        return {link.stream for link in self.links.values()}

    async def serve(self) -> None:
        """Accept and answer until the listener is closed; then, or when cancelled, close all connections.

        Raises: the first fault of ours in any connection (LocalFault: the disk is full), after closing all of them.
        """
        me = self._serving = asyncio.current_task()
        try:
            await self._accept_all()
        except asyncio.CancelledError:
            if self._failure is None or me is None:
                raise
            me.uncancel()
        finally:
            self._serving = None
            await self._end_all()
        if self._failure is not None:
            raise self._failure

    @property
    def open_sockets(self) -> int:
        """The leak meter: sockets of this server that are not given back yet, the listening one included."""
        listening = 0 if self.listener.is_closed else 1
        return listening + sum(stream.is_open for stream in self.streams)

    async def finish(self) -> None:
        """Stop listening, and let serve() go on until the last client has ended by itself."""
        self._is_finishing = True
        await self.listener.aclose()

    async def aclose(self) -> None:
        """Close the listener and all connections. Idempotent."""
        await self.listener.aclose()
        await self._end_all()

    async def _accept_all(self) -> None:
        while self._limit is None or self._accepted < self._limit:
            await self._room.acquire()
            try:
                stream = await self.listener.accept()
            except LinkLost:
                break
            self._accepted += 1
            task = asyncio.create_task(self._converse(stream, self._accepted), name=f"serve {stream.peer}")
            self._tasks.add(task)
            task.add_done_callback(partial(self._forget, stream))
        if self.listener.is_closed and not self._is_finishing:
            return
        await self.listener.aclose()
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    async def _end_all(self) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, stream: Stream, task: "asyncio.Task[None]") -> None:
        # Cancelled before its first step, a task closes nothing; nothing happens to a stream that is closed.
        stream.abort()
        self._tasks.discard(task)
        self._room.release()
        failure = None if task.cancelled() else task.exception()
        if failure is not None and self._failure is None:
            # A fault of ours in one connection must reach the owner of all.
            self._failure = failure
            if self._serving is not None:
                self._serving.cancel()

    async def _converse(self, stream: Stream, client: int) -> None:
        number = stream.channel.number
        link = self.links[number] = Link(stream, self._limits)
        if self._watcher is not None:
            self._watcher.accepted(stream)
        zone: Zone = "accept"
        try:
            self.zones.enter(zone)
            if self.one_at_a_time:
                await self._wait_for_turn(number)
            zone = "handle"
            await self._handle(link)
            zone = "close"
            self.zones.enter(zone)
            self.zones.served += 1
        except _OF_THE_PEER as failure:
            # The client went away in the middle of an answer, or is not as it should be: its end is recorded, the
            # server goes on.
            self.zones.failed += 1
            if self._on_failure is not None:
                self._on_failure(link.stream, failure)
        except Thrown as error:
            self.zones.failed += 1
            fault = self.zones.caught(error, client, stream.peer, zone)
            link.stream.channel.fact("serve.failed", zone=zone, what=fault.what)
        finally:
            self.waiting.pop(number, None)
            if self._having_turn == number:
                self._having_turn = None
                self._turn.release()
            await link.aclose()
            if self._watcher is not None:
                self._watcher.closed(link.stream)
            del self.links[number]

    async def _wait_for_turn(self, number: int) -> None:
        """Wait until nobody else is served; the client is connected meanwhile, and hears nothing."""
        loop = asyncio.get_running_loop()
        link, waits = self.links[number], self._turn.locked()
        if waits:
            self.waiting[number] = loop.time()
        await self._turn.acquire()
        self._having_turn = number
        link.heard_s = loop.time()
        if waits:
            waited_s = link.heard_s - self.waiting.pop(number)
            link.stream.channel.fact("serve.turn", waited_ms=round(waited_s * 1000, 1))

    async def _handle(self, link: Link) -> None:
        total_s = self._limits.total_s
        limit = asyncio.timeout(total_s)
        try:
            async with limit:
                self.zones.enter("handle")
                if self._secure is not None:
                    await link.protect(self._secure)
                    if self._on_secure is not None:
                        self._on_secure(link.stream)
                await self._answer(link)
        except TimeoutError as error:
            if total_s is None or not limit.expired():
                raise
            raise passed("total", total_s, link.stream) from error

    async def _answer(self, link: Link) -> None:
        reply = self.reply
        preset = None if isinstance(reply, Conversing) else BY_NAME.get(reply.preset)
        conversing = reply if isinstance(reply, Conversing) else preset
        if conversing is not None:
            if self._watcher is not None:
                link.on_read = partial(self._tell_read, link)
                link.on_sent = partial(self._tell_sent, link)
            await conversing.converse(link)
            if preset is None:
                await self._keep(link)
            return
        while data := await link.read():
            if self._watcher is not None:
                self._watcher.received(link.stream, data)
            answer = self.reply.answer(data) if isinstance(self.reply, Reply) else None
            if answer:
                await link.send(answer)
                if self._watcher is not None:
                    self._watcher.answered(link.stream)
        if self._watcher is not None:
            self._watcher.received(link.stream, b"")
        await self._keep(link)

    async def _keep(self, link: Link) -> None:
        """Leave it open for a person who wants to answer by hand, if that is asked for."""
        stream = link.stream
        if self.keep_open and stream.sending is HalfState.OPEN is not stream.receiving:
            await stream.wait_closed()

    def _tell_read(self, link: Link, data: bytes) -> None:
        assert self._watcher is not None
        self._watcher.received(link.stream, data)

    def _tell_sent(self, link: Link) -> None:
        assert self._watcher is not None
        self._watcher.answered(link.stream)


class DatagramWatcher(Protocol):
    """Told of every datagram; called on the loop, must not wait."""

    def heard(self, received: Received) -> None:
        """A datagram arrived."""
        ...

    def replied(self, received: Received) -> None:
        """An answer to it was sent by the rule."""
        ...


async def serve_datagrams(
    socket_: Datagram, reply: Answerer, watcher: DatagramWatcher | None = None, *, limit: int | None = None
) -> None:
    """Answer datagrams until the socket is closed or this task is cancelled. An empty one is answered too.

    Args:
        limit: return after so many.
    """
    heard = 0
    while socket_.is_open and (limit is None or heard < limit):
        try:
            received = await socket_.receive()
            heard += 1
            if watcher is not None:
                watcher.heard(received)
            answer = reply.answer(received.data)
            if answer is not None:
                await socket_.send(answer, received.source)
                if watcher is not None:
                    watcher.replied(received)
        except LinkLost:
            # An ICMP error about an answer of ours: recorded; the others still want theirs.
            continue

"""The relay for datagrams: each client gets a socket of its own to the server, so that answers find the way back."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from workbench.errors import WorkbenchError
from workbench.formats.target import Target
from workbench.lab.relay.fates import Chance, Fates
from workbench.lab.relay.switches import Way, works_on
from workbench.lab.switches import Turned
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import Datagram, Received, open_datagram
from workbench.wire.dial import TargetResolver

MAX_CLIENTS = 256
"""At once; the one that has been silent longest makes room. Addresses can be forged, descriptors are few."""
MAX_DELAYED = 1024
"""Delayed datagrams that may wait at once; more are lost, as datagrams are."""
FLUSH_AFTER_S = 0.1
"""After so much silence a datagram that waits to be overtaken goes on."""
PAUSE_AFTER_FAULT_S = 0.01


class UdpWatcher(Protocol):
    """Who wants to know what passes. It must be quick and never raise."""

    def passed(self, peer: str, way: Way, data: bytes, acts: tuple[Chance, ...]) -> None:
        """A datagram came from this client or for it, and this was done to it."""

    def refused(self, peer: str, failure: WorkbenchError) -> None:
        """The server can't be reached for this client; the datagram is lost."""


class _Client:
    """One client: its socket to the server, and both directions' fates."""

    def __init__(self, source: str, inner: Datagram, turned: Turned, number: int) -> None:
        self.source = source
        self.inner = inner
        self.fates = {way: Fates(turned, way, number) for way in Way}
        self.flushes: dict[Way, asyncio.TimerHandle] = {}
        self.task: asyncio.Task[None] | None = None


class UdpRelay:
    """Relays the datagrams of every client of its sockets.

    Args:
        target: where they go.
        turned: switches.UDP_SWITCHES as they are turned.
        transcript: where the sockets to the target record.
    """

    def __init__(
        self,
        target: Target,
        turned: Turned,
        transcript: Transcript,
        *,
        resolver: TargetResolver | None = None,
        watcher: UdpWatcher | None = None,
    ) -> None:
        self.target = target
        self.seen = 0
        self._turned = turned
        self._transcript = transcript
        self._resolver = resolver
        self._watcher = watcher
        self._delay_s = {
            way: turned.count("delay_ms") / 1000 if works_on(turned, way) else 0.0 for way in Way
        }
        self._clients: dict[tuple[Datagram, str], _Client] = {}
        self._numbers = 0
        self._waiting: set[asyncio.Task[None]] = set()

    @property
    def open_now(self) -> int:
        """Clients that have a socket to the server now."""
        return len(self._clients)

    async def serve(self, datagrams: Sequence[Datagram]) -> None:
        """Relay until cancelled; then every socket is closed."""
        try:
            async with asyncio.TaskGroup() as work:
                for datagram in datagrams:
                    work.create_task(self._listen(datagram), name=f"relay {datagram.address}")
        finally:
            clients = list(self._clients.values())
            self._clients.clear()
            for client in clients:
                await self._leave(client)
            for task in self._waiting:
                task.cancel()
            await asyncio.gather(*self._waiting, return_exceptions=True)
            for datagram in datagrams:
                await datagram.aclose()

    async def _listen(self, outer: Datagram) -> None:
        while outer.is_open:
            try:
                received = await outer.receive()
            except WorkbenchError:
                # News of an earlier answer that found nobody; a real fault would repeat at once, so take a breath.
                await asyncio.sleep(PAUSE_AFTER_FAULT_S)
                continue
            self.seen += 1
            client = await self._client(outer, received)
            if client is not None:
                self._meet(outer, client, Way.TO_SERVER, received.data)

    async def _client(self, outer: Datagram, received: Received) -> _Client | None:
        key = (outer, received.source)
        client = self._clients.pop(key, None)
        if client is None:
            if len(self._clients) >= MAX_CLIENTS:
                await self._leave(self._clients.pop(next(iter(self._clients))))
            try:
                inner = await open_datagram(
                    self._transcript,
                    remote=self.target,
                    resolver=self._resolver,
                    title=f"{received.source} → {self.target.text or self.target}",
                )
            except WorkbenchError as failure:
                self._refused(outer, received.source, failure)
                return None
            self._numbers += 1
            client = _Client(received.source, inner, self._turned, self._numbers)
            client.task = asyncio.create_task(self._answers(outer, client), name=f"relay {received.source}")
        # At the end of the order: whoever was silent longest stands first.
        self._clients[key] = client
        return client

    async def _answers(self, outer: Datagram, client: _Client) -> None:
        while client.inner.is_open:
            try:
                received = await client.inner.receive()
            except WorkbenchError as failure:
                if client.inner.is_open:
                    self._refused(outer, client.source, failure)
                    await asyncio.sleep(PAUSE_AFTER_FAULT_S)
                continue
            self._meet(outer, client, Way.TO_CLIENT, received.data)

    def _meet(self, outer: Datagram, client: _Client, way: Way, data: bytes) -> None:
        """Have one datagram meet its fate."""
        fates = client.fates[way]
        fate = fates.feed(data)
        for act in fate.acts:
            outer.channel_of(client.source).fact(f"relay.{act}", direction=way.value, octets=len(data))
        if self._watcher is not None:
            self._watcher.passed(client.source, way, data, fate.acts)
        if (timer := client.flushes.pop(way, None)) is not None:
            timer.cancel()
        if fates.held:
            client.flushes[way] = asyncio.get_running_loop().call_later(
                FLUSH_AFTER_S, self._flush, outer, client, way
            )
        self._send(outer, client, way, fate.out)

    def _flush(self, outer: Datagram, client: _Client, way: Way) -> None:
        client.flushes.pop(way, None)
        self._send(outer, client, way, client.fates[way].flush())

    def _send(self, outer: Datagram, client: _Client, way: Way, out: tuple[bytes, ...]) -> None:
        if out and len(self._waiting) < MAX_DELAYED:
            task = asyncio.create_task(self._send_later(outer, client, way, out), name=f"relay {way.value}")
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    async def _send_later(self, outer: Datagram, client: _Client, way: Way, out: tuple[bytes, ...]) -> None:
        if self._delay_s[way]:
            await asyncio.sleep(self._delay_s[way])
        for data in out:
            try:
                if way is Way.TO_SERVER:
                    await client.inner.send(data)
                else:
                    await outer.send(data, client.source)
            except WorkbenchError as failure:
                # Most often news that an earlier one found nobody (ICMP); this one is lost with it.
                self._refused(outer, client.source, failure)

    def _refused(self, outer: Datagram, source: str, failure: WorkbenchError) -> None:
        outer.channel_of(source).fact("relay.refused", **failure.as_dict(), sentence=failure.what)
        if self._watcher is not None:
            self._watcher.refused(source, failure)

    async def _leave(self, client: _Client) -> None:
        for timer in client.flushes.values():
            timer.cancel()
        if client.task is not None:
            client.task.cancel()
            await asyncio.gather(client.task, return_exceptions=True)
        await client.inner.aclose()

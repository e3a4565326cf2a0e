"""The relay for TCP: accepts clients, connects each to the target, and passes on what passes."""

import asyncio
import sys
import traceback
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from workbench.errors import LinkLost, WorkbenchError
from workbench.formats.target import Target
from workbench.lab.relay.link import Link, drop
from workbench.lab.relay.pieces import Act
from workbench.lab.relay.switches import Way
from workbench.lab.switches import Turned
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver, dial
from workbench.wire.listen import Listener
from workbench.wire.stream import Stream

MAX_LINKS = 512
"""Clients at once, each with two descriptors and two bounded queues; more wait in the backlog."""
PAUSE_AFTER_FAULT_S = 0.1
CONNECT_TIMEOUT_S = 30.0


class Watcher(Protocol):
    """Who wants to know what passes. Called between two turns of the loop: it must be quick and never raise."""

    def accepted(self, link: Link) -> None:
        """A client is there."""

    def connected(self, link: Link) -> None:
        """The server took the connection."""

    def refused(self, link: Link, failure: WorkbenchError) -> None:
        """The server did not; the client was reset."""

    def acted(self, link: Link, way: Way, act: Act) -> None:
        """The relay interfered."""

    def ended(self, link: Link) -> None:
        """Both connections are closed."""


class Nobody:
    """A watcher that looks away: the Lab's relays are watched by who talks through them."""

    def accepted(self, link: Link) -> None:
        """As Watcher."""

    def connected(self, link: Link) -> None:
        """As Watcher."""

    def refused(self, link: Link, failure: WorkbenchError) -> None:
        """As Watcher."""

    def acted(self, link: Link, way: Way, act: Act) -> None:
        """As Watcher."""

    def ended(self, link: Link) -> None:
        """As Watcher."""


class Relay:
    """Relays every client of its listeners.

    Args:
        target: where each client is connected to; asked anew for each.
        turned: switches.TCP_SWITCHES as they are turned.
        transcript: where the connections to the target record; the clients' record where the listener does.
        resolver: for targets that the wire can't open.
        watcher: told of everything.
        connect_timeout_s: for each connection to the target.
    """

    def __init__(
        self,
        target: Target,
        turned: Turned,
        transcript: Transcript,
        *,
        resolver: TargetResolver | None = None,
        watcher: Watcher | None = None,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
    ) -> None:
        self.target = target
        self.open_now = 0
        self.seen = 0
        self._turned = turned
        self._transcript = transcript
        self._resolver = resolver
        self._watcher: Watcher = watcher or Nobody()
        self._connect_timeout_s = connect_timeout_s

    async def serve(self, listeners: Sequence[Listener]) -> None:
        """Relay until cancelled; then every connection is closed, both sides."""
        room = asyncio.Semaphore(MAX_LINKS)
        try:
            async with asyncio.TaskGroup() as links:
                for listener in listeners:
                    links.create_task(self._accept(listener, room, links), name=f"accept {listener.address}")
        finally:
            for listener in listeners:
                await listener.aclose()

    async def _accept(self, listener: Listener, room: asyncio.Semaphore, links: asyncio.TaskGroup) -> None:
        while True:
            try:
                stream = await listener.accept()
            except (WorkbenchError, OSError) as error:
                if isinstance(error, LinkLost) and not error.errno_name:
                    return  # the listener was closed
                # Out of descriptors, most likely: the client stays in the queue, so try again, but not in a frenzy.
                await asyncio.sleep(PAUSE_AFTER_FAULT_S)
                continue
            try:
                await room.acquire()
            except asyncio.CancelledError:
                await stream.aclose()
                raise
            self.seen += 1
            link = Link(self.seen, stream, self._turned, self._watcher.acted)
            task = links.create_task(self._host(link), name=f"relay {link.number}")
            task.add_done_callback(partial(_left, room, stream))

    async def _host(self, link: Link) -> None:
        self.open_now += 1
        self._watcher.accepted(link)
        try:
            server = await self._dialled(link)
            if server is not None:
                self._watcher.connected(link)
                await link.carry(server)
        except Exception:  # noqa: BLE001 - the border: a fault of ours costs one connection, not the relay
            traceback.print_exc(file=sys.stderr)
            link.client.abort()
        finally:
            # Cancelled: neither socket may outlive its task. Harmless otherwise.
            await link.client.aclose()
            if link.server is not None:
                await link.server.aclose()
            self.open_now -= 1
            self._watcher.ended(link)

    async def _dialled(self, link: Link) -> Stream | None:
        try:
            server = await dial(
                self.target,
                self._transcript,
                resolver=self._resolver,
                title=f"{link.client.peer} → {self.target.text or self.target}",
                timeout_s=self._connect_timeout_s,
            )
        except WorkbenchError as failure:
            # The client was accepted before we knew: a reset is the nearest thing to a refusal that is left.
            link.client.channel.fact("relay.refused", **failure.as_dict(), sentence=failure.what)
            drop(link.client)
            self._watcher.refused(link, failure)
            return None
        link.server = server
        return server


def _left(room: asyncio.Semaphore, stream: Stream, _task: "asyncio.Task[None]") -> None:
    # Cancelled before its first step, a task closes nothing; nothing happens to a stream that is closed.
    stream.abort()
    room.release()

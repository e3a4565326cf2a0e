"""What the relay's tests share: a relay on this loop between sockets that are not our own wire."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, NamedTuple

from tests.lab.houses import SOON_S, Client
from workbench.formats.target import Target
from workbench.lab.relay.engine import Relay, Watcher
from workbench.lab.relay.switches import TCP_SWITCHES
from workbench.lab.switches import turn
from workbench.transcript.recorder import Transcript
from workbench.wire.listen import listen


class Between(NamedTuple):
    """A running relay and both ends of one connection through it."""

    client: Client
    server: Client
    relay: Relay
    transcript: Transcript

    def end(self, direction: str, deed: str) -> Client:
        """The one who sends ("from") or receives ("to") in a direction."""
        to_server = direction == "to-server"
        return self.client if to_server == (deed == "from") else self.server

    def facts(self, name: str) -> list[dict[str, object]]:
        """The values of every fact of this name."""
        return [dict(event.values) for event in self.transcript.events() if event.name == name]


@contextlib.asynccontextmanager
async def relay_to(
    port: int, *, watcher: Watcher | None = None, **switches: object
) -> AsyncIterator[tuple[Relay, Transcript, int]]:
    """A relay to this port of loopback: it, its transcript, its own port."""
    transcript = Transcript()
    turned = turn(TCP_SWITCHES, switches, service="the relay")
    relay = Relay(Target("tcp", "127.0.0.1", port), turned, transcript, watcher=watcher)
    listener = await listen(Target("tcp", "127.0.0.1", 0), transcript)
    task = asyncio.create_task(relay.serve([listener]))
    try:
        yield relay, transcript, listener.port
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=SOON_S)
        assert task.done(), "the relay did not end"
        transcript.close()


@contextlib.asynccontextmanager
async def between(*, watcher: Watcher | None = None, **switches: object) -> AsyncIterator[Between]:
    """A client and a server with a relay in the middle."""
    waiting: asyncio.Queue[Client] = asyncio.Queue()

    def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        waiting.put_nowait(Client(reader, writer))

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    try:
        async with relay_to(server.sockets[0].getsockname()[1], watcher=watcher, **switches) as (
            relay,
            transcript,
            port,
        ):
            client = Client(*await asyncio.open_connection("127.0.0.1", port))
            peer = await asyncio.wait_for(waiting.get(), SOON_S)
            try:
                yield Between(client, peer, relay, transcript)
            finally:
                await client.close()
                await peer.close()
    finally:
        server.close()


@contextlib.asynccontextmanager
async def server_of(
    met: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]],
) -> AsyncIterator[int]:
    """A server of asyncio's own; its port."""
    server = await asyncio.start_server(met, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


RESET = struct.pack("ii", 1, 0)
"""SO_LINGER that makes close() send RST."""

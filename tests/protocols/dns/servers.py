"""A server by UDP and one by TCP that say what a test wants: sockets of the standard library, not our wire."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

from tests.kit.ports import free_port
from workbench.formats.target import Target

Say = Callable[[bytes, int], Iterable[bytes]]
"""From a query and its number (from 0) to the datagrams, or messages of a stream, that answer it."""


class Udp(asyncio.DatagramProtocol):
    """Answers each query with what `say` yields, and counts them."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.queries: list[bytes] = []
        self.clients: list[tuple[str, int]] = []

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.queries.append(data)
        self.clients.append(addr)
        for answer in self.say(data, len(self.queries) - 1):
            self.transport.sendto(answer, addr)


@contextlib.asynccontextmanager
async def udp_server(say: Say, port: int = 0) -> AsyncIterator[tuple[Target, Udp]]:
    """A server by UDP on a port of 127.0.0.1 that is free for both transports, and stays so when this has ended."""
    loop = asyncio.get_running_loop()
    place = ("127.0.0.1", port or free_port())
    transport, server = await loop.create_datagram_endpoint(lambda: Udp(say), local_addr=place)
    try:
        yield Target("tcp", "127.0.0.1", transport.get_extra_info("sockname")[1]), server
    finally:
        transport.close()
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def tcp_server(
    answer: Callable[[bytes], Iterable[bytes] | None], port: int = 0
) -> AsyncIterator[Target]:
    """A server by TCP: for each query it writes these pieces, then closes. None instead of pieces: it says nothing."""
    serving: set[asyncio.Task[object]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        try:
            size = int.from_bytes(await reader.readexactly(2), "big")
            pieces = answer(await reader.readexactly(size))
            for piece in pieces or ():
                writer.write(piece)
                await writer.drain()
                # Each piece a segment of its own.
                await asyncio.sleep(0.002)
            if pieces is None:
                await reader.read()
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", port or free_port())
    try:
        yield Target("tcp", "127.0.0.1", server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await server.wait_closed()
        await asyncio.gather(*serving)

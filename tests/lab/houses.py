"""What the tests of the Lab share: services in this process, a Lab with a child, a client that is not our own wire."""

import asyncio
import contextlib
import os
import select
import socket
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from workbench.lab.control import Start
from workbench.lab.registry import Registry
from workbench.settings.places import Places

SOON_S = 60.0
"""A wait that ends long before, unless something is broken."""


class Served(NamedTuple):
    """A service that runs in this process: where, and its registry for figures."""

    host: str
    port: int
    registry: Registry
    also_port: int | None

    @property
    def figures(self) -> Any:
        return self.registry.running()[0]


@contextlib.asynccontextmanager
async def serving(
    name: str, *, host: str = "", port: int | None = None, **switches: object
) -> AsyncIterator[Served]:
    """Run one service on this loop; on leaving it is stopped, with every conversation."""
    registry = Registry(lambda: None)
    try:
        address = await registry.start(Start(1, name, switches, host, port), "test")
        target = address.target
        assert target.port is not None
        yield Served(target.host, target.port, registry, address.also.port if address.also else None)
    finally:
        await registry.aclose()


class Client:
    """A TCP client on asyncio's streams: an implementation that shares no line with ours."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @property
    def sock(self) -> socket.socket:
        return self.writer.get_extra_info("socket")

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def finish(self) -> None:
        self.writer.write_eof()

    async def line(self) -> bytes:
        return await asyncio.wait_for(self.reader.readline(), SOON_S)

    async def exactly(self, count: int) -> bytes:
        return await asyncio.wait_for(self.reader.readexactly(count), SOON_S)

    async def some(self) -> bytes:
        return await asyncio.wait_for(self.reader.read(65536), SOON_S)

    async def rest(self) -> bytes:
        """All to the end. Raises ConnectionResetError if that is a RST."""
        return await asyncio.wait_for(self.reader.read(), SOON_S)

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    async def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await self.close()


@contextlib.asynccontextmanager
async def client_of(served: Served) -> AsyncIterator[Client]:
    """Connect to a service, and disconnect."""
    client = Client(*await asyncio.open_connection(served.host, served.port, limit=1 << 20))
    try:
        yield client
    finally:
        await client.close()


@contextlib.asynccontextmanager
async def datagrams_to(served: Served) -> AsyncIterator["Datagrams"]:
    """A connected UDP socket of the standard library."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.connect((served.host, served.port))
        yield Datagrams(sock)
    finally:
        sock.close()


class Datagrams:
    """Send and receive datagrams, empty ones too (asyncio's own transport leaves those out)."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def send(self, data: bytes) -> None:
        self.sock.send(data)

    async def receive(self) -> bytes:
        return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self.sock, 65535), SOON_S)

    async def is_quiet(self, seconds: float = 0.15) -> bool:
        """Whether nothing arrives for so long."""
        try:
            await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self.sock, 65535), seconds)
        except TimeoutError:
            return True
        return False


async def until(condition: Any) -> None:
    """Return once the condition holds; for what happens in another task of this loop, without an event of its own."""
    async with asyncio.timeout(SOON_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def places_in(folder: Path) -> Places:
    """All places in one folder; `runtime` is not made yet."""
    folder.mkdir(mode=0o700, exist_ok=True)
    return Places(*(folder / name for name in ("config", "state", "data", "cache", "runtime")))


def wait_for_death(pid: int, timeout_s: float) -> bool:
    """Wait for the end of a process that need not be our child; False when it lives on."""
    if not hasattr(os, "pidfd_open"):
        pytest.skip("this system gives no event for the end of somebody else's process")
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([fd], [], [], timeout_s)[0])
    finally:
        os.close(fd)


def resident_kib(pid: int) -> int:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")

"""What both proxies share: reaching a server of this machine, and carrying octets both ways until both have ended."""

import asyncio
import socket

from workbench.errors import LinkLost, Refused
from workbench.formats.target import Target
from workbench.lab.guest import READ_AT_MOST, Guest
from workbench.lab.tally import Tally
from workbench.wire.dial import dial
from workbench.wire.ends import HalfState
from workbench.wire.stream import Stream

CONNECT_WITHIN_S = 10.0
NAME = "localhost"
"""It stands for this machine wherever it is (RFC 6761 section 6.3); other names are not even looked up."""


async def reach(host: str, port: int) -> Stream:
    """Connect to a server of this machine.

    Raises: Refused: it is beyond loopback; LinkLost, TooSlow: nobody there.
    """
    if host.lower() != NAME and not _is_loopback(host):
        raise Refused("the Lab's proxies lead to this machine only", stage="lab")
    return await dial(Target("tcp", host, port), Tally(), timeout_s=CONNECT_WITHIN_S)


async def carry(guest: Guest, server: Stream) -> None:
    """Octets both ways; each half is finished when its other end is, and all ends when both are, or one is reset."""
    # Around everything: even a cancellation that comes while the two are waited for must not keep it open.
    async with server:
        up = asyncio.create_task(_up(guest, server), name=f"to the server {server.peer}")
        down = asyncio.create_task(_down(guest, server), name=f"from the server {server.peer}")
        try:
            await asyncio.gather(up, down)
        except LinkLost:
            # What one side was told by a reset the other one is told too.
            guest.abort()
            server.abort()
        finally:
            for task in (up, down):
                task.cancel()
            await asyncio.wait((up, down))


async def exactly(guest: Guest, count: int) -> bytes:
    """So many octets of a client; fewer where it ended before."""
    data = b""
    while len(data) < count:
        piece = await guest.read(count - len(data))
        if not piece:
            break
        data += piece
    return data


async def _up(guest: Guest, server: Stream) -> None:
    while data := await guest.read():
        await server.send(data)
    if guest.stream.receiving is HalfState.RESET:
        raise LinkLost("the client reset the connection", stage="lab", errno_name="ECONNRESET")
    await server.finish()


async def _down(guest: Guest, server: Stream) -> None:
    while data := await server.read(READ_AT_MOST):
        await guest.answer(data)
    if server.receiving is HalfState.RESET:
        raise LinkLost("the server reset the connection", stage="lab", errno_name="ECONNRESET")
    await guest.stream.finish()


def _is_loopback(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            packed = socket.inet_pton(family, host)
        except (OSError, ValueError):
            continue
        return packed[0] == 127 if family == socket.AF_INET else packed == b"\0" * 15 + b"\1"
    return False

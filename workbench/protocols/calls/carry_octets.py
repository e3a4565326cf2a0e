"""Carrying out the calls that move octets, and the waiting that they and others share. As in carry.py."""

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from workbench.errors import LocalMisuse
from workbench.formats.quantity import duration, octets
from workbench.protocols.calls.arguments import repeated
from workbench.protocols.calls.making import Making, Result
from workbench.protocols.calls.places import place
from workbench.wire.ends import PEER_FINISHED

T = TypeVar("T")
MAX_READ = 16 * 1024 * 1024
"""Octets that one read may ask for: Python makes room for all of it beforehand."""
MAX_SHOWN = 80
MAX_SPIN_S = 5.0


async def patiently(making: Making, way: str, attempt: Callable[[], T]) -> T:
    """The attempt's result; where it would wait, wait and try again, for as long as the socket's timeout says."""
    held = making.on
    loop = asyncio.get_running_loop()
    limit = None if held.timeout_s is None else loop.time() + held.timeout_s
    while True:
        try:
            return attempt()
        except BlockingIOError:
            if held.timeout_s == 0 or (making.args.get("flags") and making["flags"] & socket.MSG_DONTWAIT):
                raise
        await making.desk.wait(making, way, None if limit is None else max(0.0, limit - loop.time()))


def shown(data: bytes) -> str:
    """Octets as Python shows them, cut."""
    return repr(data) if len(data) <= MAX_SHOWN else f"{data[:MAX_SHOWN]!r}... ({octets(len(data))})"


def _data(making: Making) -> bytes:
    return repeated(making["data"], making["times"] if "times" in making.args else 1)


def _took(making: Making, data: bytes, count: int) -> Result:
    making.on.channel.sent(data[:count])
    left = len(data) - count
    remark = (
        f"{octets(left)} of {octets(len(data))} were not taken: the system's room is full" if left else ""
    )
    return Result(str(count), accepted=count, offered=len(data), remark=remark)


async def _send(making: Making) -> Result:
    data, sock = _data(making), making.on.sock
    return _took(making, data, await patiently(making, "write", lambda: sock.send(data, making["flags"])))


async def _write(making: Making) -> Result:
    data, sock = making["data"], making.on.sock
    return _took(making, data, await patiently(making, "write", lambda: os.write(sock.fileno(), data)))


async def _sendall(making: Making) -> Result:
    data, sock = memoryview(_data(making)), making.on.sock
    loop = asyncio.get_running_loop()
    timeout_s = making.on.timeout_s
    limit = None if timeout_s is None else loop.time() + timeout_s
    taken = 0
    while taken < len(data):
        piece = data[taken : taken + MAX_READ]
        count = await patiently(making, "write", lambda piece=piece: sock.send(piece))  # type: ignore[misc]  # bound now
        making.on.channel.sent(bytes(piece[:count]))
        taken += count
        # The time is for all of it, as Python counts it, not for each piece.
        if limit is not None and timeout_s and taken < len(data) and loop.time() > limit:
            raise TimeoutError("timed out")
    return Result(accepted=taken, offered=taken)


async def _sendto(making: Making) -> Result:
    address, code = await place(making)
    data, sock = making["data"], making.on.sock
    count = await patiently(making, "write", lambda: sock.sendto(data, making["flags"], address))
    written = f"{making.on.name}.sendto({data!r}, {code})" if not making.args["address"].code else ""
    return _took(making, data, count)._replace(code=written)


def _size(making: Making) -> int:
    size = int(making["size"])
    if size > MAX_READ:
        raise LocalMisuse(f"one read asks for at most {MAX_READ} octets", stage="input")
    return size


def _came(making: Making, data: bytes) -> Result:
    held = making.on
    is_peek = bool(making.args.get("flags") and making["flags"] & socket.MSG_PEEK)
    if not is_peek and (data or not held.is_stream):
        held.channel.received(data)
    remark = ""
    if not data and held.is_stream and making["size"]:
        remark = "the peer has finished: there will be no more"
        held.end_seen(PEER_FINISHED)
        if held.dead[0]:
            remark = (
                f"this connection is dead since call {held.dead[0]} ({held.dead[1]}): the error was told once"
            )
    elif data and "RD" in held.ended:
        remark = "after SHUT_RD octets come all the same: on Linux it is weaker than it sounds"
    elif is_peek:
        remark = "looked at, and still there"
    return Result(shown(data), data=data, remark=remark)


async def _recv(making: Making) -> Result:
    sock, size = making.on.sock, _size(making)
    return _came(making, await patiently(making, "read", lambda: sock.recv(size, making["flags"])))


async def _read(making: Making) -> Result:
    sock, size = making.on.sock, _size(making)
    return _came(making, await patiently(making, "read", lambda: os.read(sock.fileno(), size)))


async def _spin(making: Making) -> Result:
    """Polling by hand. The window lives on since every try lets the loop turn; a program of one's own would not."""
    sock, seconds = making.on.sock, min(MAX_SPIN_S, making["seconds"] or 0.0)
    begun_ns, cpu_ns = time.monotonic_ns(), time.thread_time_ns()
    tries, came = 0, False
    while not came and time.monotonic_ns() - begun_ns < seconds * 1e9:
        tries += 1
        try:
            sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            came = True
        except BlockingIOError:
            await asyncio.sleep(0)
    spent_ns = time.thread_time_ns() - cpu_ns
    elapsed_ns = max(1, time.monotonic_ns() - begun_ns)
    share = min(100, spent_ns * 100 // elapsed_ns)
    remark = f"{tries:,} tries, {duration(spent_ns)} of processor time: {share} % of one"
    return Result(str(came), remark=remark)


async def _recvfrom(making: Making) -> Result:
    sock, size = making.on.sock, _size(making)
    data, address = await patiently(making, "read", lambda: sock.recvfrom(size, making["flags"]))
    return _came(making, data)._replace(text=f"({shown(data)}, {address!r})")


CARRY_OCTETS: Final[dict[str, Callable[[Making], Awaitable[Result]]]] = {
    "send": _send,
    "sendall": _sendall,
    "sendto": _sendto,
    "recv": _recv,
    "recvfrom": _recvfrom,
    "spin": _spin,
    "read": _read,
    "write": _write,
}

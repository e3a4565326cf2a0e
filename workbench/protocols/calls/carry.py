"""Carrying calls out on sockets: each tries, and where Python would wait, it tries again when the loop says so.

What Python itself would answer is answered: the same value, or the same class of exception. Calls on files stand in
carry_files.py.
"""

import asyncio
import errno
import os
import select
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Final

from workbench.errors import LocalMisuse
from workbench.formats.quantity import octets
from workbench.jobs.offload import in_thread
from workbench.protocols.calls.carry_files import CARRY_FILES
from workbench.protocols.calls.carry_octets import CARRY_OCTETS, patiently
from workbench.protocols.calls.held import symbol_of_number
from workbench.protocols.calls.making import Making, Result
from workbench.protocols.calls.options import read_back
from workbench.protocols.calls.places import place
from workbench.protocols.calls.values import CONNECTING, LISTENING, address_notes, short
from workbench.wire.addresses import address_text
from workbench.wire.bare import adopted, open_socket
from workbench.wire.tcpinfo import read_queues
from workbench.wire.unplug import unplug

RETRY_S = 0.005
"""A Unix listener whose queue is full can't be waited for by the loop: it is asked again, as often as this."""
_POLLED: Final = ("POLLIN", "POLLPRI", "POLLOUT", "POLLERR", "POLLHUP", "POLLRDHUP", "POLLNVAL")


# Making, naming -----------------------------------------------------------------------------------------------------


async def _socket(making: Making) -> Result:
    making.desk.check_room()
    sock = open_socket(making["family"], making["type"], making["protocol"])
    held = making.desk.keep(sock, making.made, _title(sock))
    kind = sock.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE)
    return Result(f"fd {sock.fileno()}", made=(held.name,), remark=f"SO_TYPE reads {kind} ({held.kind})")


def _title(sock: socket.socket) -> str:
    family = short(getattr(sock.family, "name", str(sock.family))) or str(sock.family)
    return f"{family} {short(getattr(sock.type, 'name', str(sock.type)))}"


async def _adopt(making: Making) -> Result:
    number = making["descriptor"]
    if number not in making.desk.loose:
        raise LocalMisuse(f"descriptor {number} is none that detach left alone", stage="input")
    making.desk.loose.pop(number)
    sock = adopted(number)
    held = making.desk.keep(sock, making.made, _title(sock))
    return Result(f"fd {number}", made=(held.name,))


async def _dup(making: Making) -> Result:
    making.desk.check_room()
    held = making.on
    twin = making.desk.keep(held.sock.dup(), making.made, f"duplicate of {held.name}")
    twin.timeout_s = held.timeout_s
    owners = making.desk.holders(held)
    return Result(
        f"fd {twin.sock.fileno()}",
        made=(twin.name,),
        remark=f"{len(owners)} own the connection now: {', '.join(owners)}",
    )


def _called(making: Making, code: str) -> str:
    """The call with its address as it is known now."""
    if making.args["address"].code:
        return ""
    return f"{making.on.name}.{making.spec.name}({code})"


async def _bind(making: Making) -> Result:
    address, code = await place(making)
    making.on.sock.bind(address)
    if isinstance(address, str) and address:
        making.desk.paths.append(address)
    local = address_text(making.on.sock.getsockname())
    making.on.channel.named(local=local)
    return Result(remark=f"our address is {local}", code=_called(making, code))


async def _listen(making: Making) -> Result:
    making.on.sock.listen(making["backlog"])
    return Result()


async def _accept(making: Making) -> Result:
    making.desk.check_room()
    held = making.on
    sock, address = await patiently(making, "read", held.sock.accept)
    sock.setblocking(False)
    taken = making.desk.keep(sock, making.made, f"accepted by {held.name}")
    peer = address_text(address) or "an unnamed peer"
    taken.channel.named(local=address_text(sock.getsockname()), peer=peer)
    return Result(f"fd {sock.fileno()}, {address!r}", made=(taken.name,), remark=address_notes(address))


async def _connect(making: Making) -> Result:
    number, code = await _connected(making)
    if number:
        raise OSError(number, os.strerror(number))
    return Result(code=_called(making, code))


async def _connect_ex(making: Making) -> Result:
    number, code = await _connected(making)
    symbol = symbol_of_number(number)
    remark = os.strerror(number) if number else "connected"
    return Result(f"{number}" + (f" ({symbol})" if number else ""), remark=remark, code=_called(making, code))


async def _connected(making: Making) -> tuple[int, str]:
    """The errno of a connection attempt, 0 where it was made."""
    held = making.on
    address, code = await place(making)
    begun_ns = held.now()
    loop = asyncio.get_running_loop()
    limit = None if held.timeout_s is None else loop.time() + held.timeout_s
    number = held.sock.connect_ex(address)
    if held.is_stream and not held.was_connected and held.state != LISTENING and not held.is_closed:
        held.enter(CONNECTING, begun_ns)
    while number == errno.EAGAIN and held.timeout_s != 0:
        held.waiting = making.spec.name
        try:
            if limit is not None and loop.time() >= limit:
                raise TimeoutError("timed out")
            await asyncio.sleep(RETRY_S)
        finally:
            held.waiting = ""
        number = held.sock.connect_ex(address)
    if number in (errno.EINPROGRESS, errno.EALREADY) and held.timeout_s != 0:
        await making.desk.wait(making, "write", None if limit is None else limit - loop.time())
        if held.timeout_s is None:
            # Asked again, the system gives its verdict, and is ready for another attempt: as after one that blocked.
            number = held.sock.connect_ex(address)
            number = 0 if number == errno.EISCONN else number
        else:
            # As Python does it: the error is taken away, and a second attempt will be told ECONNABORTED.
            number = held.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if not number and held.is_stream:
        held.look()
        names = (address_text(held.sock.getsockname()), address_text(held.sock.getpeername()))
        held.channel.named(local=names[0], peer=names[1])
    return number, code


async def _getsockname(making: Making) -> Result:
    address = making.on.sock.getsockname()
    return Result(repr(address), remark=address_notes(address))


async def _getpeername(making: Making) -> Result:
    address = making.on.sock.getpeername()
    return Result(repr(address), remark=address_notes(address))


# The end, modes, options --------------------------------------------------------------------------------------------


async def _shutdown(making: Making) -> Result:
    held, how = making.on, making["how"]
    held.sock.shutdown(how)
    if how != socket.SHUT_RD and "WR" not in held.ended:
        held.channel.fact("finish.sent")
    held.ended |= set((("RD",), ("WR",), ("RD", "WR"))[how])
    others = [name for name in making.desk.holders(held) if name != held.name]
    remark = f"for {', '.join(others)} too: it ends the connection, not the descriptor" if others else ""
    if len(held.ended) == 2 and how != socket.SHUT_RDWR:
        remark = "both directions are ended now, as SHUT_RDWR does at once"
    return Result(remark=remark)


def _own(names: list[str]) -> str:
    return "owns" if len(names) == 1 else "own"


async def _close(making: Making) -> Result:
    held = making.on
    queues = read_queues(held.sock) if held.is_stream and held.state != LISTENING else None
    others = [name for name in making.desk.holders(held) if name != held.name]
    held.wake()
    if held.is_closed or held.is_detached:
        return Result(remark="it was given back before: close does nothing then")
    linger = held.sock.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8) if held.is_stream else bytes(8)
    lingers, for_s = struct.unpack("ii", linger)
    if held.was_connected and not others:
        unread = queues.unread if queues is not None else 0
        if lingers and not for_s:
            held.channel.fact("reset.sent")
        else:
            held.channel.fact("close", unread=unread)
    held.is_closed = True
    if lingers and for_s:
        # It may wait for what is unsent, whatever the mode of the socket.
        await in_thread(held.sock.close)
    else:
        held.sock.close()
    if others:
        return Result(
            remark=f"{', '.join(others)} still {_own(others)} the connection: the peer notices nothing"
        )
    if queues is not None and queues.unread:
        return Result(remark=f"closed with {octets(queues.unread)} unread: the peer gets a reset (RST)")
    return Result()


async def _detach(making: Making) -> Result:
    held = making.on
    held.wake()
    number = held.sock.detach()
    held.is_detached = True
    if number >= 0:
        making.desk.loose[number] = held.name
    return Result(
        str(number),
        code=f"fd{number} = {held.name}.detach()" if number >= 0 else "",
        remark="the descriptor stays open, and belongs to nobody: adopt takes it in again",
    )


async def _setblocking(making: Making) -> Result:
    making.on.timeout_s = None if making["blocking"] else 0.0
    return Result()


async def _settimeout(making: Making) -> Result:
    making.on.timeout_s = making["seconds"]
    return Result()


async def _setsockopt(making: Making) -> Result:
    held = making.on
    level, option, value = making["level"], making["option"], making["value"]
    held.sock.setsockopt(level, option, value)
    name = making.args["option"].code.removeprefix("socket.")
    back, differs = read_back(held.sock, level, option, value)
    held.options[name] = f"= {back}"
    held.channel.fact("call.option", option=name, asked=str(value), back=back, differs=differs)
    return Result(remark=f"differs: it reads back {back}" if differs else f"it reads back {back}")


async def _getsockopt(making: Making) -> Result:
    sock, size = making.on.sock, making["buflen"]
    if size:
        data = sock.getsockopt(making["level"], making["option"], size)
        return Result(repr(data), data=data, remark=f"{octets(len(data))} of the buffer were filled")
    number = sock.getsockopt(making["level"], making["option"])
    if making["level"] == socket.SOL_SOCKET and making["option"] == socket.SO_ERROR and number:
        return Result(
            str(number), remark=f"{symbol_of_number(number)}: {os.strerror(number)}; asking clears it"
        )
    return Result(str(number))


async def _unplug(making: Making) -> Result:
    unplug(making.on.sock)
    return Result(remark="what arrives for it is thrown away unread: to its peer this machine is gone")


async def _poll(making: Making) -> Result:
    poll = select.poll()
    wanted = select.POLLIN | select.POLLPRI | select.POLLOUT | getattr(select, "POLLRDHUP", 0)
    poll.register(making.on.sock, wanted)
    mask = next((found for _, found in poll.poll(0)), 0)
    names = [name for name in _POLLED if mask & getattr(select, name, 0)]
    return Result(" | ".join(names) or "0", remark=f"mask {mask}")


CARRY: Final[dict[str, Callable[[Making], Awaitable[Result]]]] = {
    "socket": _socket,
    "adopt": _adopt,
    "bind": _bind,
    "listen": _listen,
    "accept": _accept,
    "connect": _connect,
    "connect_ex": _connect_ex,
    "shutdown": _shutdown,
    "close": _close,
    "detach": _detach,
    "dup": _dup,
    "getsockname": _getsockname,
    "getpeername": _getpeername,
    "setblocking": _setblocking,
    "settimeout": _settimeout,
    "setsockopt": _setsockopt,
    "getsockopt": _getsockopt,
    "poll": _poll,
    "unplug": _unplug,
    **CARRY_OCTETS,
    **CARRY_FILES,
}
"""The coroutine of every call; a test compares it with spec.CALLS."""

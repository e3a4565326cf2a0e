"""The calls themselves, on a bare socket: no layer of ours stands between them and the system's answer."""

import asyncio
import select
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from workbench.formats.errno_words import symbol_of
from workbench.protocols.deaths.values import Told
from workbench.transcript.recorder import Channel
from workbench.wire.tcpinfo import read_tcp_info

WORDS: Final = b"are you there?"
PATIENCE_S: Final = 1.0
"""A call that is told nothing in this time is told nothing by the system in any time that a person waits."""
LONG_PATIENCE_S: Final = 3.0
"""For what tells after seconds: keep-alive."""
ANSWER_WITHIN_S: Final = 0.3
"""A reset that our octets provoke is back on loopback within a millisecond."""
LOOK_EVERY_S: Final = 0.002
USER_TIMEOUT_MS: Final = 500

EVENTS: Final = ("POLLIN", "POLLPRI", "POLLRDHUP", "POLLERR", "POLLHUP", "POLLNVAL")


class Line(NamedTuple):
    """A bare socket, and where what happens to it is recorded."""

    sock: socket.socket
    channel: Channel


class Answer(NamedTuple):
    """What a call said."""

    told: Told
    symbol: str = ""
    result: str = ""


def prepare(call: str, sock: socket.socket) -> None:
    """What must be asked for before the death."""
    if call == "keep-alive":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT"):
            if (number := getattr(socket, name, None)) is not None:
                sock.setsockopt(socket.IPPROTO_TCP, number, 1)
    if call == "user-timeout" and (number := getattr(socket, "TCP_USER_TIMEOUT", None)) is not None:
        sock.setsockopt(socket.IPPROTO_TCP, number, USER_TIMEOUT_MS)


async def make(call: str, line: Line) -> Answer:
    """Make a call, and return what it told."""
    return await _MADE[call](line)


async def _send(line: Line) -> Answer:
    try:
        taken = line.sock.send(WORDS)
    except OSError as error:
        return Answer("error", symbol_of(error))
    line.channel.sent(WORDS[:taken])
    return Answer("nothing", "", f"took {taken}")


async def _send_again(line: Line) -> Answer:
    await _send(line)
    await _answered(line)
    return await _send(line)


async def _shutdown(line: Line) -> Answer:
    await _send(line)
    await _answered(line)
    try:
        line.sock.shutdown(socket.SHUT_WR)
    except OSError as error:
        return Answer("error", symbol_of(error))
    return Answer("nothing", "", "ok")


async def _recv(line: Line, patience_s: float = PATIENCE_S) -> Answer:
    until = asyncio.get_running_loop().time() + patience_s
    while True:
        try:
            data = line.sock.recv(4096)
        except BlockingIOError:
            if not await _event(line, until):
                return Answer("nothing")
            continue
        except OSError as error:
            return Answer("error", symbol_of(error))
        if not data:
            return Answer("end", "EOF")
        line.channel.received(data)


async def _recv_again(line: Line) -> Answer:
    first = await _recv(line)
    return first if first.told == "nothing" else await _recv(line)


async def _poll(line: Line) -> Answer:
    until = asyncio.get_running_loop().time() + PATIENCE_S
    mask = await _event(line, until)
    names = [name for name in EVENTS if mask & getattr(select, name, 0)]
    return Answer("event", "|".join(names)) if names else Answer("nothing")


async def _keep_alive(line: Line) -> Answer:
    return await _recv(line, LONG_PATIENCE_S)


async def _user_timeout(line: Line) -> Answer:
    sent = await _send(line)
    return sent if sent.told == "error" else await _recv(line, LONG_PATIENCE_S)


async def _own_deadline(line: Line) -> Answer:
    answer = await _recv(line)
    return Answer("deadline", "timeout") if answer.told == "nothing" else answer


async def _event(line: Line, until_s: float) -> int:
    """Wait for poll() to tell of anything but room to write; its mask, 0 after the time.

    Asked again and again: add_reader hears nothing of POLLRDHUP alone, and this call is about what poll() says.
    """
    poll = select.poll()
    asked = select.POLLIN | select.POLLPRI | getattr(select, "POLLRDHUP", 0)
    poll.register(line.sock, asked)
    loop = asyncio.get_running_loop()
    while True:
        found = poll.poll(0)
        if found:
            return found[0][1]
        if loop.time() >= until_s:
            return 0
        await asyncio.sleep(LOOK_EVERY_S)


async def _answered(line: Line) -> None:
    """Wait until our octets were answered by a reset, or until one would have come."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + ANSWER_WITHIN_S
    while loop.time() < until_s and not is_dead(line.sock):  # noqa: ASYNC110 - asking for readiness takes the error away
        await asyncio.sleep(LOOK_EVERY_S)


def is_dead(sock: socket.socket) -> bool:
    """Whether our system has given the connection up."""
    info = read_tcp_info(sock)
    return info is not None and info.state == "CLOSED"


def has_heard(sock: socket.socket) -> bool:
    """Whether news of the peer's end has reached our system; always where it can't be asked."""
    info = read_tcp_info(sock)
    return info is None or info.state in ("CLOSE-WAIT", "CLOSED") or not sys.platform.startswith("linux")


_MADE: dict[str, Callable[[Line], Awaitable[Answer]]] = {
    "send": _send,
    "send-again": _send_again,
    "shutdown": _shutdown,
    "recv": _recv,
    "recv-again": _recv_again,
    "poll": _poll,
    "keep-alive": _keep_alive,
    "user-timeout": _user_timeout,
    "own-deadline": _own_deadline,
}

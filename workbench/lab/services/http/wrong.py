"""Answers that break the protocol, each in one way; for /wrong/NAME, and for every answer where the switch says so."""

import asyncio
from collections.abc import Awaitable, Callable

from workbench.lab.guest import Guest

FORTY = b"These are the forty octets that are sent"
_OK = b"HTTP/1.1 200 OK\r\nServer: Lab\r\nContent-Type: text/plain\r\n"
_HUNDRED = b"HTTP/1.1 100 Continue\r\n\r\n"
_FIELD = b"X-And-So-On: " + b"for ever " * 100 + b"\r\n"
_MANY = 2000
RESET_AFTER_S = 0.1


def _once(data: bytes) -> Callable[[Guest], Awaitable[None]]:
    async def answer(guest: Guest) -> None:
        await guest.answer(data)

    return answer


def _for_ever(data: bytes, first: bytes = b"") -> Callable[[Guest], Awaitable[None]]:
    async def answer(guest: Guest) -> None:
        await guest.answer(first)
        async with guest.discarding():
            while True:
                await guest.answer(data)
                # Small pieces fit into the system's queue for long: the Lab's others get their turn.
                await asyncio.sleep(0)

    return answer


async def _reset(guest: Guest) -> None:
    await guest.answer(_OK + b"Content-Length: 100\r\n\r\n" + FORTY)
    # A reset throws away what the client's system has not handed out yet: the octets get a moment to be read.
    await asyncio.sleep(RESET_AFTER_S)
    guest.abort()


async def _silent(guest: Guest) -> None:
    await guest.discard()


WRONG: dict[str, Callable[[Guest], Awaitable[None]]] = {
    "truncated": _once(_OK + b"Content-Length: 100\r\n\r\n" + FORTY),
    "overlong": _once(_OK + b"Content-Length: 10\r\nConnection: close\r\n\r\n" + FORTY),
    "no-last-chunk": _once(_OK + b"Transfer-Encoding: chunked\r\n\r\n28\r\n" + FORTY + b"\r\n"),
    "bad-chunk": _once(_OK + b"Transfer-Encoding: chunked\r\n\r\n28\r\n" + FORTY + b"\r\nzz\r\nmore"),
    "two-lengths": _once(_OK + b"Content-Length: 40\r\nContent-Length: 10\r\n\r\n" + FORTY),
    "length-and-chunks": _once(
        _OK + b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n28\r\n" + FORTY + b"\r\n0\r\n\r\n"
    ),
    "bare-lf": _once(_OK.replace(b"\r\n", b"\n") + b"Content-Length: 40\n\n" + FORTY),
    "folded": _once(_OK + b"X-Folded: one\r\n two\r\nContent-Length: 40\r\n\r\n" + FORTY),
    "space-before-colon": _once(_OK + b"Content-Length : 40\r\n\r\n" + FORTY),
    "nul": _once(_OK + b"X-Nul: a\0b\r\nContent-Length: 40\r\n\r\n" + FORTY),
    "bad-status": _once(b"HTTP/1.1 2OO OK\r\nContent-Length: 40\r\n\r\n" + FORTY),
    "many-fields": _once(_OK + b"X: y\r\n" * _MANY + b"Content-Length: 40\r\n\r\n" + FORTY),
    "half-head": _once(_OK + b"X-Hal"),
    "endless-head": _for_ever(_FIELD, _OK),
    "endless-body": _for_ever(b"and so on, for ever\r\n" * 1000, _OK + b"\r\n"),
    "informational": _for_ever(_HUNDRED * 100),
    "http-0.9": _once(b"<p>This page has no head: so it was in 1991.</p>\n"),
    "another-protocol": _once(b"SSH-2.0-Lab\r\n"),
    "nothing": _once(b""),
    "silent": _silent,
    "reset": _reset,
}
"""By name: how an answer is wrong."""

"""The exceptions that network code meets, as the tree that they are, and a way to provoke each.

What the system raises is provoked by calls on a desk, so that every step can be seen; what other parts of Python raise,
by a few lines of them. Nothing leaves this machine.
"""
# ruff: noqa: E501 - one exception is one entry, so that the list reads as a list

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.errno_words import symbol_of
from workbench.jobs.offload import in_thread
from workbench.protocols.calls.desk import Desk, class_name

NOBODY: Final = "127.0.0.77"
"""An address of this machine that no name belongs to, unless somebody gave it one."""
_PAIR: Final = (
    "a = socket",
    "a.bind 127.0.0.1:0",
    "a.listen 1",
    "b = socket",
    "b.connect @a",
    "c = a.accept",
)


class FailureKind(NamedTuple):
    """A class of exceptions.

    name: as a script names it. parent: the name of the class above it that stands in the tree, "" for the top ones.
    when: in which moment it comes. also: other names of the same class. lines: calls, the last of which raises it.
    how: what is done instead of calls. only_group: why it can't be provoked itself.
    """

    name: str
    parent: str
    when: str
    source: str
    lines: tuple[str, ...] = ()
    how: str = ""
    also: tuple[str, ...] = ()
    only_group: str = ""


class Provoked(NamedTuple):
    """What came. raised: the class; errno: its symbol; said: its own words."""

    raised: str
    errno: str = ""
    said: str = ""


# fmt: off
KINDS: Final = (
    FailureKind("OSError", "", "a system call failed, and no narrower class is meant for its errno", "errno(3)", ("a = socket", "a.getpeername"), also=("socket.error", "IOError", "EnvironmentError")),
    FailureKind("socket.gaierror", "OSError", "a name or a service could not be looked up", "getaddrinfo(3)", how='getaddrinfo("localhost", 80), allowed to take numbers only'),
    FailureKind("socket.herror", "OSError", "an address has no name, by the older calls", "gethostbyaddr(3)", how=f'gethostbyaddr("{NOBODY}")'),
    FailureKind("TimeoutError", "OSError", "a call waited longer than settimeout allows, or the peer's system was silent (ETIMEDOUT)", "Python: socket.settimeout", ("a = socket", "a.bind 127.0.0.1:0", "a.listen 1", "a.settimeout 0.05", "a.accept"), also=("socket.timeout", "asyncio.TimeoutError")),
    FailureKind("ConnectionError", "OSError", "a connection came to a bad end, whichever of the four below", "Python: ConnectionError", only_group="the system always says which of the four it was"),
    FailureKind("ConnectionRefusedError", "ConnectionError", "nobody listens there (ECONNREFUSED)", "connect(2)", ("a = socket", "a.bind 127.0.0.1:0", "b = socket", "b.connect @a")),
    FailureKind("ConnectionResetError", "ConnectionError", "the peer broke the connection off (ECONNRESET)", "RFC 9293 3.5.3", (*_PAIR, "c.setsockopt SOL_SOCKET SO_LINGER 1,0", "c.close", "b.recv")),
    FailureKind("ConnectionAbortedError", "ConnectionError", "the connection was given up on this side (ECONNABORTED)", "connect(2)", ("a = socket", "a.bind 127.0.0.1:0", "b = socket", "b.settimeout 1", "b.connect @a", "b.connect @a")),
    FailureKind("BrokenPipeError", "ConnectionError", "a write after this direction ended (EPIPE)", "send(2)", (*_PAIR, "b.shutdown WR", 'b.send "x"')),
    FailureKind("BlockingIOError", "OSError", "the call would have to wait, and the socket does not (EAGAIN, EINPROGRESS)", "socket(7)", ("a = socket", "a.bind 127.0.0.1:0", "a.listen 1", "a.setblocking no", "a.accept")),
    FailureKind("PermissionError", "OSError", "the system does not allow it (EACCES, EPERM)", "socket(7)", ("a = socket INET DGRAM", 'a.sendto "x" 127.255.255.255:9')),
    FailureKind("FileNotFoundError", "OSError", "there is no such socket file (ENOENT)", "unix(7)", ("a = socket UNIX", "a.connect unix:/nonexistent/socket")),
    FailureKind("ssl.SSLError", "OSError", "TLS failed: a wrong record, an alert, a certificate", "RFC 8446 6", how="a TLS client is answered in clear text"),
    FailureKind("OverflowError", "", "a number does not fit: a port above 65535", "RFC 9293 3.1", ("a = socket", "a.connect 127.0.0.1:65536")),
    FailureKind("ValueError", "", "what was given can't be right; asyncio's reader says so of a line over its limit", "Python: asyncio.StreamReader.readline", how="a line of 40 octets comes to a reader that takes 16"),
    FailureKind("UnicodeError", "ValueError", "a name can't be written as one: an empty part, or one over 63 octets", "RFC 1035 2.3.4", how='getaddrinfo("a..b", 80); connect() leaves it to the system, which has no such name'),
    FailureKind("EOFError", "", "an end came where more was needed", "Python: EOFError", only_group="sockets tell an end by an empty read; asyncio's reader raises the class below"),
    FailureKind("asyncio.IncompleteReadError", "EOFError", "the peer finished in the middle of what was announced", "Python: asyncio.StreamReader.readexactly", how="10 octets are read, and 4 come before the end"),
)
# fmt: on
BY_NAME: Final[dict[str, FailureKind]] = {kind.name: kind for kind in KINDS}


async def _gaierror() -> object:
    return await in_thread(socket.getaddrinfo, "localhost", 80, flags=socket.AI_NUMERICHOST)


async def _unicode_error() -> object:
    return await in_thread(socket.getaddrinfo, "a..b", 80)


async def _herror() -> object:
    return await in_thread(socket.gethostbyaddr, NOBODY)


async def _ssl_error() -> object:
    import ssl

    incoming = ssl.MemoryBIO()
    secure = ssl.create_default_context().wrap_bio(incoming, ssl.MemoryBIO(), server_hostname="localhost")
    incoming.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    secure.do_handshake()
    return None


async def _value_error() -> object:
    reader = asyncio.StreamReader(limit=16)
    reader.feed_data(b"x" * 40 + b"\r\n")
    return await reader.readline()


async def _incomplete() -> object:
    reader = asyncio.StreamReader()
    reader.feed_data(b"four")
    reader.feed_eof()
    return await reader.readexactly(10)


_WAYS: Final[dict[str, Callable[[], Awaitable[object]]]] = {
    "socket.gaierror": _gaierror,
    "socket.herror": _herror,
    "ssl.SSLError": _ssl_error,
    "UnicodeError": _unicode_error,
    "ValueError": _value_error,
    "asyncio.IncompleteReadError": _incomplete,
}


async def provoke(name: str, desk: Desk) -> Provoked:
    """Bring about an exception of this class, by calls on an empty desk or without one.

    Returns: what came; raised is "" where this system answered without an exception.

    Raises: LocalMisuse: the class is only a group.
    """
    kind = BY_NAME[name]
    if kind.only_group:
        raise LocalMisuse(f"{name} is a group: {kind.only_group}", stage="input")
    if kind.lines:
        outcome = None
        for line in kind.lines:
            outcome = await desk.type(line)
        assert outcome is not None
        return Provoked(outcome.raised, outcome.errno, outcome.said or outcome.result)
    try:
        result = await _WAYS[name]()
    except (OSError, ValueError, EOFError) as error:
        symbol = symbol_of(error) if isinstance(error, OSError) and kind.name != "ssl.SSLError" else ""
        return Provoked(class_name(error), symbol, str(error))
    return Provoked("", "", f"this system answers: {result!r}"[:200])

"""From a typed address to what the system takes: a socket's own, a name of the Lab, a name that has to be looked up."""

import socket
from typing import Any

from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.jobs.offload import in_thread
from workbench.protocols.calls.arguments import Where
from workbench.protocols.calls.held import Held
from workbench.protocols.calls.making import Making


async def place(making: Making) -> tuple[Any, str]:
    """The address as the call takes it, and how Python writes it."""
    where, held = making["address"], making.on
    assert isinstance(where, Where)
    code = making.args["address"].code
    if where.path is not None:
        return where.path, code
    if where.of:
        other = making.desk.sockets.get(where.of)
        if other is None:
            raise LocalMisuse(f"there is no socket {where.of}", stage="input")
        return other.sock.getsockname(), code
    host, port = where.host, where.port
    if where.lab:
        if making.desk.resolver is None:
            raise LocalMisuse("there is no Lab here", stage="input")
        target = await making.desk.resolver(parse_target(where.lab))
        if target.scheme == "unix":
            return target.path, repr(target.path)
        host, port = target.host, target.port or 0
        code = repr((host, port))
    assert host is not None
    if held.family not in ("INET", "INET6") or not host or not 0 <= port <= 65535 or _is_numeric(held, host):
        return (host, port), code
    found = await in_thread(socket.getaddrinfo, _as_connect(host), None, held.sock.family, held.sock.type)
    sockaddr = found[0][4]
    return (sockaddr[0], port, *sockaddr[2:]), code


def _as_connect(host: str) -> bytes:
    """The name as connect() hands it to the system: ASCII as it is, whatever it may be, so that the system says what is
    wrong with "a..b". getaddrinfo() would ask Python's IDNA first, which says UnicodeError.
    """
    try:
        return host.encode("ascii" if host.isascii() else "idna")
    except UnicodeError as error:
        # Python's own words, and its own class, for the same.
        raise TypeError("encoding of hostname failed") from error


def _is_numeric(held: Held, host: str) -> bool:
    try:
        socket.inet_pton(held.sock.family, host)
    except OSError:
        return False
    return True

"""From a name to addresses, as visible steps of the channel that asks."""

import asyncio
import socket
from collections.abc import Sequence

from workbench.errors import LinkLost, TooSlow
from workbench.formats.errno_words import symbol_of
from workbench.formats.quantity import duration_s
from workbench.jobs.offload import in_thread
from workbench.transcript.recorder import Channel
from workbench.wire.addresses import Address
from workbench.wire.faults import translated


async def resolve(
    host: str,
    port: int,
    channel: Channel,
    *,
    kind: socket.SocketKind = socket.SOCK_STREAM,
    timeout_s: float = 30.0,
) -> tuple[Address, ...]:
    """The addresses of a host in the order in which the system prefers them (RFC 6724).

    A numeric host asks nobody and is recorded as "resolve.numeric"; a name as "resolve.started", then
    "resolve.complete" or "resolve.failed".

    Raises: Refused when the name does not exist; LinkLost when no name server answers; TooSlow after timeout_s.
    """
    numeric = _numeric(host, port, kind)
    if numeric:
        channel.fact("resolve.numeric", host=host)
        return numeric
    channel.fact("resolve.started", host=host)
    try:
        async with asyncio.timeout(timeout_s):
            found = await in_thread(socket.getaddrinfo, host, port, type=kind)
    except TimeoutError as error:
        channel.fact("resolve.failed", host=host, errno="", sentence="no answer in time")
        raise TooSlow(
            f"{host}: the system's resolver did not answer within {duration_s(timeout_s)}",
            stage="resolve",
            advice="type the address itself to leave names out of it",
        ) from error
    except (OSError, UnicodeError) as error:
        failure = (
            translated(error, "resolve", where=host)
            if isinstance(error, OSError)
            else LinkLost(f"{host}: not a name that can be looked up", stage="resolve")
        )
        symbol = symbol_of(error) if isinstance(error, OSError) else ""
        channel.fact("resolve.failed", host=host, errno=symbol, sentence=failure.what)
        raise failure from error
    addresses = _addresses(found)
    channel.fact("resolve.complete", host=host, addresses=[address.host for address in addresses])
    return addresses


def _numeric(host: str, port: int, kind: socket.SocketKind) -> tuple[Address, ...]:
    try:
        return _addresses(
            socket.getaddrinfo(host, port, type=kind, flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV)
        )
    except (OSError, UnicodeError):
        return ()


def _addresses(
    found: Sequence[tuple[socket.AddressFamily, socket.SocketKind, int, str, object]],
) -> tuple[Address, ...]:
    # A name listed twice in /etc/hosts comes back twice; one attempt an address is enough.
    return tuple(dict.fromkeys(Address(family, sockaddr) for family, _, _, _, sockaddr in found))

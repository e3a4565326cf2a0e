"""What this system says by itself: its lookup of a name or an address, and the name servers it is set up with.

The system looks into its hosts file first, may add search domains and asks others (mDNS, a directory): that its word
differs from a name server's is often the finding. The question leaves this machine where the system wants it to.
"""

import socket
import time
from typing import NamedTuple

from workbench.errors import LinkLost, Refused, TooSlow, WorkbenchError
from workbench.formats.errno_words import symbol_of
from workbench.formats.quantity import duration_s
from workbench.jobs.offload import in_thread
from workbench.protocols.dns.names import Address
from workbench.transcript.recorder import Transcript
from workbench.wire.faults import translated
from workbench.wire.resolve import resolve

RESOLV_CONF = "/etc/resolv.conf"
MAX_CONF = 65_536
TYPES = ("A", "AAAA", "PTR")
"""What the system's functions can be asked for; they know no others."""


class SystemSays(NamedTuple):
    """The system's own lookup. found: addresses, or names; failure: why there are none."""

    asked: str
    found: tuple[str, ...]
    failure: WorkbenchError | None
    elapsed_ns: int


async def ask_system(name: str, type_: str, transcript: Transcript, *, timeout_s: float = 10.0) -> SystemSays:
    """The addresses of one family that the system has for a name.

    Args:
        name: in wire spelling. It is asked for without its last dot, as people type names: whatever the system adds
            or looks into is then part of its word.
        type_: "A" or "AAAA".
    """
    name = name.removesuffix(".") or "."
    channel = transcript.open(f"{name} by this system", "system")
    began_ns = time.monotonic_ns()
    try:
        addresses = await resolve(name, 0, channel, timeout_s=timeout_s)
    except (Refused, LinkLost, TooSlow) as failure:
        return SystemSays(name, (), failure, time.monotonic_ns() - began_ns)
    family = socket.AF_INET if type_ == "A" else socket.AF_INET6
    found = tuple(dict.fromkeys(address.host for address in addresses if address.family == family))
    return SystemSays(name, found, None, time.monotonic_ns() - began_ns)


async def ask_system_reverse(
    address: Address, transcript: Transcript, *, timeout_s: float = 10.0
) -> SystemSays:
    """The names that the system has for an address."""
    import asyncio

    text = str(address)
    channel = transcript.open(f"{text} by this system", "system")
    channel.fact("resolve.started", host=text)
    began_ns = time.monotonic_ns()
    failure: WorkbenchError
    try:
        async with asyncio.timeout(timeout_s):
            name, aliases, _ = await in_thread(socket.gethostbyaddr, text)
    except TimeoutError:
        failure = TooSlow(
            f"{text}: the system's resolver did not answer within {duration_s(timeout_s)}", stage="resolve"
        )
        channel.fact("resolve.failed", host=text, errno="", sentence=failure.what)
    except OSError as error:
        # herror has numbers of its own (HOST_NOT_FOUND is 1, like EPERM): its symbol would be a lie.
        if isinstance(error, socket.herror):
            failure = Refused(f"{text}: the system knows no name", stage="resolve")
        else:
            failure = translated(error, "resolve", where=text)
        symbol = "" if isinstance(error, socket.herror) else symbol_of(error)
        channel.fact("resolve.failed", host=text, errno=symbol, sentence=failure.what)
    else:
        names = tuple(dict.fromkeys((name, *aliases)))
        channel.fact("resolve.complete", host=text, addresses=list(names))
        return SystemSays(text, names, None, time.monotonic_ns() - began_ns)
    return SystemSays(text, (), failure, time.monotonic_ns() - began_ns)


def system_servers(path: str = RESOLV_CONF) -> tuple[str, ...]:
    """The name servers that this system is set up with, as a person types them; () where it does not say."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read(MAX_CONF)
    except OSError:
        return ()
    words = [line.split() for line in text.splitlines()]
    return tuple(dict.fromkeys(line[1] for line in words if len(line) >= 2 and line[0] == "nameserver"))

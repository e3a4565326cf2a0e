"""The name that an address claims by this system's word, and whether that name leads back to the address.

A quick look for a list of routers: the full check, with every name and alias, is the DNS panel's.
"""

import asyncio
import socket
from typing import Literal, NamedTuple

from workbench.jobs.offload import in_thread

Badge = Literal["leads back", "leads elsewhere", "leads nowhere", "no name"]


class Claimed(NamedTuple):
    """name: "" where there is none. badge: whether it can be believed."""

    name: str
    badge: Badge


async def claimed_name(address: str, *, timeout_s: float = 3.0) -> Claimed:
    """Ask the system for the name of a numeric address, and for the addresses of that name. Never raises."""
    try:
        async with asyncio.timeout(timeout_s):
            name, _, _ = await in_thread(socket.gethostbyaddr, address)
            if name == address:
                return Claimed("", "no name")
            return Claimed(name, await _check(name, address))
    except (OSError, UnicodeError, TimeoutError):
        return Claimed("", "no name")


async def _check(name: str, address: str) -> Badge:
    try:
        found = await in_thread(socket.getaddrinfo, name, None)
    except (OSError, UnicodeError):
        return "leads nowhere"
    hosts = {str(place[0]).partition("%")[0] for *_, place in found}
    return "leads back" if address.partition("%")[0] in hosts else "leads elsewhere"

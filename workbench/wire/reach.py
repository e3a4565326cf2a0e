"""From where a port of this machine is reached: each of its addresses called, and each tried for another server.

What a server owns is a pair, address and port (RFC 9293 section 3.9.1); the matrix shows it pair by pair. Only
addresses of this machine are called. A server that is reached sees a connection that says nothing and finishes, or an
empty datagram.
"""

import asyncio
import sys
from collections.abc import Sequence
from typing import Final, NamedTuple

from workbench.errors import LinkLost, LocalFault, TooSlow, WorkbenchError
from workbench.formats.target import Target, bracketed
from workbench.transcript.recorder import Channel, Transcript
from workbench.wire.datagram import open_datagram
from workbench.wire.dial import dial
from workbench.wire.interfaces import Interface, own_addresses
from workbench.wire.port_ranges import may_bind

CONNECT_WITHIN_S: Final = 2.0
QUIET_S: Final = 0.3
"""Of UDP: a refusal comes back within microseconds from this machine; who says nothing for so long has taken it."""
MAX_PLACES: Final = 64
EVERYWHERE: Final = ("0.0.0.0", "::")
SPARE_LOOPBACK: Final = ("127.0.0.2", "127.0.0.3")
"""All of 127.0.0.0/8 is this machine (RFC 1122 3.2.1.3), on Linux without any set-up."""


Answer = tuple[bool | None, str, str]


class Place(NamedTuple):
    """An address to look at; interface: whose it is, "" for the wildcards."""

    host: str
    interface: str


class Seen(NamedTuple):
    """One row. reached: True, False, or None where it can't be called (a wildcard).

    word: "reached", "refused", "silent", "failed" or "not called"; sentence: why.
    free: whether another server could listen there; why_not: the symbol of what stops it.
    """

    place: Place
    reached: bool | None
    word: str
    sentence: str
    free: bool
    why_not: str = ""


def places_of(interfaces: Sequence[Interface]) -> tuple[Place, ...]:
    """Every address of this machine that can be called, spare addresses of the loopback, and the two wildcards."""
    found: dict[str, Place] = {}
    for interface, own in own_addresses(tuple(interfaces)):
        if interface.is_up:
            zone = f"%{interface.name}" if own.address.startswith("fe80") else ""
            found.setdefault(own.address + zone, Place(own.address + zone, interface.name))
            if own.address == "127.0.0.1" and sys.platform.startswith("linux"):
                for spare in SPARE_LOOPBACK:
                    found.setdefault(spare, Place(spare, interface.name))
    versions = {":" in host for host in found}
    for host in EVERYWHERE:
        if (":" in host) in versions:
            found[host] = Place(host, "")
    return tuple(found.values())[:MAX_PLACES]


async def look_around(
    port: int,
    transport: str,
    places: Sequence[Place],
    transcript: Transcript,
    *,
    timeout_s: float = CONNECT_WITHIN_S,
) -> tuple[Seen, ...]:
    """Call a port at every place, all at once; nothing is raised: what fails is the answer."""
    channel = transcript.open(f"who reaches port {port}/{transport}", transport)
    answers = await asyncio.gather(
        *(_call(port, transport, place, transcript, timeout_s) for place in places)
    )
    # Only now: a listener of our own, however short, could else be what was reached.
    return tuple(
        _row(port, transport, place, answer, channel) for place, answer in zip(places, answers, strict=True)
    )


def _row(port: int, transport: str, place: Place, answer: Answer, channel: Channel) -> Seen:
    obstacle = may_bind(port, place.host, transport)
    source = "RFC 9293 3.9.1" if transport == "tcp" else "RFC 768"
    address = f"{bracketed(place.host)}:{port}"
    channel.fact("reach.tested", address=address, word=answer[1], sentence=answer[2], source=source)
    return Seen(place, *answer, obstacle is None, obstacle.errno_name if obstacle else "")


async def _call(port: int, transport: str, place: Place, transcript: Transcript, timeout_s: float) -> Answer:
    if place.host in EVERYWHERE:
        family = "IPv6" if ":" in place.host else "IPv4"
        return None, "not called", f"stands for all addresses of {family}"
    if transport == "udp":
        return await _by_datagram(place, port, transcript)
    return await _by_connection(place, port, transcript, timeout_s)


async def _by_connection(place: Place, port: int, transcript: Transcript, timeout_s: float) -> Answer:
    try:
        stream = await dial(Target("tcp", place.host, port), transcript, timeout_s=timeout_s)
    except TooSlow as failure:
        return False, "silent", failure.what
    except (LinkLost, LocalFault) as failure:
        return False, *_refusal(failure)
    await stream.aclose()
    return True, "reached", "a server accepted the connection"


async def _by_datagram(place: Place, port: int, transcript: Transcript) -> Answer:
    try:
        datagram = await open_datagram(transcript, remote=Target("udp", place.host, port))
    except (LinkLost, LocalFault) as failure:
        return False, *_refusal(failure)
    try:
        await datagram.send(b"")
        await datagram.receive(timeout_s=QUIET_S)
    except TooSlow:
        return True, "reached", "an empty datagram was taken: nothing refused it"
    except (LinkLost, LocalFault) as failure:
        return False, *_refusal(failure)
    finally:
        await datagram.aclose()
    return True, "reached", "it answered an empty datagram"


def _refusal(failure: WorkbenchError) -> tuple[str, str]:
    if failure.errno_name == "ECONNREFUSED":
        return "refused", "nothing listens at this address and port"
    return "failed", failure.what

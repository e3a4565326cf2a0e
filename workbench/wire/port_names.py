"""Which port a service's name means, and the addresses of a target whose port is a name: two look-ups, two events.

The host is asked of the resolver, the port of the tables of services (this system's, then our extract of IANA's). What
fails says which of the two it was: the stages are "resolve" and "service". Nothing relies on errno: where a name is
unknown, the system's own getservbyname has none to give.
"""

import socket
from functools import cache
from typing import Final

from workbench.errors import Refused
from workbench.formats.services import RESOURCE, Directory, Service, read_services, unknown
from workbench.formats.target import Target
from workbench.jobs.offload import in_thread
from workbench.transcript.recorder import Channel
from workbench.wire.addresses import Address
from workbench.wire.resolve import resolve

SYSTEM_FILE: Final = "/etc/services"
MAX_FILE: Final = 4 * 1024 * 1024
"""Octets read of it: IANA's whole registry has 1.5 million."""


def load_directory(system_file: str = SYSTEM_FILE) -> Directory:
    """Both tables, read anew; a missing system table is no failure: slim containers have none."""
    return Directory(_system(system_file), _bundled())


@cache
def port_directory() -> Directory:
    """Both tables, read once; a few milliseconds the first time, so call it in a thread."""
    return load_directory()


def _system(path: str) -> tuple[Service, ...]:
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_FILE)
    except OSError:
        return ()
    return read_services(data.decode("utf-8", "replace"), "system")


@cache
def _bundled() -> tuple[Service, ...]:
    # Loaded where a service's name is given only: few conversations begin with one.
    from workbench import assets

    return read_services(assets.read_text(RESOURCE), "IANA")


async def find_port(name: str, transport: str, channel: Channel) -> Service:
    """What a service's name means, recorded as "service.complete" or "service.failed".

    Raises: Refused with the stage "service": nobody knows it, or for another transport only.
    """
    directory = await in_thread(port_directory)
    found = directory.named(name, transport)
    if found is None:
        why = unknown(directory, name, transport)
        channel.fact("service.failed", service=name, transport=transport, sentence=why.what)
        raise Refused(why.what, stage="service", advice=why.advice, source="services(5)")
    channel.fact(
        "service.complete",
        service=name,
        transport=transport,
        port=found.port,
        sources=list(found.sources),
    )
    return found


async def addresses_of(
    target: Target,
    channel: Channel,
    *,
    kind: socket.SocketKind = socket.SOCK_STREAM,
    timeout_s: float = 30.0,
) -> tuple[Address, ...]:
    """The addresses of a target with HOST and PORT, whose port may be a service's name (`Target.service`).

    Raises: what `resolve` and `find_port` raise; the host is asked first.
    """
    found = await resolve(target.host, target.port or 0, channel, kind=kind, timeout_s=timeout_s)
    if not target.service:
        return found
    transport = "udp" if kind == socket.SOCK_DGRAM else "tcp"
    port = (await find_port(target.service, transport, channel)).port
    return tuple(
        Address(address.family, (address.sockaddr[0], port, *address.sockaddr[2:])) for address in found
    )

"""This machine's interfaces and addresses, and the way that a packet would take: asked of the system, nothing is sent.

Linux tells all of it without root by netlink (rtnetlink(7)). Elsewhere the interfaces have names only, and the one
thing that is known of a way is the source address: a UDP socket is connected, which sends nothing either.
"""

import errno
import socket
import sys
from typing import Final, NamedTuple

from workbench.errors import WorkbenchError
from workbench.formats import netlink
from workbench.formats.errno_words import symbol_of
from workbench.transcript.recorder import Channel
from workbench.wire.faults import translated

MAX_READS: Final = 4096
"""Of one answer: a machine with some ten thousand interfaces needs as many."""
_READ_OCTETS: Final = 65_536
_DISCARD_PORT: Final = 9


class OwnAddress(NamedTuple):
    """An address of ours; prefix: None where the system does not tell."""

    address: str
    prefix: int | None
    scope: str = ""

    @property
    def is_ipv6(self) -> bool:
        """Whether it is one."""
        return ":" in self.address

    def __str__(self) -> str:
        return self.address if self.prefix is None else f"{self.address}/{self.prefix}"


class Interface(NamedTuple):
    """One interface. flags: UP, LOOPBACK ...; mtu: octets, 0 where unknown; hardware: its address or ""."""

    number: int
    name: str
    flags: tuple[str, ...] = ()
    mtu: int = 0
    hardware: str = ""
    addresses: tuple[OwnAddress, ...] = ()

    @property
    def is_up(self) -> bool:
        """Whether it is switched on; where the system does not tell, it may be."""
        return not self.flags or "UP" in self.flags


class Route(NamedTuple):
    """Where a packet would go. router: "" for directly; interface: "" where the system does not tell."""

    target: str
    source: str
    interface: str = ""
    router: str = ""
    is_local: bool = False


def tells_routes() -> bool:
    """Whether this system tells interfaces in full and the way that it would take."""
    return sys.platform.startswith("linux")


def read_interfaces(channel: Channel | None = None) -> tuple[Interface, ...]:
    """All interfaces, in the system's order; with a channel on the loop's thread, which alone records.

    Raises: LocalFault, LinkLost: the system does not tell.
    """
    try:
        found = _by_netlink() if tells_routes() else _by_name()
    except OSError as error:
        raise translated(error, "bind", where="interfaces") from error
    if channel is not None:
        channel.fact("interfaces.read", names=", ".join(each.name for each in found))
    return found


def way_to(target: str, channel: Channel | None = None) -> Route:
    """The way to a numeric address, zone and all, and the source address that the system would use.

    Raises: LinkLost: it knows no way; LocalFault: it has not this kind of address.
    """
    try:
        source = source_for(target)
        found = Route(target, source)
        if tells_routes():
            found = _asked(target, source)
    except OSError as error:
        failure: WorkbenchError = translated(error, "connect", where=target)
        if channel is not None:
            channel.fact("way.missing", target=target, errno=symbol_of(error), sentence=failure.what)
        raise failure from error
    if channel is not None:
        told = found._asdict()
        channel.fact(
            "way.found", **{name: told[name] for name in ("target", "source", "interface", "router")}
        )
    return found


def source_for(target: str) -> str:
    """The address that a socket of ours would have as its own: a UDP socket is connected, nothing is sent.

    Raises: OSError.
    """
    family, _, _, _, place = socket.getaddrinfo(
        target, _DISCARD_PORT, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST
    )[0]
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(place)
        except PermissionError:
            # A broadcast address asks for its option first; the choice is the same.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sock.connect(place)
        return str(sock.getsockname()[0]).partition("%")[0]


def own_addresses(interfaces: tuple[Interface, ...]) -> tuple[tuple[Interface, OwnAddress], ...]:
    """Every address of ours with its interface, loopback first."""
    pairs = [(interface, own) for interface in interfaces for own in interface.addresses]
    return tuple(sorted(pairs, key=lambda pair: "LOOPBACK" not in pair[0].flags))


# ---- Linux


def _by_netlink() -> tuple[Interface, ...]:
    links = [netlink.read_link(m.body) for m in _dumped(netlink.GET_LINK, 0) if m.kind == netlink.NEW_LINK]
    found = {link.number: Interface(*link) for link in links if link is not None}
    for message in _dumped(netlink.GET_ADDRESS, 0):
        assigned = netlink.read_address(message.body) if message.kind == netlink.NEW_ADDRESS else None
        owner = found.get(assigned.number) if assigned is not None else None
        if owner is not None and assigned is not None:
            own = OwnAddress(assigned.address, assigned.prefix, assigned.scope)
            found[owner.number] = owner._replace(addresses=(*owner.addresses, own))
    return tuple(found.values())


def _dumped(kind: int, family: int) -> list[netlink.Message]:
    with _netlink() as sock:
        sock.send(netlink.dump(kind, family, 1))
        return _answers(sock, until_done=True)


def _netlink() -> socket.socket:
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    # The kernel answers within the call that asks; a limit all the same, since this may be the window's thread.
    sock.settimeout(1.0)
    return sock


def _answers(sock: socket.socket, *, until_done: bool) -> list[netlink.Message]:
    found: list[netlink.Message] = []
    for _ in range(MAX_READS):
        for message in netlink.messages(sock.recv(_READ_OCTETS)):
            if message.kind == netlink.DONE:
                return found
            if message.kind == netlink.ERROR and (number := netlink.error_of(message)):
                raise OSError(number, errno.errorcode.get(number, ""))
            found.append(message)
        if not until_done:
            break
    return found


def _asked(target: str, source: str) -> Route:
    host, _, zone = target.partition("%")
    index = (int(zone) if zone.isdecimal() else socket.if_nametoindex(zone)) if zone else 0
    with _netlink() as sock:
        sock.send(netlink.ask_way(host, 1, index))
        for message in _answers(sock, until_done=False):
            way = netlink.read_way(message.body) if message.kind == netlink.NEW_ROUTE else None
            if way is not None:
                name = socket.if_indextoname(way.number) if way.number else ""
                return Route(target, way.source or source, name, way.router, way.is_local)
    return Route(target, source)


# ---- elsewhere


def _by_name() -> tuple[Interface, ...]:
    return tuple(Interface(index, name) for index, name in socket.if_nameindex())

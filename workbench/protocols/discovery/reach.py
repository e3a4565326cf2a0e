"""By which interface a group is talked to, and whether that leaves this machine.

Contract. Whatever is sent to a group goes by the interface that is named here, and by no other; unless somebody names
another one that is loopback, and leaving it asks for agreement beforehand.
"""

import ipaddress
import socket
from typing import NamedTuple

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.protocols.discovery.values import LOOPBACK, LOOPBACK_V6
from workbench.wire.interfaces import Interface, read_interfaces
from workbench.wire.multicast import check_group


class Place(NamedTuple):
    """Where a group is. interface: as Membership takes it. own: our address there, as others see it."""

    group: str
    port: int
    interface: str
    own: str
    leaves: str

    @property
    def family(self) -> socket.AddressFamily:
        """Of its address."""
        return socket.AF_INET6 if ":" in self.group else socket.AF_INET

    @property
    def text(self) -> str:
        """HOST:PORT."""
        return f"[{self.group}]:{self.port}" if ":" in self.group else f"{self.group}:{self.port}"


def place_of(group: str, port: int, interface: str = "") -> Place:
    """Where a group is, by an interface's name or address; "" is loopback.

    Raises: LocalMisuse: no group, or no such interface.
    """
    is_v6 = check_group(group) == socket.AF_INET6
    name, own, is_loopback = _found(interface, is_v6)
    leaves = ""
    if not is_loopback and not _stays_in_interface(group):
        leaves = f"everybody in the group {group} on the network of {name or own} would hear this"
    return Place(group, port, name if is_v6 else own, own, leaves)


def interfaces() -> tuple[tuple[str, str], ...]:
    """The choices: name and address of each IPv4 interface that is up, loopback first."""
    found = []
    for each in _all():
        first = next((own.address for own in each.addresses if not own.is_ipv6), "")
        if each.is_up and first:
            found.append((each.name, first))
    found.sort(key=lambda one: not one[1].startswith("127."))
    return tuple(found) or ((LOOPBACK_V6, LOOPBACK),)


def check_agreement(place: Place, *, agreed: bool) -> None:
    """Raises: LocalMisuse: it would leave this machine, and nobody agreed to that."""
    if place.leaves and not agreed:
        raise LocalMisuse(
            f"this leaves the machine: {place.leaves}",
            stage="send",
            advice="stay on loopback, where lab:mdns and lab:ssdp answer; or agree to it",
        )


def _found(interface: str, is_v6: bool) -> tuple[str, str, bool]:
    """Name, address, whether it is loopback."""
    if not interface:
        return LOOPBACK_V6, "::1" if is_v6 else LOOPBACK, True
    try:
        address = ipaddress.ip_address(interface)
    except ValueError:
        return _named(interface, is_v6)
    if address.version == 4 and not is_v6:
        return "", interface, address.is_loopback
    for each in _all():
        if any(own.address == str(address) for own in each.addresses):
            return each.name, _own(each, is_v6), "LOOPBACK" in each.flags
    raise _unknown(interface)


def _named(interface: str, is_v6: bool) -> tuple[str, str, bool]:
    found = next((each for each in _all() if each.name == interface), None)
    if found is None or not _own(found, is_v6):
        raise _unknown(interface)
    return found.name, _own(found, is_v6), "LOOPBACK" in found.flags


def _own(interface: Interface, is_v6: bool) -> str:
    return next((own.address for own in interface.addresses if own.is_ipv6 == is_v6), "")


def _all() -> tuple[Interface, ...]:
    try:
        return read_interfaces()
    except WorkbenchError:
        return ()


def _stays_in_interface(group: str) -> bool:
    """Scope 1 of IPv6: such a packet is never put on a line (RFC 4291 section 2.7)."""
    return ":" in group and ipaddress.IPv6Address(group.partition("%")[0]).packed[1] & 0xF == 1


def _unknown(interface: str) -> LocalMisuse:
    return LocalMisuse(
        f"there is no network interface {interface[:40]!r} with an address of this kind",
        text=interface,
        start=0,
        end=len(interface),
        stage="bind",
        advice="give its address, or its name; the page Addresses lists them",
    )

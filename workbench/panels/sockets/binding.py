"""Where a listener will be reached, judged before it is bound: who comes, and whether this user may. No Qt."""

import ipaddress
import os
from dataclasses import dataclass
from typing import Literal, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.notation import inspect_address
from workbench.formats.target import Target, bracketed, parse_target
from workbench.panels.sockets.state import Form
from workbench.wire.interfaces import Interface, own_addresses
from workbench.wire.port_offer import ELSEWHERE
from workbench.wire.port_ranges import Ranges, port_ranges, warning_about

Risk = Literal["", "good", "info", "warning"]
LOOPBACK, LOOPBACK6 = "127.0.0.1", "::1"
EVERYWHERE = ("0.0.0.0", "::")


class Purpose(NamedTuple):
    """What one binds to a certain address for. what: in a sentence; hosts: with the name of the interface."""

    id: str
    title: str
    what: str
    risk: Risk
    hosts: tuple[tuple[str, str], ...] = ()


class Heed(NamedTuple):
    """What to know before listening. reach: who will come; warning: about the port; more: what else is to be known.

    is_low: whether another port is offered. is_for_all: whether a person is asked first.
    """

    risk: Risk = ""
    reach: str = ""
    warning: str = ""
    more: str = ""
    is_low: bool = False
    is_for_all: bool = False


@dataclass
class Agreement:
    """Whether a person has agreed to listen for everybody; of one window, as long as it is open."""

    is_given: bool = False


def heed(form: Form, ranges: Ranges | None = None) -> Heed:
    """What to know about a listener's form; nothing about a client's, or about what is no address yet."""
    if form.role != "listener":
        return Heed()
    try:
        target = parse_target(form.target, listening=True)
    except LocalMisuse:
        return Heed()
    if target.scheme == "unix":
        return Heed("good", "programs of this machine that may open the file")
    risk, reach = _reach(target)
    ranges = ranges or port_ranges()
    port = target.port or 0
    warning = _warning(port, ranges)
    is_low = ranges.is_privileged(port)
    return Heed(risk, reach, warning, ELSEWHERE if is_low else "", is_low, risk == "warning")


def _reach(target: Target) -> tuple[Risk, str]:
    host = target.host.partition("%")[0]
    if host.lower() == "localhost":
        return "good", "programs of this machine alone"
    try:
        # Old notations too: 0 is 0.0.0.0 to the system.
        address = inspect_address(host).address
    except LocalMisuse:
        return "info", f"whoever reaches {host}"
    if address.is_loopback:
        return "good", "programs of this machine alone"
    if address.is_unspecified:
        return "warning", f"everybody who reaches this machine by IPv{address.version}, from any network"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return _reach(target._replace(host=str(address.ipv4_mapped)))
    return "info", f"everybody who reaches {host}"


def _warning(port: int, ranges: Ranges) -> str:
    told = warning_about(port, ranges)
    if told and ranges.is_privileged(port) and os.geteuid() == 0:
        return f"{told}. You are the administrator: it will work, and every mistake of the server is root's"
    return told


def purposes(interfaces: tuple[Interface, ...]) -> tuple[Purpose, ...]:
    """The reasons to bind to a certain address, each with the addresses of this machine that serve it."""
    pairs = own_addresses(interfaces)
    wide = tuple(
        (own.address, one.name)
        for one, own in pairs
        if one.is_up and "LOOPBACK" not in one.flags and not own.address.startswith("fe80")
    )
    inner = tuple(pair for pair in wide if inspect_address(pair[0]).kind.scope == "site")
    has_ipv6 = any(own.is_ipv6 for _, own in pairs)
    loopback = ((LOOPBACK, ""), (LOOPBACK6, "")) if has_ipv6 else ((LOOPBACK, ""),)
    everywhere = tuple((host, "") for host in (EVERYWHERE if has_ipv6 else EVERYWHERE[:1]))
    return (
        Purpose("local", "Local only", "For programs of this machine, nobody else", "good", loopback),
        Purpose(
            "inner",
            "An inner network",
            "For who reaches an address that is not routed outside",
            "info",
            inner,
        ),
        Purpose(
            "names",
            "One of several names",
            "Virtual hosting: a server of its own for each address",
            "info",
            wide,
        ),
        Purpose(
            "route",
            "A route that clients choose",
            "Who calls this address comes by this interface",
            "info",
            wide,
        ),
        Purpose(
            "all",
            "Everybody",
            "For everybody who reaches this machine, from any network",
            "warning",
            everywhere,
        ),
    )


def rebound(text: str, host: str) -> str:
    """A target with another host and the same port; 0 where none was typed."""
    try:
        port = parse_target(text, listening=True).port or 0
    except LocalMisuse:
        port = 0
    return f"{bracketed(host)}:{port}"


def reported(text: str, port: int) -> str:
    """A target with another port and the same host; the loopback where none was typed."""
    try:
        host = parse_target(text, listening=True).host or LOOPBACK
    except LocalMisuse:
        host = LOOPBACK
    return f"{bracketed(host)}:{port}"

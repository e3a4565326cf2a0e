"""Relays in the Lab's process: from a wish to a running one, and the checks that its owner makes before."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target
from workbench.lab.address import ServiceAddress, address
from workbench.lab.control import Relayed
from workbench.lab.relay.switches import TCP_SWITCHES, UDP_SWITCHES
from workbench.lab.switches import Switch, Turned, Value, turn
from workbench.lab.tally import Tally

if TYPE_CHECKING:
    from workbench.lab.relay.engine import Relay
    from workbench.lab.relay.udp_engine import UdpRelay

    _Bound = tuple["Relay | UdpRelay", str, Coroutine[None, None, None]]
    """A relay, where it is bound, and its serving."""

LOOPBACK = "127.0.0.1"
CALLED = "the relay"
NOTE = "Passes on what passes between a client and a server, but for what its switches say."


class RunningRelay(NamedTuple):
    """What was started. task: cancel it to close every socket. tally: counts both sides of every connection."""

    address: ServiceAddress
    turned: Turned
    service: "Relay | UdpRelay"
    task: "asyncio.Task[None]"
    tally: Tally


def relay_switches(transport: str) -> tuple[Switch, ...]:
    """The switches that a relay for "tcp" or "udp" has."""
    return UDP_SWITCHES if transport == "udp" else TCP_SWITCHES


def checked_switches(transport: str, given: Mapping[str, object]) -> Mapping[str, Value]:
    """The switches that differ from the defaults. Raises: LocalMisuse: no such switch, or a wrong value."""
    return turn(relay_switches(transport), given, service=CALLED).changed


def relayed_address(target: Target) -> tuple[str, str]:
    """HOST:PORT and transport, as the control protocol has them. Raises: LocalMisuse: it is no such address."""
    if target.scheme not in ("tcp", "udp") or not target.port:
        raise LocalMisuse(
            f"{target} is no address that a relay can connect to",
            text=target.text,
            start=0,
            end=len(target.text),
            stage="lab",
            advice="use HOST:PORT, [V6]:PORT or lab:NAME",
        )
    return address(target), target.scheme


async def start_relay(wish: Relayed, name: str) -> RunningRelay:
    """Bind to a free port of 127.0.0.1 and relay until the task is cancelled.

    Raises: LocalMisuse: no such switch, no address; LocalFault.
    """
    turned = turn(relay_switches(wish.transport), wish.switches, service=CALLED)
    target = parse_target(wish.to)
    relayed_address(target)
    tally = Tally()
    relaying = _relay_datagrams if wish.transport == "udp" else _relay_streams
    service, bound, serving = await relaying(target, turned, tally)
    where = Target(wish.transport, LOOPBACK, int(bound.rpartition(":")[2]))
    shown = ServiceAddress("relay", where, wish.transport, f"{NOTE} To {wish.to}.", name, turned.changed)
    return RunningRelay(shown, turned, service, asyncio.create_task(serving, name=f"service {name}"), tally)


async def _relay_streams(target: Target, turned: Turned, tally: Tally) -> "_Bound":
    from workbench.lab.relay.engine import Relay
    from workbench.wire.listen import listen

    relay = Relay(target, turned, tally)
    listener = await listen(Target("tcp", LOOPBACK, 0), tally)
    return relay, listener.address, relay.serve([listener])


async def _relay_datagrams(target: Target, turned: Turned, tally: Tally) -> "_Bound":
    from workbench.lab.relay.udp_engine import UdpRelay
    from workbench.wire.datagram import open_datagram

    relay = UdpRelay(target._replace(scheme="udp"), turned, tally)
    datagram = await open_datagram(tally, local=Target("udp", LOOPBACK, 0))
    return relay, datagram.address, relay.serve([datagram])

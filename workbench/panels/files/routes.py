"""The ways of both connections: straight, or through relays of the Lab, one for commands and one for each transfer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from workbench.formats.target import Target
from workbench.panels.routes import (
    BYTEWISE,
    STRAIGHT,
    RelayStarter,
    Route,
    find_route,
    resolver_by,
    switches_of,
)
from workbench.protocols.ftp.passive import Relays
from workbench.wire.dial import TargetResolver

if TYPE_CHECKING:
    from workbench.lab.address import ServiceAddress

ROUTES = (
    STRAIGHT,
    Route("plain", "Relay", "Both connections go through relays of the Lab that change nothing"),
    Route(
        "delay",
        "Relay: late",
        "Both connections go through relays, everything 200 ms late",
        {"delay_ms": 200},
    ),
    BYTEWISE,
    Route(
        "cut",
        "Relay: cut",
        "Through a relay that ends the control connection (FIN) after 100 bytes of answers",
        {"cut_after": 100, "direction": "to-client"},
    ),
    Route(
        "reset",
        "Relay: reset",
        "Through a relay that resets the control connection (RST) after 100 bytes of answers",
        {"reset_after": 100, "direction": "to-client"},
    ),
    Route(
        "cut-data",
        "Relay: data cut",
        "Commands pass; each data connection is ended (FIN) after 1,000 bytes in either direction",
    ),
    Route(
        "reset-data",
        "Relay: data reset",
        "Commands pass; each data connection is reset (RST) after 1,000 bytes in either direction",
    ),
)
_DATA: Mapping[str, Mapping[str, object]] = {
    "cut": {},
    "reset": {},
    "cut-data": {"cut_after": 1000},
    "reset-data": {"reset_after": 1000},
}
"""What is turned at the relays of data connections, where it is something else than for the commands."""


class Services(Protocol):
    """What the Lab is asked for."""

    async def resolve(self, target: Target) -> Target: ...
    async def stop(self, name: str) -> list[str]: ...


class Ways(NamedTuple):
    """commands: leads the control connection. data: leads data connections; None: straight."""

    commands: TargetResolver
    data: Relays | None


def ways_of(route_id: str, lab: Services, relay: RelayStarter | None) -> Ways:
    """The ways of a route; without a relay, and for a route that is unknown, both are straight."""
    commands = resolver_by(ROUTES, route_id, lab.resolve, relay)
    route = find_route(ROUTES, route_id)
    if relay is None or route.id == STRAIGHT.id:
        return Ways(commands, None)
    begin = relay

    async def start(target: Target) -> "ServiceAddress":
        switches = _DATA[route.id] if route.id in _DATA else switches_of(route, "tcp")
        return await begin(target, **switches)

    return Ways(commands, Relays(start, lab.stop))

"""The ways that a session's octets can take to the server: straight, or through a relay of the Lab. No Qt."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from workbench.formats.target import Target
from workbench.wire.dial import TargetResolver

if TYPE_CHECKING:
    from workbench.lab.address import ServiceAddress

RelayStarter = Callable[..., Awaitable["ServiceAddress"]]
"""lab.supervisor.Lab.relay: takes the target and switches, and says where the relay is."""

STRAIGHT = "off"


class Route(NamedTuple):
    """One way. title: as the bar shows it. what: a sentence for its tip. switches: what is turned at the relay."""

    id: str
    title: str
    what: str
    switches: Mapping[str, object]


ROUTES = (
    Route(STRAIGHT, "No relay", "Straight to the server", {}),
    Route("plain", "Relay", "Through a relay of the Lab that changes nothing", {}),
    Route("delay", "Relay: late", "Through a relay, everything 200 ms late", {"delay_ms": 200}),
    Route("split", "Relay: bytewise", "Through a relay, every byte in a segment of its own", {"split": 1}),
    Route(
        "flip",
        "Relay: changed",
        "Through a relay that changes the first byte of the answer",
        {"flip": 0, "direction": "to-client"},
    ),
    Route(
        "cut",
        "Relay: cut",
        "Through a relay that ends the connection (FIN) after 10 bytes of the answer",
        {"cut_after": 10, "direction": "to-client"},
    ),
    Route(
        "reset",
        "Relay: reset",
        "Through a relay that resets the connection (RST) after 10 bytes of the answer",
        {"reset_after": 10, "direction": "to-client"},
    ),
)


def resolver_by(route_id: str, resolver: TargetResolver, relay: RelayStarter | None) -> TargetResolver:
    """The resolver for a route: it leads to the relay, and the relay to the target. An unknown route is straight."""
    route = next((route for route in ROUTES if route.id == route_id), ROUTES[0])
    if relay is None or route.id == STRAIGHT:
        return resolver
    start = relay

    async def to_relay(target: Target) -> Target:
        return (await start(target, **route.switches)).target

    return to_relay

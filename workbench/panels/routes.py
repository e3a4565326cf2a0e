"""The ways that a panel's octets can take to the server: straight, or through a relay of the Lab. No Qt.

Every panel has its own list, since what is worth seeing differs; how a way is taken stands here.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.wire.dial import TargetResolver

if TYPE_CHECKING:
    from workbench.lab.address import ServiceAddress

RelayStarter = Callable[..., Awaitable["ServiceAddress"]]
"""lab.supervisor.Lab.relay: takes the target and switches, and says where the relay is."""


class Route(NamedTuple):
    """One way. title: as the bar shows it. what: a sentence for its tip.

    switches: what is turned at the relay. udp: what is turned instead where datagrams pass; None for the same.
    """

    id: str
    title: str
    what: str
    switches: Mapping[str, object] = {}
    udp: Mapping[str, object] | None = None


STRAIGHT = Route("off", "No relay", "Straight to the server")
PLAIN = Route("plain", "Relay", "Through a relay of the Lab that changes nothing")
LATE = Route("delay", "Relay: late", "Through a relay, everything 200 ms late", {"delay_ms": 200})
BYTEWISE = Route(
    "split", "Relay: bytewise", "Through a relay, every byte in a segment of its own", {"split": 1}
)


OWN = "own:"
"""How the id of a route begins whose switches a person wrote; they follow, as lab.relay.written reads them."""


def find_route(routes: Sequence[Route], route_id: str) -> Route:
    """The route of an id; straight for one that is unknown."""
    if route_id.startswith(OWN):
        text = route_id.removeprefix(OWN)
        return Route(route_id, f"Relay: {text}", f"Through a relay with these switches: {text}")
    return next((route for route in routes if route.id == route_id), STRAIGHT)


def switches_of(route: Route, transport: str) -> Mapping[str, object]:
    """What is turned at its relay for "tcp" or "udp". Raises: LocalMisuse: what can't be turned there."""
    if route.id.startswith(OWN):
        from workbench.lab.relay.written import read_switches

        return read_switches(route.id.removeprefix(OWN), transport)
    return route.udp if transport == "udp" and route.udp is not None else route.switches


def check_own(text: str) -> None:
    """Raises: LocalMisuse: neither a relay for streams nor one for datagrams has these switches."""
    route = find_route((), OWN + text)
    try:
        switches_of(route, "tcp")
    except LocalMisuse as mistake:
        try:
            switches_of(route, "udp")
        except LocalMisuse:
            raise mistake from None


def through(routes: Sequence[Route], route_id: str, relay: RelayStarter | None) -> TargetResolver | None:
    """What leads to the route's relay, and that to the target; None for straight, which an unknown route is too."""
    route = find_route(routes, route_id)
    if relay is None or route.id == STRAIGHT.id:
        return None
    start = relay

    async def to_relay(target: Target) -> Target:
        return (await start(target, **switches_of(route, target.scheme))).target

    return to_relay


def resolver_by(
    routes: Sequence[Route],
    route_id: str,
    resolver: TargetResolver,
    relay: RelayStarter | None,
    proxy: Target | None = None,
) -> TargetResolver:
    """The resolver for a route.

    Args:
        resolver: of the straight way.
        proxy: the way to it is straight in any case: the relay stands behind it.
    """
    to_relay = through(routes, route_id, relay)
    if to_relay is None:
        return resolver
    leading = to_relay

    async def resolve(target: Target) -> Target:
        return await (resolver if target == proxy else leading)(target)

    return resolve

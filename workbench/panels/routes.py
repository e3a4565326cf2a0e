"""The ways that a panel's octets can take to the server: straight, or through a relay of the Lab. No Qt.

Every panel has its own list, since what is worth seeing differs; how a way is taken stands here.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

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


def through(routes: Sequence[Route], route_id: str, relay: RelayStarter | None) -> TargetResolver | None:
    """What leads to the route's relay, and that to the target; None for straight, which an unknown route is too."""
    route = next((route for route in routes if route.id == route_id), STRAIGHT)
    if relay is None or route.id == STRAIGHT.id:
        return None
    start = relay

    async def to_relay(target: Target) -> Target:
        switches = route.udp if target.scheme == "udp" and route.udp is not None else route.switches
        return (await start(target, **switches)).target

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

"""The ways through a relay: each leads to the relay with its switches, and the straight one to nobody else."""

import pytest

from workbench.formats.target import Target, parse_target
from workbench.lab.address import ServiceAddress
from workbench.lab.relay.running import checked_switches
from workbench.panels.routes import STRAIGHT, resolver_by
from workbench.panels.sockets.routes import ROUTES

RELAY = Target("tcp", "127.0.0.1", 7)


class FakeLab:
    """Remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, object]]] = []

    async def resolve(self, target: Target) -> Target:
        return target

    async def relay(self, target: Target, **switches: object) -> ServiceAddress:
        self.asked.append((str(target), switches))
        return ServiceAddress("relay", RELAY, "tcp")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
async def test_a_route_leads_to_a_relay_with_its_switches(route):
    lab = FakeLab()
    resolver = resolver_by(ROUTES, route.id, lab.resolve, lab.relay)
    target = parse_target("lab:echo")
    if route.id == STRAIGHT.id:
        assert (await resolver(target), lab.asked) == (target, [])
    else:
        assert await resolver(target) == RELAY
        assert lab.asked == [("lab:echo", route.switches)]
    assert checked_switches("tcp", route.switches) == route.switches


@pytest.mark.parametrize("route", ["off", "nonsense", ""])
async def test_what_is_no_route_is_straight(route: str):
    lab = FakeLab()
    assert resolver_by(ROUTES, route, lab.resolve, lab.relay) == lab.resolve
    assert resolver_by(ROUTES, "cut", lab.resolve, None) == lab.resolve

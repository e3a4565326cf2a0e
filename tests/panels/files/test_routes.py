"""The ways to a server."""

from types import SimpleNamespace

import pytest

from workbench.formats.target import Target
from workbench.lab.relay.running import checked_switches
from workbench.panels.files.routes import ROUTES
from workbench.panels.routes import STRAIGHT, resolver_by

SERVER = Target("lab", "ftp", None)


async def straight(target: Target) -> Target:
    return target


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
async def test_each_route_leads_to_a_relay_with_its_switches(route):
    asked = []

    async def relay(target: Target, **switches: object) -> object:
        asked.append((target, switches))
        return SimpleNamespace(target=Target("tcp", "127.0.0.1", 9))

    resolver = resolver_by(ROUTES, route.id, straight, relay)  # type: ignore[arg-type]
    led = await resolver(SERVER)
    if route.id == STRAIGHT.id:
        assert (led, asked) == (SERVER, [])
    else:
        assert asked == [(SERVER, dict(route.switches))]
        assert led.port == 9
    checked_switches("tcp", route.switches)


async def test_an_unknown_route_and_no_relay_are_straight():
    assert resolver_by(ROUTES, "moon", straight, None) is straight
    assert resolver_by(ROUTES, "plain", straight, None) is straight

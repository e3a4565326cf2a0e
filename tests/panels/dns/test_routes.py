"""The ways to the server: straight or through a relay, with the right switches for each transport."""

import pytest

from workbench.formats.target import Target
from workbench.lab.address import ServiceAddress
from workbench.lab.relay.running import checked_switches
from workbench.panels.dns.routes import ROUTES
from workbench.panels.routes import through

SERVER = Target("udp", "192.0.2.53", 53)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
def test_every_route_has_words_and_switches_that_relays_know(route):
    assert route.title
    assert route.what
    udp = route.switches if route.udp is None else route.udp
    assert checked_switches("udp", udp) == dict(udp)
    assert checked_switches("tcp", route.switches) == dict(route.switches)


def test_straight_needs_no_relay():
    async def never(*_args, **_switches):
        raise AssertionError("no relay was asked for")

    assert through(ROUTES, "off", never) is None
    assert through(ROUTES, "unknown", never) is None
    assert through(ROUTES, "plain", None) is None


@pytest.mark.parametrize(("scheme", "switches"), [("udp", {"drop_percent": 50}), ("tcp", {})])
async def test_a_relay_is_started_for_the_transport(scheme: str, switches: dict[str, object]):
    asked: list[tuple[Target, dict[str, object]]] = []

    async def start(target: Target, **given: object) -> ServiceAddress:
        asked.append((target, given))
        return ServiceAddress("relay", Target(scheme, "127.0.0.1", 4242), scheme)

    leading = through(ROUTES, "lost", start)
    assert leading is not None
    assert (await leading(SERVER._replace(scheme=scheme))).port == 4242
    assert asked == [(SERVER._replace(scheme=scheme), switches)]

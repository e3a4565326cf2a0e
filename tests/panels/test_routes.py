"""What the routes of all panels have in common."""

import importlib

import pytest

from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target
from workbench.lab.address import ServiceAddress
from workbench.lab.relay.running import checked_switches
from workbench.panels.routes import PLAIN, STRAIGHT, Route, check_own, find_route, resolver_by, through

PANELS = ("sockets", "dns", "files", "certificates")
RELAY = Target("tcp", "127.0.0.1", 7)
SERVER = parse_target("lab:echo")


class FakeLab:
    """Remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Target, dict[str, object]]] = []

    async def resolve(self, target: Target) -> Target:
        return target

    async def relay(self, target: Target, **switches: object) -> ServiceAddress:
        self.asked.append((target, switches))
        return ServiceAddress("relay", RELAY, "tcp")


@pytest.mark.parametrize("panel", PANELS)
def test_a_panels_routes_have_words_and_switches_that_relays_know(panel: str):
    routes: tuple[Route, ...] = importlib.import_module(f"workbench.panels.{panel}.routes").ROUTES
    assert routes[0] == STRAIGHT
    assert len({route.id for route in routes}) == len({route.title for route in routes}) == len(routes)
    for route in routes:
        assert route.what
        assert checked_switches("tcp", route.switches) == dict(route.switches)


async def test_a_route_leads_to_a_relay_and_not_where_a_proxy_is():
    lab = FakeLab()
    proxy = parse_target("lab:proxy-socks5")
    resolve = resolver_by((STRAIGHT, PLAIN), "plain", lab.resolve, lab.relay, proxy)
    assert await resolve(SERVER) == RELAY
    assert await resolve(proxy) == proxy
    assert lab.asked == [(SERVER, {})]


async def test_datagrams_may_have_switches_of_their_own():
    lab = FakeLab()
    lossy = Route("lost", "Lossy", "Some get lost", {"delay_ms": 1}, {"drop_percent": 50})
    late = Route("late", "Late", "All are late", {"delay_ms": 1})
    for route, scheme in ((lossy, "udp"), (lossy, "tcp"), (late, "udp")):
        leading = through((STRAIGHT, route), route.id, lab.relay)
        assert leading is not None
        await leading(SERVER._replace(scheme=scheme))
    assert [switches for _, switches in lab.asked] == [{"drop_percent": 50}, {"delay_ms": 1}, {"delay_ms": 1}]


@pytest.mark.parametrize("route", ["off", "nonsense", ""])
def test_what_is_no_route_is_straight(route: str):
    lab = FakeLab()
    assert through((STRAIGHT, PLAIN), route, lab.relay) is None
    assert resolver_by((STRAIGHT, PLAIN), route, lab.resolve, lab.relay) == lab.resolve
    assert resolver_by((STRAIGHT, PLAIN), "plain", lab.resolve, None) == lab.resolve


async def test_a_route_whose_switches_a_person_wrote_is_read_for_what_passes():
    lab = FakeLab()
    own = "own:delay=50,cut-after=100"
    leading = through((STRAIGHT,), own, lab.relay)
    assert leading is not None
    await leading(SERVER)
    assert lab.asked == [(SERVER, {"delay_ms": 50, "cut_after": 100})]
    with pytest.raises(LocalMisuse, match="cut-after means nothing to datagrams"):
        await leading(SERVER._replace(scheme="udp"))
    assert "delay=50,cut-after=100" in find_route((STRAIGHT,), own).what
    check_own("drop=3")
    with pytest.raises(LocalMisuse, match="no switch 'x'"):
        check_own("x=1")

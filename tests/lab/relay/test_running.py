"""Relays in the Lab: started through the control protocol, found again, let go with who asked for them."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest

from tests.lab.houses import SOON_S, Client
from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target
from workbench.lab.address import ServiceAddress
from workbench.lab.control import Relayed, Start
from workbench.lab.registry import Registry
from workbench.lab.relay.running import checked_switches, relayed_address
from workbench.lab.supervisor import Lab
from workbench.settings.places import Places


@contextlib.asynccontextmanager
async def client_at(address: ServiceAddress) -> AsyncIterator[Client]:
    client = Client(*await asyncio.open_connection(address.target.host, address.target.port))
    try:
        yield client
    finally:
        await client.close()


async def test_the_same_wish_finds_the_same_relay_and_the_last_holder_ends_it():
    changes: list[int] = []
    registry = Registry(lambda: changes.append(1))
    try:
        echo = await registry.start(Start(1, "echo"), "me")
        wish = Relayed(2, str(echo.target.host) + f":{echo.target.port}", "tcp", {"flip": 0})
        first = await registry.relay(wish, "me")
        assert await registry.relay(wish, "you") == first
        assert (first.instance, first.switches) == ("relay#1", {"flip": 0})
        assert (await registry.relay(wish._replace(switches={}), "me")).instance == "relay#2"
        async with client_at(first) as client:
            await client.send(b"a")
            assert await client.exactly(1) == b"a"  # changed on the way there, and back again
            (running,) = [one for one in registry.running() if one.address == first]
            assert (running.clients, running.seen, running.octets_sent) == (1, 1, 2)
        await registry.release("me")
        assert [one.address.instance for one in registry.running()] == ["echo", "relay#1"]
        await registry.release("you")
        assert [one.address.instance for one in registry.running()] == ["echo"]
    finally:
        await registry.aclose()


async def test_a_relay_in_the_labs_process_leads_to_a_service_of_it(places: Places):
    lab = Lab(places)
    try:
        address = await lab.relay(parse_target("lab:echo"), cut_after=2, direction="to-client")
        assert address.name == "relay"
        async with client_at(address) as client:
            await client.send(b"hello")
            assert await client.rest() == b"he"
        udp = await lab.relay(parse_target("lab:udp-echo"), duplicate_percent=100, direction="to-client")
        assert (udp.transport, udp.target.scheme) == ("udp", "udp")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect((udp.target.host, udp.target.port))
            sock.send(b"hi")
            loop = asyncio.get_running_loop()
            for _ in range(2):
                assert await asyncio.wait_for(loop.sock_recv(sock, 100), SOON_S) == b"hi"
        assert await lab.stop("relay") == ["relay#1", "relay#2"]
        with pytest.raises(LocalMisuse, match="the relay has no switch"):
            await lab.relay(parse_target("lab:echo"), drop_percent=3)
        with pytest.raises(LocalMisuse, match="no address that a relay can connect to"):
            await lab.relay(parse_target("unix:/tmp/x"))
    finally:
        await lab.aclose()


def test_what_can_not_be_relayed_is_refused_before_anything_is_started():
    assert relayed_address(Target("udp", "::1", 9)) == ("[::1]:9", "udp")
    assert checked_switches("udp", {"seed": "7", "drop_percent": 0}) == {"seed": 7}
    for transport, wrong in (("tcp", {"seed": 1}), ("udp", {"split": 1}), ("tcp", {"direction": "up"})):
        with pytest.raises(LocalMisuse):
            checked_switches(transport, wrong)

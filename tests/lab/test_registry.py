"""The registry: one service for one wish, ports as asked, loopback only, and everything is given back."""

import asyncio
import socket

import pytest

from tests.kit.ports import free_port
from tests.lab.houses import client_of, datagrams_to, serving, until
from workbench.errors import LocalFault, LocalMisuse
from workbench.lab import registry as registry_module
from workbench.lab.catalogue import SERVICES, find_service
from workbench.lab.control import Start
from workbench.lab.registry import Registry
from workbench.wire.listen import Listener


def wish(name: str, *, host: str = "", port: int | None = None, **switches: object) -> Start:
    return Start(1, name, switches, host, port)


async def test_every_service_starts_and_stops():
    registry = Registry(lambda: None)
    for info in SERVICES:
        address = await registry.start(wish(info.name), "me")
        assert (address.name, address.transport, address.note) == (info.name, info.transport, info.teaches)
    assert len(registry.running()) == len(SERVICES)
    await registry.aclose()
    assert registry.running() == []
    await registry.aclose()


async def test_changes_are_told():
    changes: list[int] = []
    registry = Registry(lambda: changes.append(1))
    await registry.start(wish("echo"), "me")
    await registry.start(wish("echo"), "you")
    assert len(changes) == 1
    await registry.stop("echo")
    assert len(changes) == 2
    await registry.aclose()
    assert len(changes) == 2


@pytest.mark.parametrize("name", ["echo", "udp-echo"])
async def test_a_port_of_the_book_that_is_taken_is_refused_in_words(name: str):
    kind = socket.SOCK_DGRAM if name == "udp-echo" else socket.SOCK_STREAM
    registry = Registry(lambda: None)
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalFault) as caught:
            await registry.start(wish(name, port=port), "me")
    assert caught.value.what == f"port {port} of 127.0.0.1 is taken by another program"
    assert (caught.value.errno_name, caught.value.stage) == ("EADDRINUSE", "listen")
    assert "leave the port to the Lab" in caught.value.advice
    assert registry.running() == []


async def test_a_port_that_this_user_may_not_have_is_refused_in_words(monkeypatch: pytest.MonkeyPatch):
    async def forbidden(*_args: object, **_kwargs: object) -> None:
        raise LocalFault("permission denied", errno_name="EACCES", stage="bind")

    monkeypatch.setattr(registry_module, "listen", forbidden)
    registry = Registry(lambda: None)
    with pytest.raises(LocalFault, match="this user may not serve on port 7") as caught:
        await registry.start(wish("echo", port=find_service("echo").book_port), "me")
    assert "ip_unprivileged_port_start" in caught.value.advice


async def test_a_wished_port_is_the_port_by_ipv4_and_ipv6():
    port = free_port()
    registry = Registry(lambda: None)
    address = await registry.start(wish("echo", port=port), "me")
    assert address.target.port == port
    assert address.instance == "echo"
    assert address.also is None or address.also.port == port
    assert await registry.start(wish("echo", port=port), "me") == address
    assert await registry.start(wish("echo"), "me") == address
    await registry.aclose()


async def test_another_port_than_the_running_one_is_another_instance():
    registry = Registry(lambda: None)
    first = await registry.start(wish("echo"), "me")
    port = free_port()
    second = await registry.start(wish("echo", port=port), "me")
    assert (first.instance, second.instance) == ("echo", "echo#1")
    assert second.target.port == port
    await registry.aclose()


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.1", "localhost", "128.0.0.1", "127.1", "", "::ffff:127.0.0.1"]
)
async def test_nothing_but_loopback_is_served(host: str):
    registry = Registry(lambda: None)
    if not host:
        address = await registry.start(wish("echo", host=host), "me")
        assert address.target.host == "127.0.0.1"
    else:
        with pytest.raises(LocalMisuse, match="the Lab serves on loopback only"):
            await registry.start(wish("echo", host=host), "me")
    await registry.aclose()


@pytest.mark.parametrize("host", ["127.0.0.2", "::1"])
async def test_another_loopback_address_can_be_wished(host: str):
    registry = Registry(lambda: None)
    try:
        address = await registry.start(wish("echo", host=host), "me")
    except LocalMisuse:
        pytest.skip(f"this machine has no {host}")
    assert (address.target.host, address.also, address.instance) == (host, None, "echo#1")
    assert (await registry.start(wish("echo"), "me")).target.host == "127.0.0.1"
    await registry.aclose()


async def test_there_are_never_too_many(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry_module, "MAX_INSTANCES", 3)
    registry = Registry(lambda: None)
    for number in range(3):
        await registry.start(wish("echo", delay_ms=number), "me")
    with pytest.raises(LocalFault, match="3 services run already"):
        await registry.start(wish("echo", delay_ms=3), "me")
    await registry.start(wish("echo", delay_ms=2), "me")
    await registry.aclose()


async def test_who_leaves_takes_along_what_nobody_else_holds():
    registry = Registry(lambda: None)
    await registry.start(wish("echo"), "me")
    await registry.start(wish("echo", delay_ms=1), "me")
    await registry.start(wish("echo", delay_ms=1), "you")
    await registry.start(wish("echo", delay_ms=2), "me")
    await registry.release("me")
    assert [one.address.instance for one in registry.running()] == ["echo", "echo#1"]
    await registry.release("you")
    assert [one.address.instance for one in registry.running()] == ["echo"]
    await registry.release("nobody")
    await registry.aclose()


async def test_wishes_at_the_same_time_meet_in_one_service():
    registry = Registry(lambda: None)
    addresses = await asyncio.gather(*(registry.start(wish("echo"), number) for number in range(20)))
    assert len({address.target for address in addresses}) == 1
    await registry.aclose()


async def test_a_service_that_breaks_is_reported_and_started_anew(
    expected_log, monkeypatch: pytest.MonkeyPatch
):
    from workbench.lab.services.echo import Echo

    async def broken(_self: Echo, listeners: list[Listener]) -> None:
        for listener in listeners:
            await listener.aclose()
        raise RuntimeError("a fault of ours")

    expected_log("the service echo ended.*a fault of ours")
    registry = Registry(lambda: None)
    async with serving("discard"):
        with monkeypatch.context() as patched:
            patched.setattr(Echo, "serve", broken)
            await registry.start(wish("echo"), "me")
            await until(lambda: registry.running() == [])
    address = await registry.start(wish("echo"), "me")
    assert address.instance == "echo"
    await registry.aclose()


async def test_a_stopped_service_ends_every_conversation():
    async with serving("silent") as served, client_of(served) as client:
        await client.send(b"x")
        await until(lambda: served.figures.octets_received == 1)
        await served.registry.stop("silent")
        assert await client.rest() == b""


async def test_two_services_are_not_made_to_talk_to_each_other_for_ever():
    async with serving("udp-echo") as served:
        await served.registry.start(wish("udp-time", host="127.0.0.2"), "test")
        ports = {one.address.target.port for one in served.registry.running()}
        forged = next(iter(ports - {served.port}))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as liar:
            # The same port on another loopback address: the source port is all that a service can judge by.
            liar.bind(("127.0.0.3", forged))
            liar.sendto(b"x", (served.host, served.port))
            async with datagrams_to(served) as honest:
                honest.send(b"y")
                assert await honest.receive() == b"y"
            liar.setblocking(False)
            with pytest.raises(BlockingIOError):
                liar.recv(10)

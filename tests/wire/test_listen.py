"""Listeners: ports, accepted streams, and the faults of binding."""

import asyncio
import socket
import sys

import pytest

from tests.kit.ports import free_port
from workbench.errors import LinkLost, LocalFault, LocalMisuse, TooSlow
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.listen import listen


def place(text: str = "127.0.0.1:0"):
    return parse_target(text, listening=True)


@pytest.mark.covers("C1.2", "C1.10")
async def test_accepted_connections_mirror_the_clients_endpoints():
    transcript = Transcript()
    async with await listen(place(), transcript) as listener:
        assert listener.port > 0
        clients = [await dial(parse_target(listener.address), transcript) for _ in range(2)]
        servers = [await listener.accept() for _ in range(2)]
        assert {(s.local, s.peer) for s in servers} == {(c.peer, c.local) for c in clients}
        assert clients[0].local != clients[1].local
        for stream in (*clients, *servers):
            await stream.aclose()
    names = [event.name for event in transcript.events()]
    assert names.count("accept.complete") == 2
    assert names[-1] == "listen.closed"
    transcript.close()


async def test_a_port_in_use_is_a_fault_of_this_machine():
    transcript = Transcript()
    async with await listen(place(), transcript) as listener:
        with pytest.raises(LocalFault) as caught:
            await listen(place(listener.address), transcript)
        assert (caught.value.stage, caught.value.errno_name) == ("bind", "EADDRINUSE")
        assert caught.value.advice
    transcript.close()


async def test_an_address_of_another_machine_cannot_be_bound():
    transcript = Transcript()
    with pytest.raises(LocalFault) as caught:
        await listen(place("192.0.2.1:0"), transcript)
    assert caught.value.errno_name == "EADDRNOTAVAIL"
    with pytest.raises(LocalMisuse):
        await listen(parse_target("lab:echo"), transcript)
    transcript.close()


async def test_accepting_times_out_and_ends_with_the_listener():
    transcript = Transcript()
    listener = await listen(place(), transcript)
    with pytest.raises(TooSlow):
        await listener.accept(timeout_s=0.01)
    accepting = asyncio.create_task(listener.accept())
    await asyncio.sleep(0)
    await listener.aclose()
    await listener.aclose()
    with pytest.raises(LinkLost):
        await accepting
    transcript.close()


async def test_a_port_is_free_again_as_soon_as_the_listener_is_closed():
    transcript = Transcript()
    # Nobody else is given it in between.
    listener = await listen(place(f"127.0.0.1:{free_port()}"), transcript)
    client = await dial(parse_target(listener.address), transcript)
    server = await listener.accept()
    await server.aclose()
    await client.aclose()
    await listener.aclose()
    again = await listen(place(listener.address), transcript)
    await again.aclose()
    transcript.close()


async def test_ipv6_addresses_are_spelled_with_brackets():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f"no IPv6 on this machine: {error}")
    transcript = Transcript()
    async with await listen(place("[::1]:0"), transcript) as listener:
        assert listener.address == f"[::1]:{listener.port}"
        client = await dial(parse_target(listener.address), transcript)
        server = await listener.accept()
        assert client.local == server.peer
        await client.aclose()
        await server.aclose()
    transcript.close()


async def test_a_client_that_reset_before_we_accepted_still_has_its_address():
    transcript = Transcript()
    async with await listen(place(), transcript) as listener:
        rude = socket.create_connection(("127.0.0.1", listener.port))
        address = "{}:{}".format(*rude.getsockname())
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        rude.close()
        stream = await listener.accept()
        assert stream.peer == address
        assert await stream.read() == b""
        assert stream.end is not None
        assert stream.end.kind == "RST"
        await stream.aclose()
    transcript.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")
async def test_what_nobody_accepted_yet_is_counted():
    transcript = Transcript()
    async with await listen(place(), transcript) as listener:
        assert listener.waiting() == 0
        clients = [await dial(parse_target(listener.address), transcript) for _ in range(3)]
        while listener.waiting() != 3:  # noqa: ASYNC110 - the system has no event for it
            await asyncio.sleep(0)
        first = await listener.accept()
        assert listener.waiting() == 2
        for stream in (*clients, first):
            await stream.aclose()
    assert listener.waiting() is None
    transcript.close()

"""A UDP socket that calls one peer and hears everybody: strangers apart, ICMP errors on the next call."""

import socket

import pytest

from tests.kit.ports import free_port
from workbench.errors import LinkLost, LocalMisuse
from workbench.formats.target import Target, parse_target
from workbench.transcript.recorder import Transcript
from workbench.wire.caller import open_caller


def peer(family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.bind(("::1" if family is socket.AF_INET6 else "127.0.0.1", 0))
    sock.settimeout(5)
    return sock


def place(sock: socket.socket) -> Target:
    host, port = sock.getsockname()[:2]
    return parse_target(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
async def test_what_the_peer_answers_is_in_its_channel_and_a_stranger_has_one_of_their_own(family):
    transcript = Transcript()
    with peer(family) as server, peer(family) as stranger:
        async with await open_caller(transcript, place(server)) as caller:
            await caller.send(b"question")
            data, client = server.recvfrom(100)
            assert data == b"question"
            stranger.sendto(b"forged", client)
            first = await caller.receive(timeout_s=15)
            server.sendto(b"answer", client)
            second = await caller.receive(timeout_s=15)
            assert (first.data, first.source == caller.called) == (b"forged", False)
            assert (second.data, second.source) == (b"answer", caller.called)
            assert caller.channel_of(second.source) is caller.channel
            assert caller.channel_of(first.source) is not caller.channel
    channels = {
        event.channel: event.size for event in transcript.events() if event.direction.value == "received"
    }
    assert channels == {0: 6, 1: 6}
    assert transcript.channels[0].peer == second.source
    assert transcript.channels[0].local.startswith("[::1]:" if family is socket.AF_INET6 else "127.0.0.1:")
    transcript.close()


async def test_that_nobody_is_there_is_heard_without_a_connected_socket():
    target = parse_target(f"127.0.0.1:{free_port()}")
    transcript = Transcript()
    async with await open_caller(transcript, target) as caller:
        await caller.send(b"anyone?")
        with pytest.raises(LinkLost) as caught:
            await caller.receive(timeout_s=15)
    assert caught.value.errno_name == "ECONNREFUSED"
    assert str(target) in caught.value.what
    assert caught.value.transcript_index is not None
    transcript.close()


async def test_it_calls_nobody_else():
    transcript = Transcript()
    with peer() as server:
        async with await open_caller(transcript, place(server)) as caller:
            with pytest.raises(LocalMisuse):
                await caller.send(b"x", "127.0.0.1:9")
            await caller.send(b"x", caller.called)
            assert server.recv(10) == b"x"
    transcript.close()


async def test_each_call_has_a_port_of_its_own():
    transcript = Transcript()
    ports = set()
    with peer() as server:
        for _ in range(20):
            async with await open_caller(transcript, place(server)) as caller:
                ports.add(caller.address)
    assert len(ports) > 10
    transcript.close()


async def test_a_resolver_leads_it_elsewhere():
    transcript = Transcript()
    with peer() as server:

        async def resolver(_target: Target) -> Target:
            return place(server)

        async with await open_caller(transcript, parse_target("lab:dns"), resolver=resolver) as caller:
            assert caller.called == str(place(server))
    assert next(event.name for event in transcript.events()) == "target"
    transcript.close()


async def test_what_is_no_address_is_refused_before_anything_is_sent():
    transcript = Transcript()
    with pytest.raises(LocalMisuse):
        await open_caller(transcript, parse_target("unix:/nowhere"))
    with pytest.raises(LocalMisuse):
        await open_caller(transcript, parse_target("lab:dns"))
    transcript.close()


async def test_a_flood_of_strangers_never_displaces_the_peer(monkeypatch: pytest.MonkeyPatch):
    from workbench.wire import datagram

    monkeypatch.setattr(datagram, "MAX_PEERS", 2)
    transcript = Transcript()
    with peer() as server:
        async with await open_caller(transcript, place(server)) as caller:
            await caller.send(b"question")
            _, client = server.recvfrom(100)
            for _ in range(5):
                with peer() as stranger:
                    stranger.sendto(b"forged", client)
                assert (await caller.receive(timeout_s=15)).data == b"forged"
            server.sendto(b"answer", client)
            assert (await caller.receive(timeout_s=15)).source == caller.called
            await caller.send(b"once more")
            assert server.recv(100) == b"once more"
    assert len(transcript.channels) == 3
    transcript.close()

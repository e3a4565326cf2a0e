"""Datagrams: each a message, the empty one too; peers apart; ICMP errors on the call they arrive at."""

import socket

import pytest

from tests.kit.ports import free_port
from workbench.errors import LinkLost, LocalMisuse, TooSlow
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.wire import datagram
from workbench.wire.datagram import open_datagram


def place(text: str = "127.0.0.1:0"):
    return parse_target(text, listening=True)


async def test_datagrams_keep_their_borders_and_an_empty_one_is_an_event():
    transcript = Transcript()
    async with (
        await open_datagram(transcript, local=place()) as server,
        await open_datagram(transcript, remote=parse_target(server.address)) as client,
    ):
        for data in (b"one", b"", b"three"):
            await client.send(data)
        heard = [await server.receive() for _ in range(3)]
        assert [h.data for h in heard] == [b"one", b"", b"three"]
        assert {h.source for h in heard} == {client.address}
        await server.send(b"", client.address)
        back = await client.receive(timeout_s=15)
        assert back == (b"", server.address, False)
    sizes = [e.size for e in transcript.events() if e.kind == "bytes" and e.channel == client.channel.number]
    assert sizes == [3, 0, 5, 0]
    transcript.close()


async def test_each_peer_of_a_bound_socket_has_a_channel_of_its_own():
    transcript = Transcript()
    async with await open_datagram(transcript, local=place()) as server:
        senders = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        for number, sender in enumerate(senders):
            sender.sendto(b"from %d" % number, ("127.0.0.1", int(server.address.split(":")[1])))
        heard = [await server.receive(timeout_s=15) for _ in range(2)]
        assert len(server.peers) == 2
        for received in heard:
            channel = server.channel_of(received.source)
            assert transcript.channels[channel.number].peer == received.source
            await server.send(b"back", received.source)
        for sender in senders:
            assert sender.recv(100) == b"back"
            sender.close()
        with pytest.raises(LocalMisuse):
            await server.send(b"x", "127.0.0.1:9")
        with pytest.raises(LocalMisuse):
            await server.send(b"x")
    transcript.close()


@pytest.mark.covers("C1.12")
async def test_a_datagram_beyond_the_limit_is_refused_and_the_largest_passes():
    transcript = Transcript()
    async with (
        await open_datagram(transcript, local=place()) as server,
        await open_datagram(transcript, remote=parse_target(server.address)) as client,
    ):
        await client.send(b"x" * 65507)
        assert len((await server.receive(timeout_s=15)).data) == 65507
        with pytest.raises(LocalMisuse) as caught:
            await client.send(b"x" * 65508)
        assert caught.value.stage == "send"
    transcript.close()


async def test_nobody_there_is_told_on_the_next_call():
    port = free_port()
    transcript = Transcript()
    async with await open_datagram(transcript, remote=parse_target(f"127.0.0.1:{port}")) as client:
        await client.send(b"anyone?")
        with pytest.raises(LinkLost) as caught:
            await client.receive(timeout_s=15)
        assert caught.value.errno_name == "ECONNREFUSED"
        assert caught.value.transcript_index is not None
        assert transcript[caught.value.transcript_index].values["errno"] == "ECONNREFUSED"
        with pytest.raises(TooSlow):
            await client.receive(timeout_s=0.01)
    with pytest.raises(LocalMisuse):
        await client.send(b"closed")
    with pytest.raises(LinkLost):
        await client.receive()
    transcript.close()


async def test_a_socket_needs_a_peer_or_an_address_of_its_own():
    transcript = Transcript()
    with pytest.raises(LocalMisuse):
        await open_datagram(transcript)
    with pytest.raises(LocalMisuse):
        await open_datagram(transcript, remote=parse_target("lab:udp-echo"))
    transcript.close()


async def test_a_burst_waits_in_the_systems_buffer():
    transcript = Transcript()
    async with (
        await open_datagram(transcript, local=place()) as server,
        await open_datagram(transcript, remote=parse_target(server.address)) as client,
    ):
        for number in range(1000):
            await client.send(b"%d" % number)
        assert [int((await server.receive(timeout_s=15)).data) for _ in range(1000)] == list(range(1000))
    transcript.close()


async def test_a_flood_of_peers_is_answered_and_bounded(monkeypatch):
    monkeypatch.setattr(datagram, "MAX_PEERS", 3)
    transcript = Transcript()
    async with await open_datagram(transcript, local=place()) as server:
        port = int(server.address.split(":")[1])
        for _ in range(5):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(b"?", ("127.0.0.1", port))
                heard = await server.receive(timeout_s=15)
                await server.send(b"!", heard.source)
                assert sender.recv(10) == b"!"
        assert len(server.peers) == 3
    assert len(transcript.channels) == 4
    transcript.close()

"""A client of WebSocket against the Lab's server and its lies, and against peers that are silent, cut or reset."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.kit.scripted_peer import scripted_peer
from tests.lab.houses import serving
from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused, TooSlow
from workbench.protocols.websocket.client import open_websocket
from workbench.protocols.websocket.values import Closed, Message
from workbench.transcript.recorder import Transcript


@pytest.fixture
def transcript() -> Iterator[Transcript]:
    transcript = Transcript()
    yield transcript
    transcript.close()


async def said(transcript: Transcript, data: bytes = b"hello", *, timeout_s: float = 10, **switches: object):
    async with serving("websocket", **switches) as served:
        client = await open_websocket(f"ws://{served.host}:{served.port}/x", transcript, timeout_s=timeout_s)
        try:
            await client.send(data)
            message = await client.receive()
            closed = await client.close()
            return client, message, closed
        finally:
            await client.aclose()


async def test_a_message_comes_back_and_both_sides_close(transcript: Transcript):
    client, message, closed = await said(transcript)
    assert message == Message(b"hello", True)
    assert closed.code == 1000
    assert client.closed is closed
    assert [frame.name for frame in client.frames] == ["text", "close"]
    assert client.agreed.status == 101
    assert "websocket.open" in [event.name for event in transcript.events()]


async def test_fragments_and_pings_on_the_way(transcript: Transcript):
    client, message, _ = await said(transcript, b"x" * 1000, fragment=100, ping=True)
    assert message == Message(b"x" * 1000, True)
    assert [frame.name for frame in client.frames][:3] == ["ping", "text", "continuation"]
    assert len(client.frames) == 1 + 10 + 1


async def test_a_large_message_of_octets(transcript: Transcript):
    async with serving("websocket") as served:
        client = await open_websocket(f"{served.host}:{served.port}", transcript)
        data = bytes(range(256)) * 1024
        await client.send(data, text=False, fragment=60_000)
        await client.ping(b"?")
        assert await client.receive() == Message(data, False)
        await client.close(4001, "enough")
        await client.aclose()


async def test_the_server_closes_first(transcript: Transcript):
    _, message, _ = await said(transcript, b"bye", close_code=4321)
    assert message == Closed(4321, "you said bye")


@pytest.mark.parametrize(
    ("lie", "kind", "stage"),
    [
        ("wrong-key", PeerMisbehaved, "handshake"),
        ("no-upgrade", Refused, "handshake"),
        ("masked", PeerMisbehaved, "frame"),
        ("bad-utf8", PeerMisbehaved, "frame"),
        ("reserved-bits", PeerMisbehaved, "frame"),
        ("reserved-opcode", PeerMisbehaved, "frame"),
        ("long-ping", PeerMisbehaved, "frame"),
        ("no-end", PeerMisbehaved, "frame"),
        ("huge", PeerMisbehaved, "frame"),
        ("no-close", PeerMisbehaved, "close"),
        ("silent", TooSlow, "handshake"),
    ],
)
async def test_every_lie_is_noticed(lie: str, kind: type, stage: str, transcript: Transcript):
    with pytest.raises(kind) as noticed:
        await said(transcript, lie=lie, timeout_s=0.3 if lie == "silent" else 10)
    assert noticed.value.stage == stage


async def test_a_close_with_a_code_that_nobody_may_send(transcript: Transcript):
    with pytest.raises(PeerMisbehaved, match="1005 may not"):
        await said(transcript, b"bye", close_code=1005)


@pytest.mark.parametrize("cut_after", [0, 10, 100, 128, 129, 130, 133])
async def test_a_cut_is_noticed_wherever_it_is(cut_after: int, transcript: Transcript):
    with pytest.raises((LinkLost, PeerMisbehaved)):
        await said(transcript, cut_after=cut_after)


async def test_a_reset_is_a_lost_link(transcript: Transcript):
    with pytest.raises(LinkLost):
        await said(transcript, cut_after=131, reset=True)


async def test_a_peer_that_speaks_something_else(transcript: Transcript):
    with scripted_peer([("send", b"SSH-2.0-x\r\n\r\n"), ("stall",)]) as peer, pytest.raises(PeerMisbehaved):
        await open_websocket(str(peer), transcript)
    with (
        scripted_peer([("send", b"x" * 40_000), ("stall",)]) as peer,
        pytest.raises(PeerMisbehaved) as endless,
    ):
        await open_websocket(str(peer), transcript)
    assert endless.value.stage == "handshake"


async def test_nothing_is_sent_when_the_address_is_wrong(transcript: Transcript):
    with pytest.raises(LocalMisuse):
        await open_websocket("wss://127.0.0.1/", transcript)
    with pytest.raises(LocalMisuse):
        await open_websocket("127.0.0.1:1", transcript, subprotocols=("a b",))
    assert len(transcript) == 0


async def test_it_can_be_cancelled_while_it_waits(transcript: Transcript):
    async with serving("websocket") as served:
        client = await open_websocket(f"{served.host}:{served.port}", transcript)
        waiting = asyncio.create_task(client.receive())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await client.aclose()

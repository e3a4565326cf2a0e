"""Saying it again: the same octets, in the same order, and every difference of the answers named."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.scripted_peer import scripted_peer
from tests.kit.turned_clock import TurnedClock
from tests.wire.tls.sides import client, server
from workbench.errors import LinkLost, PeerMisbehaved
from workbench.formats.target import parse_target
from workbench.protocols.raw import replay as module
from workbench.protocols.raw.recorded import measure
from workbench.protocols.raw.replay import Replayed, Speed, replay
from workbench.protocols.raw.talk import Secure
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.datagram import open_datagram
from workbench.wire.dial import dial
from workbench.wire.listen import Listener, listen
from workbench.wire.stream import Stream
from workbench.wire.tls.handshake import start_tls

SENT, RECEIVED = Direction.SENT, Direction.RECEIVED


def recorded(
    *said: tuple[Direction, bytes], end: str = "FIN", finish: bool = True, layer: str = "tcp", gap_ns: int = 0
):
    """A conversation of then; `gap_ns` passes before each thing said."""
    clock = TurnedClock()
    transcript = Transcript(clock=clock)
    channel = transcript.open("then", layer)
    if layer == "tcp":
        channel.fact("connect.complete", local="127.0.0.1:1", address="127.0.0.1:2")
    for direction, data in said:
        clock.advance_ns(gap_ns)
        (channel.sent if direction is SENT else channel.received)(data)
    if finish:
        channel.fact("finish.sent")
    if end:
        channel.fact("end", kind=end, by="peer", sentence="")
    return transcript


async def again(
    then: Transcript, target: object, *, speed: Speed = "full", timeout_s: float = 5.0
) -> Replayed:
    now = Transcript()
    try:
        return await replay(
            then, measure(then), parse_target(str(target)), now, speed=speed, timeout_s=timeout_s
        )
    finally:
        now.close()
        then.close()


async def test_each_piece_waits_for_the_answer_that_came_before_it():
    then = recorded(
        (RECEIVED, b"220 hi"), (SENT, b"HELO"), (RECEIVED, b"250"), (SENT, b"QUIT"), (RECEIVED, b"221")
    )
    # The peer refuses to read ahead: what came too early would stand in one piece.
    script = [
        ("send", b"220 hi"),
        ("expect", b"HELO"),
        ("send", b"250"),
        ("expect", b"QUIT"),
        ("send", b"221"),
        ("wait_eof",),
    ]
    with scripted_peer(script) as peer:
        found = await again(then, peer)
    assert (found.differences, found.sent, found.received, found.end) == ([], 8, 12, "FIN")


@pytest.mark.parametrize(
    ("answer", "offset", "sentence"),
    [
        (b"ansWer", 3, "octet 3 of the answer was 77 then and is 57 now"),
        (b"answ", 4, "equal for 4 octets, then the answer has less: 6 octets then, 4 now"),
        (b"answers", 6, "equal for 6 octets, then the answer has more: 6 octets then, 7 now"),
    ],
)
async def test_another_answer_is_told_with_its_place(answer: bytes, offset: int, sentence: str):
    then = recorded((SENT, b"ask"), (RECEIVED, b"answer"))
    with scripted_peer([("expect", b"ask"), ("send", answer), ("wait_eof",)]) as peer:
        found = await again(then, peer)
    assert (found.offset, found.differences) == (offset, [sentence])
    assert (found.then, found.now) == (b"answer"[offset:], answer[offset:])


async def test_another_end_is_a_difference():
    then = recorded((SENT, b"ask"), (RECEIVED, b"yes"))
    with scripted_peer([("expect", b"ask"), ("send", b"yes"), ("wait_eof",), ("reset",)]) as peer:
        found = await again(then, peer)
    assert found.differences == ["the peer ended with FIN then and with RST now"]


async def test_a_peer_that_stays_silent_is_a_difference_when_the_time_is_over():
    then = recorded((SENT, b"ask"), (RECEIVED, b"yes"))
    with scripted_peer([("expect", b"ask"), ("stall",)]) as peer:
        found = await again(then, peer, timeout_s=0.2)
    assert found.offset == 0
    assert found.differences[1] == "the peer ended with FIN then and not now"


async def test_a_shorter_answer_holds_up_the_next_piece_for_a_while_only(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    then = recorded((SENT, b"one"), (RECEIVED, b"long answer"), (SENT, b"two"))
    with scripted_peer([("expect", b"one"), ("send", b"short"), ("expect", b"two"), ("wait_eof",)]) as peer:
        found = await again(then, peer)
    assert (found.sent, found.now) == (6, b"short")


async def test_where_we_closed_first_then_we_do_not_wait_for_an_end_now():
    then = recorded((SENT, b"ask"), (RECEIVED, b"yes"), end="", finish=False)
    with scripted_peer([("expect", b"ask"), ("send", b"yes"), ("wait_eof",)]) as peer:
        found = await again(then, peer)
    assert (found.differences, found.end) == ([], "")


async def test_a_peer_that_resets_in_the_middle_is_told_by_what_it_took():
    then = recorded((SENT, b"x" * 64), (RECEIVED, b"yes"), (SENT, b"y" * 50_000_000), end="RST", finish=False)
    with scripted_peer([("expect", b"x" * 64), ("send", b"yes"), ("reset",)]) as peer:
        found = await again(then, peer)
    assert found.end == "RST"
    assert found.differences == [f"only {found.sent} of 50000064 octets could be sent"]


async def test_at_the_original_speed_the_pauses_of_then_are_kept():
    then = recorded((SENT, b"one"), (SENT, b"two"), gap_ns=60_000_000)
    clock = asyncio.get_running_loop().time
    began = clock()
    with scripted_peer([("expect", b"onetwo"), ("wait_eof",)]) as peer:
        found = await again(then, peer, speed="original")
    assert found.differences == []
    assert clock() - began >= 0.12


async def test_secrets_stay_secrets():
    then = Transcript()
    then.open("then", "tcp").sent(b"PASS hush", secret=[(5, 9)])
    now = Transcript()
    with scripted_peer([("expect", b"PASS hush"), ("wait_eof",)]) as peer:
        await replay(then, measure(then), parse_target(str(peer)), now)
    (event,) = [event for event in now.events() if event.direction is SENT]
    assert now.secrets(event) == ((5, 9),)
    then.close()
    now.close()


async def test_nobody_there_is_the_dials_failure():
    with scripted_peer([]) as peer:
        target = str(peer)
    then = recorded((SENT, b"ask"))
    with pytest.raises(LinkLost) as caught:
        await again(then, target)
    assert caught.value.stage == "connect"


async def echoing(count: int, then: Transcript, timeout_s: float = 5.0) -> Replayed:
    """Replay against a UDP server that echoes `count` datagrams and then falls silent."""
    heard = Transcript()
    async with await open_datagram(heard, local=parse_target("127.0.0.1:0", listening=True)) as server:

        async def serve() -> None:
            for _ in range(count):
                received = await server.receive()
                await server.send(received.data, to=received.source)

        serving = asyncio.create_task(serve())
        found = await again(then, server.address, timeout_s=timeout_s)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    heard.close()
    return found


async def test_datagrams_stay_datagrams():
    said = [(way, data) for data in (b"one", b"", b"three") for way in (SENT, RECEIVED)]
    found = await echoing(3, recorded(*said, end="", finish=False, layer="udp"))
    assert (found.differences, found.answers, found.sent) == ([], 3, 8)


async def test_a_datagram_that_is_missing_is_a_difference_also_an_empty_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    said = [(way, data) for data in (b"one", b"") for way in (SENT, RECEIVED)]
    found = await echoing(1, recorded(*said, end="", finish=False, layer="udp"), timeout_s=0.2)
    assert found.differences == ["2 datagrams came then and 1 datagram now"]


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=4))
def test_what_an_echo_said_it_says_again(said: list[bytes]):
    async def main() -> Replayed:
        asked = b"".join(said)
        then = recorded(*[(SENT, data) for data in said], (RECEIVED, asked))
        with scripted_peer([("expect", asked), ("send", asked), ("wait_eof",)]) as peer:
            return await again(then, peer)

    found = asyncio.run(main())
    assert (found.differences, found.received) == ([], sum(map(len, said)))


async def test_the_dialogue_with_a_proxy_is_not_said_again():
    then = Transcript()
    channel = then.open("through a proxy", "tcp")
    channel.fact("connect.complete", local="127.0.0.1:1", address="127.0.0.1:2")
    channel.sent(b"CONNECT there", layer="proxy")
    channel.received(b"200", layer="proxy")
    channel.sent(b"hi")
    channel.fact("finish.sent")
    channel.fact("end", kind="FIN", by="peer", sentence="")
    with scripted_peer([("expect", b"hi"), ("wait_eof",)]) as peer:
        replayed = await again(then, peer)
        peer.wait()
    assert replayed.differences == []


class Mail:
    """A server that greets in clear, goes over to TLS when it is asked, and answers each line by its length."""

    def __init__(self, listener: Listener, *, tls: bool = True) -> None:
        self.listener = listener
        self.tls = tls
        self.said: list[bytes] = []

    async def serve(self) -> None:
        async with await self.listener.accept() as plain:
            await plain.send(b"220 hi")
            self.said.append(await plain.read())
            if self.tls:
                await plain.send(b"220 go on")
                stream: Stream = await start_tls(plain, server())
            else:
                stream = plain
            while data := await stream.read():
                self.said.append(data)
                await stream.send(b"%d" % len(data) if self.tls else b"500 what is that?")
            await stream.finish()
            await stream.aclose()


@asynccontextmanager
async def mail(*, tls: bool = True) -> AsyncIterator[Mail]:
    transcript = Transcript()
    async with await listen(parse_target("127.0.0.1:0", listening=True), transcript) as listener:
        serving = Mail(listener, tls=tls)
        task = asyncio.create_task(serving.serve())
        try:
            yield serving
            await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            transcript.close()


async def secure(stream: Stream, timeout_s: float) -> Stream:
    return await start_tls(stream, client(), timeout_s=timeout_s)


async def said_with_starttls() -> Transcript:
    """A conversation that goes over to TLS in its middle, had by the real wire."""
    transcript = Transcript()
    async with mail() as peer:
        plain = await dial(parse_target(peer.listener.address), transcript)
        assert await plain.read() == b"220 hi"
        await plain.send(b"STARTTLS")
        assert await plain.read() == b"220 go on"
        async with await start_tls(plain, client()) as stream:
            await stream.send(b"hello")
            assert await stream.read() == b"5"
            await stream.finish()
            assert await stream.read() == b""
    return transcript


async def again_with(then: Transcript, peer: Mail, protect: Secure | None) -> tuple[Replayed, list[str]]:
    now = Transcript()
    stages: list[str] = []
    try:
        found = await replay(
            then,
            measure(then),
            parse_target(peer.listener.address),
            now,
            timeout_s=15,
            secure=protect,
            report=stages.append,
        )
        return found, stages
    finally:
        now.close()
        then.close()


async def test_tls_begins_where_it_began_then_and_the_plaintext_is_compared():
    then = await said_with_starttls()
    async with mail() as peer:
        found, stages = await again_with(then, peer, secure)
    assert peer.said == [b"STARTTLS", b"hello"]
    assert (found.differences, found.sent, found.received, found.end) == ([], 13, 16, "close_notify")
    assert found.is_protected
    assert stages[-3:] == ["talk", "tls", "talk"]


async def test_what_was_said_under_tls_can_be_said_in_clear():
    then = await said_with_starttls()
    async with mail(tls=False) as peer:
        found, _ = await again_with(then, peer, None)
    assert b"".join(peer.said) == b"STARTTLShello"
    # There FIN says what close_notify said; the server's "220 go on" is missing, and that is all.
    assert (found.end, found.is_protected, len(found.differences), found.offset) == ("FIN", False, 1, 6)


async def test_a_server_that_does_not_go_over_to_tls_ends_the_replay_by_its_reason():
    then = await said_with_starttls()
    async with mail(tls=False) as peer:
        with pytest.raises(PeerMisbehaved, match="TLS") as caught:
            await again_with(then, peer, secure)
    assert caught.value.stage == "tls"


async def test_a_server_that_leaves_before_tls_ends_the_replay():
    then = await said_with_starttls()
    with scripted_peer([("send", b"220 hi"), ("expect", b"STARTTLS"), ("send", b"220 go on")]) as peer:
        now = Transcript()
        with pytest.raises(LinkLost) as caught:
            await replay(then, measure(then), parse_target(str(peer)), now, timeout_s=15, secure=secure)
        now.close()
        then.close()
    assert caught.value.stage == "tls"


async def test_a_unix_socket_is_a_stream_like_another(tmp_path: Path):
    transcript, then = Transcript(), recorded((SENT, b"hi"), (RECEIVED, b"2"), layer="unix")
    path = parse_target(f"unix:{tmp_path / 'near.sock'}", listening=True)

    async def serve() -> None:
        async with await listener.accept() as stream:
            while data := await stream.read():
                await stream.send(b"%d" % len(data))
            await stream.finish()

    async with await listen(path, transcript) as listener:
        serving = asyncio.create_task(serve())
        found = await again(then, path)
        await serving
    transcript.close()
    assert (found.differences, found.sent, found.received) == ([], 2, 1)

"""Talking by hand: send, finish, read to the end, or stop at what was expected.

The values that come back are those of workbench.protocols.raw.values.
"""

import asyncio
import hashlib

import pytest

from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LinkLost, TooSlow
from workbench.formats.target import parse_target
from workbench.protocols.raw.expect import ExpectOctets
from workbench.protocols.raw.talk import exchange_datagrams, talk
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.datagram import open_datagram


async def run(peer, transcript: Transcript, **options):
    return await talk(parse_target(str(peer)), transcript, **options)


async def test_without_an_expectation_it_finishes_and_reads_to_the_end():
    transcript = Transcript()
    script = [("expect", b"one"), ("expect", b"two"), ("wait_eof",), ("send", b"all of it")]
    with scripted_peer(script) as peer:
        outcome = await run(peer, transcript, sends=[b"one", b"two"])
    assert (outcome.sent, outcome.received, outcome.matched) == (6, 9, None)
    assert outcome.sha256 == hashlib.sha256(b"all of it").hexdigest()
    assert outcome.end is not None
    assert outcome.end.kind == "FIN"
    assert outcome.peer == str(peer)
    transcript.close()


async def test_it_stops_at_what_is_expected_without_finishing():
    transcript = Transcript()
    with scripted_peer(
        [("expect", b"hi"), ("send", b"hel"), ("send", b"lo and more"), ("wait_eof",)]
    ) as peer:
        outcome = await run(peer, transcript, sends=[b"hi"], expect=ExpectOctets(b"hello"))
    assert outcome.matched is True
    assert outcome.end is not None
    assert outcome.end.kind == "local"
    assert "finish.sent" not in [event.name for event in transcript.events()]
    transcript.close()


async def test_a_peer_that_ends_without_saying_it_did_not_match():
    transcript = Transcript()
    with scripted_peer([("expect", b"hi"), ("send", b"no")]) as peer:
        outcome = await run(peer, transcript, sends=[b"hi"], expect=ExpectOctets(b"yes"))
    assert (outcome.matched, outcome.received) == (False, 2)
    transcript.close()


async def test_a_reset_after_our_octets_is_an_end():
    transcript = Transcript()
    with scripted_peer([("expect", b"x"), ("reset",)]) as peer:
        outcome = await run(peer, transcript, sends=[b"x"])
    assert outcome.end is not None
    assert outcome.end.kind == "RST"
    transcript.close()


async def test_a_silent_peer_is_too_slow_and_the_conversation_is_kept():
    transcript = Transcript()
    with scripted_peer([("expect", b"x"), ("send", b"wait"), ("stall",)]) as peer:
        with pytest.raises(TooSlow) as caught:
            await run(peer, transcript, sends=[b"x"], timeout_s=0.8)
        assert caught.value.stage == "talk"
    assert transcript.stream(0, Direction.RECEIVED, "tcp").read(0, 9) == b"wait"
    ends = [event.values for event in transcript.events() if event.name == "end"]
    assert ends[0]["kind"] == "timeout"
    transcript.close()


async def test_a_peer_that_reads_only_after_it_was_read_does_not_lock_both_sides():
    """An echo of 8 MiB: both directions' buffers are full long before all is sent."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    transcript = Transcript()
    data = bytes(range(256)) * 32768
    target = parse_target(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
    outcome = await talk(target, transcript, sends=[data], timeout_s=15)
    assert outcome.sha256 == hashlib.sha256(data).hexdigest()
    server.close()
    await server.wait_closed()
    transcript.close()


async def test_a_peer_that_resets_while_we_send_is_a_lost_link():
    transcript = Transcript()
    with scripted_peer([("expect", b"x"), ("reset",)]) as peer, pytest.raises(LinkLost) as caught:
        await run(peer, transcript, sends=[b"x" + b"y" * 20_000_000])
    assert caught.value.committed == "maybe"
    transcript.close()


async def test_what_is_expected_may_come_before_all_was_sent():
    transcript = Transcript()
    with scripted_peer([("expect", b"x"), ("send", b"enough"), ("stall",)]) as peer:
        outcome = await run(
            peer, transcript, sends=[b"x" * 20_000_000], expect=ExpectOctets(b"enough"), timeout_s=15
        )
    assert outcome.matched is True
    transcript.close()


async def test_datagrams_wait_for_as_many_answers_as_were_sent():
    transcript = Transcript()
    async with await open_datagram(transcript, local=parse_target("127.0.0.1:0", listening=True)) as server:

        async def echo() -> None:
            for _ in range(2):
                received = await server.receive()
                await server.send(received.data, received.source)

        echoing = asyncio.create_task(echo())
        outcome = await exchange_datagrams(parse_target(server.address), transcript, sends=[b"", b"two"])
        await echoing
    assert (outcome.datagrams, outcome.received, outcome.end) == (2, 3, None)
    transcript.close()


async def test_missing_answers_are_too_slow():
    transcript = Transcript()
    async with await open_datagram(transcript, local=parse_target("127.0.0.1:0", listening=True)) as server:
        with pytest.raises(TooSlow) as caught:
            await exchange_datagrams(parse_target(server.address), transcript, sends=[b"?"], timeout_s=0.05)
    assert "0 of 1" in str(caught.value)
    transcript.close()

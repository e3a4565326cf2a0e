"""A disk slower than the network slows the network: nothing lost, nobody blocked, memory bounded."""

import asyncio
import hashlib

import pytest

from tests.kit.held_disk import held_disk
from tests.kit.pulse import even_pulse
from workbench.errors import LinkLost, LocalFault, LocalMisuse
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.transcript.spool import MAX_WAITING
from workbench.wire.datagram import open_datagram
from workbench.wire.memory import pair
from workbench.wire.stream import Stream

MIB = 1024 * 1024
FLOOD = 40 * MIB
WITHIN_S = 60.0


def digest_of(transcript: Transcript, channel: int, direction: Direction) -> str:
    stream = transcript.stream(channel, direction, "memory")
    found = hashlib.sha256()
    for start in range(0, len(stream), MIB):
        found.update(stream.read(start, start + MIB))
    return found.hexdigest()


async def all_of(stream: Stream) -> int:
    count = 0
    while data := await stream.read():
        count += len(data)
    return count


async def until_behind(transcript: Transcript) -> None:
    """The loop goes on turning meanwhile: that is half of what is tested."""
    async with asyncio.timeout(WITHIN_S):
        while not transcript.is_behind:  # noqa: ASYNC110 - the transcript has no event for it
            await asyncio.sleep(0)


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def flood() -> bytes:
    return b"".join(hashlib.sha256(b"%d" % number).digest() * 2048 for number in range(FLOOD // 65536))


async def flooded(transcript: Transcript, disk, gaps: list[float] | None = None) -> None:
    """One side sends 40 MiB, the other reads; the disk takes nothing until both have stopped."""
    data = flood()
    left, right = pair(transcript)

    async def send() -> None:
        await left.send(data)
        await left.finish()

    sender, reader = asyncio.create_task(send()), asyncio.create_task(all_of(right))
    await until_behind(transcript)
    await turns(200)
    waiting = transcript.octets_in_memory
    await turns(200)
    # Nothing is read or sent any more, and yet the loop turns.
    assert transcript.octets_in_memory == waiting
    assert MAX_WAITING < waiting < MAX_WAITING + 2 * MIB
    assert not sender.done()
    assert not reader.done()
    disk.let_go()
    async with asyncio.timeout(WITHIN_S):
        await sender
        assert await reader == FLOOD
    wanted = hashlib.sha256(data).hexdigest()
    assert digest_of(transcript, 0, Direction.SENT) == wanted
    assert digest_of(transcript, 1, Direction.RECEIVED) == wanted
    await left.aclose()
    await right.aclose()


async def test_a_disk_that_hangs_stops_readers_and_senders_and_loses_nothing(monkeypatch: pytest.MonkeyPatch):
    with held_disk(monkeypatch) as disk:
        transcript = Transcript(spool_after=MIB)
        await flooded(transcript, disk)
        transcript.close()


@pytest.mark.qt
async def test_the_heartbeat_of_the_window_goes_on_while_the_disk_hangs(monkeypatch: pytest.MonkeyPatch):
    data = flood()
    with held_disk(monkeypatch) as disk:
        transcript = Transcript(spool_after=MIB)
        left, right = pair(transcript)
        with even_pulse():
            sender, reader = asyncio.create_task(left.send(data)), asyncio.create_task(all_of(right))
            await until_behind(transcript)
            beats = asyncio.Event()
            asyncio.get_running_loop().call_later(0.2, beats.set)
            await beats.wait()
        assert not sender.done()
        disk.let_go()
        async with asyncio.timeout(WITHIN_S):
            await sender
            await left.finish()
            assert await reader == FLOOD
        await left.aclose()
        await right.aclose()
        transcript.close()


async def test_a_reader_that_waits_for_the_disk_is_let_go_by_closing_its_stream(
    monkeypatch: pytest.MonkeyPatch,
):
    with held_disk(monkeypatch):
        transcript = Transcript(spool_after=0)
        left, right = pair(transcript)
        await fill(transcript)
        reader, sender = asyncio.create_task(right.read()), asyncio.create_task(left.send(b"x"))
        await turns(5)
        assert not reader.done()
        await right.aclose()
        await left.aclose()
        async with asyncio.timeout(WITHIN_S):
            assert await reader == b""
            with pytest.raises(LocalMisuse):
                await sender
        transcript.close()


async def test_waiting_for_the_disk_can_be_cancelled_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch):
    with held_disk(monkeypatch) as disk:
        transcript = Transcript(spool_after=0)
        left, right = pair(transcript)
        left._sock.send(b"still here")
        await fill(transcript)
        reader = asyncio.create_task(right.read())
        await turns(5)
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        assert reader.cancelled()
        disk.let_go()
        async with asyncio.timeout(WITHIN_S):
            assert await right.read() == b"still here"
        await left.aclose()
        await right.aclose()
        transcript.close()


async def test_a_full_disk_ends_the_reading_with_the_fault_and_keeps_what_was_said(
    monkeypatch: pytest.MonkeyPatch,
):
    with held_disk(monkeypatch) as disk:
        disk.full = True
        transcript = Transcript(spool_after=0)
        left, right = pair(transcript)
        left._sock.send(b"the last word")
        await fill(transcript)
        reader = asyncio.create_task(right.read())
        await turns(5)
        disk.let_go()
        async with asyncio.timeout(WITHIN_S):
            with pytest.raises(LocalFault) as caught:
                await reader
        assert caught.value.errno_name == "ENOSPC"
        assert right.channel.stream(Direction.RECEIVED).read(0, 99) == b"the last word"
        await left.aclose()
        await right.aclose()
        transcript.close()


async def test_datagrams_wait_for_the_disk_too(monkeypatch: pytest.MonkeyPatch):
    with held_disk(monkeypatch) as disk:
        transcript = Transcript(spool_after=0)
        here = await open_datagram(transcript, local=parse_target("127.0.0.1:0", listening=True))
        there = await open_datagram(Transcript(), remote=parse_target(here.address))
        await there.send(b"one")
        assert (await here.receive()).data == b"one"
        await fill(transcript)
        await there.send(b"two")
        receiver = asyncio.create_task(here.receive())
        sender = asyncio.create_task(here.send(b"three", to=there.address))
        await turns(20)
        assert not receiver.done()
        assert not sender.done()
        disk.let_go()
        async with asyncio.timeout(WITHIN_S):
            assert (await receiver).data == b"two"
            await sender
            assert (await there.receive()).data == b"three"
        await here.aclose()
        await there.aclose()
        there.channel.transcript.close()
        transcript.close()


async def test_a_datagram_socket_closed_while_the_disk_hangs_lets_its_reader_go(
    monkeypatch: pytest.MonkeyPatch,
):
    with held_disk(monkeypatch):
        transcript = Transcript(spool_after=0)
        here = await open_datagram(transcript, local=parse_target("127.0.0.1:0", listening=True))
        await fill(transcript)
        receiver = asyncio.create_task(here.receive())
        await turns(5)
        await here.aclose()
        async with asyncio.timeout(WITHIN_S):
            with pytest.raises(LinkLost):
                await receiver
        transcript.close()


async def fill(transcript: Transcript) -> None:
    """As if somebody else had recorded until the disk was behind."""
    other = transcript.open("somebody else", "tcp")
    while not transcript.is_behind:
        other.received(bytes(MIB))

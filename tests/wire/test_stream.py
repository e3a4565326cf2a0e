"""Streams: every octet recorded, ends as values, each half for itself, nothing lost to a timeout."""

import asyncio
import hashlib
import socket
import struct

import pytest

from tests.kit.chop import chop
from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LinkLost, LocalFault, LocalMisuse, PeerMisbehaved, TooSlow
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.dial import dial
from workbench.wire.ends import HalfState
from workbench.wire.memory import pair


def facts(transcript: Transcript) -> list[str]:
    return [event.name for event in transcript.events() if event.kind == "fact"]


async def send_until_it_fails(stream) -> None:
    while True:
        await stream.send(b"two")
        await asyncio.sleep(0)


async def connect(peer, transcript: Transcript):
    return await dial(parse_target(str(peer)), transcript)


async def test_an_echo_is_recorded_in_both_directions_with_every_step():
    transcript = Transcript()
    with scripted_peer([("expect", b"hello\r\n"), ("send", b"HELLO\r\n"), ("wait_eof",)]) as peer:
        stream = await connect(peer, transcript)
        await stream.send(b"hello\r\n")
        assert await stream.read_until(b"\n", limit=100) == b"HELLO\r\n"
        await stream.finish()
        assert await stream.read() == b""
        assert stream.end is not None
        assert (stream.end.kind, stream.end.by) == ("FIN", "peer")
        await stream.aclose()
    assert stream.channel.stream(Direction.SENT).read(0, 99) == b"hello\r\n"
    assert stream.channel.stream(Direction.RECEIVED).read(0, 99) == b"HELLO\r\n"
    assert facts(transcript) == [
        "resolve.numeric",
        "connect.started",
        "connect.complete",
        "finish.sent",
        "end",
        "close",
    ]
    info = transcript.channels[0]
    assert info.peer == str(peer)
    assert info.local.startswith("127.0.0.1:")
    transcript.close()


@pytest.mark.covers("C5.1")
async def test_after_we_finish_the_other_half_stays_open():
    transcript = Transcript()
    with scripted_peer([("wait_eof",), ("send", b"still "), ("send", b"here")]) as peer:
        stream = await connect(peer, transcript)
        await stream.finish()
        assert stream.sending is HalfState.FINISHED
        assert stream.receiving is HalfState.OPEN
        with pytest.raises(LocalMisuse):
            await stream.send(b"more")
        assert await stream.read_exactly(10) == b"still here"
        assert await stream.read() == b""
        assert stream.receiving is HalfState.FINISHED
        await stream.aclose()
    transcript.close()


async def test_after_the_peer_finished_we_still_send():
    transcript = Transcript()
    with scripted_peer([("finish",), ("expect", b"late"), ("wait_eof",)]) as peer:
        stream = await connect(peer, transcript)
        assert await stream.read() == b""
        assert (stream.receiving, stream.sending) == (HalfState.FINISHED, HalfState.OPEN)
        await stream.send(b"late")
        await stream.finish()
        peer.wait()
        await stream.aclose()
    transcript.close()


async def test_a_reset_is_an_end_not_an_error_of_reading():
    transcript = Transcript()
    with scripted_peer([("expect", b"x"), ("reset",)]) as peer:
        stream = await connect(peer, transcript)
        await stream.send(b"x")
        assert await stream.read() == b""
        assert stream.end is not None
        assert stream.end.kind == "RST"
        assert (stream.sending, stream.receiving) == (HalfState.RESET, HalfState.RESET)
        with pytest.raises(LinkLost) as caught:
            await stream.send(b"y")
        assert caught.value.errno_name == "ECONNRESET"
        await stream.finish()
        await stream.aclose()
    transcript.close()


@pytest.mark.covers("C2.11")
async def test_the_first_send_into_a_closed_connection_succeeds_and_a_later_one_tells():
    transcript = Transcript()
    with scripted_peer([("send", b"bye")]) as peer:
        stream = await connect(peer, transcript)
        peer.wait()
        assert await stream.read() == b"bye"
        assert await stream.read() == b""
        await stream.send(b"one")
        with pytest.raises(LinkLost) as caught:
            await send_until_it_fails(stream)
        assert caught.value.errno_name in ("EPIPE", "ECONNRESET")
        assert caught.value.committed == "maybe"
        assert stream.channel.stream(Direction.SENT).read(0, 3) == b"one"
        await stream.aclose()
    transcript.close()


async def test_abort_sends_a_reset():
    transcript = Transcript()
    left, right = pair(transcript)
    server = await asyncio.start_server(lambda r, w: arrived.set_result((r, w)), "127.0.0.1", 0)
    arrived: asyncio.Future = asyncio.get_running_loop().create_future()
    stream = await dial(parse_target(f"127.0.0.1:{server.sockets[0].getsockname()[1]}"), transcript)
    reader, writer = await arrived
    stream.abort()
    with pytest.raises(ConnectionResetError):
        await reader.read()
    assert stream.end is not None
    assert (stream.end.kind, stream.end.by) == ("RST", "us")
    stream.abort()
    await stream.aclose()
    assert await stream.read() == b""
    writer.close()
    server.close()
    await server.wait_closed()
    await left.aclose()
    await right.aclose()
    transcript.close()


async def test_closing_with_unread_octets_is_told():
    transcript = Transcript()
    left, right = pair(transcript)
    await right.send(b"12345")
    assert await left.read(2) == b"12"
    await left.aclose()
    assert transcript[-1].values == {"unread": 3}
    assert left.end is not None
    assert left.end.kind == "local"
    await right.aclose()
    transcript.close()


async def test_a_timeout_loses_nothing_and_the_stream_goes_on():
    transcript = Transcript()
    left, right = pair(transcript)
    with pytest.raises(TooSlow) as caught:
        await left.read(timeout_s=0.01)
    assert caught.value.stage == "receive"
    await right.send(b"par")
    with pytest.raises(TooSlow):
        await left.read_until(b"\n", limit=100, timeout_s=0.01)
    await right.send(b"tial\nrest")
    assert await left.read_until(b"\n", limit=100, timeout_s=15) == b"partial\n"
    assert await left.read() == b"rest"
    await left.aclose()
    await right.aclose()
    transcript.close()


async def test_a_cancelled_read_loses_nothing():
    transcript = Transcript()
    left, right = pair(transcript)
    for number in range(50):
        reading = asyncio.create_task(left.read())
        await asyncio.sleep(0)
        await right.send(b"%d;" % number)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        taken = reading.result() if not reading.cancelled() else await left.read()
        assert taken == b"%d;" % number
    await left.aclose()
    await right.aclose()
    transcript.close()


async def test_two_readers_at_once_are_refused():
    transcript = Transcript()
    left, right = pair(transcript)
    reading = asyncio.create_task(left.read())
    await asyncio.sleep(0)
    with pytest.raises(LocalMisuse):
        await left.read()
    await right.send(b"x")
    assert await reading == b"x"
    await left.aclose()
    await right.aclose()
    transcript.close()


async def test_two_senders_never_mix_their_octets():
    transcript = Transcript()
    left, right = pair(transcript)
    size = 1_000_000
    sending = [asyncio.create_task(left.send(letter * size)) for letter in (b"a", b"b")]
    data = await right.read_exactly(2 * size)
    await asyncio.gather(*sending)
    assert data == b"a" * size + b"b" * size
    await left.aclose()
    await right.aclose()
    transcript.close()


async def test_closing_wakes_a_waiting_reader():
    transcript = Transcript()
    left, right = pair(transcript)
    reading = asyncio.create_task(left.read())
    waiting = asyncio.create_task(left.wait_closed())
    await asyncio.sleep(0)
    await left.aclose()
    assert await reading == b""
    await waiting
    await right.aclose()
    transcript.close()


@pytest.mark.parametrize("cut", [1, 2, 3, 100])
async def test_lines_are_the_same_however_the_octets_are_cut(cut):
    transcript = Transcript()
    left, right = pair(transcript)

    async def speak() -> None:
        for piece in chop(b"one\r\ntwo\r\n\r\nend", cut):
            await right.send(piece)
            await asyncio.sleep(0)
        await right.finish()

    speaking = asyncio.create_task(speak())
    lines = []
    while line := await left.read_until(b"\r\n", limit=10):
        lines.append(line)
    assert lines == [b"one\r\n", b"two\r\n", b"\r\n", b"end"]
    await speaking
    await left.aclose()
    await right.aclose()
    transcript.close()


async def test_a_line_without_end_is_refused_at_its_limit():
    transcript = Transcript()
    left, right = pair(transcript)
    await right.send(b"x" * 1000)
    with pytest.raises(PeerMisbehaved):
        await left.read_until(b"\n", limit=100)
    await right.send(b"y" * 99 + b"\n")
    assert len(await left.read_exactly(1000)) == 1000
    assert await left.read_until(b"\n", limit=100) == b"y" * 99 + b"\n"
    await left.aclose()
    await right.aclose()
    transcript.close()


async def test_read_exactly_gives_what_there_was_when_the_peer_ends_before():
    transcript = Transcript()
    left, right = pair(transcript)
    await right.send(b"abc")
    await right.aclose()
    assert await left.read_exactly(10) == b"abc"
    assert left.end is not None
    await left.aclose()
    transcript.close()


async def test_sixteen_mebibytes_arrive_whole_and_others_keep_their_turn():
    transcript = Transcript()
    left, right = pair(transcript)
    data = bytes(range(256)) * 4096 * 16
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(others())
    sending = asyncio.create_task(right.send(data))
    digest, count = hashlib.sha256(), 0
    while count < len(data):
        piece = await left.read()
        digest.update(piece)
        count += len(piece)
    await sending
    other.cancel()
    assert digest.digest() == hashlib.sha256(data).digest()
    stream = left.channel.stream(Direction.RECEIVED)
    assert len(stream) == len(data)
    assert stream.read(5_000_000, 5_000_256) == data[5_000_000:5_000_256]
    assert turns > 10
    await asyncio.gather(other, return_exceptions=True)
    await left.aclose()
    await right.aclose()
    transcript.close()


async def test_a_peer_that_takes_nothing_makes_sending_too_slow():
    transcript = Transcript()
    left, right = pair(transcript)
    with pytest.raises(TooSlow):
        await left.send(b"x" * 10_000_000, timeout_s=0.02)
    sent = len(left.channel.stream(Direction.SENT))
    assert 0 < sent < 10_000_000, "what the system took is recorded, and no more"
    assert len(await right.read_exactly(sent)) == sent
    await left.aclose()
    await right.aclose()
    transcript.close()


async def test_secret_ranges_follow_the_pieces():
    transcript = Transcript()
    left, right = pair(transcript)
    await left.send(b"PASS hush\r\n", secret=[(5, 9)])
    assert transcript.stream_secrets(0, Direction.SENT, "memory") == ((5, 9),)
    await left.aclose()
    await right.aclose()
    transcript.close()


async def test_when_the_disk_is_full_the_stream_stops_with_a_local_fault(tmp_path):
    transcript = Transcript(spool_after=1000, folder=str(tmp_path / "missing"))
    left, right = pair(transcript)
    with pytest.raises(LocalFault):
        await left.send(b"x" * 2000)
    assert transcript.data(transcript[0]) == b"x" * 2000
    with pytest.raises(LocalFault):
        await right.read()
    await left.aclose()
    await right.aclose()
    assert transcript[-1].name == "close"
    transcript.close()


async def test_a_reset_that_arrives_with_data_queued_leaves_the_data_readable():
    """The peer's last words must not be lost because we tried to send into its reset."""
    transcript = Transcript()
    listening = socket.create_server(("127.0.0.1", 0))
    stream = await dial(parse_target(f"127.0.0.1:{listening.getsockname()[1]}"), transcript)
    connection, _ = listening.accept()
    connection.sendall(b"last words")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    with pytest.raises(LinkLost):
        await send_until_it_fails(stream)
    rest = b""
    while data := await stream.read():
        rest += data
    assert rest in (b"last words", b""), "what the system kept is delivered whole"
    assert stream.end is not None
    assert stream.end.kind == "RST"
    await stream.aclose()
    listening.close()
    transcript.close()

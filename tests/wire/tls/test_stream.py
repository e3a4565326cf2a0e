"""Plaintext over TLS: both layers recorded, halves that end for themselves, ends told apart, nothing lost."""

import asyncio
import contextlib
import hashlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.wire.tls.sides import authority, client, facts, server, sides
from workbench.errors import LocalMisuse, PeerMisbehaved, TooSlow
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.dial import dial
from workbench.wire.ends import HalfState
from workbench.wire.tls.handshake import start_tls
from workbench.wire.tls.stream import TlsStream

both_versions = pytest.mark.parametrize("version", ["1.2", "1.3"])


@both_versions
async def test_plaintext_and_records_are_both_kept(version: str):
    async with sides() as joined:
        ours, theirs = await joined.both(client(), server(max_version=version))
        await ours.send(b"user x\r\npass secret\r\n", secret=[(13, 19)])
        assert await theirs.read_until(b"\n", limit=100) == b"user x\r\n"
        assert await theirs.read_exactly(13) == b"pass secret\r\n"
        sent = ours.channel.stream(Direction.SENT, "tls")
        assert sent.read(0, 99) == b"user x\r\npass secret\r\n"
        event = next(e for e in joined.transcript.events() if e.layer == "tls" and e.kind == "bytes")
        assert joined.transcript.secrets(event) == ((13, 19),)
        records = joined.transcript.stream(0, Direction.SENT, "memory")
        everything = records.read(0, len(records))
        assert everything[:3] == b"\x16\x03\x01"
        assert b"secret" not in everything
        assert len(records) == len(joined.transcript.stream(1, Direction.RECEIVED, "memory"))
        await ours.aclose()
        await theirs.aclose()


@both_versions
async def test_each_half_finishes_for_itself(version: str):
    async with sides() as joined:
        ours, theirs = await joined.both(client(), server(max_version=version))
        await ours.finish()
        assert await theirs.read() == b""
        assert theirs.end is not None
        assert (theirs.end.kind, theirs.end.by) == ("close_notify", "peer")
        assert (theirs.receiving, theirs.sending) == (HalfState.FINISHED, HalfState.OPEN)
        await theirs.send(b"still here")
        assert await ours.read_exactly(10) == b"still here"
        with pytest.raises(LocalMisuse):
            await ours.send(b"more")
        await theirs.finish()
        assert await ours.read() == b""
        await ours.aclose()
        await theirs.aclose()
        assert facts(joined.transcript, 0)[-4:] == ["tls.finished", "tls.alert", "tls.end", "close"]


async def test_an_end_without_close_notify_is_truncation():
    async with sides() as joined:
        ours, theirs = await joined.both(client(), server())
        await theirs.send(b"half of it")
        await theirs.truncate()
        assert await ours.read_exactly(10) == b"half of it"
        assert await ours.read() == b""
        assert ours.end is not None
        assert (ours.end.kind, ours.end.by) == ("truncated", "peer")
        await ours.aclose()


async def test_a_reset_is_an_end_too():
    transcript = Transcript()
    async with python_server() as port:
        plain = await dial(parse_target(f"127.0.0.1:{port}"), transcript)
        stream = await start_tls(plain, client())
        await stream.send(b"reset me")
        assert await stream.read() == b""
        assert stream.end is not None
        assert stream.end.kind == "RST"
        await stream.aclose()
    transcript.close()


@both_versions
async def test_a_flipped_bit_is_found_and_blamed(version: str):
    async with sides() as joined:
        ours, theirs = await joined.both(client(), server(max_version=version))
        await ours.below.send(b"\x17\x03\x03\x00\x20" + bytes(32))
        with pytest.raises(PeerMisbehaved, match="record is wrong") as caught:
            await theirs.read()
        assert caught.value.stage == "tls"
        assert any(e.name == "tls.alert" and e.values["by"] == "us" for e in joined.transcript.events())
        await ours.aclose()
        await theirs.aclose()


async def test_a_read_that_times_out_or_is_cancelled_loses_nothing():
    async with sides() as joined:
        ours, theirs = await joined.both(client(), server())
        with pytest.raises(TooSlow):
            await ours.read(timeout_s=0.01)
        task = asyncio.create_task(ours.read())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await theirs.send(b"late")
        assert await ours.read() == b"late"
        await ours.aclose()
        await theirs.aclose()


async def test_only_one_reads_at_a_time():
    async with sides() as joined:
        ours, theirs = await joined.both(client(), server())
        task = asyncio.create_task(ours.read())
        await asyncio.sleep(0)
        with pytest.raises(LocalMisuse):
            await ours.read()
        await theirs.send(b"x")
        assert await task == b"x"
        await ours.aclose()
        await theirs.aclose()


@both_versions
async def test_much_passes_both_ways_at_once(version: str):
    data = bytes(range(256)) * 8192
    async with sides() as joined:
        ours, theirs = await joined.both(client(), server(max_version=version))

        async def take(stream: TlsStream) -> bytes:
            digest = hashlib.sha256()
            while piece := await stream.read():
                digest.update(piece)
            return digest.digest()

        async def give(stream: TlsStream) -> None:
            await stream.send(data)
            await stream.finish()

        first, second, *_ = await asyncio.gather(take(ours), take(theirs), give(ours), give(theirs))
        assert first == second == hashlib.sha256(data).digest()
        await ours.aclose()
        await theirs.aclose()


async def test_a_peer_that_takes_nothing_does_not_hold_up_the_closing():
    async with sides() as joined:
        ours, theirs = await joined.both(client(), server())
        task = asyncio.create_task(ours.send(bytes(8 * 1024 * 1024)))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(60):
            await ours.aclose()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert not ours.is_open
        await ours.wait_closed()
        await theirs.aclose()


async def test_after_a_send_that_was_given_up_nothing_more_is_sent():
    async with sides() as joined:
        ours, theirs = await joined.both(client(), server())
        with pytest.raises(TooSlow):
            await ours.send(bytes(8 * 1024 * 1024), timeout_s=0.01)
        assert ours.sending is HalfState.RESET
        await ours.aclose()
        await theirs.aclose()


async def test_an_abort_resets_the_connection_below():
    async with sides() as joined:
        ours, theirs = await joined.both(client(), server())
        ours.abort()
        assert not ours.below.is_open
        assert ours.end is not None
        assert ours.end.by == "us"
        await theirs.aclose()


# ---- beside Python's own TLS


@contextlib.asynccontextmanager
async def python_server() -> AsyncIterator[int]:
    """An echo by asyncio's streams under the standard library's ssl; "reset me" is answered by RST."""
    identity = authority().server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    load_identity(context, identity.chain + identity.key)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                if data == b"reset me":
                    linger = struct.pack("ii", 1, 0)
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    writer.transport.abort()
                    return
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await writer.wait_closed()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await asyncio.sleep(0)


def load_identity(context: ssl.SSLContext, pem: bytes) -> None:
    """The standard library reads certificates from files only."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "identity.pem")
        file.write_bytes(pem)
        context.load_cert_chain(file)


async def test_pythons_own_tls_echoes_what_we_send():
    transcript = Transcript()
    async with python_server() as port:
        plain = await dial(parse_target(f"127.0.0.1:{port}"), transcript)
        stream = await start_tls(plain, client())
        await stream.send(b"hello")
        assert await stream.read_exactly(5) == b"hello"
        await stream.finish()
        assert await stream.read() == b""
        assert stream.end is not None
        assert stream.end.kind == "close_notify"
        await stream.aclose()
    transcript.close()

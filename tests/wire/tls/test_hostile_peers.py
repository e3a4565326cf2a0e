"""Peers that mean ill, to a client and to a server: ended with the stage named, in time, nothing left open."""

import asyncio
import contextlib
import functools
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kit.scripted_peer import scripted_peer
from tests.wire.tls.forger import AND_YOU_TOO, HANDSHAKE, KEY_UPDATE, Forger, OldForger
from tests.wire.tls.sides import client, server, sides
from workbench.errors import LinkLost, PeerMisbehaved, Refused, TooSlow, Untrusted, WorkbenchError
from workbench.formats.proxy_address import parse_proxy
from workbench.formats.target import parse_target
from workbench.lab.authority import Authority
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.dial import dial
from workbench.wire.ends import HalfState
from workbench.wire.listen import listen
from workbench.wire.memory import pair
from workbench.wire.stream import Stream
from workbench.wire.tls import stream as stream_module
from workbench.wire.tls.handshake import MAX_HANDSHAKE_OCTETS, start_tls
from workbench.wire.tls.setup import TlsSetup, client_setup, server_setup
from workbench.wire.tls.stream import TlsStream
from workbench.wire.tls.values import Identity, TlsOptions

roles = pytest.mark.parametrize("role", ["client", "server"])
both_sides = pytest.mark.parametrize("side", ["SERVER", "CLIENT"])
both_versions = pytest.mark.parametrize("version", ["1.2", "1.3"])


def setup(role: str) -> TlsSetup:
    return client() if role == "client" else server()


@contextlib.asynccontextmanager
async def victim() -> AsyncIterator[tuple[Stream, socket.socket]]:
    """A stream over TCP, and the bare socket at its other end; what is left of them is closed."""
    transcript = Transcript()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stream = await dial(parse_target(f"127.0.0.1:{listening.getsockname()[1]}"), transcript)
        hostile, _ = listening.accept()
    hostile.setblocking(False)
    try:
        yield stream, hostile
    finally:
        hostile.close()
        await stream.aclose()
        assert not stream.is_open
        transcript.close()


def failed(failure: WorkbenchError, stream: Stream) -> WorkbenchError:
    """The failure, after a look at what every one must have: its stage, and its place in the transcript."""
    assert failure.stage == "tls"
    assert failure.transcript_index is not None
    event = stream.channel.transcript[failure.transcript_index]
    assert (event.name, event.values["kind"]) == ("tls.failed", failure.kind)
    return failure


async def hello_of(role: str) -> bytes:
    """A true first flight: a ServerHello and all behind it for a client, a ClientHello for a server."""
    async with sides() as joined:
        await joined.each(client(), server())
        number = 1 if role == "client" else 0
        sent = joined.transcript.stream(number, Direction.SENT, "memory")
        return sent.read(0, len(sent))


# ---- in the handshake


@roles
@pytest.mark.parametrize("share", [0.0, 0.01, 0.05])
async def test_a_reset_in_the_handshake_is_a_lost_link(role: str, share: float):
    flight = await hello_of(role)
    flight = flight[: int(len(flight) * share)] if role == "client" else flight[: int(400 * share)]
    async with victim() as (stream, hostile):
        task = asyncio.create_task(start_tls(stream, setup(role), timeout_s=15))
        if role == "client":
            await asyncio.get_running_loop().sock_recv(hostile, 65536)
        hostile.send(flight)
        # Until it was read: a reset throws away what was not.
        arrived = stream.channel.stream
        await until(stream.channel.transcript, lambda: len(arrived(Direction.RECEIVED)) == len(flight))
        hostile.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        hostile.close()
        with pytest.raises(WorkbenchError) as caught:
            await task
        failure = failed(caught.value, stream)
        assert isinstance(failure, LinkLost)
        assert failure.errno_name == "ECONNRESET"
        assert f"{len(flight)} octets" in failure.what


async def until(transcript: Transcript, there: Callable[[], bool]) -> None:
    """Return once something is there, looked for whenever more is recorded."""
    more = asyncio.Event()
    cut = transcript.observe(lambda _transcript: more.set())
    while not there():
        more.clear()
        await more.wait()
    cut()


@roles
@given(garbage=st.binary(min_size=1, max_size=300), as_record=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_for_a_hello_is_ours_to_name(role: str, garbage: bytes, as_record: bool):
    if as_record:
        garbage = struct.pack("!BHH", 22, 0x0303, len(garbage)) + garbage

    async def main() -> None:
        transcript = Transcript()
        left, right = pair(transcript)
        try:
            await right.send(garbage)
            await right.finish()
            with pytest.raises((PeerMisbehaved, LinkLost, Refused)) as caught:
                await start_tls(left, setup(role), timeout_s=15)
            failed(caught.value, left)
        finally:
            await left.aclose()
            await right.aclose()
            transcript.close()

    asyncio.run(main())


@roles
async def test_a_handshake_one_octet_at_a_time_ends_at_the_deadline(role: str):
    flight = await hello_of(role)
    async with victim() as (stream, hostile):

        async def drip() -> None:
            for octet in flight:
                hostile.send(bytes([octet]))
                await asyncio.sleep(0.01)

        dripping, started = asyncio.create_task(drip()), time.monotonic()
        with pytest.raises(TooSlow, match=r"did not end within 300 ms") as caught:
            await start_tls(stream, setup(role), timeout_s=0.3)
        assert time.monotonic() - started < 5
        failed(caught.value, stream)
        assert len(stream.channel.stream(Direction.RECEIVED)) < len(flight)
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)


@both_versions
@roles
async def test_a_certificate_of_sixteen_mebibytes_is_refused_before_it_is_there(role: str, version: str):
    huge = huge_identity()
    async with sides() as joined:
        if role == "client":
            honest, victim_side, other_side = client(), joined.left, joined.right
            hostile = server_setup(TlsOptions(identity=huge, max_version=version))
        else:
            honest, victim_side, other_side = server(ask_client="require"), joined.right, joined.left
            hostile = client_setup(
                honest.options._replace(identity=huge, max_version=version, untrusted="show")
            )
        other = asyncio.create_task(start_tls(other_side, hostile, timeout_s=10))
        with pytest.raises(WorkbenchError) as caught:
            await start_tls(victim_side, honest, timeout_s=10)
        assert isinstance(failed(caught.value, victim_side), PeerMisbehaved)
        assert "excessive message size" in caught.value.what
        received = len(victim_side.channel.stream(Direction.RECEIVED))
        assert received <= MAX_HANDSHAKE_OCTETS + stream_module.FEED_AT_MOST
        await victim_side.aclose()
        (ended,) = await asyncio.gather(other, return_exceptions=True)
        # A client of TLS 1.3 is done when it has said all, whatever the server thinks of it.
        if isinstance(ended, Stream):
            await ended.aclose()
        else:
            assert isinstance(ended, WorkbenchError)


@functools.cache
def huge_identity() -> Identity:
    """A certificate of nearly 16 MiB, the most that a message can be long (RFC 8446 section 4), and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "huge")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), bytes(16_700_000)), False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Identity(certificate.public_bytes(serialization.Encoding.PEM), private)


@both_versions
async def test_a_proxy_that_lies_before_tls_is_told_by_what_it_says(version: str):
    yes = b"HTTP/1.1 200 Connection established\r\n\r\n"
    ask = b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n"
    transcript = Transcript()
    for lie in (
        b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
        b"\x16\x03\x03\x00\x04\xff\xff\xff\xff",
        b"\x15\x03\x03\x00\x02\x02\x28",
    ):
        with scripted_peer([("expect", ask), ("send", yes + lie), ("stall",)]) as peer:
            proxy = parse_proxy(f"http://{peer}")
            stream = await dial(parse_target("localhost:443"), transcript, proxy=proxy, timeout_s=15)
            with pytest.raises((PeerMisbehaved, Refused)) as caught:
                await start_tls(stream, client(max_version=version), timeout_s=15)
            await stream.aclose()
        failed(caught.value, stream)
        assert not stream.is_open
    transcript.close()


async def test_a_proxy_that_answers_in_the_servers_place_is_not_trusted():
    theirs = server_setup(TlsOptions(identity=Authority("the proxy's own").server()))
    transcript = Transcript()
    async with await listen(parse_target("127.0.0.1:0", listening=True), transcript) as listener:

        async def lie() -> None:
            async with await listener.accept() as plain:
                await plain.read_until(b"\r\n\r\n", limit=1000)
                await plain.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await start_tls(plain, theirs)

        lying = asyncio.create_task(lie())
        proxy = parse_proxy(f"http://{listener.address}")
        stream = await dial(parse_target("localhost:443"), transcript, proxy=proxy)
        with pytest.raises(Untrusted) as caught:
            await start_tls(stream, client(), timeout_s=15)
        failed(caught.value, stream)
        await stream.aclose()
        (heard,) = await asyncio.gather(lying, return_exceptions=True)
        assert isinstance(heard, Refused)
        assert heard.reply == "unknown_ca"
    transcript.close()


# ---- afterwards


@both_sides
async def test_a_storm_of_renegotiation_is_ended(side: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stream_module, "MAX_IDLE_OCTETS", 16 * 1024)
    async with sides() as joined:
        ours, theirs = await joined.both(client(max_version="1.2"), server())
        assert ours.handshake.cipher == "ECDHE-ECDSA-AES256-GCM-SHA384"
        client_sent, server_sent = (joined.transcript.stream(n, Direction.SENT, "memory") for n in (0, 1))
        forger = OldForger(ours.keys, server_sent.read(11, 43), side)
        victim, hostile = (ours, theirs.below) if side == "SERVER" else (theirs, ours.below)
        # A HelloRequest, or the client's first hello again (RFC 5246 sections 7.4.1.1 and 7.4.1.2).
        hello = client_sent.read(5, 5 + int.from_bytes(client_sent.read(3, 5)))
        message = bytes(4) if side == "SERVER" else hello

        async def storm() -> None:
            with contextlib.suppress(LinkLost):
                while True:
                    await hostile.send(forger.seal(message, HANDSHAKE))
                    await asyncio.sleep(0)

        storming = asyncio.create_task(storm())
        with pytest.raises(PeerMisbehaved, match="without end") as caught:
            await victim.read(timeout_s=10)
        assert caught.value.stage == "tls"
        alerts = [e.values["alert"] for e in joined.transcript.events() if e.name == "tls.alert"]
        assert set(alerts) == {"no_renegotiation"}
        storming.cancel()
        await asyncio.gather(storming, return_exceptions=True)
        await ours.truncate()
        await theirs.truncate()


@contextlib.asynccontextmanager
async def forged(side: str) -> AsyncIterator[tuple[TlsStream, Stream, Forger]]:
    """A victim, the plain stream of the other side, and that side's keys; it has sent b"hello" before."""
    async with sides() as joined:
        ours, theirs = await joined.both(client(), server())
        victim, hostile = (ours, theirs) if side == "SERVER" else (theirs, ours)
        assert victim.handshake.cipher == "TLS_AES_256_GCM_SHA384"
        forger = Forger(hostile.keys, side)
        # OpenSSL's server has sent two tickets under these keys (and its client nothing).
        forger.skip(2 if side == "SERVER" else 0)
        await hostile.below.send(forger.seal(b"hello"))
        assert await victim.read() == b"hello"
        yield victim, hostile.below, forger
        await ours.aclose()
        await theirs.truncate()


@both_sides
@pytest.mark.parametrize("message", [KEY_UPDATE, AND_YOU_TOO], ids=["its own", "ours too"])
async def test_a_flood_of_new_keys_is_ended(side: str, message: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stream_module, "MAX_IDLE_OCTETS", 16 * 1024)
    async with forged(side) as (stream, hostile, forger):
        flooding = asyncio.create_task(_flood(hostile, forger, message))
        with pytest.raises(PeerMisbehaved, match="without end") as caught:
            await stream.read(timeout_s=10)
        assert caught.value.stage == "tls"
        assert stream.receiving is HalfState.RESET
        flooding.cancel()
        await asyncio.gather(flooding, return_exceptions=True)


async def _flood(hostile: Stream, forger: Forger, message: bytes) -> None:
    with contextlib.suppress(LinkLost):
        while True:
            await hostile.send(forger.key_update(message))
            await asyncio.sleep(0)


@both_sides
async def test_new_keys_that_are_answered_and_never_taken_are_ended(
    side: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stream_module, "MAX_ANSWERS", 256)
    async with forged(side) as (stream, hostile, forger):
        await _fill(stream)
        flooding = asyncio.create_task(_flood(hostile, forger, AND_YOU_TOO))
        with pytest.raises(PeerMisbehaved, match="does not take"):
            await stream.read(timeout_s=10)
        flooding.cancel()
        await asyncio.gather(flooding, return_exceptions=True)


async def _fill(stream: TlsStream) -> None:
    """Fill what the system holds for a peer that reads nothing."""
    with contextlib.suppress(BlockingIOError):
        while True:
            stream.below._sock.send(bytes(65536))


@both_sides
async def test_a_sender_that_waits_does_not_keep_us_from_reading_a_new_key_and_what_follows(side: str):
    data = bytes(4 * 1024 * 1024)
    async with forged(side) as (stream, hostile, forger):
        sending = asyncio.create_task(stream.send(data))
        # Some turns of the loop: the system's buffers are full by then.
        for _ in range(200):
            await asyncio.sleep(0)
        await hostile.send(forger.key_update(AND_YOU_TOO) + forger.seal(b"read me first"))
        assert await stream.read(timeout_s=15) == b"read me first"
        assert not sending.done()
        taken = 0
        while taken < len(data):
            taken += len(await hostile.read())
        await asyncio.wait_for(sending, 10)


async def test_a_read_ends_at_its_deadline_whatever_empty_records_come():
    async with forged("SERVER") as (stream, hostile, forger):
        flooding, started = asyncio.create_task(_drip(hostile, forger)), time.monotonic()
        with pytest.raises(TooSlow, match=r"nothing arrived within 200 ms"):
            await stream.read(timeout_s=0.2)
        assert time.monotonic() - started < 5
        flooding.cancel()
        await asyncio.gather(flooding, return_exceptions=True)
        # Nothing is lost by it.
        await hostile.send(forger.seal(b"late"))
        assert await stream.read(timeout_s=15) == b"late"


async def _drip(hostile: Stream, forger: Forger) -> None:
    while True:
        await hostile.send(forger.key_update())
        await asyncio.sleep(0.02)


@both_sides
async def test_whatever_else_comes_by_the_right_keys_is_plaintext_or_named(side: str):
    """Handshake messages that have no place there, alerts of no known kind, contents of no kind at all."""
    for content, kind in (
        (b"\x01\x00\x00\x00", 22),
        (b"\x18\x00\x00\x01\x07", 22),
        (b"\x0b\xff\xff\xff" + bytes(100), 22),
        (b"\x02\xff", 21),
        (b"", 22),
        (b"x", 99),
        (b"", 0),
    ):
        async with forged(side) as (stream, hostile, forger):
            await hostile.send(forger.seal(content, kind))
            with pytest.raises((PeerMisbehaved, Refused)) as caught:
                await stream.read(timeout_s=15)
            assert caught.value.stage == "tls", (content, kind)

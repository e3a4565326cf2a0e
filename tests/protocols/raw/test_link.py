"""A connection that comes under TLS while somebody reads it: no octet lost, none mixed up, each way it can fail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved
from workbench.formats.target import parse_target
from workbench.lab.authority import Authority
from workbench.protocols.raw.link import Link
from workbench.protocols.raw.talk import Secure
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.listen import listen
from workbench.wire.stream import Stream
from workbench.wire.tls.handshake import start_tls
from workbench.wire.tls.setup import client_setup, server_setup
from workbench.wire.tls.values import TlsOptions, Trust

AUTHORITY = Authority()
CLIENT = client_setup(TlsOptions(server_name="localhost", trust=Trust(False, AUTHORITY.certificate)))
SERVER = server_setup(TlsOptions(identity=AUTHORITY.server(), trust=Trust(False, AUTHORITY.certificate)))


def securing(setup) -> Secure:
    async def secure(stream: Stream, timeout_s: float) -> Stream:
        return await start_tls(stream, setup, timeout_s=timeout_s)

    return secure


@asynccontextmanager
async def both_ends() -> AsyncIterator[tuple[Link, Link, Transcript]]:
    transcript = Transcript()
    listener = await listen(parse_target("127.0.0.1:0", listening=True), transcript)
    near = Link(await dial(parse_target(listener.address), transcript))
    far = Link(await listener.accept())
    try:
        yield near, far, transcript
    finally:
        await near.aclose()
        await far.aclose()
        await listener.aclose()
        transcript.close()


async def reading(link: Link, into: bytearray) -> None:
    while data := await link.read():
        into += data


async def until(holds) -> None:
    while not holds():  # noqa: ASYNC110 - what a reader took has no event of its own
        await asyncio.sleep(0.001)


async def test_both_ends_change_over_while_they_are_read_and_figures_count_words_not_records():
    async with both_ends() as (near, far, _):
        heard_near, heard_far = bytearray(), bytearray()
        readers = [
            asyncio.create_task(reading(near, heard_near)),
            asyncio.create_task(reading(far, heard_far)),
        ]
        await near.stream.send(b"STARTTLS\r\n")
        await until(lambda: len(heard_far) == 10)
        server = asyncio.create_task(far.upgrade(securing(SERVER), first=b"220 go\r\n"))
        await until(lambda: heard_near == b"220 go\r\n")
        await near.upgrade(securing(CLIENT))
        await server
        assert near.handshake is not None
        assert near.handshake.verdict.trusted is True
        await near.stream.send(b"inside")
        await far.stream.send(b"too")
        await until(lambda: heard_far == b"STARTTLS\r\ninside" and heard_near == b"220 go\r\ntoo")
        assert (near.sent, near.received) == (16, 11)
        assert (far.sent, far.received) == (11, 16)
        assert near.report is not None
        assert near.report.verdict == "localhost is verified"
        await near.stream.finish()
        await until(lambda: readers[1].done())
        await far.stream.finish()
        await asyncio.gather(*readers)


async def test_plain_text_that_waits_when_tls_begins_is_discarded_and_named():
    async with both_ends() as (near, far, transcript):
        reader = asyncio.create_task(reading(near, bytearray()))
        await asyncio.sleep(0)
        upgrade = asyncio.create_task(near.upgrade(securing(CLIENT)))
        # The injected words arrive after the person asked and before the reader is there.
        await far.stream.send(b"injected\r\n")
        await far.protect(securing(SERVER))
        await upgrade
        assert near.report is not None
        assert near.report.discarded == 10
        assert "10 octets in clear" in near.report.sentence
        assert any(event.name == "tls.discarded" for event in transcript.events())
        await far.stream.finish()
        await reader


async def test_a_failed_handshake_reaches_the_reader_and_whoever_asked():
    async with both_ends() as (near, far, _):
        reader = asyncio.create_task(reading(near, bytearray()))
        await asyncio.sleep(0)
        upgrade = asyncio.create_task(near.upgrade(securing(CLIENT)))
        assert await far.stream.read() != b""
        await far.stream.send(b"what is this?\r\n")
        with pytest.raises(PeerMisbehaved):
            await upgrade
        with pytest.raises(PeerMisbehaved):
            await reader
        assert near.handshake is None
        assert near.report is not None
        assert near.report.failure


async def test_asking_twice_asking_late_and_asking_for_nothing():
    async with both_ends() as (near, far, _):
        waiting = asyncio.create_task(near.upgrade(securing(CLIENT)))
        await asyncio.sleep(0)
        with pytest.raises(LocalMisuse, match="being started"):
            await near.upgrade(securing(CLIENT))
        # Nobody reads: closing tells whoever waits.
        await near.aclose()
        with pytest.raises(LinkLost):
            await waiting
        await far.stream.finish()
        with pytest.raises(LocalMisuse, match="both halves"):
            await far.upgrade(securing(SERVER))


async def test_whoever_stops_waiting_stops_an_upgrade_that_has_not_begun():
    async with both_ends() as (near, far, _):
        waiting = asyncio.create_task(near.upgrade(securing(CLIENT)))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await far.stream.send(b"still in clear")
        assert await near.read() == b"still in clear"
        assert near.handshake is None


async def test_a_reader_that_is_cancelled_is_cancelled():
    async with both_ends() as (near, _far, _):
        reader = asyncio.create_task(near.read())
        await asyncio.sleep(0)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader

"""Somebody in between: what passes is recorded and passed on, changed where asked for, and ends as it ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest

from workbench.experiments.tap import Tap, Way, open_tap
from workbench.formats.target import Target, parse_target
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.dial import dial
from workbench.wire.listen import listen
from workbench.wire.stream import Stream

LOOPBACK = Target("tcp", "127.0.0.1", 0)


class Scene(NamedTuple):
    """A client, somebody in between, a server."""

    client: Stream
    tap: Tap
    server: Stream
    transcript: Transcript

    def heard(self, way: Way) -> bytes:
        """What came in at the tap in one direction."""
        streams = (self.transcript.stream(n, Direction.RECEIVED, "tcp") for n in self.tap.heard[way])
        return b"".join(stream.read(0, len(stream)) for stream in streams)


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    transcript = Transcript()
    async with await listen(LOOPBACK, transcript) as listener:
        tap = await open_tap(
            parse_target(listener.address), None, transcript, title="eve", host=LOOPBACK.host
        )
        async with (
            await dial(parse_target(tap.address), transcript) as client,
            await listener.accept(timeout_s=15) as server,
        ):
            yield Scene(client, tap, server, transcript)
        await tap.aclose()
    transcript.close()


async def test_what_passes_arrives_and_is_on_record_by_direction() -> None:
    async with scene() as at:
        await at.client.send(b"question")
        assert await at.server.read_exactly(8, timeout_s=15) == b"question"
        await at.server.send(b"answer")
        assert await at.client.read_exactly(6, timeout_s=15) == b"answer"
        assert at.heard("to-server") == b"question"
        assert at.heard("to-client") == b"answer"
        titles = [info.title for info in at.transcript.channels if info.number in at.tap.channels]
        assert [title.split(" ")[0] for title in titles] == ["eve"] * 3


async def test_each_half_ends_by_itself() -> None:
    async with scene() as at:
        await at.client.finish()
        assert await at.server.read(timeout_s=15) == b""
        assert at.server.end is not None
        assert at.server.end.kind == "FIN"
        await at.server.send(b"still here")
        assert await at.client.read_exactly(10, timeout_s=15) == b"still here"
        await at.server.finish()
        assert await at.client.read(timeout_s=15) == b""


@pytest.mark.parametrize("who", ["client", "server"])
async def test_a_reset_is_passed_on(who: str) -> None:
    async with scene() as at:
        first, second = (at.client, at.server) if who == "client" else (at.server, at.client)
        first.abort()
        assert await second.read(timeout_s=15) == b""
        assert second.end is not None
        assert second.end.kind == "RST"


async def test_one_bit_of_the_next_piece_is_changed_and_no_other() -> None:
    async with scene() as at:
        at.tap.flip_next("to-server")
        await at.client.send(b"pay 100")
        assert await at.server.read_exactly(7, timeout_s=15) == b"pay 101"
        await at.client.send(b"pay 100")
        assert await at.server.read_exactly(7, timeout_s=15) == b"pay 100"
        await at.server.send(b"paid 100")
        assert await at.client.read_exactly(8, timeout_s=15) == b"paid 100"
        # What it heard is what was said, not what it made of it.
        assert at.heard("to-server") == b"pay 100pay 100"


async def test_octets_are_put_for_others_in_one_direction() -> None:
    async with scene() as at:
        at.tap.rewrite("to-client", b"STARTTLS", b"NOTHING")
        await at.server.send(b"you may STARTTLS\n")
        assert await at.client.read_until(b"\n", limit=100, timeout_s=15) == b"you may NOTHING\n"
        await at.client.send(b"STARTTLS\n")
        assert await at.server.read_until(b"\n", limit=100, timeout_s=15) == b"STARTTLS\n"


async def test_closing_ends_both_connections_in_good_order_and_takes_no_more() -> None:
    async with scene() as at:
        await at.tap.aclose()
        for stream in (at.client, at.server):
            assert await stream.read(timeout_s=15) == b""
            assert stream.end is not None
            assert stream.end.kind == "FIN"
        await at.tap.aclose()


async def test_nobody_behind_it_means_a_reset() -> None:
    transcript = Transcript()
    gone = await listen(LOOPBACK, transcript)
    await gone.aclose()
    tap = await open_tap(parse_target(gone.address), None, transcript, title="eve", host=LOOPBACK.host)
    async with await dial(parse_target(tap.address), transcript) as client:
        assert await client.read(timeout_s=15) == b""
        assert client.end is not None
        assert client.end.kind == "RST"
    await tap.aclose()
    transcript.close()


async def test_it_can_be_closed_while_it_connects() -> None:
    transcript = Transcript()
    async with await listen(LOOPBACK, transcript) as listener:
        called = asyncio.Event()

        async def resolver(target: Target) -> Target:
            called.set()
            await asyncio.Event().wait()
            return target

        tap = await open_tap(
            parse_target(listener.address), resolver, transcript, title="eve", host=LOOPBACK.host
        )
        async with await dial(parse_target(tap.address), transcript) as client:
            await asyncio.wait_for(called.wait(), 15)
            await tap.aclose()
            assert await client.read(timeout_s=15) == b""
    transcript.close()

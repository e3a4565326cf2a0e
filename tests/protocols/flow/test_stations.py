"""Every octet stands at one station, and what cannot be measured is not made up.

The buffer of the program is workbench.protocols.flow.outbox, the values workbench.protocols.flow.values.
"""

import asyncio
import contextlib
import os

import pytest

from workbench.errors import LinkLost, LocalMisuse
from workbench.formats.target import parse_target
from workbench.protocols.flow import outbox, stations
from workbench.protocols.flow.outbox import Outbox
from workbench.protocols.flow.pattern import pattern
from workbench.protocols.flow.stations import measure
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.listen import listen
from workbench.wire.options import parse_setting

HOME = parse_target("127.0.0.1:0", listening=True)
WRITTEN = 50 * 1000 * 1000


@contextlib.asynccontextmanager
async def connected(options: tuple[str, ...] = ()):
    transcript = Transcript()
    settings = [parse_setting(text) for text in options]
    async with await listen(HOME, transcript, settings=settings) as listener:
        client = await dial(parse_target(listener.address), transcript, settings=settings)
        server = await listener.accept()
        try:
            yield client, server
        finally:
            await client.aclose()
            await server.aclose()
            transcript.close()


@pytest.mark.covers("C2.12")
async def test_of_fifty_megabytes_nearly_all_are_in_the_program_until_the_peer_reads():
    async with connected() as (client, server):
        box = Outbox(client)
        box.write(bytes(WRITTEN))
        assert box.pending == WRITTEN
        # The system is full when the sender waits; nobody is told.
        while client.waits()[1] is None:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        look = measure(client, server, written=box.written)
        assert look.adds_up
        assert look.way == "measured"
        assert look.in_program == box.pending >= 20_000_000
        assert look.not_sent + look.on_wire + look.at_peer > 0
        assert look.read == 0
        total = 0
        while total < WRITTEN:
            total += len(await server.read())
            if total % 7 == 0:
                assert measure(client, server, written=box.written).adds_up
        await box.drained()
        assert measure(client, server, written=box.written)[1:6] == (0, 0, 0, 0, WRITTEN)
        await client.finish()
        assert await server.read() == b""
        assert measure(client, server, written=box.written).adds_up


@pytest.mark.parametrize("data", [b"", b"x", b"y" * 5000, b"z" * 100_000])
async def test_the_stations_add_up_before_and_after_reading(data):
    async with connected(("SNDBUF=8192", "RCVBUF=8192")) as (client, server):
        box = Outbox(client)
        if data:
            box.write(data)
        await asyncio.sleep(0)
        assert measure(client, server, written=len(data)).adds_up
        while (look := measure(client, server, written=len(data))).read < len(data):
            assert look.adds_up, look
            await server.read(1000)
        await box.aclose()


async def test_of_a_peer_in_another_program_of_this_machine_the_table_of_the_system_tells(monkeypatch):
    async with connected(("SNDBUF=8192", "RCVBUF=8192")) as (client, server):
        with contextlib.suppress(Exception):
            await client.send(bytes(100_000), timeout_s=0.05)
        await server.read(3000)
        seen, both = measure(client), measure(client, server)
        assert seen.way == "difference"
        assert seen.adds_up
        assert (seen.at_peer, seen.read) == (both.at_peer, 3000)


async def test_of_a_peer_elsewhere_only_what_is_confirmed_is_known(monkeypatch):
    monkeypatch.setattr(stations, "read_entry", lambda *_: None)
    async with connected() as (client, server):
        await client.send(b"x" * 700)
        await server.read()
        # An acknowledgement may be delayed.
        while (look := measure(client)).elsewhere < 700:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        assert (look.at_peer, look.read, look.way) == (None, None, "unknown")
        assert look.adds_up


async def test_where_the_system_tells_nothing_nothing_is_made_up(monkeypatch):
    async with connected() as (client, server):
        await client.send(b"x" * 700)
        await server.aclose()
        await client.aclose()
        look = measure(client, server)
        assert look[2:6] == (None, None, None, None)
        assert look.elsewhere == 700


async def test_an_outbox_tells_the_failure_to_who_asks_and_is_bounded(monkeypatch):
    monkeypatch.setattr(outbox, "MAX_PENDING", 1000)
    async with connected() as (client, server):
        box = Outbox(client)
        with pytest.raises(LocalMisuse, match="buffer is full"):
            box.write(bytes(1001))
        server.abort()
        await client.read()
        box.write(b"late")
        with pytest.raises(LinkLost):
            await box.drained()
        assert box.pending == 4
        await box.aclose()


def test_the_octets_say_their_place():
    whole = pattern(0, 100)
    assert whole[:33] == b"000000000000000\n000000000000016\n0"
    for cut in range(100):
        assert pattern(0, cut) + pattern(cut, 100) == whole


def test_the_pattern_is_read_from_any_place():
    assert len(pattern(os.getpid(), os.getpid() + 7)) == 7

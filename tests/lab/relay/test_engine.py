"""The relay for TCP between sockets of the standard library: what passes, every switch, and how connections end."""

import asyncio
import socket
import time
from typing import Any

import pytest

from tests.kit.ports import free_port
from tests.lab.houses import Client, until
from tests.lab.relay.relaying import RESET, between, relay_to, server_of
from workbench.errors import WorkbenchError
from workbench.lab.relay.flow import READ_AT_MOST
from workbench.lab.relay.hold import HOLD_AT_MOST
from workbench.lab.relay.link import Link
from workbench.lab.relay.pieces import Act
from workbench.lab.relay.switches import Way

WAYS = [way.value for way in Way]
BIG = bytes(range(256)) * 20_000


class Watched:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.failure: WorkbenchError | None = None

    def accepted(self, link: Link) -> None:
        self.said.append(f"accepted {link.number}")

    def connected(self, link: Link) -> None:
        self.said.append(f"connected {link.number}")

    def refused(self, link: Link, failure: WorkbenchError) -> None:
        self.said.append(f"refused {link.number}")
        self.failure = failure

    def acted(self, link: Link, way: Way, act: Act) -> None:
        self.said.append(f"{act.deed} {way.value} {act.offset}")

    def ended(self, link: Link) -> None:
        self.said.append(f"ended {link.number}")


async def is_quiet(client: Client, seconds: float = 0.15) -> bool:
    """Whether nothing comes for so long."""
    try:
        await asyncio.wait_for(client.reader.read(1), seconds)
    except TimeoutError:
        return True
    return False


@pytest.mark.parametrize("way", WAYS)
async def test_octets_pass_and_a_half_close_stays_a_half_close(way: str):
    async with between() as all_:
        source, sink = all_.end(way, "from"), all_.end(way, "to")
        await source.send(b"question")
        source.finish()
        assert await sink.rest() == b"question"
        await sink.send(b"the other half is open")
        assert await source.exactly(22) == b"the other half is open"
        sink.finish()
        assert await source.rest() == b""
        await until(lambda: all_.relay.open_now == 0)
        ends = all_.facts("end")
        assert [(end["kind"], end["by"]) for end in ends] == [("FIN", "peer")] * 2
        assert len(all_.facts("finish.sent")) == 2


@pytest.mark.parametrize("way", WAYS)
async def test_a_reset_is_passed_on_as_a_reset_after_what_came_before(way: str):
    async with between() as all_:
        source, sink = all_.end(way, "from"), all_.end(way, "to")
        await source.send(b"last words")
        assert await sink.exactly(10) == b"last words"
        await source.reset()
        with pytest.raises(ConnectionResetError):
            await sink.rest()
        await until(lambda: all_.relay.open_now == 0)
        assert [(end["kind"], end["by"]) for end in all_.facts("end")] == [("RST", "peer"), ("RST", "us")]


@pytest.mark.parametrize("way", WAYS)
async def test_a_reset_passes_even_where_nothing_is_read_any_more(way: str):
    async with between(freeze_after=4) as all_:
        source, sink = all_.end(way, "from"), all_.end(way, "to")
        await source.send(b"0123456789")
        assert await sink.exactly(4) == b"0123"
        await source.reset()
        with pytest.raises(ConnectionResetError):
            await sink.rest()
        await until(lambda: all_.relay.open_now == 0)
        assert {(end["kind"], end["by"]) for end in all_.facts("end")} == {("RST", "peer"), ("RST", "us")}


async def test_a_reset_passes_a_server_that_takes_nothing():
    async with between() as all_:
        all_.server.reader._transport.pause_reading()  # type: ignore[attr-defined]
        all_.client.writer.write(BIG * 4)
        await until(lambda: len(octets_of(all_)) > 20)
        all_.client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        all_.client.writer.transport.abort()  # close() would wait until everything is sent
        await until(lambda: all_.relay.open_now == 0)
        assert {(end["kind"], end["by"]) for end in all_.facts("end")} == {("RST", "peer"), ("RST", "us")}


@pytest.mark.parametrize("way", WAYS)
async def test_large_amounts_pass_whole_both_ways_at_once(way: str):
    async with between() as all_:
        source, sink = all_.end(way, "from"), all_.end(way, "to")

        async def give(client: Client) -> None:
            await client.send(BIG)
            client.finish()

        _, _, there, back = await asyncio.gather(give(source), give(sink), sink.rest(), source.rest())
        assert there == back == BIG


@pytest.mark.parametrize("way", WAYS)
async def test_who_does_not_read_stops_the_sender_and_the_relay_holds_little(way: str):
    async with between(direction=way, delay_ms=1) as all_:
        source, sink = all_.end(way, "from"), all_.end(way, "to")
        sink.reader._transport.pause_reading()  # type: ignore[attr-defined]
        source.writer.write(b"x" * 64 * 1024 * 1024)
        passed = -1
        while passed != len(octets_of(all_)):
            passed = len(octets_of(all_))
            await asyncio.sleep(0.3)
        taken, given = (
            sum(event.size for event in octets_of(all_) if event.direction.value == direction)
            for direction in ("received", "sent")
        )
        waiting = source.writer.transport.get_write_buffer_size()
        # Else leaving would wait for all of it.
        source.writer.transport.abort()
        # The last read may overfill the queue; one more waits for room in it, and one is on its way to the sink.
        assert taken - given <= HOLD_AT_MOST + 3 * READ_AT_MOST
        assert waiting > 0


def octets_of(all_: Any) -> list[Any]:
    return [event for event in all_.transcript.events() if event.kind == "bytes"]


@pytest.mark.parametrize("way", WAYS)
async def test_cut_after_ends_both_connections_with_a_fin(way: str):
    watched = Watched()
    async with between(watcher=watched, cut_after=4, direction=way) as all_:
        source, sink = all_.end(way, "from"), all_.end(way, "to")
        await source.send(b"0123456789")
        assert await sink.rest() == b"0123"
        assert await source.rest() == b""
        source.finish()
        sink.finish()
        await until(lambda: "ended 1" in watched.said)
        assert watched.said == ["accepted 1", "connected 1", f"cut {way} 4", "ended 1"]
        (fact,) = all_.facts("relay.cut")
        assert fact["direction"] == way
        assert "4 octets" in str(fact["sentence"])


@pytest.mark.parametrize("way", WAYS)
async def test_reset_after_resets_both_connections(way: str):
    async with between(reset_after=4, direction=way) as all_:
        source, sink = all_.end(way, "from"), all_.end(way, "to")
        await source.send(b"0123456789")
        for client in (source, sink):
            with pytest.raises(ConnectionResetError):
                await client.rest()


@pytest.mark.parametrize("way", WAYS)
async def test_freeze_after_takes_nothing_more_and_leaves_the_other_direction_alone(way: str):
    async with between(freeze_after=4, direction=way) as all_:
        source, sink = all_.end(way, "from"), all_.end(way, "to")
        await source.send(b"0123456789")
        assert await sink.exactly(4) == b"0123"
        source.finish()
        assert await is_quiet(sink)
        await sink.send(b"still here")
        assert await source.exactly(10) == b"still here"


@pytest.mark.parametrize("way", WAYS)
async def test_half_close_after_finishes_one_direction_and_the_source_notices_nothing(way: str):
    async with between(half_close_after=4, direction=way) as all_:
        source, sink = all_.end(way, "from"), all_.end(way, "to")
        await source.send(b"0123456789")
        assert await sink.rest() == b"0123"
        await source.send(b"x" * 100_000)
        await sink.send(b"answer")
        assert await source.exactly(6) == b"answer"
        sink.finish()
        source.finish()
        assert await source.rest() == b""


@pytest.mark.parametrize("way", WAYS)
async def test_a_flip_changes_one_octet_of_one_direction(way: str):
    async with between(flip=2, direction=way) as all_:
        source, sink = all_.end(way, "from"), all_.end(way, "to")
        await source.send(b"abc")
        await sink.send(b"abc")
        assert await sink.exactly(3) == b"abb"
        assert await source.exactly(3) == b"abc"


@pytest.mark.parametrize("way", WAYS)
async def test_words_are_rewritten_across_segments_and_what_only_began_goes_on(way: str):
    async with between(rewrite="cat=>hound", direction=way) as all_:
        source, sink = all_.end(way, "from"), all_.end(way, "to")
        await source.send(b"a c")
        assert await sink.exactly(2) == b"a "
        # Nothing more comes: who waits for it gets it none the less.
        assert await sink.exactly(1) == b"c"
        await source.send(b"at and a cat")
        assert await sink.exactly(14) == b"at and a hound"
        await source.send(b", ca")
        source.finish()
        assert await sink.rest() == b", ca"
        await sink.send(b"cat")
        assert await source.exactly(3) == b"cat"


@pytest.mark.parametrize("way", WAYS)
async def test_a_delay_makes_octets_and_the_fin_late_but_not_slow(way: str):
    async with between(delay_ms=120, direction=way) as all_:
        source, sink = all_.end(way, "from"), all_.end(way, "to")
        began = time.monotonic()
        for _ in range(5):
            await source.send(b"x")
            await asyncio.sleep(0.02)
        source.finish()
        assert await sink.rest() == b"xxxxx"
        late = time.monotonic() - began
        assert late >= 0.2
        await sink.send(b"y")
        assert await source.exactly(1) == b"y"


async def test_a_rate_is_kept():
    async with between(rate=20_000, direction="to-server") as all_:
        began = time.monotonic()
        await all_.client.send(b"x" * 10_000)
        await all_.server.exactly(10_000)
        assert 0.4 <= time.monotonic() - began < 3


async def test_split_octets_arrive_one_by_one_and_coalesced_ones_together():
    async with between(split=1, direction="to-server") as all_:
        await all_.client.send(b"0123456789")
        assert await all_.server.exactly(10) == b"0123456789"
        sizes = [event.size for event in octets_of(all_) if event.direction.value == "sent"]
        assert sizes == [1] * 10
    async with between(coalesce_ms=150, direction="to-server") as all_:
        for _ in range(4):
            await all_.client.send(b"ab")
            await asyncio.sleep(0.01)
        all_.client.finish()
        assert await all_.server.rest() == b"abababab"
        sizes = [event.size for event in octets_of(all_) if event.direction.value == "sent"]
        assert sizes == [8]


@pytest.mark.parametrize("switch", ["cut_after", "reset_after", "half_close_after"])
async def test_an_ending_after_no_octets_needs_none(switch: str):
    async with between(**{switch: 0}, direction="to-client") as all_:
        try:
            ended = await all_.client.rest()
        except ConnectionResetError:
            ended = b""
        assert ended == b""


async def test_a_target_that_refuses_has_the_client_reset_and_says_why():
    watched = Watched()
    async with relay_to(free_port(), watcher=watched) as (relay, transcript, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()
        await until(lambda: relay.open_now == 0)
        assert watched.said == ["accepted 1", "refused 1", "ended 1"]
        assert watched.failure is not None
        assert watched.failure.errno_name == "ECONNREFUSED"
        (fact,) = [event for event in transcript.events() if event.name == "relay.refused"]
        assert fact.values["errno"] == "ECONNREFUSED"


async def test_what_a_server_said_before_it_reset_still_arrives():
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"go away")
        await writer.drain()
        await reader.read(1)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        writer.close()

    async with server_of(rude) as target, relay_to(target) as (_, _, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await reader.readexactly(7) == b"go away"
        writer.write(b"x" * 100)
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()


async def test_many_connections_pass_at_once_and_all_end_with_the_relay():
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data)
        writer.close()

    async with server_of(echo) as target:
        async with relay_to(target, delay_ms=5) as (relay, _, port):
            clients = [Client(*await asyncio.open_connection("127.0.0.1", port)) for _ in range(60)]
            for number, client in enumerate(clients):
                await client.send(b"%03d" % number)
            answers = await asyncio.gather(*(client.exactly(3) for client in clients))
            assert answers == [b"%03d" % number for number in range(60)]
            assert (relay.open_now, relay.seen) == (60, 60)
        assert relay.open_now == 0
        for client in clients:
            assert await client.rest() == b""
            await client.close()

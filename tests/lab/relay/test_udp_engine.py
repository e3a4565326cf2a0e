"""The relay for datagrams between sockets of the standard library: every switch, many clients, a lost server."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from typing import NamedTuple

from tests.kit.ports import free_port
from tests.lab.houses import SOON_S, Datagrams, until
from workbench.errors import WorkbenchError
from workbench.formats.target import Target
from workbench.lab.relay import udp_engine
from workbench.lab.relay.fates import Chance
from workbench.lab.relay.switches import UDP_SWITCHES, Way
from workbench.lab.relay.udp_engine import UdpRelay
from workbench.lab.switches import turn
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import open_datagram


class Watched:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.passes: list[tuple[str, bytes, tuple[Chance, ...]]] = []
        self.failures: list[WorkbenchError] = []

    def passed(self, peer: str, way: Way, data: bytes, acts: tuple[Chance, ...]) -> None:
        self.passes.append((way.value, data, acts))

    def refused(self, peer: str, failure: WorkbenchError) -> None:
        self.failures.append(failure)


class Around(NamedTuple):
    """A relay, the server's socket, a client's, and what the relay told."""

    client: Datagrams
    server: Datagrams
    relay: UdpRelay
    watched: Watched
    transcript: Transcript
    port: int

    async def heard(self) -> tuple[bytes, tuple[str, int]]:
        """What the server hears, and from whom."""
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(loop.sock_recvfrom(self.server.sock, 65535), SOON_S)


def connected(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.connect(("127.0.0.1", port))
    return sock


@contextlib.asynccontextmanager
async def around(*, target: int = 0, **switches: object) -> AsyncIterator[Around]:
    transcript, watched = Transcript(), Watched()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.setblocking(False)
        to = Target("udp", "127.0.0.1", target or server.getsockname()[1])
        turned = turn(UDP_SWITCHES, switches, service="the relay")
        relay = UdpRelay(to, turned, transcript, watcher=watched)
        outer = await open_datagram(transcript, local=Target("udp", "127.0.0.1", 0))
        port = int(outer.address.rpartition(":")[2])
        task = asyncio.create_task(relay.serve([outer]))
        with connected(port) as client:
            try:
                yield Around(Datagrams(client), Datagrams(server), relay, watched, transcript, port)
            finally:
                task.cancel()
                await asyncio.wait([task], timeout=SOON_S)
                assert task.done(), "the relay did not end"
                transcript.close()


async def test_datagrams_pass_both_ways_and_answers_find_their_client():
    async with around() as all_:
        with connected(all_.port) as other:
            all_.client.send(b"")
            data, first = await all_.heard()
            assert data == b""
            other.send(b"other")
            _, second = await all_.heard()
            assert first != second
            all_.server.sock.sendto(b"to the other", second)
            all_.server.sock.sendto(b"x" * 60_000, first)
            assert await all_.client.receive() == b"x" * 60_000
            assert await Datagrams(other).receive() == b"to the other"
        assert (all_.relay.seen, all_.relay.open_now) == (2, 2)


async def test_dropped_and_doubled_datagrams_are_recorded_by_direction():
    async with around(drop_percent=100, direction="to-client") as all_:
        all_.client.send(b"question")
        data, back = await all_.heard()
        assert data == b"question"
        all_.server.sock.sendto(b"answer", back)
        assert await all_.client.is_quiet()
        assert all_.watched.passes == [
            ("to-server", b"question", ()),
            ("to-client", b"answer", ("drop",)),
        ]
        (fact,) = [event for event in all_.transcript.events() if event.name == "relay.drop"]
        assert fact.values == {"direction": "to-client", "octets": 6}
    async with around(duplicate_percent=100, corrupt_percent=100, direction="to-server") as all_:
        all_.client.send(b"a")
        first, second = await all_.heard(), await all_.heard()
        assert first == second
        assert first[0] != b"a"


async def test_what_waits_to_be_overtaken_goes_on_when_nothing_comes():
    async with around(reorder=5, seed=3, direction="to-server") as all_:
        sent = [bytes((number,)) for number in range(20)]
        for data in sent:
            all_.client.send(data)
        heard = [(await all_.heard())[0] for _ in sent]
        assert sorted(heard) == sent
        assert heard != sent


async def test_a_delay_makes_datagrams_late():
    async with around(delay_ms=100, direction="to-server") as all_:
        began = time.monotonic()
        all_.client.send(b"x")
        await all_.heard()
        assert time.monotonic() - began >= 0.09


async def test_a_server_that_is_gone_is_told_and_the_relay_goes_on():
    async with around(target=free_port()) as all_:
        all_.client.send(b"x")
        await until(lambda: all_.watched.failures)
        assert all_.watched.failures[0].errno_name == "ECONNREFUSED"
        assert any(event.name == "relay.refused" for event in all_.transcript.events())
        all_.client.send(b"y")
        await until(lambda: len(all_.watched.passes) == 2)


async def test_who_was_silent_longest_makes_room(monkeypatch):
    monkeypatch.setattr(udp_engine, "MAX_CLIENTS", 2)
    async with around() as all_:
        with connected(all_.port) as second, connected(all_.port) as third:
            places = []
            for sock in (all_.client.sock, second, all_.client.sock, third, all_.client.sock):
                sock.send(b"x")
                places.append((await all_.heard())[1])
            assert places[0] == places[2] == places[4]
            assert all_.relay.open_now == 2

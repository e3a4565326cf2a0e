"""The same numbered messages through the relay's engines, which the test watches: what came is what they did."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from tests.kit.ports import free_port
from tests.lab.houses import serving
from tests.lab.relay.relaying import relay_to, server_of
from workbench.errors import LinkLost, LocalMisuse, WorkbenchError
from workbench.formats.target import Target
from workbench.lab.relay.fates import Chance
from workbench.lab.relay.switches import UDP_SWITCHES, Way
from workbench.lab.relay.udp_engine import UdpRelay
from workbench.lab.switches import turn
from workbench.protocols.reliability import client as client_module
from workbench.protocols.reliability.client import by_tcp, by_udp
from workbench.protocols.reliability.ledger import Ledger
from workbench.protocols.reliability.message import SIZE, decode
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import open_datagram

COUNT = 50
PATIENT_S = 2.5
"""A machine that plays two suites at once may need so long for the first echo."""


class Watched:
    """What the relay says it did to each message of one direction."""

    def __init__(self) -> None:
        self.acts: dict[int, tuple[Chance, ...]] = {}

    def passed(self, peer: str, way: Way, data: bytes, acts: tuple[Chance, ...]) -> None:
        if way is Way.TO_SERVER:
            number = decode(data).number
            assert number is not None
            self.acts[number] = acts

    def refused(self, peer: str, failure: WorkbenchError) -> None:
        raise AssertionError(failure)

    @property
    def expected(self) -> Counter[int]:
        """The numbers that the server must have got, each as often as the relay sent it."""
        times = {number: 2 if "duplicate" in acts else 1 for number, acts in self.acts.items()}
        return Counter({number: times[number] for number, acts in self.acts.items() if "drop" not in acts})


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.transport.sendto(data, addr)  # type: ignore[attr-defined]


@contextlib.asynccontextmanager
async def faulty_path(**switches: object) -> AsyncIterator[tuple[Target, Watched]]:
    """A relay on this loop before an echo server of asyncio's own; its faults are on the way to the server only."""
    loop = asyncio.get_running_loop()
    echo, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    transcript, watched = Transcript(), Watched()
    turned = turn(UDP_SWITCHES, {"direction": "to-server", **switches}, service="the relay")
    server = Target("udp", "127.0.0.1", echo.get_extra_info("sockname")[1])
    relay = UdpRelay(server, turned, transcript, watcher=watched)
    outer = await open_datagram(transcript, local=Target("udp", "127.0.0.1", 0))
    task = asyncio.create_task(relay.serve([outer]))
    try:
        yield Target("udp", "127.0.0.1", int(outer.address.rpartition(":")[2])), watched
    finally:
        task.cancel()
        await asyncio.wait([task])
        echo.close()
        transcript.close()


@pytest.fixture
def transcript():
    made = Transcript()
    yield made
    made.close()


@pytest.mark.covers("C1.4")
async def test_over_udp_exactly_that_is_missing_double_and_late_which_the_path_made_so(
    transcript: Transcript,
):
    seen: list[Ledger] = []
    async with faulty_path(drop_percent=20, duplicate_percent=10, reorder=3, seed=1) as (target, watched):
        ledger = (await by_udp(target, COUNT, transcript, quiet_s=PATIENT_S, report=seen.append)).ledger
    assert Counter(ledger.numbers) == watched.expected
    dropped = sorted(number for number, acts in watched.acts.items() if "drop" in acts)
    doubled = sorted(number for number, acts in watched.acts.items() if "duplicate" in acts)
    assert (list(ledger.lost), list(ledger.doubled)) == (dropped, doubled)
    assert dropped
    assert doubled
    assert ledger.overtaken
    assert not ledger.changed
    assert seen[-1] == ledger


@pytest.mark.covers("C1.4")
async def test_over_udp_a_changed_message_is_noticed_by_its_own_check_only(transcript: Transcript):
    async with faulty_path(corrupt_percent=30, seed=2) as (target, watched):
        ledger = (await by_udp(target, COUNT, transcript, quiet_s=PATIENT_S)).ledger
    changed = sum("corrupt" in acts for acts in watched.acts.values())
    assert ledger.changed == changed > 0
    assert len(ledger.arrived) == COUNT


@pytest.mark.covers("C1.4")
async def test_over_tcp_all_arrive_in_order_however_slow_and_cut_up_the_path_is(transcript: Transcript):
    async with serving("echo") as served, relay_to(served.port, delay_ms=5, split=7) as (_, _, port):
        outcome = await by_tcp(Target("tcp", "127.0.0.1", port), COUNT, transcript)
    assert outcome.ledger.is_perfect
    assert outcome.ledger.numbers == tuple(range(COUNT))


@pytest.mark.covers("C1.4")
async def test_over_tcp_a_relay_that_changes_an_octet_is_not_noticed_by_tcp(transcript: Transcript):
    place = 3 * SIZE + 20
    async with (
        serving("echo") as served,
        relay_to(served.port, flip=place, direction="to-server") as (_, _, port),
    ):
        ledger = (await by_tcp(Target("tcp", "127.0.0.1", port), COUNT, transcript)).ledger
    assert (ledger.changed, ledger.lost, ledger.error) == (1, (3,), "")
    assert len(ledger.arrived) == COUNT


async def test_a_connection_that_is_cut_tells_how_far_it_came(transcript: Transcript):
    async with (
        serving("echo") as served,
        relay_to(served.port, reset_after=10 * SIZE, direction="to-client") as (_, _, port),
    ):
        ledger = (await by_tcp(Target("tcp", "127.0.0.1", port), COUNT, transcript)).ledger
    assert ledger.error
    assert len(ledger.numbers) <= 10
    async with (
        serving("echo") as served,
        relay_to(served.port, cut_after=SIZE + 5, direction="to-client") as (
            _,
            _,
            port,
        ),
    ):
        ledger = (await by_tcp(Target("tcp", "127.0.0.1", port), COUNT, transcript)).ledger
    assert ledger.numbers == (0,)
    assert "within a message" in ledger.error


async def test_silence_ends_it_and_nobody_there_is_told(transcript: Transcript):
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with server_of(silent) as port:
        outcome = await by_tcp(Target("tcp", "127.0.0.1", port), 3, transcript)
    assert outcome.ledger.lost == (0, 1, 2)
    assert "ended within a message" in outcome.ledger.error
    with pytest.raises(LinkLost):
        await by_udp(Target("udp", "127.0.0.1", free_port()), 3, transcript)
    with pytest.raises(LinkLost):
        await by_tcp(Target("tcp", "127.0.0.1", free_port()), 3, transcript)


@pytest.mark.parametrize("count", [0, client_module.MAX_MESSAGES + 1])
async def test_a_count_that_is_none_is_refused(count: int, transcript: Transcript):
    for way in (by_udp, by_tcp):
        with pytest.raises(LocalMisuse, match="from 1 to"):
            await way(Target("tcp", "127.0.0.1", 9), count, transcript)
    assert len(transcript) == 0

"""Tracing for real: loopback, a chain of two routers in namespaces of their own, hosts that are silent or not there.

workbench.protocols.route.code runs here too.
"""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.ports import free_port
from tests.protocols.route.chain import HOPS, TARGET, chained, inside
from workbench.errors import LocalFault, WorkbenchError
from workbench.protocols.route import code
from workbench.protocols.route.client import trace_route
from workbench.protocols.route.explain import explain
from workbench.protocols.route.values import Plan, Trace
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import line
from workbench.wire.addresses import has_ipv6_loopback

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux hands routers' answers to who is not root"
)

ONCE = Plan(rounds=1, wait_ms=5000)


async def traced(host: str, plan: Plan = ONCE) -> tuple[Trace, list[str]]:
    transcript = Transcript()
    try:
        trace = await trace_route(host, transcript, plan)
        shown = [line(transcript, event, explain) for event in transcript.events()]
        return trace, [f"{each.what} {each.text}" for each in shown]
    finally:
        transcript.close()


@pytest.mark.covers("C1.5")
async def test_loopback_is_one_hop_and_answers_port_unreachable():
    trace, told = await traced("127.0.0.1", Plan(rounds=3, wait_ms=5000, first_port=free_port()))
    (hop,) = trace.hops
    assert (hop.ttl, hop.addresses, hop.word) == (1, ("127.0.0.1",), "port unreachable")
    assert (hop.kind, hop.code) == (3, 3)
    assert (hop.sent, hop.received) == (3, 3)
    assert hop.best_ns is not None
    assert hop.worst_ns is not None
    assert 0 < hop.best_ns <= hop.worst_ns
    assert trace.reached == hop
    assert sum("says port unreachable (type 3 code 3)" in each for each in told) == 3


@pytest.mark.skipif(not has_ipv6_loopback(), reason="this machine has no ::1")
async def test_the_loopback_of_ipv6_too():
    trace, _ = await traced("::1", ONCE._replace(first_port=free_port()))
    (hop,) = trace.hops
    assert (hop.addresses, hop.kind, hop.code) == (("::1",), 1, 4)


async def test_a_server_at_the_probed_port_is_reached_by_its_answer():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.setblocking(False)
        port = server.getsockname()[1]
        tracing = asyncio.create_task(traced("127.0.0.1", ONCE._replace(first_port=port, max_ttl=1)))
        loop = asyncio.get_running_loop()
        _, peer = await loop.sock_recvfrom(server, 100)
        await loop.sock_sendto(server, b"hello", peer)
        trace, _ = await tracing
    assert trace.hops[0].word == "a datagram"
    assert trace.reached is not None


async def test_a_server_that_says_nothing_is_silence_and_ends_in_time():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        plan = Plan(rounds=1, wait_ms=50, max_ttl=1, first_port=server.getsockname()[1])
        trace, told = await traced("127.0.0.1", plan)
    assert trace.hops[0].loss_percent == 100
    assert trace.reached is None
    assert any("TTL 1: no answer" in each for each in told)


async def test_it_can_be_cancelled_and_leaves_nothing_behind():
    seen: list[Trace] = []
    transcript = Transcript()
    endless = Plan(rounds=0, pause_ms=5, wait_ms=5000, first_port=free_port())
    first = asyncio.Event()

    def progress(trace: Trace) -> None:
        seen.append(trace)
        if trace.round == 2:
            first.set()

    tracing = asyncio.create_task(trace_route("127.0.0.1", transcript, endless, progress=progress))
    await first.wait()
    tracing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await tracing
    assert seen[-1].is_over
    assert transcript[len(transcript) - 1].name == "route.end"
    transcript.close()


async def test_what_this_machine_will_not_send_is_a_failure_with_its_stage():
    transcript = Transcript()
    with pytest.raises(WorkbenchError) as caught:
        await trace_route("127.255.255.255", transcript, ONCE)
    assert caught.value.stage == "send"
    assert caught.value.errno_name == "EACCES"
    assert transcript[len(transcript) - 1].name == "failed"
    transcript.close()


async def test_elsewhere_than_on_linux_it_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workbench.wire.probe.sys.platform", "darwin")
    transcript = Transcript()
    with pytest.raises(LocalFault, match="only Linux"):
        await trace_route("127.0.0.1", transcript, ONCE)
    transcript.close()


def test_the_script_finds_the_same_hop(tmp_path: Path):
    script = tmp_path / "route.py"
    script.write_text(code.python("127.0.0.1", ONCE._replace(first_port=free_port())))
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True
    )
    words = done.stdout.split()
    assert words[:2] == ["1", "127.0.0.1"]
    assert words[-4:] == ["type", "3", "code", "3"]
    assert code.traceroute("h", Plan()) == "traceroute -n -q 3 -m 30 -w 1 h\n"
    assert code.mtr("h", Plan(rounds=0)) == "mtr --report --udp -n -c 10 -m 30 h\n"


# A chain of routers ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chain() -> Iterator[dict[str, str]]:
    with chained() as names:
        yield names


def trace_in(namespace: str, *words: str) -> dict[str, object]:
    verb = [sys.executable, "-m", "workbench", "socket", "route", *words, "--json"]
    found: dict[str, object] = json.loads(inside(namespace, *verb).stdout)
    return found


def ways(document: dict[str, object]) -> list[tuple[int, list[str], str]]:
    hops = document["hops"]
    assert isinstance(hops, list)
    return [
        (hop["ttl"], [each["address"] for each in hop["addresses"]], (hop["answer"] or {}).get("word", ""))
        for hop in hops
    ]


@pytest.mark.covers("C1.5")
def test_two_routers_on_the_way_say_who_they_are(chain: dict[str, str]):
    document = trace_in(chain["a"], TARGET, "--rounds", "2")
    assert document["reached"] is True
    assert ways(document) == [
        (1, [HOPS[0]], "time exceeded"),
        (2, [HOPS[1]], "time exceeded"),
        (3, [HOPS[2]], "port unreachable"),
    ]


def test_a_router_that_knows_no_way_ends_it(chain: dict[str, str]):
    document = trace_in(chain["a"], "10.88.0.1", "--rounds", "1")
    assert document["ok"] is False
    assert ways(document)[-1] == (1, [HOPS[0]], "network unreachable")
    assert "the way ends there" in str(document["sentence"])


@pytest.mark.real("traceroute", "mtr", root=True)
@pytest.mark.covers("C1.5")
def test_traceroute_and_mtr_find_the_same_way(chain: dict[str, str]):
    theirs = inside(chain["a"], "traceroute", "-n", "-q", "1", "-w", "2", TARGET).stdout.splitlines()[1:]
    assert [line.split()[1] for line in theirs] == HOPS
    report = json.loads(inside(chain["a"], "mtr", "--json", "-n", "-c", "1", "-G", "1", TARGET).stdout)
    assert [hub["host"] for hub in report["report"]["hubs"]] == HOPS
    ours = trace_in(chain["a"], TARGET, "--rounds", "1")
    assert [addresses for _, addresses, _ in ways(ours)] == [[hop] for hop in HOPS]

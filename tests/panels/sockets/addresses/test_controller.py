"""The page of ports and addresses without its window.

With workbench.panels.sockets.addresses.lines, workbench.panels.sockets.addresses.state,
workbench.panels.sockets.addresses.choosing and workbench.panels.sockets.addresses.deciding.
"""

import asyncio
import socket
import threading

import pytest

from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.target import Target, parse_target
from workbench.panels.sockets.addresses.choosing import STEPS, own_sheet, place_of_size, size_at
from workbench.panels.sockets.addresses.controller import AddressesController
from workbench.panels.sockets.addresses.deciding import Deciding
from workbench.panels.sockets.addresses.lines import (
    held_lines,
    hop_lines,
    interface_lines,
    reach_verdict,
    trace_verdict,
    way_verdict,
)
from workbench.panels.sockets.addresses.state import ALL_BINDS, DEFAULT_BIND, NOT_OURS, Bind, binds_for
from workbench.protocols.raw.datagram_size import MOST, marks
from workbench.protocols.raw.serve import Reply, serve_datagrams
from workbench.protocols.route.values import Hop, Plan, Trace
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import open_datagram
from workbench.wire.interfaces import Interface, OwnAddress, Route
from workbench.wire.lookup import Asked
from workbench.wire.own_names import OwnNames, Step, own_names
from workbench.wire.port_owners import Held
from workbench.wire.port_ranges import port_ranges
from workbench.wire.probe import can_probe
from workbench.wire.reach import Place, Seen

LO = Interface(1, "lo", ("UP", "LOOPBACK"), 65536, addresses=(OwnAddress("127.0.0.1", 8, "host"),))
ETH = Interface(2, "eth0", ("UP",), 1500, "02:00:00:00:00:01", (OwnAddress("192.0.2.2", 24, "global"),))


@pytest.fixture
def controller(monkeypatch: pytest.MonkeyPatch):
    # What this machine has besides the loopback is left out: tests stay on it.
    monkeypatch.setattr(
        "workbench.panels.sockets.addresses.controller.read_interfaces", lambda _channel=None: (LO,)
    )
    made = AddressesController(Transcript)
    yield made
    made.retire()


def cells(controller: AddressesController, which) -> list[tuple[str, ...]]:
    return [line.cells for line in controller.state.sheet(which).lines]


def bind(which: str) -> Bind:
    return next(each for each in binds_for(()) if each.id == which)


# ---- ports


async def test_a_name_is_found_with_its_port_and_what_it_is_for(controller: AddressesController):
    await controller.find_ports("gopher")
    port, transport, names, what, source = cells(controller, "ports")[0]
    assert (port, transport) == ("70", "TCP")
    assert "gopher" in names
    assert "RFC 1436" in what
    assert "IANA" in source
    assert f"Below {port_ranges().first_open} only an administrator" in controller.state.sheet("ports").note


@pytest.mark.covers("C1.8")
async def test_a_port_out_of_range_is_a_mistake_in_the_field_and_no_crash(controller: AddressesController):
    with pytest.raises(LocalMisuse):
        await controller.find_ports("70000")
    sheet = controller.state.sheet("ports")
    assert isinstance(sheet.problem, LocalMisuse)
    assert sheet.problem.what == "ports end at 65535"
    assert (sheet.problem.start, sheet.problem.end) == (0, 5)
    await controller.find_ports("0")
    assert controller.state.sheet("ports").verdict.sentence.startswith("0 is no port")


async def test_a_port_that_is_taken_says_so_and_another_one_is_offered(controller: AddressesController):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        await controller.find_ports(str(port))
        verdict = controller.state.sheet("ports").verdict
        assert verdict.kind == "warning"
        assert "another program listens" in verdict.sentence
        assert controller.state.suggested not in (None, port)
        await controller.used_ports(str(port))
        (row,) = cells(controller, "ports")
        assert row[:3] == (str(port), "TCP", "LISTEN")
        assert "(" in row[3]


async def test_a_free_port_can_be_listened_on(controller: AddressesController):
    await controller.suggest()
    assert controller.state.suggested is not None
    with socket.create_server(("127.0.0.1", controller.state.suggested)):
        pass


async def test_an_unknown_name_has_advice(controller: AddressesController):
    await controller.find_ports("gopherr")
    assert "did you mean" in controller.state.sheet("ports").verdict.sentence


async def test_where_sockets_are_not_listed_that_is_said(controller, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workbench.panels.sockets.addresses.controller.tells_owners", lambda: False)
    with pytest.raises(LocalFault):
        await controller.used_ports()
    assert controller.state.sheet("ports").problem is not None
    (line,) = held_lines([Held("tcp", "127.0.0.1", 80, "", "LISTEN", 0, 5)])
    assert line.unknown == (3,)
    assert "your own programs only" in line.tip


# ---- one address


def test_an_ambiguous_notation_is_warned_of(controller: AddressesController):
    controller.inspect("2130706433")
    sheet = controller.state.sheet("address")
    assert (sheet.verdict.kind, sheet.verdict.word) == ("warning", "ambiguous")
    told = {row[0]: row[1] for row in cells(controller, "address")}
    assert told["Canonical"] == "127.0.0.1"
    assert any(row[0] == "Warning" and "ambiguous" in row[2] for row in cells(controller, "address"))
    controller.inspect("2001:db8::1/64")
    bits = [row[1] for row in cells(controller, "address") if row[0].startswith("Bits")]
    assert len("".join(bits).replace(" ", "")) == 128


def test_no_address_is_a_mistake_with_its_place(controller: AddressesController):
    with pytest.raises(LocalMisuse):
        controller.inspect("1.2.3.999")
    problem = controller.state.sheet("address").problem
    assert isinstance(problem, LocalMisuse)
    assert (problem.start, problem.end) == (6, 9)
    controller.dismiss("address")
    assert controller.state.sheet("address").problem is None


# ---- interfaces


@pytest.mark.covers("C1.13")
async def test_a_target_is_judged_with_the_bits_and_the_systems_own_way(controller: AddressesController):
    await controller.judge("127.0.0.1/8", "127.0.0.9")
    comparison, verdict = controller.state.comparison, controller.state.sheet("interfaces").verdict
    assert comparison is not None
    assert comparison.is_direct
    assert comparison.marked == 8
    assert verdict.word == "direct"
    assert "from 127.0.0.1" in [text for text, _ in verdict.chips]
    assert cells(controller, "interfaces")[0][:2] == ("lo", "127.0.0.1/8")


async def test_another_network_is_behind_a_router(controller, monkeypatch: pytest.MonkeyPatch):
    way = Route("192.168.2.1", "192.168.1.10", "eth0", "192.168.1.1")
    monkeypatch.setattr(
        "workbench.panels.sockets.addresses.controller.way_to",
        lambda target, channel: way._replace(target=target),
    )
    await controller.judge("192.168.1.10/24", "192.168.2.1")
    verdict = controller.state.sheet("interfaces").verdict
    assert verdict.word == "router"
    assert "router 192.168.1.1" in [text for text, _ in verdict.chips]
    with pytest.raises(LocalMisuse):
        await controller.judge("192.168.1.10/24", "::1")


def test_what_the_system_does_not_tell_is_marked():
    (line,) = interface_lines((Interface(1, "en0"),), False)
    assert line.unknown == (1, 2, 3, 4)
    assert interface_lines((ETH,), True)[0].cells == (
        "eth0",
        "192.0.2.2/24",
        "up",
        "1500",
        "02:00:00:00:00:01",
    )
    assert ("no way", "why") in way_verdict("s", False, None, "why").chips


# ---- the route


@pytest.mark.skipif(not can_probe(), reason="only Linux hands routers' answers to who is not root")
async def test_a_route_is_probed_with_names(controller: AddressesController):
    await controller.trace("127.0.0.1", Plan(rounds=2, wait_ms=2000), with_names=True)
    (row,) = cells(controller, "route")
    assert row[:2] == ("1", "127.0.0.1")
    assert row[2]
    assert row[3:5] == ("port unreachable", "0 %")
    assert all(float(each) > 0 for each in row[5:9])
    assert controller.state.sheet("route").verdict.word == "reached"


@pytest.mark.skipif(not can_probe(), reason="only Linux hands routers' answers to who is not root")
async def test_an_endless_probing_is_stopped_and_says_so(controller: AddressesController):
    rounds = asyncio.Event()

    def watch(changed: AddressesController) -> None:
        if any(text == "round 3" for text, _ in changed.state.sheet("route").verdict.chips):
            rounds.set()

    controller.observe(watch)
    plan = Plan(rounds=0, pause_ms=1, wait_ms=2000)
    tracing = asyncio.create_task(controller.trace("127.0.0.1", plan, with_names=False))
    await rounds.wait()
    tracing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await tracing
    sheet = controller.state.sheet("route")
    assert (sheet.verdict.word, sheet.is_running) == ("stopped", False)
    assert sheet.lines


def test_lines_of_a_route_on_its_way():
    trace = Trace("192.0.2.9", (Hop(1, ("10.0.0.1",), 2, 1, 1), Hop(2, waiting=1), Hop(3)), 2)
    rows = [line.cells for line in hop_lines(trace, {})]
    assert [row[1] for row in rows] == ["10.0.0.1", "…"]
    assert rows[0][4] == "50 %"
    assert trace_verdict(trace).kind == "running"


# ---- who reaches a port


@pytest.mark.covers("C5.30", "C5.31", "C3.6")
async def test_a_server_of_ours_is_bound_to_loopback_unless_somebody_says_otherwise(
    controller: AddressesController,
):
    await controller.look_around("", "tcp", bind(DEFAULT_BIND))
    rows = {row[0]: row for row in cells(controller, "reach")}
    assert rows["127.0.0.1"][2] == "yes"
    assert rows["127.0.0.2"][2:4] == ("no", "yes")
    assert rows["0.0.0.0"][3] == "no (EADDRINUSE)"
    assert controller.state.sheet("reach").verdict.word == "this machine"
    assert "Local only" in controller.state.sheet("reach").note


@pytest.mark.covers("C5.30")
async def test_listening_for_everybody_needs_an_agreement_once(controller: AddressesController):
    with pytest.raises(LocalMisuse, match="nobody has agreed"):
        await controller.look_around("", "tcp", ALL_BINDS[0])
    controller.agree()
    await controller.look_around("", "tcp", ALL_BINDS[0])
    rows = {row[0]: row for row in cells(controller, "reach")}
    assert [rows[f"127.0.0.{last}"][2] for last in (1, 2, 3)] == ["yes"] * 3
    await controller.look_around("", "udp", ALL_BINDS[0])
    assert {row[0]: row for row in cells(controller, "reach")}["127.0.0.2"][2] == "yes"


@pytest.mark.covers("C5.30")
def test_each_way_to_bind_has_its_purpose_and_its_risk():
    binds = {each.id: each for each in binds_for((("192.0.2.2", "eth0"),))}
    assert (binds["loopback"].risk, binds[DEFAULT_BIND].host) == ("good", "127.0.0.1")
    assert {each.risk for each in ALL_BINDS} == {"warning"}
    assert all(each.is_for_all for each in ALL_BINDS)
    own = binds["own 192.0.2.2"]
    for purpose in ("inner network", "virtual hosting", "the way its packets take"):
        assert purpose in own.purpose
    assert "Local only" in binds["loopback"].purpose


async def test_a_server_that_is_there_is_looked_at(controller: AddressesController):
    with socket.create_server(("127.0.0.2", 0)) as server:
        await controller.look_around(str(server.getsockname()[1]), "tcp", NOT_OURS)
    rows = {row[0]: row[2] for row in cells(controller, "reach")}
    assert (rows["127.0.0.1"], rows["127.0.0.2"]) == ("no", "yes")
    for text in ("", "nosuch", "99999"):
        with pytest.raises(WorkbenchError):
            await controller.look_around(text, "tcp", NOT_OURS)
    assert await controller.port_of("gopher", "tcp") == 70


def test_a_server_that_others_reach_is_a_warning():
    seen = (
        Seen(Place("127.0.0.1", "lo"), True, "reached", "", False),
        Seen(Place("192.0.2.2", "eth0"), True, "reached", "", False),
    )
    verdict = reach_verdict(80, seen)
    assert (verdict.kind, verdict.word) == ("warning", "others too")
    assert "eth0" in verdict.sentence


# ---- looking up


async def test_results_are_tuples_and_the_call_stands_below(controller: AddressesController):
    await controller.look_up(Asked("127.0.0.1", "http"))
    sheet = controller.state.sheet("lookup")
    assert cells(controller, "lookup") == [("AF_INET", "SOCK_STREAM", "IPPROTO_TCP", "", "('127.0.0.1', 80)")]
    assert sheet.lines[0].target == "127.0.0.1:80"
    assert sheet.note == "getaddrinfo('127.0.0.1', 'http', type=SOCK_STREAM)"
    # W.33: what leads to the loopback is of use to nobody else.
    assert "Only this machine itself reaches" in sheet.verdict.sentence


@pytest.mark.covers("C5.25")
async def test_ipv4_only_shows_its_failure_by_its_symbol(controller: AddressesController):
    with pytest.raises(WorkbenchError):
        await controller.look_up(Asked("::1", "80", "AF_INET"))
    assert controller.state.sheet("lookup").verdict.word == "EAI_ADDRFAMILY"
    await controller.look_up(Asked("::1", "80"))
    assert cells(controller, "lookup")[0][0] == "AF_INET6"


async def test_the_layers_of_ipv6_are_lines(controller: AddressesController):
    await controller.test_ipv6("")
    rows = {row[0]: row[1] for row in cells(controller, "lookup")}
    assert rows["this Python"] == "there"
    assert rows["the resolver"] == "not asked"
    assert len(rows) == 6


async def test_a_question_waits_for_the_end_of_the_one_that_it_replaces(controller: AddressesController):
    first = asyncio.create_task(controller.find_ports("http"))
    await asyncio.sleep(0)
    first.cancel()
    await controller.find_ports("gopher")
    assert controller.state.sheet("ports").verdict.word == "services"
    assert not controller.state.sheet("ports").is_running
    await asyncio.gather(first, return_exceptions=True)
    assert controller.state.sheet("ports").verdict.word == "services"


async def test_everything_is_recorded_on_the_loops_own_thread(monkeypatch: pytest.MonkeyPatch):
    """Who watches a transcript belongs to the window: told from another thread, its timers would stop for good."""
    told: set[int] = set()
    controller = AddressesController(Transcript)
    controller.transcript.observe(lambda _transcript: told.add(threading.get_ident()))
    await controller.read_interfaces()
    await controller.judge("127.0.0.1/8", "127.0.0.9")
    await controller.look_up(Asked("127.0.0.1", "80"))
    await controller.test_ipv6("")
    assert len(controller.transcript) > 8
    assert told == {threading.get_ident()}
    controller.retire()


# ---- which transport, and how large a datagram; what this machine is called


@pytest.fixture
def deciding(controller: AddressesController):
    async def to_echo(target: Target) -> Target:
        return target

    return Deciding(controller, to_echo)


@pytest.mark.covers("C1.12")
def test_what_is_ticked_is_advised_with_everything_that_was_counted(
    controller: AddressesController, deciding
):
    deciding.advise(("ordered", "small"))
    sheet = controller.state.sheet("transport")
    assert (sheet.verdict.kind, sheet.verdict.word) == ("good", "TCP")
    rows = cells(controller, "transport")
    assert rows[0] == (
        "1. TCP",
        "3 of 4",
        "leaves nothing out",
        "a stream of octets that is repaired on the way",
        "RFC 9293",
    )
    assert [row[1] for row in rows[1:3]] == ["2", "1"]
    assert rows[1][3].startswith("gives it: ")
    assert len(rows) == 6 * 3
    assert "Counted so" in sheet.note
    # What can be tried leads to the Lab, from its reasons too.
    assert sheet.lines[1].target == "lab:echo"
    deciding.advise(())
    assert controller.state.sheet("transport").lines == ()


def test_what_none_gives_is_a_warning(controller: AddressesController, deciding):
    deciding.advise(("integrity", "many"))
    sheet = controller.state.sheet("transport")
    assert (sheet.verdict.kind, sheet.verdict.word) == ("warning", "none gives all")
    assert "leaves out: to many at once" in cells(controller, "transport")[0][2]


@pytest.mark.covers("C1.12")
async def test_a_datagram_is_tried_at_the_limit_and_one_octet_beyond(
    controller: AddressesController, deciding
):
    async with await open_datagram(controller.transcript, local=Target("udp", "127.0.0.1", 0)) as server:
        echo = parse_target(server.address)
        serving = asyncio.create_task(serve_datagrams(server, Reply("echo")))
        await deciding.try_datagram(65507, "IPv4", echo)
        assert controller.state.sheet("datagram").verdict.word == "came back"
        await deciding.try_datagram(65508, "IPv4", echo)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    sheet = controller.state.sheet("datagram")
    assert (sheet.verdict.kind, sheet.verdict.word) == ("warning", "refused")
    assert "did not split it for you" in sheet.verdict.sentence
    tried = cells(controller, "datagram")[-1]
    assert (tried[1], tried[2], tried[4]) == ("Tried", "refused", "EMSGSIZE")


async def test_a_size_that_is_chosen_while_another_is_tried_takes_its_place(
    controller: AddressesController, deciding
):
    async with await open_datagram(controller.transcript, local=Target("udp", "127.0.0.1", 0)) as silent:
        trying = asyncio.create_task(deciding.try_datagram(100, "IPv4", parse_target(silent.address)))
        await silent.receive(timeout_s=5)
        trying.cancel()
        await deciding.judge_size_next(1473, "IPv4")
        await asyncio.gather(trying, return_exceptions=True)
    assert controller.state.sheet("datagram").verdict.word == "fragments"


@pytest.mark.parametrize("family", ["IPv4", "IPv6"])
def test_the_slider_goes_by_orders_of_magnitude_and_meets_every_mark(family):
    sizes = [size_at(place, family) for place in range(STEPS + 1)]
    assert sizes == sorted(sizes)
    assert (sizes[0], sizes[-1]) == (0, MOST[family])
    for mark in marks(family):
        assert size_at(place_of_size(mark.size), family) == mark.size


@pytest.mark.parametrize(
    ("size", "kind", "beyond"), [(512, "good", 0), (1232, "good", 1), (1472, "info", 2), (1473, "warning", 3)]
)
def test_each_mark_that_is_passed_is_told(controller: AddressesController, deciding, size, kind, beyond):
    deciding.judge_size(size, "IPv4")
    sheet = controller.state.sheet("datagram")
    assert sheet.verdict.kind == kind
    assert [line.cells[2] for line in sheet.lines].count("beyond") == beyond


async def test_own_names_are_lines_with_who_could_use_them(
    controller: AddressesController, deciding, monkeypatch: pytest.MonkeyPatch
):
    # W.33: what leads to the loopback is of use to nobody else.
    monkeypatch.setattr(
        "workbench.panels.sockets.addresses.deciding.own_names", lambda: own_names("localhost", outside=())
    )
    await deciding.derive_own_names()
    sheet = controller.state.sheet("lookup")
    assert (sheet.verdict.kind, sheet.verdict.word) == ("warning", "misleading")
    assert "every other machine would call itself" in sheet.verdict.sentence
    rows = {row[0]: row for row in cells(controller, "lookup")}
    assert rows["getaddrinfo('localhost')"][2] == "this machine"


def test_a_machine_that_everybody_reaches_has_no_warning():
    steps = (
        Step("getaddrinfo('a')", ("8.8.8.8",), "everybody", "why", "x"),
        Step("b", (), "", "no", "x", "EAI_NONAME"),
    )
    sheet = own_sheet(OwnNames("a", "a.example.net", steps, ()))
    assert (sheet.verdict.kind, sheet.verdict.word) == ("good", "a.example.net")
    assert sheet.lines[1].cells[:3] == ("b", "nothing", "EAI_NONAME")

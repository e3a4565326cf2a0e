"""Calls made by hand on real sockets, in the right order and in the wrong one, and what each answers.

What it is made of is tested through it: workbench.protocols.calls.carry, workbench.protocols.calls.carry_octets,
workbench.protocols.calls.held, workbench.protocols.calls.making, workbench.protocols.calls.meaning,
workbench.protocols.calls.places, workbench.protocols.calls.values and workbench.protocols.calls.spec.
"""

import asyncio
import os
import socket

import pytest

from tests.lab.houses import serving
from tests.protocols.calls.desks import PAIR, answer, answers, desk_with, look
from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.protocols.calls.carry import CARRY
from workbench.protocols.calls.descriptors import open_descriptors
from workbench.protocols.calls.desk import MAX_SOCKETS, Desk
from workbench.protocols.calls.spec import CALLS
from workbench.transcript.pcapng import write_pcapng
from workbench.transcript.records import Direction
from workbench.wire.addresses import has_ipv6_loopback

LINUX = os.path.exists("/proc/self/fd")
needs_ipv6 = pytest.mark.skipif(not has_ipv6_loopback(), reason="this machine has no IPv6")


async def turns(count: int = 5) -> None:
    """Let the loop turn; no time passes by itself."""
    for _ in range(count):
        await asyncio.sleep(0)


async def until_it_waits(desk: Desk, name: str) -> None:
    """Return once a call waits on a socket; the test's limit is the deadline."""
    while not desk.sockets[name].waiting:  # noqa: ASYNC110 - what waits has no event of its own
        await asyncio.sleep(0)


def test_every_call_is_carried_out() -> None:
    assert set(CARRY) == set(CALLS)


@pytest.mark.covers("C3.1")
async def test_a_server_is_made_in_steps_and_a_wrong_order_fails_as_it_must():
    async with desk_with(
        "a = socket", "a.setsockopt SOL_SOCKET SO_REUSEADDR 1", "a.bind 127.0.0.1:0"
    ) as desk:
        assert await answers(desk, "a.accept") == ["EINVAL"]
        assert "does not listen" in desk.outcomes[-1].sentence
        assert desk.outcomes[-1].source == "accept(2)"
        await desk.type("b = socket")
        assert await answers(desk, "b.connect @a") == ["ECONNREFUSED"]
        await desk.type("a.listen 5")
        await desk.type("c = socket")
        assert await answers(desk, "c.connect @a") == ["None"]
        outcome = await desk.type("d = a.accept")
        assert outcome.is_ok
        assert [state for state, _ in look(desk, "a").history] == ["CREATED", "BOUND", "LISTENING"]
        assert look(desk, "d").peer == look(desk, "c").local


@pytest.mark.covers("C2.3")
async def test_a_client_goes_through_its_states_with_their_times():
    async with serving("echo") as served:

        async def resolver(_target: Target) -> Target:
            return Target("tcp", served.host, served.port)

        async with desk_with("a = socket", "a.connect lab:echo", 'a.send "hi"', resolver=resolver) as desk:
            assert await answers(desk, "a.recv 2", "a.close") == ["b'hi'", "None"]
            states, times = zip(*look(desk, "a").history, strict=True)
            assert states == ("CREATED", "CONNECTING", "CONNECTED", "CLOSED")
            assert list(times) == sorted(times)
            assert f"a.connect(('{served.host}', {served.port}))" == desk.outcomes[1].text


@pytest.mark.skipif(not LINUX, reason="other systems answer a full backlog with a reset")
@pytest.mark.covers("C2.3")
async def test_a_connect_to_a_full_backlog_waits_and_is_cancelled_at_once():
    async with desk_with("a = socket", "a.bind 127.0.0.1:0", "a.listen 0") as desk:
        # One or two get in before the queue is full, by the system's own count.
        for name in "bcdef":
            await desk.type(f"{name} = socket")
            await desk.type(f"{name}.setblocking no")
            await desk.type(f"{name}.connect_ex @a")
        await desk.type("x = socket")
        connecting = asyncio.create_task(desk.type("x.connect @a"))
        await until_it_waits(desk, "x")
        assert look(desk, "x").state == "CONNECTING"
        connecting.cancel()
        await turns()
        assert connecting.done()
        assert connecting.cancelled()
        assert desk.outcomes[-1].is_cancelled
        assert await answers(desk, "x.settimeout 0.05", "x.connect @a") == ["None", "TimeoutError"]


@pytest.mark.covers("C2.1")
async def test_a_duplicate_keeps_the_connection_open():
    async with desk_with(*PAIR, "c.setblocking no") as desk:
        assert (await desk.type("d = b.dup")).remark == "2 own the connection now: b, d"
        card = look(desk, "d")
        assert (card.family, card.kind, card.state, card.mode, card.owners) == (
            "INET",
            "STREAM",
            "CONNECTED",
            "blocking",
            2,
        )
        assert card.fd != look(desk, "b").fd
        assert await answers(desk, "b.close", "c.recv") == ["None", "EAGAIN"]
        assert await answers(desk, 'd.write "by the other"', "c.read 100") == ["12", "b'by the other'"]
        assert await answers(desk, "d.close", "c.recv") == ["None", "b''"]


@pytest.mark.skipif(not LINUX, reason="this system does not list its descriptors")
@pytest.mark.covers("C2.1")
async def test_a_detached_descriptor_stays_open_until_somebody_closes_it():
    async with desk_with(*PAIR, "c.setblocking no") as desk:
        number = int(answer(await desk.type("b.detach")))
        assert [each.kind for each in open_descriptors() or () if each.fd == number] == ["socket"]
        assert await answers(desk, "c.recv", 'b.send "x"') == ["EAGAIN", "EBADF"]
        assert look(desk, "b").state == "DETACHED"
        with pytest.raises(LocalMisuse, match="none that detach left"):
            await desk.type("d = adopt 0")
        await desk.type(f"d = adopt {number}")
        assert await answers(desk, 'd.send "back"', "c.recv", "d.close", "c.recv") == [
            "4",
            "b'back'",
            "None",
            "b''",
        ]


@pytest.mark.covers("C2.2")
async def test_families_and_types_make_sockets_and_pairs_that_are_none_are_explained():
    async with desk_with() as desk:
        families = ["INET", "UNIX", *(["INET6"] if has_ipv6_loopback() else [])]
        for family in families:
            for kind, number in (("STREAM", socket.SOCK_STREAM), ("DGRAM", socket.SOCK_DGRAM)):
                made = (await desk.type(f"socket {family} {kind}")).made[0]
                assert await answers(desk, f"{made}.getsockopt SOL_SOCKET SO_TYPE") == [str(int(number))]
        assert await answers(desk, "socket UNIX SEQPACKET")
        assert await answers(desk, "socket INET SEQPACKET") == ["ESOCKTNOSUPPORT"]
        assert "no socket of this type" in desk.outcomes[-1].sentence
        if hasattr(socket, "AF_IPX"):
            assert await answers(desk, "socket IPX", "socket APPLETALK") == ["EAFNOSUPPORT"] * 2
            assert "kernel" in desk.outcomes[-1].sentence
        if not hasattr(socket, "AF_BLUETOOTH"):
            with pytest.raises(LocalMisuse, match="no AF_BLUETOOTH"):
                await desk.type("socket BLUETOOTH")


@pytest.mark.covers("C2.6")
async def test_both_endpoints_are_told_before_connecting_and_after():
    async with desk_with("a = socket") as desk:
        assert await answers(desk, "a.getsockname", "a.getpeername") == ["('0.0.0.0', 0)", "ENOTCONN"]
        assert (look(desk, "a").local, look(desk, "a").peer) == ("0.0.0.0:0", "")
    async with desk_with(*PAIR) as desk:
        ours, theirs = await answers(desk, "b.getsockname", "b.getpeername")
        assert await answers(desk, "c.getpeername", "c.getsockname") == [ours, theirs]
        assert (look(desk, "b").local, look(desk, "b").peer) == (look(desk, "c").peer, look(desk, "c").local)


@needs_ipv6
@pytest.mark.covers("C2.6")
async def test_an_ipv6_address_tells_flow_and_scope_and_the_ipv4_address_inside():
    async with desk_with(
        "a = socket INET6",
        "a.setsockopt IPPROTO_IPV6 IPV6_V6ONLY 0",
        "a.bind [::]:0",
        "a.listen",
        "b = socket",
    ) as desk:
        assert "flow 0, scope 0" in (await desk.type("a.getsockname")).remark
        port = look(desk, "a").local.rpartition(":")[2]
        await desk.type(f"b.connect 127.0.0.1:{port}")
        assert "IPv4 address 127.0.0.1, mapped" in (await desk.type("c = a.accept")).remark
        assert "::ffff:127.0.0.1" in look(desk, "c").peer
        assert "IPv4 address 127.0.0.1" in look(desk, "c").notes


@pytest.mark.covers("C5.2")
async def test_one_direction_and_then_the_other_is_both():
    async with desk_with(*PAIR) as desk:
        await desk.type("b.shutdown RD")
        assert look(desk, "b").ended == ("RD",)
        outcome = await desk.type("b.shutdown WR")
        assert "as SHUT_RDWR does at once" in outcome.remark
        assert look(desk, "b").ended == ("RD", "WR")
        assert await answers(desk, "c.recv", 'b.send "x"') == ["b''", "EPIPE"]
    async with desk_with(*PAIR, "b.shutdown RDWR") as desk:
        assert look(desk, "b").ended == ("RD", "WR")
        assert await answers(desk, "c.recv", 'b.send "x"') == ["b''", "EPIPE"]


@pytest.mark.skipif(not LINUX, reason="other systems throw it away")
@pytest.mark.covers("C5.2")
async def test_late_octets_come_even_after_reading_was_ended():
    async with desk_with(*PAIR, "b.setblocking no", "b.shutdown RD", 'c.send "late"') as desk:
        outcome = await desk.type("b.recv")
        assert (outcome.result, "weaker than it sounds" in outcome.remark) == ("b'late'", True)


@pytest.mark.covers("C5.3")
async def test_closing_is_for_one_holder_and_shutting_down_for_all():
    async with desk_with(*PAIR, "c.setblocking no", "d = b.dup", "e = b.dup") as desk:
        assert await answers(desk, "e.close", "c.recv") == ["None", "EAGAIN"]
        outcome = await desk.type("b.shutdown RDWR")
        assert "for d too" in outcome.remark
        assert await answers(desk, "c.recv", 'd.send "x"') == ["b''", "EPIPE"]
        assert desk.outcomes[-1].raised == "BrokenPipeError"


@pytest.mark.covers("C5.4")
async def test_a_write_after_our_own_end_is_refused_at_once():
    async with desk_with(*PAIR, "b.shutdown WR") as desk:
        outcome = await desk.type('b.send "one more"')
        assert (outcome.raised, outcome.errno) == ("BrokenPipeError", "EPIPE")
        assert "has finished sending" in outcome.sentence
        # It was our own end: the other direction lives on.
        assert look(desk, "b").dead_since == 0
        assert await answers(desk, 'c.send "still"', "b.recv") == ["5", "b'still'"]


@pytest.mark.covers("C5.33")
async def test_calls_that_would_wait_say_so_at_once_and_tell_what_became_of_a_connection():
    async with desk_with("a = socket", "a.bind 127.0.0.1:0", "b = socket", "b.setblocking no") as desk:
        assert await answers(desk, "b.connect_ex @a") == [f"{_number('EINPROGRESS')} (EINPROGRESS)"]
        assert "POLLOUT" in answer(await desk.type("b.poll"))
        outcome = await desk.type("b.getsockopt SOL_SOCKET SO_ERROR")
        assert outcome.result == str(_number("ECONNREFUSED"))
        assert "ECONNREFUSED" in outcome.remark
        for line in ("a.listen 5", "c = socket", "c.setblocking no", "c.connect_ex @a", "d = a.accept"):
            await desk.type(line)
        refused = await desk.type("c.recv")
        assert (refused.raised, refused.errno) == ("BlockingIOError", "EAGAIN")
        assert "does not wait" in refused.sentence
        cost = await desk.type("c.spin 0.02")
        assert cost.result == "False"
        assert " tries, " in cost.remark
        assert "% of one" in cost.remark


def _number(symbol: str) -> int:
    import errno

    return int(getattr(errno, symbol))


@pytest.mark.covers("C5.7b")
async def test_after_a_timeout_within_sendall_nobody_knows_how_much_arrived():
    async with desk_with(*PAIR, "b.settimeout 0.1") as desk:
        outcome = await desk.type('b.sendall "0123456789" 1000000')
        assert (outcome.raised, outcome.accepted, outcome.offered) == ("TimeoutError", None, 10_000_000)
        assert "between 0 and 10000000 octets" in outcome.remark
        # What a program can't know, the record does: some of it went.
        stream = desk.sockets["b"].channel.stream(Direction.SENT)
        assert 0 < len(stream) < 10_000_000


async def test_a_send_tells_how_much_was_taken():
    async with desk_with(*PAIR, "b.setblocking no") as desk:
        outcome = await desk.type('b.send "x" times=12000000')
        assert outcome.accepted is not None
        assert 0 < outcome.accepted < 12_000_000 == outcome.offered
        assert "were not taken" in outcome.remark


async def test_an_error_is_told_once_and_remembered():
    async with desk_with(*PAIR, "c.setsockopt SOL_SOCKET SO_LINGER 1,0", "c.close") as desk:
        first = await desk.type("b.recv")
        assert first.errno == "ECONNRESET"
        assert look(desk, "b").dead_since == first.number
        second = await desk.type("b.recv")
        assert (second.result, f"dead since call {first.number} (ECONNRESET)" in second.remark) == (
            "b''",
            True,
        )
        third = await desk.type('b.send "x"')
        assert (third.errno, f"dead since call {first.number}" in third.remark) == ("EPIPE", True)


async def test_a_close_over_unread_octets_resets_and_says_so():
    async with desk_with(*PAIR, 'b.send "unread"') as desk:
        assert (await desk.type("c.close")).remark == "closed with 6 B unread: the peer gets a reset (RST)"
        assert await answers(desk, "b.recv") == ["ECONNRESET"]


async def test_calls_wait_side_by_side_and_a_second_one_of_the_same_kind_is_refused():
    async with desk_with(*PAIR) as desk:
        reading = asyncio.create_task(desk.type("b.recv"))
        accepting = asyncio.create_task(desk.type("d = a.accept"))
        await until_it_waits(desk, "b")
        await until_it_waits(desk, "a")
        with pytest.raises(LocalMisuse, match="waits on b already"):
            await desk.type("b.recv")
        await desk.type('c.send "now"')
        assert answer(await reading) == "b'now'"
        await desk.type("e = socket")
        await desk.type("e.connect @a")
        assert (await accepting).made == ("d",)


async def test_who_waits_on_a_socket_that_is_closed_is_told():
    async with desk_with(*PAIR) as desk:
        reading = asyncio.create_task(desk.type("b.recv"))
        await until_it_waits(desk, "b")
        await desk.type("b.close")
        assert answer(await reading) == "EBADF"


async def test_a_unix_listener_whose_queue_is_full_is_waited_for(tmp_path):
    path = tmp_path / "s"
    async with desk_with("a = socket UNIX", f'a.bind "unix:{path}"', "a.listen 0") as desk:
        for name in "bcd":
            await desk.type(f"{name} = socket UNIX")
            await desk.type(f"{name}.settimeout 0.05")
        got = await answers(desk, *(f"{name}.connect @a" for name in "bcd"))
        assert got[0] == "None"
        assert "TimeoutError" in got
        assert path.exists()
    assert not path.exists()


async def test_wrong_values_are_the_system_s_to_refuse():
    async with desk_with("a = socket", "u = socket UNIX") as desk:
        assert await answers(
            desk,
            "a.connect 127.0.0.1:65536",
            "a.connect unix:/x",
            "u.connect 127.0.0.1:1",
            "a.recv -1",
        ) == ["OverflowError", "TypeError", "TypeError", "ValueError"]
        assert all(outcome.sentence for outcome in desk.outcomes[-4:-1])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("z.recv", "nothing called z"),
        ("a.flush", "a is a socket"),
        ("a = socket", "there is a a already"),
        ("a.connect @q", "no socket q"),
        ("a.connect lab:echo", "no Lab"),
        ("a.recv 999999999", "at most"),
    ],
)
async def test_what_can_t_be_called_is_refused_before_anything_is_done(line: str, why: str):
    async with desk_with("a = socket") as desk:
        events = len(desk.transcript)
        with pytest.raises(LocalMisuse, match=why):
            await desk.type(line)
        assert len(desk.transcript) == events


async def test_a_desk_has_an_end():
    async with desk_with(*["socket"] * MAX_SOCKETS) as desk:
        with pytest.raises(LocalMisuse, match="close some first"):
            await desk.type("socket")
        await desk.type("a.close")
        assert (await desk.type("socket")).is_ok


async def test_the_ends_are_recorded_as_the_wire_does_so_that_captures_have_them():
    async with desk_with(*PAIR, "b.shutdown WR", "c.recv", "c.recv", "c.close", "b.close") as desk:
        names = [event.name for event in desk.transcript.events() if not event.name.startswith("call.")]
        assert names == ["finish.sent", "end", "close", "close"]
        assert b"".join(write_pcapng(desk.transcript))
    async with desk_with(*PAIR, "c.setsockopt SOL_SOCKET SO_LINGER 1,0", "c.close") as desk:
        await desk.type("b.recv")
        names = [event.name for event in desk.transcript.events() if not event.name.startswith("call.")]
        assert names == ["reset.sent", "end"]
        ends = [event.values for event in desk.transcript.events() if event.name == "end"]
        assert [(each["kind"], each["by"]) for each in ends] == [("RST", "peer")]


async def test_everything_is_recorded():
    async with desk_with(*PAIR, 'b.send "hello"', "c.recv") as desk:
        await desk.type("c.getpeername")
        names = [event.name for event in desk.transcript.events() if event.kind == "fact"]
        assert names.count("call.done") == 9
        channel = desk.sockets["c"].channel
        assert channel.stream(Direction.RECEIVED).read(0, 10) == b"hello"
        info = desk.transcript.channels[channel.number]
        assert (info.local, info.peer) == (look(desk, "c").local, look(desk, "c").peer)
        assert all(desk.transcript[outcome.event].name == "call.done" for outcome in desk.outcomes)

"""lab:dns as other programs see it: dnspython's own queries over plain sockets, by UDP and TCP on one port."""

import asyncio

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.houses import SOON_S, client_of, datagrams_to, serving
from workbench.lab.catalogue import find_service
from workbench.lab.services.dns.service import FORGED_ADDRESS, Dns
from workbench.lab.switches import turn
from workbench.wire.datagram import Received


def query(name: str = "www.lab.test.", kind: str = "A", **how: object) -> dns.message.Message:
    return dns.message.make_query(name, kind, **how)  # type: ignore[arg-type]  # dnspython's own arguments


async def by_udp(served, asked: dns.message.Message) -> dns.message.Message:
    async with datagrams_to(served) as peer:
        peer.send(asked.to_wire())
        return dns.message.from_wire(await peer.receive())


async def by_tcp(served, asked: dns.message.Message) -> dns.message.Message:
    async with client_of(served) as client:
        wire = asked.to_wire()
        await client.send(len(wire).to_bytes(2, "big") + wire)
        size = int.from_bytes(await client.exactly(2), "big")
        return dns.message.from_wire(await client.exactly(size))


def data(message: dns.message.Message) -> list[str]:
    return sorted(item.to_text() for rrset in message.answer for item in rrset)


@pytest.mark.parametrize("ask", [by_udp, by_tcp])
async def test_both_transports_answer_the_same_on_the_same_port(ask):
    async with serving("dns") as served:
        asked = query()
        answer = await ask(served, asked)
        assert asked.is_response(answer)
        assert (data(answer), answer.rcode()) == (["192.0.2.1"], dns.rcode.NOERROR)
        assert answer.flags & dns.flags.AA
        assert not answer.flags & dns.flags.RA
        assert served.figures.seen == 1


async def test_it_is_there_by_ipv6_too():
    async with serving("dns", host="::1") as served:
        answer = await by_udp_v6(served.port)
        assert data(answer) == ["192.0.2.1"]


async def by_udp_v6(port: int) -> dns.message.Message:
    import socket

    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.connect(("::1", port))
        sock.send(query().to_wire())
        loop = asyncio.get_running_loop()
        return dns.message.from_wire(await asyncio.wait_for(loop.sock_recv(sock, 65535), SOON_S))


async def test_several_questions_of_one_stream_are_answered_in_order():
    async with serving("dns") as served, client_of(served) as client:
        asked = [query("www.lab.test."), query("mail.lab.test."), query("nosuch.lab.test.")]
        await client.send(b"".join(len(q.to_wire()).to_bytes(2, "big") + q.to_wire() for q in asked))
        for q in asked:
            size = int.from_bytes(await client.exactly(2), "big")
            assert q.is_response(dns.message.from_wire(await client.exactly(size)))


@pytest.mark.parametrize(
    ("name", "kind", "rcode"),
    [
        ("nosuch.lab.test.", "A", "NXDOMAIN"),
        ("www.lab.test.", "MX", "NOERROR"),
        ("www.broken.test.", "A", "SERVFAIL"),
        ("www.example.com.", "A", "REFUSED"),
        ("a.below.lab.test.", "A", "NOERROR"),
    ],
)
async def test_every_kind_of_no_is_there_without_a_switch(name: str, kind: str, rcode: str):
    async with serving("dns") as served:
        answer = await by_udp(served, query(name, kind))
    assert dns.rcode.to_text(answer.rcode()) == rcode
    assert not answer.answer


async def test_names_that_nobody_answers():
    async with serving("dns") as served, datagrams_to(served) as peer:
        peer.send(query("www.silent.test.").to_wire())
        assert await peer.is_quiet()


@pytest.mark.parametrize(
    ("how", "limit"), [({"use_edns": False}, 512), ({"use_edns": 0, "payload": 4096}, 1232)]
)
async def test_an_answer_that_is_too_large_for_a_datagram_is_cut_off_and_whole_by_tcp(how, limit: int):
    async with serving("dns") as served:
        asked = query("large.lab.test.", "TXT", **how)
        answer = await by_udp(served, asked)
        assert answer.flags & dns.flags.TC
        assert not answer.answer
        assert len(answer.to_wire()) <= limit
        whole = await by_tcp(served, asked)
        assert not whole.flags & dns.flags.TC
        assert len(data(whole)) == 6


async def test_who_asks_for_anything_gets_almost_nothing():
    async with serving("dns") as served:
        assert data(await by_udp(served, query("lab.test.", "ANY"))) == ['"RFC8482" ""']


# ---- switches


@pytest.mark.parametrize(
    ("says", "rcode"),
    [("servfail", "SERVFAIL"), ("refused", "REFUSED"), ("formerr", "FORMERR"), ("notimp", "NOTIMP")],
)
async def test_every_answer_can_say_something_else(says: str, rcode: str):
    async with serving("dns", says=says) as served:
        for ask in (by_udp, by_tcp):
            assert dns.rcode.to_text((await ask(served, query())).rcode()) == rcode


async def test_it_can_say_nothing():
    async with serving("dns", says="nothing") as served, datagrams_to(served) as peer:
        peer.send(query().to_wire())
        assert await peer.is_quiet()


@pytest.mark.parametrize("says", ["garbage", "loop"])
async def test_it_can_make_no_sense(says: str):
    async with serving("dns", says=says) as served, datagrams_to(served) as peer:
        asked = query()
        peer.send(asked.to_wire())
        answer = await peer.receive()
        assert answer[:2] == asked.to_wire()[:2]
        with pytest.raises(dns.exception.DNSException):
            dns.message.from_wire(answer)


async def test_it_can_cut_every_answer_off():
    async with serving("dns", truncate=True) as served:
        answer = await by_udp(served, query())
        assert answer.flags & dns.flags.TC
        assert not answer.answer
        assert data(await by_tcp(served, query())) == ["192.0.2.1"]


@pytest.mark.parametrize("forge", ["id", "question"])
async def test_a_forged_answer_is_quicker_and_wrong(forge: str):
    async with serving("dns", forge=forge) as served, datagrams_to(served) as peer:
        asked = query()
        peer.send(asked.to_wire())
        forged, right = [dns.message.from_wire(await peer.receive()) for _ in range(2)]
    assert data(forged) == [FORGED_ADDRESS]
    assert not asked.is_response(forged)
    assert (asked.is_response(right), data(right)) == (True, ["192.0.2.1"])


async def test_a_forged_answer_from_elsewhere_is_right_but_for_its_source():
    import socket

    async with serving("dns", forge="source") as served:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.bind(("127.0.0.1", 0))
            asked, loop = query(), asyncio.get_running_loop()
            sock.sendto(asked.to_wire(), (served.host, served.port))
            heard = [await asyncio.wait_for(loop.sock_recvfrom(sock, 65535), SOON_S) for _ in range(2)]
    (forged, liar), (right, server) = heard
    assert asked.is_response(dns.message.from_wire(forged))
    assert data(dns.message.from_wire(forged)) == [FORGED_ADDRESS]
    assert (liar[1] != served.port, server[1]) == (True, served.port)
    assert data(dns.message.from_wire(right)) == ["192.0.2.1"]


async def test_the_switches_of_all_services_work_too():
    async with serving("dns", drop_first=1, copies=2) as served, datagrams_to(served) as peer:
        peer.send(query().to_wire())
        assert await peer.is_quiet()
        peer.send(query().to_wire())
        assert await peer.receive() == await peer.receive()


# ---- queries that are none


def dns_service(**switches: object) -> Dns:
    return Dns(turn(find_service("dns").switches, switches, service="dns"))


SERVICE = dns_service()


@given(st.binary(max_size=120))
def test_any_datagram_is_answered_rightly_or_not_at_all(octets: bytes):
    answer = SERVICE.answer(Received(octets, "127.0.0.1:4242", False))
    if answer is not None:
        assert answer[:2] == octets[:2]
        assert answer[2] & 0x80, "an answer is a response"
        assert not octets[2] & 0x80, "a response is never answered: two servers would go on for ever"


def test_what_can_not_be_read_is_answered_with_formerr():
    answer = SERVICE.answer(Received(query().to_wire()[:20], "127.0.0.1:4242", False))
    assert answer is not None
    assert dns.message.from_wire(answer).rcode() == dns.rcode.FORMERR


def test_other_operations_are_not_implemented():
    asked = query()
    asked.set_opcode(4)
    answer = SERVICE.answer(Received(asked.to_wire(), "127.0.0.1:4242", False))
    assert answer is not None
    assert dns.message.from_wire(answer).rcode() == dns.rcode.NOTIMP


async def test_a_stream_that_ends_within_a_query_ends_nothing_else():
    async with serving("dns") as served:
        async with client_of(served) as client:
            await client.send(b"\0\x50half")
        assert data(await by_tcp(served, query())) == ["192.0.2.1"]

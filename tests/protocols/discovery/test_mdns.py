"""Messages of mDNS: written and read back, read by an oracle, cut, garbled; names and types with their mistakes."""

import dns.message
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.discovery import mdns
from workbench.protocols.discovery.mdns import META, Question, read, write_answer, write_query
from workbench.protocols.discovery.values import Txt

HTTP = mdns.service_type("_http._tcp")
PAGE = mdns.instance("My page, 2. floor", HTTP)
HOST = mdns.host_name("My page")
RECORDS = (
    mdns.ptr(HTTP, PAGE, 120),
    mdns.srv(PAGE, 8000, HOST, 120),
    mdns.txt(PAGE, (Txt("path", "/"), Txt("note", "größer")), 4500),
    mdns.address(HOST, "127.0.0.9", 120),
    mdns.address(HOST, "::1", 120),
)


def test_an_answer_is_read_back_as_it_was_written():
    message = read(write_answer(RECORDS, 7, (Question(HTTP, "PTR"),)))
    assert (message.number, message.is_response) == (7, True)
    assert message.questions == (Question(HTTP, "PTR"),)
    assert [(each.key, each.ttl, each.flush) for each in message.records] == [
        (each.key, each.ttl, each.flush) for each in RECORDS
    ]
    assert mdns.told(message.records[2].data) == (Txt("path", "/"), Txt("note", "größer"))
    assert mdns.shown(PAGE) == "My page, 2. floor._http._tcp.local"


def test_another_reader_reads_what_we_write():
    plain = [record._replace(flush=False) for record in RECORDS]
    message = dns.message.from_wire(write_answer(plain))
    assert [dns.rdatatype.to_text(rrset.rdtype) for rrset in message.answer] == [
        "PTR",
        "SRV",
        "TXT",
        "A",
        "AAAA",
    ]
    assert message.answer[1][0].port == 8000
    assert message.answer[1][0].target == HOST
    asked = dns.message.from_wire(write_query((Question(META, "PTR"),)))
    assert asked.question[0].name == META
    assert asked.flags == 0


def test_a_host_may_be_a_pointer_in_srv_as_other_responders_write_it():
    wire = write_answer(RECORDS[3:4])
    # A record of SRV whose target points to the name of the A record before it, at octet 12.
    pointed = (
        wire[:6]
        + b"\0\2"
        + wire[8:]
        + b"\x01x\0"
        + b"\0\x21\x80\1\0\0\0\x78\0\x08"
        + b"\0\0\0\0\0\x50\xc0\x0c"
    )
    assert read(pointed).records[1].data.target == HOST


def test_the_two_bits_above_the_class_are_told_apart_from_it():
    query = read(write_query((Question(META, "PTR", True), Question(HTTP, "PTR"))))
    assert [question.unicast for question in query.questions] == [True, False]
    assert [record.flush for record in read(write_answer(RECORDS)).records] == [False, True, True, True, True]


def test_known_answers_go_along_as_far_as_they_fit():
    known = [mdns.ptr(HTTP, mdns.instance(f"page {number} " + "x" * 40, HTTP), 100) for number in range(60)]
    wire = write_query((Question(HTTP, "PTR"),), known)
    assert len(wire) <= mdns.OUR_MESSAGE
    assert 5 < len(read(wire).records) < 60
    assert read(wire).records[0].key == known[0].key


@pytest.mark.parametrize("cut", range(len(write_answer(RECORDS))))
def test_a_message_that_was_cut_is_refused_wherever(cut: int):
    with pytest.raises(PeerMisbehaved) as broken:
        read(write_answer(RECORDS)[:cut])
    assert broken.value.source.startswith("RFC 6762 section")


@given(st.binary(max_size=300))
def test_any_octets_are_a_message_or_refused(data: bytes):
    try:
        message = read(data)
    except PeerMisbehaved:
        return
    assert len(message.records) <= len(data) // 11


@given(st.lists(st.tuples(st.integers(0, len(write_answer(RECORDS)) - 1), st.integers(0, 255)), max_size=6))
def test_an_answer_with_changed_octets_is_read_or_refused(changes: list[tuple[int, int]]):
    wire = bytearray(write_answer(RECORDS))
    for at, octet in changes:
        wire[at] = octet
    try:
        message = read(bytes(wire))
    except PeerMisbehaved:
        return
    assert len(message.records) <= mdns.MAX_RECORDS
    for record in message.records:
        assert isinstance(mdns.shown(record.name), str)
        if record.data is not None:
            assert record.key


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bytes(9001), "9,001 octets"),
        (b"\0\0\x28\0" + bytes(8), "operation"),
        (b"\0\0\x84\3" + bytes(8), "operation"),
        (b"\0\0\x84\0\0\0\xff\xff\0\0\0\0", "promises"),
        (b"\0\0\0\0\0\1\0\0\0\0\0\0\xc0\x0c\0\x0c\0\1", "can't be read"),
    ],
)
def test_what_may_not_be_is_refused_with_its_reason(data: bytes, words: str):
    with pytest.raises(PeerMisbehaved, match=words):
        read(data)


def test_types_of_other_protocols_are_passed_over():
    wire = write_answer(RECORDS[:1])
    other = wire[:6] + b"\0\2" + wire[8:] + b"\0\0\xfa\0\1\0\0\0\1\0\3abc"
    records = read(other).records
    assert (records[1].type, records[1].data) == ("TYPE250", None)
    assert records[1].key == (records[1].name, "TYPE250", "")


def test_types_and_names_are_checked_with_their_place():
    assert mdns.service_type("") == META
    assert mdns.service_type("_ipp._tcp.local.") == mdns.service_type("_IPP._tcp")
    for text in (
        "http._tcp",
        "_http",
        "_http._sctp",
        "_h_p._tcp",
        "_._tcp",
        "_" + "x" * 16 + "._tcp",
        "_ü._tcp",
    ):
        with pytest.raises(LocalMisuse) as wrong:
            mdns.service_type(text)
        assert wrong.value.caret()
    for label in ("", "x" * 64, "ä" * 32, "a\nb"):
        with pytest.raises(LocalMisuse):
            mdns.instance(label, HTTP)
    with pytest.raises(LocalMisuse, match="255"):
        mdns.txt(PAGE, (Txt("a", "x" * 254),), 1)
    assert mdns.shown(mdns.host_name("Ü b.c")) == "b-c.local"
    assert mdns.shown(mdns.host_name("ü")) == "host.local"


def test_a_value_that_is_no_text_is_told_in_hexadecimal():
    record = read(write_answer([mdns.txt(PAGE, (Txt("a", "b"),), 1)])).records[0]
    raw = record.data.replace(strings=(b"x=\xff\xfe", b"=nameless", b"alone"))
    assert mdns.told(raw) == (Txt("x", "ff fe"), Txt("alone", ""))

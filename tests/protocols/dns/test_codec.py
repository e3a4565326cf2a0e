"""Messages beside dnspython's own reading of the same octets, and octets that are none."""

from collections.abc import Generator

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocols.dns.messages import NAME, SAMPLES, SOA, build, response
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.dns.codec import (
    beginning,
    class_named,
    decode,
    encode_query,
    known_types,
    opcode_named,
    rcode_named,
    read_type,
    reading,
    type_named,
)
from workbench.protocols.dns.values import Message, Question, Wish

QUESTION = Question(NAME, "A")


# ---- queries, as dnspython reads them


@pytest.mark.parametrize("recursion", [True, False])
@pytest.mark.parametrize("dnssec", [True, False])
@pytest.mark.parametrize("edns", [0, 512, 1232, 4096])
def test_a_query_says_what_was_wished(recursion: bool, dnssec: bool, edns: int):
    read = dns.message.from_wire(encode_query(QUESTION, Wish("udp", recursion, dnssec, edns), 4660))
    assert read.id == 4660
    assert bool(read.flags & dns.flags.RD) is recursion
    assert (read.edns >= 0) is bool(edns or dnssec)
    assert bool(read.ednsflags & dns.flags.DO) is dnssec
    assert read.payload == (edns or 512 if edns or dnssec else 0)
    assert [(str(q.name), q.rdtype) for q in read.question] == [(NAME, dns.rdatatype.A)]


def test_capital_letters_stay_on_the_wire():
    assert b"\x03WwW\x03lab" in encode_query(Question("WwW.lab.test.", "A"), Wish(), 1)


def test_any_octet_can_stand_in_a_label():
    assert b"\x03a.b\x02\x00\xff\x00" in encode_query(Question(r"a\.b.\000\255.", "A"), Wish(), 1)


@pytest.mark.parametrize(
    "question", [Question("a..b.", "A"), Question(NAME, "NOTYPE"), Question("x" * 64 + ".", "A")]
)
def test_a_question_that_is_none_is_not_asked(question: Question):
    with pytest.raises(LocalMisuse):
        encode_query(question, Wish(), 1)


# ---- answers, compared with dnspython


def same_as_dnspython(wire: bytes) -> None:
    ours, theirs = decode(wire), dns.message.from_wire(wire, one_rr_per_rrset=True)
    assert ours.id == theirs.id
    assert ours.rcode == dns.rcode.to_text(theirs.rcode())
    assert {flag for flag in ours.flags if flag != "z"} == set(
        dns.flags.to_text(theirs.flags).lower().split()
    )
    assert [(q.name, q.type) for q in ours.questions] == [
        (str(q.name), dns.rdatatype.to_text(q.rdtype)) for q in theirs.question
    ]
    for name, section in (
        ("answer", theirs.answer),
        ("authority", theirs.authority),
        ("additional", theirs.additional),
    ):
        assert [(r.name, r.type, r.ttl, r.data) for r in ours.section(name)] == [  # type: ignore[arg-type]  # a Section
            (str(s.name), dns.rdatatype.to_text(s.rdtype), s.ttl, s[0].to_text()) for s in section
        ]
    assert (ours.edns is not None) is (theirs.edns >= 0)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda text: text.split()[2])
def test_every_record_reads_as_dnspython_reads_it(sample: str):
    same_as_dnspython(response(sample, kind=sample.split()[2]))


@pytest.mark.parametrize(
    "rcode", ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "BADVERS"]
)
def test_every_result_is_named(rcode: str):
    same_as_dnspython(response(rcode=rcode))


def test_all_sections_flags_and_options_are_read():
    message = build(
        "www.lab.test. 300 CNAME a.lab.test.",
        "a.lab.test. 300 A 192.0.2.1",
        authority=(SOA,),
        additional=("ns1.lab.test. 300 A 192.0.2.53",),
        flags=dns.flags.AA | dns.flags.RA | dns.flags.AD | dns.flags.CD,
    )
    message.use_edns(
        0, dns.flags.DO, 1232, options=[dns.edns.EDEOption(18, "not \x1b[31m you"), dns.edns.NSIDOption(b"a")]
    )
    same_as_dnspython(message.to_wire())
    edns = decode(message.to_wire()).edns
    assert edns is not None
    assert (edns.size, edns.dnssec_ok, edns.version) == (1232, True, 0)
    assert [(option.name, option.said) for option in edns.options] == [
        ("EDE", "18: prohibited (not ␛[31m you)"),
        ("NSID", "a"),
    ]
    assert message.to_wire()[edns.start] == 0


def test_a_record_knows_its_place():
    wire = response("www.lab.test. 300 A 192.0.2.1")
    (record,) = decode(wire).answers
    assert wire[record.data_start : record.stop] == bytes([192, 0, 2, 1])
    assert wire[record.start : record.start + 2] == b"\xc0\x0c"


def test_octets_behind_the_last_record_are_counted():
    assert decode(response("www.lab.test. 300 A 192.0.2.1") + b"xyz").left_over == 3


def test_a_ttl_that_is_negative_is_zero():
    wire = bytearray(response("www.lab.test. 300 A 192.0.2.1"))
    record = decode(bytes(wire)).answers[0]
    wire[record.data_start - 6] = 0x80
    assert decode(bytes(wire)).answers[0].ttl == 0


def test_the_beginning_is_enough_of_a_message_that_is_cut_off():
    wire = bytearray(response("www.lab.test. 300 A 192.0.2.1")[:-20])
    wire[2] |= 0x02
    head = beginning(bytes(wire))
    assert (head.id, head.is_response, head.truncated) == (0x1234, True, True)
    assert head.questions == (QUESTION,)
    with pytest.raises(PeerMisbehaved):
        decode(bytes(wire))


# ---- what is no message


@pytest.mark.parametrize("size", range(56))
def test_a_message_cut_anywhere_is_refused(size: int):
    with pytest.raises(PeerMisbehaved) as caught:
        decode(response("www.lab.test. 300 A 192.0.2.1")[:size])
    assert caught.value.source
    assert caught.value.exit_code == 4


def test_a_count_that_lies_is_named():
    wire = bytearray(response("www.lab.test. 300 A 192.0.2.1"))
    wire[10:12] = b"\xff\xff"
    with pytest.raises(PeerMisbehaved, match="promises 65535 additional records, and 1 are there"):
        decode(bytes(wire))


def test_two_questions_are_none():
    wire = bytearray(response())
    wire[4:6] = b"\0\2"
    with pytest.raises(PeerMisbehaved, match="2 questions") as caught:
        decode(bytes(wire))
    assert caught.value.source == "RFC 9619 section 4"


@pytest.mark.parametrize("target", [12, 14, 0x3FFF])
def test_a_name_that_points_to_itself_or_ahead_ends(target: int):
    wire = bytearray(response())
    wire[12:14] = (0xC000 | target).to_bytes(2, "big")
    with pytest.raises(PeerMisbehaved, match="points forward or to itself"):
        decode(bytes(wire))


def test_data_that_are_no_data_of_their_type_are_refused():
    wire = bytearray(
        response(
            "www.lab.test. 300 A 192.0.2.1",
        )
    )
    record = decode(bytes(wire)).answers[0]
    wire[record.data_start - 1] = 3
    del wire[record.data_start]
    with pytest.raises(PeerMisbehaved, match="data of a A record"):
        decode(bytes(wire))


@given(st.binary(max_size=200))
def test_any_octets_are_a_message_or_refused(data: bytes):
    try:
        decode(data)
    except PeerMisbehaved:
        return


WHOLE = build(*SAMPLES[:12], kind="ANY", authority=(SOA,)).to_wire(max_size=65535)


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.integers(0, len(WHOLE)))
def test_a_message_with_one_octet_changed_is_one_or_refused_as_dnspython_does(
    place: int, octet: int, size: int
):
    wire = bytearray(WHOLE)
    wire[place] = octet
    data = bytes(wire[:size]) if size > place else bytes(wire)
    try:
        message = decode(data)
    except PeerMisbehaved:
        return
    try:
        theirs = dns.message.from_wire(data, one_rr_per_rrset=True, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError):
        # dnspython knows rules about whole messages (an update, a signature) that don't concern a reader of fields.
        return
    assert [r.data for r in message.answers if r.data] == [s[0].to_text() for s in theirs.answer if len(s)]


def test_a_large_message_is_read_in_slices():
    records = [f"www.lab.test. 300 A 192.0.{n // 256}.{n % 256}" for n in range(2000)]
    wire = response(*records)
    steps, turns = reading(wire), 0
    while (message := next_or_value(steps)) is None:
        turns += 1
    assert len(message.answers) == 2000
    assert turns > 20


def next_or_value(steps: Generator[None, None, Message]) -> Message | None:
    """Read a slice; the message once it is whole."""
    try:
        next(steps)
    except StopIteration as ended:
        message: Message = ended.value
        return message
    return None


# ---- names of numbers


def test_numbers_without_a_name_stand_as_their_number():
    assert (opcode_named(7), rcode_named(3000), type_named(65280), class_named(7)) == (
        "OPCODE7",
        "RCODE3000",
        "TYPE65280",
        "CLASS7",
    )
    assert (opcode_named(0), rcode_named(3), rcode_named(16), type_named(15)) == (
        "QUERY",
        "NXDOMAIN",
        "BADVERS",
        "MX",
    )


@pytest.mark.parametrize(
    ("typed", "meant"), [("a", "A"), ("Mx", "MX"), ("type257", "CAA"), ("TYPE65280", "TYPE65280")]
)
def test_a_type_is_read_however_it_is_spelled(typed: str, meant: str):
    assert read_type(typed) == meant


@pytest.mark.parametrize("typed", ["", "ADDRESS", "TYPE99999", "A B", "127.0.0.1:4242"])
def test_a_type_that_is_none_is_named(typed: str):
    with pytest.raises(LocalMisuse) as caught:
        read_type(typed)
    assert caught.value.advice


def test_all_types_can_be_asked_for():
    assert {"A", "SVCB", "NSAP-PTR", "ZONEMD"} <= set(known_types())
    assert [read_type(name) for name in known_types()] == list(known_types())

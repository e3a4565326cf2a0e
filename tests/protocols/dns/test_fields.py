"""Fields and their octets: every octet belongs to one, every value is dnspython's."""

import dns.edns
import dns.message
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocols.dns.messages import SAMPLES, SOA, build, response
from workbench.errors import PeerMisbehaved
from workbench.protocols.dns.codec import decode
from workbench.protocols.dns.fields import all_fields, outline, record_fields, spoken_seconds
from workbench.protocols.dns.values import Field


def walk(fields: list[Field] | tuple[Field, ...]) -> list[Field]:
    found = []
    for field in fields:
        found += [field, *walk(field.inner)]
    return found


def fields_of(wire: bytes) -> list[Field]:
    return list(all_fields(decode(wire)))


def checked(fields: list[Field] | tuple[Field, ...], start: int, stop: int) -> None:
    """Each field lies within its parent; leaves have octets; siblings are in order."""
    before = start
    for field in fields:
        assert start <= field.start < field.stop <= stop, field
        assert field.start >= before or field.start in range(2, 4), field
        before = field.start
        checked(field.inner, field.start, field.stop)


def covered(fields: list[Field]) -> set[int]:
    leaves = [field for field in walk(fields) if not field.inner]
    return {place for field in leaves for place in range(field.start, field.stop)}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda text: text.split()[2])
def test_every_octet_of_a_message_belongs_to_a_field_with_a_sentence_and_a_source(sample: str):
    wire = response(sample, kind=sample.split()[2])
    fields = fields_of(wire)
    checked(fields, 0, len(wire))
    # Two octets of EDNS are reserved flags: they are the only ones without a meaning.
    assert set(range(len(wire))) - covered(fields) <= {len(wire) - 3}
    assert all(field.text and field.source.startswith("RFC ") for field in walk(fields))


PARTS = {
    "MX": {"preference": "10", "exchange": "mail.lab.test."},
    "SRV": {"priority": "0", "weight": "5", "port": "443", "target": "www.lab.test."},
    "SOA": {
        "primary server": "ns1.lab.test.",
        "mailbox": "people.lab.test.",
        "serial": "1",
        "refresh": "21600 (6 hours)",
        "retry": "3600 (1 hour)",
        "expire": "1728000 (20 days)",
        "minimum": "600 (10 minutes)",
    },
    "CAA": {"flags": "0", "tag": "issue", "value": '"ca.lab.test"'},
    "A": {"address": "192.0.2.1"},
    "AAAA": {"address": "2001:db8::1"},
    "DS": {"key tag": "12345", "algorithm": "13", "digest type": "2"},
    "RRSIG": {"type covered": "A", "expires": "2030-01-01 00:00:00 UTC", "signer": "lab.test."},
    "NAPTR": {"order": "100", "flags": '"u"', "service": '"E2U+sip"', "replacement": "."},
    "TLSA": {"usage": "3", "selector": "1", "matching": "1"},
    "HINFO": {"CPU": '"CPU"', "OS": '"OS"'},
}


@pytest.mark.covers("C4.28")
@pytest.mark.parametrize("kind", PARTS)
def test_the_parts_of_a_record_are_shown_by_name(kind: str):
    sample = next(text for text in SAMPLES if text.split()[2] == kind)
    shown = {field.name: field.value for field in record_fields(decode(response(sample, kind=kind)), 0)}
    assert shown.items() >= PARTS[kind].items()


def test_the_strings_of_a_text_stay_apart():
    message = decode(response('lab.test. 300 TXT "two" "" "strings"', kind="TXT"))
    assert [f.value for f in record_fields(message, 0) if f.name == "text"] == ['"two"', '""', '"strings"']


def test_what_a_stranger_writes_into_a_text_is_visible():
    message = decode(response(r'lab.test. 300 TXT "\027[2J\226\128\174"', kind="TXT"))
    (text,) = [f for f in record_fields(message, 0) if f.name == "text"]
    assert "\x1b" not in text.value
    assert "\u202e" not in text.value


def test_a_pointer_says_where_it_leads():
    message = decode(response("www.lab.test. 300 A 192.0.2.1"))
    name = record_fields(message, 0)[0]
    assert (name.value, name.stop - name.start) == ("www.lab.test.", 2)
    assert [(f.name, f.value) for f in name.inner] == [("pointer", "to octet 12")]
    assert "www.lab.test." in name.inner[0].text


def test_octet_twelve_begins_the_name_that_was_asked_for():
    question = next(f for f in outline(decode(response())) if f.name == "question")
    assert (question.inner[0].name, question.inner[0].start) == ("QNAME", 12)
    assert [f.value for f in question.inner[0].inner] == ["www", "lab", "test", "(root)"]


def test_header_bits_are_told_apart():
    header = outline(decode(response("www.lab.test. 300 A 192.0.2.1", rcode="NXDOMAIN")))[0]
    shown = {field.name: field.value for field in header.inner}
    assert shown["QR"] == "1"
    assert shown["RCODE"] == "NXDOMAIN"
    assert shown["opcode"] == "QUERY"
    assert shown["ANCOUNT"] == "1"


def test_options_of_edns_are_fields_and_unknown_ones_too():
    message = build()
    message.use_edns(
        0, 0, 1232, options=[dns.edns.GenericOption(4242, b"\x01\x02"), dns.edns.NSIDOption(b"ns")]
    )
    (edns,) = [f for f in outline(decode(message.to_wire())) if f.name == "EDNS"]
    assert [(f.name, f.value) for f in edns.inner if f.name.startswith("option")] == [
        ("option 4242", "01 02"),
        ("option NSID", "ns"),
    ]


def test_octets_left_over_are_a_field():
    wire = response() + b"\0\0"
    last = outline(decode(wire))[-1]
    assert (last.name, last.start, last.stop) == ("left over", len(wire) - 2, len(wire))


def test_a_large_answer_is_outlined_without_its_records_fields():
    records = [f"www.lab.test. 300 A 192.0.{n // 256}.{n % 256}" for n in range(1000)]
    message = decode(response(*records))
    assert [f.inner for f in outline(message) if f.record >= 0] == [()] * 1000


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (3600, "3600 (1 hour)"),
        (21600, "21600 (6 hours)"),
        (1728000, "1728000 (20 days)"),
        (90061, "90061 (1 day 1 hour 1 minute 1 second)"),
    ],
)
def test_seconds_are_told_exactly(seconds: int, said: str):
    assert spoken_seconds(seconds) == said


WHOLE = build(*SAMPLES[:20], kind="ANY", authority=(SOA,)).to_wire(max_size=65535)


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_whatever_can_be_read_can_be_shown(place: int, octet: int):
    wire = bytearray(WHOLE)
    wire[place] = octet
    try:
        message = decode(bytes(wire))
    except PeerMisbehaved:
        return
    for field in walk(list(all_fields(message))):
        assert 0 <= field.start <= field.stop <= len(wire)
        assert field.value.isprintable()


def test_dnspython_agrees_on_the_message():
    assert len(dns.message.from_wire(WHOLE, one_rr_per_rrset=True).answer) == 20

"""Messages of SSDP: written and read back, read by http.client, cut, garbled; nobody puts a field into a field."""

import http.client
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.discovery import ssdp
from workbench.protocols.discovery.values import Identity, Txt

WHO = Identity(
    "anvil", "urn:schemas-upnp-org:device:Printer:1", 631, "http://127.0.0.9:631/d.xml", lives_s=1800
)
ALIVE = ssdp.write_notify("239.255.255.250:1900", WHO.type, "uuid:1::x", WHO, says=ssdp.ALIVE)
GROUP = "239.255.255.250:1900"


def test_each_message_is_read_back_as_it_was_written():
    search = ssdp.read(ssdp.write_search(GROUP, "", 2))
    assert search.kind == "search"
    assert [search.first(name) for name in ("host", "man", "Mx", "ST")] == [
        GROUP,
        '"ssdp:discover"',
        "2",
        "ssdp:all",
    ]
    alive = ssdp.read(ALIVE)
    assert (alive.kind, alive.first("NTS"), alive.lives_s) == ("notify", "ssdp:alive", 1800)
    assert alive.first("LOCATION") == WHO.location
    gone = ssdp.read(ssdp.write_notify(GROUP, WHO.type, "uuid:1::x", WHO, says=ssdp.BYEBYE))
    assert (gone.first("NTS"), gone.first("LOCATION"), gone.lives_s) == ("ssdp:byebye", "", None)
    answer = ssdp.read(ssdp.write_answer(WHO.type, "uuid:1::x", WHO))
    assert (answer.kind, answer.first("ST"), answer.first("USN")) == ("answer", WHO.type, "uuid:1::x")


def test_another_reader_reads_the_same_fields():
    head = ssdp.read(ALIVE)
    lines = ALIVE.partition(b"\r\n")[2]
    parsed = http.client.parse_headers(io.BytesIO(lines))
    assert [(field.name, field.value) for field in head.fields] == list(parsed.items())


@pytest.mark.parametrize("cut", range(len(ALIVE)))
def test_a_head_that_was_cut_is_refused_wherever(cut: int):
    with pytest.raises(PeerMisbehaved) as broken:
        ssdp.read(ALIVE[:cut])
    assert broken.value.source.startswith("UPnP Device Architecture")


@given(st.binary(max_size=400))
def test_any_octets_are_a_message_or_refused(data: bytes):
    for octets in (data, b"NOTIFY * HTTP/1.1\r\n" + data + b"\r\n\r\n"):
        try:
            head = ssdp.read(octets)
        except PeerMisbehaved:
            continue
        assert head.lives_s is None or head.lives_s >= 0
        assert len(head.fields) <= ssdp.MAX_FIELDS


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"x" * 8193, "8,193 octets"),
        (b"GET / HTTP/1.1\r\n\r\n", "first line"),
        (b"NOTIFY * HTTP/1.1\r\n" + b"A: b\r\n" * 65 + b"\r\n", "64 fields"),
        (b"NOTIFY * HTTP/1.1\r\nA: " + b"x" * 3000 + b"\r\n\r\n", "characters"),
        (b"NOTIFY * HTTP/1.1\r\nno field\r\n\r\n", "no field"),
        (b"NOTIFY * HTTP/1.1\r\nA b: c\r\n\r\n", "no field"),
    ],
)
def test_what_may_not_be_is_refused_with_its_reason(data: bytes, words: str):
    with pytest.raises(PeerMisbehaved, match=words):
        ssdp.read(data)


@given(st.text(st.characters(), max_size=40))
def test_nothing_that_is_said_begins_a_field_of_its_own(text: str):
    try:
        wire = ssdp.write_search(GROUP, text, 1)
    except LocalMisuse:
        assert not text.isprintable()
        return
    assert len(ssdp.read(wire).fields) == 4


def test_names_of_fields_and_the_size_are_checked():
    for name in ("a b", "", "x:y", "ü"):
        with pytest.raises(LocalMisuse, match="no name of a field"):
            ssdp.write_notify(GROUP, "a", "b", Identity(txt=(Txt(name, "v"),)), says=ssdp.ALIVE)
    with pytest.raises(LocalMisuse, match="octets"):
        ssdp.write_search(GROUP, "x" * 9000, 1)


def test_a_device_has_three_names():
    assert ssdp.names_of("uuid:1", "urn:x") == (
        ("upnp:rootdevice", "uuid:1::upnp:rootdevice"),
        ("uuid:1", "uuid:1"),
        ("urn:x", "uuid:1::urn:x"),
    )
    assert len(ssdp.names_of("uuid:1", "")) == 2

"""Encodings beside those of the standard library: strict, and at the price that is told."""

import base64
import quopri
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.framing.catalogue import read_framing
from workbench.formats.framing.chop import say
from workbench.formats.framing.encodings import ENCODINGS, encoding_named, factor

ORACLES = {
    "base64": base64.b64decode,
    "quoted-printable": quopri.decodestring,
    "hex": bytes.fromhex,
    "percent": unquote_to_bytes,
}


@pytest.mark.covers("C5.12")
def test_base64_costs_a_third_and_no_marker_can_occur():
    base = ENCODINGS["base64"]
    assert (len(base.encode(bytes(300))), factor(base, bytes(300))) == (400, 400 / 300)
    assert base.encode(b"\x00\x0a\x5c") == b"AApc"
    framing = read_framing("lf+base64")
    remarks = framing.remarks(b"\n" * 300)
    assert [remark.code for remark in remarks] == ["size"]
    assert "300 octets become 400: 1.33 times" in remarks[0].what
    assert say(framing.decoder(), framing.encode(b"a\nb\0").data).messages[0].data == b"a\nb\0"
    for each in ENCODINGS.values():
        written = each.encode(bytes(range(256)))
        assert not each.keeps_out & set(written)
        assert {0x0A, 0x00} <= each.keeps_out


@pytest.mark.parametrize("name", ENCODINGS)
@given(data=st.binary(max_size=300))
def test_octets_come_back_and_the_standard_library_agrees(name: str, data: bytes):
    each = ENCODINGS[name]
    written = each.encode(data)
    assert each.decode(written) == data
    assert factor(each, data) == (len(written) / len(data) if data else 1.0)
    if name in ORACLES:
        oracle = ORACLES[name]
        assert oracle(written.decode() if name == "hex" else written) == data


@pytest.mark.parametrize(
    ("spec", "stream", "what", "at"),
    [
        ("lf+base64", b"QUJD\nQ*JD\n", "no letter of base64, octet 1", 5),
        ("lf+base64", b"QUJ\n", "3 are left over, octet 0", 0),
        ("lf+base64", b"=QUJ\n", "padding", 0),
        ("lf+hex", b"4g\n", "no hexadecimal digit, octet 1", 0),
        ("lf+hex", b"414\n", "half an octet", 0),
        ("lf+percent", b"ok\na%4\n", "two hexadecimal digits follow a %, octet 1", 3),
        ("lf+quoted-printable", b"a=ZZ\n", "follow a =", 0),
        ("nul+quoted-printable", b"a\tb\0", "is written as =09", 0),
        ("nul+yenc", b"a=\0", "without the octet", 0),
    ],
)
def test_what_is_no_such_encoding_breaks_with_its_place(spec: str, stream: bytes, what: str, at: int):
    said = say(read_framing(spec).decoder(), stream)
    assert what in said.broken.what
    assert said.broken.at == at
    assert said.ending.word == "broken"
    assert all(message.stop <= at for message in said.messages)


@pytest.mark.parametrize("name", ENCODINGS)
@given(data=st.binary(max_size=40))
def test_any_octets_are_read_or_refused(name: str, data: bytes):
    said = say(read_framing(f"close+{name}").decoder(), data)
    assert (said.broken is None) == (len(said.messages) == 1)


def test_an_unknown_encoding_is_refused():
    assert encoding_named("hex").id == "hex"
    with pytest.raises(LocalMisuse, match="no encoding"):
        encoding_named("rot13")

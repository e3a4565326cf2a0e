"""SLIP by the example of RFC 1055's table, COBS by its authors' examples."""

import pytest

from workbench.formats.framing.catalogue import read_framing
from workbench.formats.framing.chop import say


def test_slip_escapes_end_and_esc():
    framing = read_framing("slip")
    assert framing.encode(b"a\xc0b\xdbc").data == bytes.fromhex("c0 61 dbdc 62 dbdd 63 c0")
    said = say(framing.decoder(), b"\xc0\xc0\xc0a\xc0\xc0b\xc0")
    assert [message.data for message in said.messages] == [b"a", b"b"]
    assert said.ending.word == "complete"
    wrong = say(framing.decoder(), b"\xc0a\xdbb\xc0")
    assert (wrong.broken.at, wrong.broken.source) == (3, "RFC 1055")
    assert framing.remarks(b"")[0].code == "empty"
    assert framing.remarks(b"\xc0\xdb")[0].code == "escaped"
    assert framing.remarks(b"plain") == ()


@pytest.mark.parametrize(
    ("data", "wire"),
    [
        (b"", "01 00"),
        (b"\0", "01 01 00"),
        (b"\0\0", "01 01 01 00"),
        (b"\x11\x22\0\x33", "03 11 22 02 33 00"),
        (b"\x11\x22\x33\x44", "05 11 22 33 44 00"),
        (b"\x11\0\0\0", "02 11 01 01 01 00"),
        (bytes(range(1, 255)), "ff " + bytes(range(1, 255)).hex() + " 00"),
        (bytes(range(255)), "01 ff " + bytes(range(1, 255)).hex() + " 00"),
        (bytes(range(1, 256)), "ff " + bytes(range(1, 255)).hex() + " 02 ff 00"),
        (bytes(range(2, 256)) + b"\0", "ff " + bytes(range(2, 256)).hex() + " 01 01 00"),
        (bytes(range(3, 256)) + b"\0\x01", "fe " + bytes(range(3, 256)).hex() + " 02 01 00"),
    ],
)
def test_cobs_counts_to_the_next_zero(data: bytes, wire: str):
    framing = read_framing("cobs")
    assert framing.encode(data).data == bytes.fromhex(wire)
    assert [message.data for message in say(framing.decoder(), bytes.fromhex(wire)).messages] == [data]


def test_cobs_notices_a_zero_where_a_group_goes_on():
    said = say(read_framing("cobs").decoder(), b"\x02a\0\x05ab\0")
    assert [message.data for message in said.messages] == [b"a"]
    assert (said.broken.at, "2 more octets" in said.broken.what) == (6, True)

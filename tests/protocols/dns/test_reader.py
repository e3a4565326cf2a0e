"""Names out of octets: bounded, in presentation form, as dnspython writes them."""

import dns.name
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import PeerMisbehaved
from workbench.protocols.dns.reader import Reader, escaped, presentation

labels = st.lists(st.binary(min_size=1, max_size=63), max_size=5)


@given(labels)
def test_a_name_is_written_as_dnspython_writes_it(found: list[bytes]):
    name = dns.name.Name([*found, b""])
    assert presentation(found) == name.to_text()
    wire = name.to_wire()
    assert wire is not None
    read = Reader(wire).name(0)
    assert (read.text, read.stop, read.pointers) == (name.to_text(), len(wire), ())


def test_a_pointer_leads_to_what_was_written_before():
    data = b"\x04test\x00\x03lab\xc0\x00\x03www\xc0\x06"
    read = Reader(data).name(12)
    assert (read.text, read.stop, read.pointers) == ("www.lab.test.", 18, (6, 0))


@pytest.mark.parametrize(
    "data", [b"\xc0\x00", b"\x01a\xc0\x00", b"\x00\xc0\x02\x00", b"\xc0\x05\x00\x00\x00\x00"]
)
def test_no_pointer_leads_forward_or_around(data: bytes):
    at = 1 if data[:1] == b"\x00" else 0
    with pytest.raises(PeerMisbehaved, match="forward or to itself"):
        Reader(data).name(at)


def test_a_name_of_256_octets_is_refused_however_it_is_compressed():
    first = b"".join(b"\x3f" + b"a" * 63 for _ in range(3)) + b"\x00"
    assert Reader(first + b"\x3c" + b"b" * 60 + b"\xc0\x00").name(len(first)).text.startswith("bbb")
    with pytest.raises(PeerMisbehaved, match="more than 255 octets"):
        Reader(first + b"\x3e" + b"b" * 62 + b"\xc0\x00").name(len(first))


@pytest.mark.parametrize("octet", [0x40, 0x80])
def test_a_label_of_an_unknown_kind_is_refused(octet: int):
    with pytest.raises(PeerMisbehaved, match="unknown kind"):
        Reader(bytes([octet, 0])).name(0)


@pytest.mark.parametrize("data", [b"", b"\x03ww", b"\xc0", b"\x01a"])
def test_a_name_that_runs_past_the_end_is_refused(data: bytes):
    with pytest.raises(PeerMisbehaved, match="ends within"):
        Reader(data).name(0)


def test_no_octet_of_a_label_reaches_a_terminal_as_a_control():
    assert all(character.isprintable() and character.isascii() for character in escaped(bytes(range(256))))

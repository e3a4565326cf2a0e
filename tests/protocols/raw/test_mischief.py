"""Ways of sending that a server has to bear: what goes out, and in which pieces."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.protocols.raw.mischief import (
    BY_NAME,
    BYTEWISE_S,
    MAX_OVERSIZE,
    OVERSIZE,
    PAUSE_S,
    WAYS,
    oversize,
    wrong_endings,
)


@given(st.binary(max_size=200))
def test_octet_by_octet_and_with_a_pause_nothing_is_lost(data):
    for name in ("bytewise", "pause"):
        pieces = list(BY_NAME[name].pieces(data))
        assert b"".join(piece.data for piece in pieces) == data
    assert all(len(piece.data) == 1 for piece in BY_NAME["bytewise"].pieces(data))


def test_the_first_octet_goes_at_once_and_the_others_wait():
    assert [piece.wait_s for piece in BY_NAME["bytewise"].pieces(b"abc")] == [0.0, BYTEWISE_S, BYTEWISE_S]
    first, second = BY_NAME["pause"].pieces(b"EHLO me\r\nQUIT\r\n")
    assert (first.data, second.data, second.wait_s) == (b"EHLO", b" me\r\nQUIT\r\n", PAUSE_S)


def test_a_line_without_end_has_no_line_end_and_a_bound():
    data = b"".join(piece.data for piece in BY_NAME["oversize"].pieces(b"ignored"))
    assert len(data) == OVERSIZE
    assert b"\n" not in data
    assert sum(len(piece.data) for piece in oversize(100_001)) == 100_001
    assert sum(len(piece.data) for piece in oversize(10**12)) == MAX_OVERSIZE


def test_the_other_line_ending():
    assert wrong_endings(b"a\r\nb\r\n") == b"a\nb\n"
    assert wrong_endings(b"a\nb\n") == b"a\r\nb\r\n"
    assert wrong_endings(b"a\rb") == b"a\r\nb"
    assert wrong_endings(b"none") == b"none"
    assert [piece.data for piece in BY_NAME["wrong-ending"].pieces(b"x\r\n")] == [b"x\n"]


def test_every_way_says_what_it_finds_out():
    assert all(way.title and way.what and way.name in BY_NAME for way in WAYS)

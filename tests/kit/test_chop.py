import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop, every_cut


@given(st.binary(max_size=50), st.integers(1, 60))
def test_the_pieces_are_the_whole(data: bytes, n: int) -> None:
    pieces = list(chop(data, n))
    assert b"".join(pieces) == data
    assert all(len(piece) == n for piece in pieces[:-1])
    assert all(pieces)


def test_a_piece_has_at_least_one_octet() -> None:
    with pytest.raises(ValueError, match="at least one"):
        list(chop(b"ab", 0))


def test_every_cut_leaves_both_parts_something() -> None:
    assert list(every_cut(b"abc")) == [(b"a", b"bc"), (b"ab", b"c")]
    assert list(every_cut(b"a")) == []

"""Codings undone in pieces, and bombs stopped."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.protocols.http.coding import MAX_RATIO, PIECE, CodingFault, Decoder

TEXT = b"the same line again and again\n" * 1000
RAW = zlib.compressobj(9, zlib.DEFLATED, -15)
RAW_DEFLATE = RAW.compress(TEXT) + RAW.flush()


def undone(data: bytes, *codings: str, n: int = 1 << 20, **limits: int) -> tuple[bytes, Decoder]:
    decoder = Decoder(codings, **limits)
    return b"".join(piece for cut in chop(data, n) for piece in decoder.feed(cut)), decoder


@pytest.mark.parametrize("n", [1, 2, 5, 1000])
@pytest.mark.parametrize(
    ("data", "codings"),
    [
        (gzip.compress(TEXT, mtime=0), ("gzip",)),
        (gzip.compress(TEXT, mtime=0), ("x-gzip",)),
        (gzip.compress(TEXT[:500], mtime=0) + gzip.compress(TEXT[500:], mtime=0), ("gzip",)),
        (zlib.compress(TEXT), ("deflate",)),
        (RAW_DEFLATE, ("deflate",)),
        (zlib.compress(gzip.compress(TEXT, mtime=0)), ("gzip", "deflate")),
    ],
)
def test_the_same_octets_however_they_are_cut(data: bytes, codings: tuple[str, ...], n: int):
    got, decoder = undone(data, *codings, n=n)
    assert got == TEXT
    assert decoder.is_over
    assert (decoder.came, decoder.became) == (len(data), len(TEXT))


def test_a_cut_is_seen():
    got, decoder = undone(gzip.compress(TEXT, mtime=0)[:-9], "gzip")
    assert TEXT.startswith(got)
    assert not decoder.is_over


def test_a_bomb_is_stopped_by_its_ratio_in_small_pieces():
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join([squeeze.compress(bytes(2**20)) for _ in range(64)] + [squeeze.flush()])
    decoder = Decoder(("gzip",))
    longest = 0
    pieces = decoder.feed(bomb)

    def feed() -> None:
        nonlocal longest
        for piece in pieces:
            longest = max(longest, len(piece))

    with pytest.raises(CodingFault, match=f"over {MAX_RATIO} times"):
        feed()
    assert 0 < longest <= PIECE
    assert decoder.became <= 2 * MAX_RATIO * len(bomb)


def test_a_bomb_in_a_bomb_is_stopped_by_its_size():
    squeezed = zlib.compress(zlib.compress(bytes(2**22), 9), 9)
    with pytest.raises(CodingFault, match="1,000,000"):
        undone(squeezed, "deflate", "deflate", limit_octets=1_000_000)


@pytest.mark.parametrize(
    ("data", "codings", "what"),
    [
        (b"not gzip at all", ("gzip",), "damaged"),
        (b"\xff" * 20, ("deflate",), "damaged"),
        (gzip.compress(b"x", mtime=0) + b"more", ("gzip",), "behind the end"),
        (gzip.compress(b"x", mtime=0)[:-4] + b"\0\0\0\0", ("gzip",), "damaged"),
        (b"", ("br",), "not undone here"),
        (b"", ("gzip",) * 6, "on top of each other"),
    ],
)
def test_what_cant_be_undone_is_named(data: bytes, codings: tuple[str, ...], what: str):
    with pytest.raises(CodingFault, match=what):
        undone(data, *codings)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]), st.integers(1, 50))
def test_any_octets_are_undone_or_named(data: bytes, coding: str, n: int):
    try:
        undone(data, coding, n=n)
    except CodingFault as fault:
        assert str(fault)  # noqa: PT017 - any other exception fails the test

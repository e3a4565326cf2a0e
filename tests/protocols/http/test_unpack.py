"""Files unpacked while they come: the same however they are cut, bounded, and damage is named."""

import base64
import bz2
import gzip
import lzma
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.protocols.http.coding import PIECE, CodingFault
from workbench.protocols.http.unpack import KINDS, LONGEST_MAGIC, Unpacking, steps_by_sight

TEXT = b"the same line again\n" * 400
PACKED = {
    "base64": base64.encodebytes(TEXT),
    "gunzip": gzip.compress(TEXT),
    "zlib": zlib.compress(TEXT),
    "bunzip2": bz2.compress(TEXT),
    "unxz": lzma.compress(TEXT),
}


def unpacked(steps: tuple[str, ...], data: bytes, cut: int = 10**9) -> bytes:
    unpacking = Unpacking(steps)
    return b"".join(part for piece in chop(data, cut) for part in unpacking.feed(piece))


@pytest.mark.parametrize("cut", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("name", PACKED)
def test_the_same_comes_out_however_it_is_cut(name: str, cut: int):
    assert unpacked((name,), PACKED[name], cut) == TEXT


@pytest.mark.parametrize("name", ["gunzip", "bunzip2", "unxz"])
def test_several_may_follow_each_other(name: str):
    assert unpacked((name,), PACKED[name] * 2, 11) == TEXT * 2


def test_steps_stand_behind_each_other():
    data = base64.b64encode(PACKED["gunzip"])
    assert unpacked(("base64", "gunzip"), data, 5) == TEXT
    assert unpacked((), TEXT) == TEXT


@given(st.binary(max_size=300), st.sampled_from(sorted(PACKED)))
def test_any_octets_are_unpacked_or_named_as_damaged(data: bytes, name: str):
    with suppress(CodingFault):
        assert isinstance(unpacked((name,), data, 9), bytes)


@pytest.mark.parametrize("name", PACKED)
def test_what_is_damaged_says_so(name: str):
    with pytest.raises(CodingFault):
        unpacked((name,), b"\xff\x00\xff!" * 20)


@pytest.mark.parametrize(
    ("name", "pack"), [("gunzip", gzip.compress), ("bunzip2", bz2.compress), ("unxz", lzma.compress)]
)
def test_a_bomb_is_stopped_and_comes_in_small_pieces(name: str, pack):
    unpacking = Unpacking((name,))
    sizes: list[int] = []
    with pytest.raises(CodingFault, match="as a bomb does"):
        sizes += [len(part) for part in unpacking.feed(pack(bytes(20 * 2**20)))]
    assert unpacking.became < 5 * 2**20
    assert all(size <= PIECE for size in sizes)


def test_only_so_much_is_looked_at():
    with pytest.raises(CodingFault, match="first 1,000 octets"):
        list(Unpacking((), limit_octets=1000).feed(bytes(1001)))


def test_what_packs_a_file_is_seen_and_what_is_missing_is_said():
    assert [steps_by_sight(PACKED[name][:LONGEST_MAGIC]) for name in ("gunzip", "bunzip2", "unxz")] == [
        ("gunzip",),
        ("bunzip2",),
        ("unxz",),
    ]
    assert steps_by_sight(b"") == steps_by_sight(b"text") == steps_by_sight(b"\x28\xb5\x2f\xfd\x00\x00") == ()
    assert {kind.name for kind in KINDS if kind.why_not} == {"unzstd", "unbrotli"}
    for name in ("unzstd", "unrar"):
        with pytest.raises(CodingFault, match="can't be undone here"):
            Unpacking((name,))

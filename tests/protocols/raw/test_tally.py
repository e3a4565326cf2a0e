"""Figures of what passes, readable also when the conversation fails."""

import hashlib

import pytest

from tests.kit.chop import chop
from workbench.errors import LocalFault
from workbench.protocols.raw.expect import ExpectOctets
from workbench.protocols.raw.tally import Tally

DATA = bytes(range(256)) * 3


@pytest.mark.parametrize("n", [1, 7, 1000])
def test_both_sides_are_counted_and_summed_however_they_are_cut(n: int):
    taken: list[bytes] = []
    tally = Tally(sink=taken.append)
    for piece in chop(DATA, n):
        tally.gave(piece)
        assert not tally.take(b"<" + piece)
    assert (tally.sent, tally.received, tally.matched) == (len(DATA), len(DATA) + len(taken), None)
    assert tally.sent_sha256 == hashlib.sha256(DATA).hexdigest()
    assert tally.received_sha256 == hashlib.sha256(b"".join(taken)).hexdigest() != tally.sent_sha256
    assert b"".join(piece[1:] for piece in taken) == DATA


def test_what_is_awaited_is_seen_across_pieces():
    tally = Tally(ExpectOctets(b"ready"))
    assert tally.matched is False
    assert not tally.take(b"rea")
    assert tally.take(b"dy")
    assert tally.matched is True


def test_what_could_not_be_kept_was_received_all_the_same():
    def full(_data: bytes) -> None:
        raise LocalFault("no room", stage="receive")

    tally = Tally(sink=full)
    with pytest.raises(LocalFault):
        tally.take(b"abc")
    assert tally.received == 3

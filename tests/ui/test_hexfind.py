"""Looking for octets in slices finds what looking at once finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from workbench.ui.hexfind import HexSearch, find_slices
from workbench.ui.hexlayout import HeldOctets

SMALL = st.binary(max_size=60).map(lambda data: bytes(each % 3 for each in data))


def found(data: bytes, needle: bytes, start: int, stop: int, step: int, *, backward: bool) -> int:
    answers = list(find_slices(HeldOctets(data), needle, start, stop, backward=backward, step=step))
    assert answers[:-1] == [None] * (len(answers) - 1)
    last = answers[-1] if answers else None
    return -1 if last is None else last


@given(
    SMALL,
    SMALL.filter(bool).map(lambda data: data[:4]),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(1, 9),
)
def test_slices_find_what_bytes_find(data: bytes, needle: bytes, start: int, stop: int, step: int) -> None:
    start, stop = min(start, len(data)), min(stop, len(data))
    assert found(data, needle, start, stop, step, backward=False) == data.find(needle, start, stop)
    assert found(data, needle, start, stop, step, backward=True) == data.rfind(needle, start, stop)


def search(data: bytes, needle: bytes, place: int, *, backward: bool = False) -> list[object]:
    engine = HexSearch()
    spy = QSignalSpy(engine.ended)
    engine.start(HeldOctets(data), needle, place, backward=backward)
    assert spy.wait(60_000)
    assert not engine.is_running
    return spy.at(0)


def test_the_next_match_is_found_and_after_the_last_the_first(app: QApplication) -> None:
    data = b"..ab....ab.."
    assert search(data, b"ab", 0) == [2, False]
    assert search(data, b"ab", 3) == [8, False]
    assert search(data, b"ab", 9) == [2, True]


def test_the_match_before_is_found_and_before_the_first_the_last(app: QApplication) -> None:
    data = b"..ab....ab.."
    assert search(data, b"ab", 8, backward=True) == [2, False]
    assert search(data, b"ab", 2, backward=True) == [8, True]


def test_what_is_not_there_is_not_found_anywhere(app: QApplication) -> None:
    assert search(b"abc" * 100, b"abd", 17) == [-1, True]
    assert search(b"", b"x", 0) == [-1, True]


def test_a_match_across_the_place_is_found_after_going_around(app: QApplication) -> None:
    assert search(b"xxneedlexx", b"needle", 5) == [2, True]


def test_a_search_can_be_given_up(app: QApplication) -> None:
    engine = HexSearch()
    spy = QSignalSpy(engine.ended)
    engine.start(HeldOctets(bytes(1 << 20)), b"x", 0)
    engine.cancel()
    assert not engine.is_running
    assert not spy.wait(60)


def test_nothing_cannot_be_looked_for(app: QApplication) -> None:
    with pytest.raises(ValueError, match="nothing"):
        HexSearch().start(HeldOctets(b"abc"), b"", 0)

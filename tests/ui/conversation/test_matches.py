"""The list of matches against a plain list."""

from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.transcript import spool
from workbench.ui.conversation.matches import IN_MEMORY, Matches

ascending = st.lists(st.integers(0, 1 << 40), unique=True).map(sorted)


@given(ascending, st.integers(0, 1 << 40), st.integers(0, 9), st.integers(0, 9))
def test_matches_behave_as_a_list(numbers, wanted, start, count):
    matches = Matches()
    middle = len(numbers) // 2
    matches.add(numbers[:middle])
    matches.add(numbers[middle:])
    assert list(matches) == numbers
    assert list(matches[start : start + count]) == numbers[start : start + count]
    assert matches.place_of(wanted) == bisect_left(numbers, wanted)
    assert (wanted in matches) == (wanted in numbers)
    assert all(number in matches for number in numbers)
    if numbers:
        assert matches[-1] == numbers[-1]
    matches.close()


def test_a_million_matches_keep_little_in_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spool, "SLOW_NS", 10**12)
    matches = Matches()
    for first in range(0, 1_000_000, 10_000):
        matches.add(range(first, first + 10_000))
    assert len(matches) == 1_000_000
    assert matches[765_432] == 765_432
    assert matches._store.in_memory <= IN_MEMORY
    assert matches._store.in_file >= 8_000_000 - IN_MEMORY
    matches.close()

"""The stopwatch that stands still while a virtual machine's host runs others."""

import time

import pytest

from tests.kit import stolen
from tests.kit.stolen import NS_PER_S, Stolen, Stopwatch, between


def test_the_most_that_any_processor_lost_counts():
    assert between((5, 7), (6, 17)) == 10
    assert between((), ()) == 0


def test_this_machine_tells_of_each_processor_and_never_goes_back():
    reader = Stolen()
    first, then = reader.read(), reader.read()
    reader.close()
    reader.close()
    assert len(first) == len(then)
    assert between(first, then) >= 0
    assert reader.read() == ()


def test_what_was_stolen_is_no_time(monkeypatch: pytest.MonkeyPatch):
    taken = [(0, 0), (0, 0), (0, NS_PER_S * 1000)]
    monkeypatch.setattr(stolen, "_read", lambda: taken.pop(0))
    watch = Stopwatch()
    time.sleep(0.01)  # noqa: TID251 (what is measured)
    assert 0.01 <= watch.elapsed_s < 100
    assert watch.elapsed_s < 0

import pytest

from tests.kit.turned_clock import START_WALL_NS, TurnedClock


def test_it_stands_still_until_it_is_turned() -> None:
    clock = TurnedClock(monotonic_ns=7)
    assert [clock.monotonic_ns(), clock.monotonic_ns(), clock.wall_ns()] == [7, 7, START_WALL_NS]


def test_both_clocks_move_together() -> None:
    clock = TurnedClock(monotonic_ns=0, wall_ns=100)
    clock.advance_ns(5)
    clock.advance_s(1.5)
    assert (clock.monotonic_ns(), clock.wall_ns()) == (1_500_000_005, 1_500_000_105)


def test_only_the_wall_clock_can_be_set_back() -> None:
    clock = TurnedClock(monotonic_ns=3)
    clock.set_wall_ns(1)
    assert (clock.monotonic_ns(), clock.wall_ns()) == (3, 1)
    with pytest.raises(ValueError, match="go back"):
        clock.advance_ns(-1)

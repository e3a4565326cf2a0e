"""The machine's clocks, and the one that tests turn."""

import time

from tests.kit.turned_clock import TurnedClock
from workbench.clock import SYSTEM, Clock


def test_the_systems_clocks_are_the_machines() -> None:
    before = time.monotonic_ns(), time.time_ns()
    read = SYSTEM.monotonic_ns(), SYSTEM.wall_ns()
    after = time.monotonic_ns(), time.time_ns()
    assert before[0] <= read[0] <= after[0]
    # The wall clock may be set while we look: an hour is the difference between right and wrong units.
    assert abs(read[1] - before[1]) < 3600 * 10**9


def test_the_monotonic_clock_never_goes_back() -> None:
    readings = [SYSTEM.monotonic_ns() for _ in range(1000)]
    assert readings == sorted(readings)


def test_a_turned_clock_can_stand_in() -> None:
    clock: Clock = TurnedClock()
    assert clock.monotonic_ns() == clock.monotonic_ns()
    assert clock.wall_ns() == clock.wall_ns()

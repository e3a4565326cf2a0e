"""The heartbeat: even gaps, late ones with the guilty line, and no thread left."""

import asyncio
import threading
import time

import pytest

from tests.bridge.signals import emitted, until
from workbench.bridge.heartbeat import Heartbeat


@pytest.fixture
def heartbeat(app):
    heartbeat = Heartbeat(limit_ms=60, interval_ms=10)
    yield heartbeat
    heartbeat.stop()
    heartbeat.deleteLater()


def a_guilty_function(heartbeat, seconds):
    """Block for so long, and until somebody has looked: a busy machine may give the watchdog its turn late."""
    began = time.monotonic()
    while (took := time.monotonic() - began) < seconds or (not heartbeat._watchdog._stack and took < 5):
        pass


async def told(heartbeat, function):
    """The first late tick that is put down with this function; a busy machine makes others late too."""
    found = []

    def is_there():
        found[:] = [late for late in heartbeat.late if f"in {function}" in late.stack]
        return found

    await until(is_there)
    return found[0]


async def a_tick(heartbeat):
    """Right after a tick nothing is late yet."""
    await emitted(heartbeat._timer.timeout)


async def test_a_block_is_put_down_with_the_function_that_blocked(heartbeat):
    heartbeat.start()
    await a_tick(heartbeat)
    before_ns = time.time_ns()
    asyncio.get_running_loop().call_soon(a_guilty_function, heartbeat, 0.15)
    late = await told(heartbeat, "a_guilty_function")
    assert 150 <= late.gap_ms < 5000
    assert before_ns < late.when_ns <= time.time_ns()
    assert heartbeat.max_gap_ms >= late.gap_ms


async def test_a_late_tick_is_told(heartbeat):
    heartbeat.start()
    asyncio.get_running_loop().call_soon(a_guilty_function, heartbeat, 0.15)
    [late] = await emitted(heartbeat.was_late)
    assert late in heartbeat.late


async def test_each_block_has_its_own_stack(heartbeat):
    def another_one():
        a_guilty_function(heartbeat, 0.12)

    heartbeat.start()
    await a_tick(heartbeat)
    asyncio.get_running_loop().call_soon(a_guilty_function, heartbeat, 0.12)
    first = await told(heartbeat, "a_guilty_function")
    asyncio.get_running_loop().call_soon(another_one)
    second = await told(heartbeat, "another_one")
    assert "another_one" not in first.stack
    assert second.stack.index("in another_one") < second.stack.index("in a_guilty_function")


async def test_what_waits_is_not_blamed(heartbeat):
    """A coroutine that awaits blocks nobody; a machine that is busy elsewhere may still make a tick late."""
    heartbeat.limit_ms = 1000
    heartbeat.start()
    await until(lambda: len(heartbeat._gaps) >= 10)
    heartbeat.stop()
    assert not heartbeat.late
    assert 9 <= heartbeat.p50_ms < 1000
    assert heartbeat.p50_ms <= heartbeat.p99_ms <= heartbeat.max_gap_ms


async def test_stopping_leaves_no_thread_and_keeps_the_figures(heartbeat):
    before = set(threading.enumerate())
    heartbeat.start()
    [watchdog] = set(threading.enumerate()) - before
    assert watchdog.daemon
    heartbeat.start()
    assert not watchdog.is_alive()
    await a_tick(heartbeat)
    heartbeat.stop()
    heartbeat.stop()
    assert set(threading.enumerate()) == before
    assert heartbeat.p50_ms > 0
    heartbeat.start()
    assert heartbeat.p50_ms == heartbeat.p99_ms == heartbeat.max_gap_ms == 0


def test_percentiles_are_the_nearest_rank(app):
    heartbeat = Heartbeat(interval_ms=10)
    assert heartbeat.p50_ms == heartbeat.p99_ms == heartbeat.lateness_ms == 0
    heartbeat._gaps.extend(gap_ms * 1_000_000 for gap_ms in range(100, 0, -1))
    assert heartbeat.p50_ms == 50
    assert heartbeat.p99_ms == 99
    assert heartbeat.lateness_ms == 90  # the longest of the last second, less the interval
    heartbeat._gaps.append(1000 * 1_000_000)
    assert heartbeat.p99_ms == 100
    heartbeat.deleteLater()

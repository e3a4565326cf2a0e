"""The measure itself: what stands still is blamed, what waits for a processor is not."""

import asyncio
import time

import pytest

from tests.journeys.pulse import LIMIT_MS, Pulse


@pytest.fixture
def pulse(app):
    made = Pulse()
    yield made
    made.close()


async def until_it_beat_again(pulse: Pulse) -> None:
    await asyncio.sleep(0.05)


async def test_a_blocked_thread_is_blamed(app, pulse: Pulse):
    pulse.start()
    time.sleep(1.5 * LIMIT_MS / 1000)  # noqa: TID251 (this is what it is there to find)
    await until_it_beat_again(pulse)
    with pytest.raises(AssertionError, match="of our own"):
        pulse.assert_even()


async def test_a_busy_thread_is_blamed(app, pulse: Pulse):
    pulse.start()
    until = time.thread_time() + 1.5 * LIMIT_MS / 1000
    while time.thread_time() < until:
        pass
    await until_it_beat_again(pulse)
    with pytest.raises(AssertionError, match="of our own"):
        pulse.assert_even()


async def test_what_never_beat_proves_nothing(app, pulse: Pulse):
    pulse.start()
    with pytest.raises(AssertionError, match="never beat"):
        pulse.assert_even()


async def test_the_time_without_a_processor_is_not_blamed(app, pulse: Pulse, monkeypatch: pytest.MonkeyPatch):
    # Ready to run during every nanosecond in which nothing happened: as if others had all processors.
    monkeypatch.setattr(pulse, "_read_queued_ns", time.monotonic_ns)
    pulse.start()
    time.sleep(1.5 * LIMIT_MS / 1000)  # noqa: TID251 (stands for the others)
    await until_it_beat_again(pulse)
    pulse.assert_even()

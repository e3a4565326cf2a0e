"""The measure itself: what stands still is blamed, what waits for a processor is not."""

import asyncio
import time

import pytest

from tests.kit.pulse import LIMIT_MS, NS_PER_MS, Pulse, Spent, even_pulse


@pytest.fixture
def pulse(app):
    made = Pulse()
    yield made
    made.close()


async def until_it_beat_again() -> None:
    await asyncio.sleep(0.05)


async def test_a_blocked_thread_is_blamed(app, pulse: Pulse):
    pulse.start()
    time.sleep(1.5 * LIMIT_MS / 1000)  # noqa: TID251 (this is what it is there to find)
    await until_it_beat_again()
    with pytest.raises(AssertionError, match="of our own"):
        pulse.assert_even()


async def test_a_busy_thread_is_blamed(app, pulse: Pulse):
    pulse.start()
    until = time.thread_time() + 1.5 * LIMIT_MS / 1000
    while time.thread_time() < until:
        pass
    await until_it_beat_again()
    with pytest.raises(AssertionError, match="of our own"):
        pulse.assert_even()


async def test_what_never_beat_proves_nothing(app, pulse: Pulse):
    pulse.start()
    with pytest.raises(AssertionError, match="never beat"):
        pulse.assert_even()


@pytest.mark.parametrize("whose", ["queued", "stolen"])
async def test_the_time_without_a_processor_is_not_blamed(
    app, pulse: Pulse, monkeypatch: pytest.MonkeyPatch, whose: str
):
    # Ready to run in 99 of 100 nanoseconds, and nothing happened: as if others had all processors.
    def read() -> Spent:
        now = time.monotonic_ns()
        taken = now // 100 * 99
        return Spent(now, queued=taken, stolen=(0, 0)) if whose == "queued" else Spent(now, stolen=(0, taken))

    monkeypatch.setattr(pulse, "_read", read)
    pulse.start()
    time.sleep(1.5 * LIMIT_MS / 1000)  # noqa: TID251 (stands for the others)
    await until_it_beat_again()
    pulse.assert_even()


async def test_what_others_took_elsewhere_excuses_nothing_that_ran(
    app, pulse: Pulse, monkeypatch: pytest.MonkeyPatch
):
    def read() -> Spent:
        now = time.monotonic_ns()
        return Spent(now, ran=now, queued=now // 2, stolen=(now, now))

    monkeypatch.setattr(pulse, "_read", read)
    pulse.start()
    time.sleep(1.5 * LIMIT_MS / 1000)  # noqa: TID251 (stands for work on another processor)
    await until_it_beat_again()
    with pytest.raises(AssertionError, match="of our own"):
        pulse.assert_even()


async def test_a_block_right_before_the_end_is_blamed(app):
    async def blocked() -> None:
        with even_pulse():
            await until_it_beat_again()
            time.sleep(1.5 * LIMIT_MS / 1000)  # noqa: TID251 (this is what it is there to find)

    with pytest.raises(AssertionError, match="of our own"):
        await blocked()


def test_what_this_system_tells_is_read(pulse: Pulse):
    first = pulse._read()
    until = time.thread_time() + 0.05
    while time.thread_time() < until:
        pass
    then = pulse._read()
    if first.ran:
        assert then.ran - first.ran >= 40 * NS_PER_MS
    assert len(then.stolen) == len(first.stolen)
    assert then.ours_since(first) >= 40 * NS_PER_MS

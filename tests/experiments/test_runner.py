"""Headless runs: both modes, transcripts given and own, cancelled in the middle."""

import asyncio

import pytest

from tests.experiments.house import Burning
from tests.experiments.samples import HEAD, OK, SAMPLE, SERVED, WAITING, card, played
from workbench.errors import LocalFault
from workbench.experiments import runner
from workbench.experiments.result import StepOutcome
from workbench.experiments.runner import run, run_both
from workbench.transcript.recorder import Transcript


async def test_a_card_passes_as_written_and_fails_broken() -> None:
    both = await run_both(card(), lab=None)
    assert (both.written.passed, both.broken.passed) == (True, False)
    assert both.as_it_should
    assert both.written.sentence == "Everything was seen as the card says."
    assert both.broken.sentence == "The text of the answer: “good bye\\r\\n”, but expected was “hello\\r\\n”."
    assert both.written.transcript is not both.broken.transcript
    both.written.transcript.close()
    both.broken.transcript.close()


async def test_a_card_that_can_not_fail_is_found_out() -> None:
    text = SAMPLE.replace('equals = "hello\\r\\n"', "matches = '.'")
    both = await run_both(card(text), lab=None)
    assert (both.written.passed, both.broken.passed) == (True, True)
    assert not both.as_it_should
    assert not both.broken.as_it_should
    both.written.transcript.close()
    both.broken.transcript.close()


async def test_a_transcript_that_is_given_is_added_to_and_stays_open() -> None:
    transcript = Transcript()
    first = await run(card(), lab=None, transcript=transcript)
    second = await run(card(), lab=None, transcript=transcript)
    assert first.transcript is second.transcript is transcript
    assert second.passed
    assert second.steps[0].first >= first.steps[-1].stop
    assert len(transcript.channels) == 6
    transcript.close()


async def test_every_step_is_told_when_it_was_played() -> None:
    told: list[StepOutcome] = []
    result = await run(card(), lab=None, on_step=told.append)
    assert tuple(told) == result.steps
    assert result.elapsed_ms >= sum(outcome.elapsed_ns for outcome in told) / 1e6 - 0.001
    result.transcript.close()


class Counted(Transcript):
    """Counts those that are open."""

    open_now = 0

    def __init__(self) -> None:
        super().__init__()
        Counted.open_now += 1

    def close(self) -> None:
        Counted.open_now -= 1
        super().close()


async def test_a_transcript_of_its_own_is_closed_when_there_is_no_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "Transcript", Counted)
    monkeypatch.setattr(Counted, "open_now", 0)
    with pytest.raises(LocalFault):
        await run(card(HEAD + SERVED), lab=Burning())
    assert Counted.open_now == 0
    running = asyncio.create_task(run(played(WAITING, OK), lab=None))
    await asyncio.sleep(0)
    assert Counted.open_now == 1
    running.cancel()
    await asyncio.wait((running,))
    assert Counted.open_now == 0


async def test_both_modes_are_given_up_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "Transcript", Counted)
    monkeypatch.setattr(Counted, "open_now", 0)
    text = SAMPLE.replace('text = "good bye\\r\\n"', 'do = "note", text = "Nothing is sent."')
    running = asyncio.create_task(run_both(card(text), lab=None))
    async with asyncio.timeout(60):
        while Counted.open_now < 2:  # noqa: ASYNC110 (the second mode begins when the first is over, and nobody is told)
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait((running,))
    assert Counted.open_now == 0


async def test_a_cancelled_run_leaves_nothing() -> None:
    """The kit fails this test for every task and socket that is still there at its end."""
    reached = asyncio.Event()

    def on_step(outcome: StepOutcome) -> None:
        if outcome.step.number == 4:
            reached.set()

    running = asyncio.create_task(run(played(WAITING, OK), lab=None, on_step=on_step))
    await reached.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_the_time_is_for_everything_together() -> None:
    result = await run(played(WAITING, OK), lab=None, timeout_s=0.05)
    assert not result.passed
    assert "TooSlow" in result.sentence
    result.transcript.close()

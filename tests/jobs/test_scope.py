"""Jobs have a name, an owner and an end, whichever end it is."""

import asyncio

import pytest

from workbench.errors import LinkLost, LocalMisuse, TooSlow
from workbench.jobs.job import current_job
from workbench.jobs.scope import Scope


async def test_a_job_reports_its_progress_and_its_result():
    changes: list[tuple[str, str, int]] = []
    scope = Scope("panel", on_change=lambda job: changes.append((job.state, job.stage, job.done)))

    async def work() -> str:
        job = current_job()
        assert job is not None
        job.progress(3, total=6, stage="body")
        return "fine"

    job = scope.launch(work(), name="fetch", title="Fetch it")
    assert (job.title, job.is_running, scope.jobs) == ("Fetch it", True, (job,))
    assert (await job.wait()).result == "fine"
    assert (job.state, job.fraction, job.failure) == ("done", 0.5, None)
    assert changes == [("running", "", 0), ("running", "body", 3), ("done", "body", 3)]
    await scope.retire()
    assert scope.jobs == ()


async def test_a_workbench_error_is_the_jobs_failure():
    scope = Scope("panel")

    async def work() -> None:
        raise LinkLost("gone", stage="connect")

    job = await scope.launch(work(), name="dial").wait()
    assert job.state == "failed"
    assert isinstance(job.failure, LinkLost)


async def test_a_deadline_ends_a_job_as_too_slow():
    scope = Scope("panel")
    job = await scope.launch(asyncio.Event().wait(), name="wait", title="Wait", deadline_s=0.01).wait()
    assert job.state == "failed"
    assert isinstance(job.failure, TooSlow)
    assert "10 ms" in str(job.failure)


async def test_cancelling_ends_a_job_also_before_its_first_step():
    scope = Scope("panel")
    early = scope.launch(asyncio.Event().wait(), name="early")
    early.cancel()
    assert (await early.wait()).state == "cancelled"
    started = asyncio.Event()
    cleaned: list[str] = []

    async def work() -> None:
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            cleaned.append("yes")

    late = scope.launch(work(), name="late")
    await started.wait()
    late.cancel()
    assert (await late.wait()).state == "cancelled"
    assert cleaned == ["yes"]
    late.cancel()


async def test_retiring_cancels_all_awaits_all_and_closes_the_scope():
    scope = Scope("panel")
    ends: list[int] = []

    async def work(number: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ends.append(number)

    jobs = [scope.launch(work(n), name=f"w{n}") for n in range(3)]
    await asyncio.sleep(0)
    await scope.retire()
    assert sorted(ends) == [0, 1, 2]
    assert {job.state for job in jobs} == {"cancelled"}
    with pytest.raises(LocalMisuse):
        scope.launch(work(9), name="late")
    await scope.retire()


async def test_an_unexpected_exception_reaches_the_crash_reporter_with_the_tasks_name():
    crashes: list[tuple[str, str]] = []
    scope = Scope("panel", crash=lambda error, where: crashes.append((type(error).__name__, where)))

    async def work() -> None:
        raise ZeroDivisionError

    job = await scope.launch(work(), name="divide").wait()
    assert crashes == [("ZeroDivisionError", "panel/divide")]
    assert job.failure is not None
    assert job.failure.exit_code == 70


async def test_a_timeout_of_the_works_own_is_no_deadline():
    crashes: list[str] = []
    scope = Scope("panel", crash=lambda error, where: crashes.append(type(error).__name__))

    async def work() -> None:
        raise TimeoutError

    job = await scope.launch(work(), name="w", deadline_s=30).wait()
    assert not isinstance(job.failure, TooSlow)
    assert crashes == ["TimeoutError"]

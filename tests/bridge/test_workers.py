"""The pool of daemon threads: jobs, their ends, and being left behind."""

import asyncio
import threading
import weakref

import pytest

from workbench.bridge.workers import Workers


@pytest.fixture
def workers():
    workers = Workers("test-worker", limit=3)
    yield workers
    workers.shutdown(wait=True, cancel_futures=True)


def test_a_job_gives_its_result_or_its_exception(workers):
    assert workers.submit(divmod, 7, 2).result(5) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        workers.submit(divmod, 7, 0).result(5)
    assert workers.submit(int, "ff", base=16).result(5) == 255


def test_one_thread_does_for_jobs_one_after_another(workers):
    names = set()
    for _ in range(20):
        # The result is there a moment before the thread is back for more; only then may another one be spared.
        names.add(workers.submit(lambda: threading.current_thread().name).result(5))
        while not workers._idle._value:
            pass
    assert names == {"test-worker_1"}


def test_an_idle_thread_holds_nothing_of_its_last_job(workers):
    class Payload:
        pass

    payload = Payload()
    gone = weakref.ref(payload)
    assert workers.submit(id, payload).result(5) == id(payload)
    del payload
    while not workers._idle._value:
        pass
    assert gone() is None


def test_no_more_threads_than_the_limit_and_all_are_daemons(workers):
    gate = threading.Event()
    jobs = [workers.submit(lambda: (gate.wait(60), threading.current_thread())[1]) for _ in range(12)]
    gate.set()
    threads = {job.result(10) for job in jobs}
    assert len(threads) == 3
    assert all(thread.daemon for thread in threads)


def test_waiting_jobs_still_run_after_an_orderly_shutdown(workers):
    gate = threading.Event()
    jobs = [workers.submit(gate.wait, 10) for _ in range(3)] + [workers.submit(int, "7")]
    workers.shutdown(wait=False)
    with pytest.raises(RuntimeError):
        workers.submit(int)
    gate.set()
    assert jobs[-1].result(5) == 7


def test_waiting_jobs_are_dropped_when_asked(workers):
    gate = threading.Event()
    jobs = [workers.submit(gate.wait, 10) for _ in range(3)]
    waiting = workers.submit(int, "7")
    workers.shutdown(wait=False, cancel_futures=True)
    assert waiting.cancelled()
    gate.set()
    assert all(job.result(5) for job in jobs)


def test_a_job_cancelled_before_its_turn_never_runs(workers):
    gate, ran = threading.Event(), []
    running = [workers.submit(gate.wait, 10) for _ in range(3)]
    waiting = workers.submit(ran.append, 1)
    assert waiting.cancel()
    gate.set()
    workers.shutdown(wait=True)
    assert all(job.done() for job in running)
    assert ran == []


async def test_the_last_threads_end_is_awaited(workers):
    gate = threading.Event()
    job = workers.submit(gate.wait, 10)
    workers.shutdown(wait=False)
    assert not await workers.finished(0.02)
    assert [stuck.name for stuck in workers.stuck()] == ["test-worker_1"]
    waiting = asyncio.create_task(workers.finished(10))
    await asyncio.sleep(0)
    gate.set()
    assert await waiting
    assert job.result(0)
    assert workers.stuck() == []
    assert await workers.finished()

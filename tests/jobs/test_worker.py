"""A worker computes in a process of its own, is killed when it takes too long, and the next call has a fresh one.

The process itself is tested through it: workbench.jobs.worker_child.
"""

import asyncio
import math
import os
import sys
import threading
from pathlib import Path

import pytest

from workbench.errors import LocalFault, LocalMisuse, TooSlow
from workbench.jobs.worker import Worker

BUSY = "while True: pass"


async def test_results_and_errors_come_back_and_the_process_stays():
    worker = Worker("the sums")
    assert await worker.call(math.factorial, 20, timeout_s=20) == math.factorial(20)
    first = worker.process_id
    with pytest.raises(ValueError, match="math domain"):
        await worker.call(math.sqrt, -1, timeout_s=20)
    with pytest.raises(LocalMisuse) as caught:
        await worker.call(fail, timeout_s=20)
    assert (caught.value.what, caught.value.text, caught.value.start) == ("no", "abc", 1)
    assert worker.process_id == first
    worker.close()


def fail() -> None:
    """A mistake with a place."""
    raise LocalMisuse("no", text="abc", start=1, end=2)


async def test_a_call_that_never_ends_is_killed_at_its_deadline():
    worker = Worker("the sums")
    pid = await worker.call(os.getpid, timeout_s=20)
    with pytest.raises(TooSlow, match=r"the sums was not done within 200 ms"):
        await worker.call(exec, BUSY, timeout_s=0.2)
    assert not Path(f"/proc/{pid}").exists()
    assert await worker.call(os.getpid, timeout_s=20) != pid
    worker.close()


async def test_cancelling_kills():
    worker = Worker("the sums")
    pid = await worker.call(os.getpid, timeout_s=20)
    task = asyncio.create_task(worker.call(exec, BUSY, timeout_s=20))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not Path(f"/proc/{pid}").exists()
    assert worker.process_id is None
    worker.close()


async def test_calls_wait_for_each_other():
    worker = Worker("the sums")
    found = await asyncio.gather(*(worker.call(math.factorial, n, timeout_s=20) for n in range(10)))
    assert found == [math.factorial(n) for n in range(10)]
    worker.close()


async def test_memory_has_a_bound_and_the_process_lives_on():
    worker = Worker("the sums", memory_octets=300 * 1024 * 1024)
    with pytest.raises(LocalFault, match="more memory"):
        await worker.call(bytearray, 400 * 1024 * 1024, timeout_s=20)
    assert await worker.call(len, b"abc", timeout_s=20) == 3
    worker.close()


async def test_a_process_that_ends_by_itself_is_told_and_replaced():
    worker = Worker("the sums")
    with pytest.raises(LocalFault, match="ended in the middle"):
        await worker.call(os._exit, 3, timeout_s=20)
    assert await worker.call(len, b"abc", timeout_s=20) == 3
    worker.close()
    with pytest.raises(LocalFault, match="closed"):
        await worker.call(len, b"abc", timeout_s=20)


async def test_what_is_printed_is_no_answer(capfd):
    worker = Worker("the sums")
    assert await worker.call(print, "hello", timeout_s=20) is None
    assert await worker.call(len, b"abc", timeout_s=20) == 3
    worker.close()
    assert "hello" not in capfd.readouterr().out


async def test_it_can_not_be_started(monkeypatch):
    worker = Worker("the sums")
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(LocalFault, match="can't be started"):
        await worker.call(len, b"", timeout_s=20)
    worker.close()


async def test_no_thread_is_left():
    worker = Worker("the sums")
    with pytest.raises(TooSlow):
        await worker.call(exec, BUSY, timeout_s=0.1)
    worker.close()
    for thread in threading.enumerate():
        if thread.name.startswith("offload"):
            thread.join(60)
            assert not thread.is_alive()

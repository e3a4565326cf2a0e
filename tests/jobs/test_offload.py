"""Blocking calls leave the loop free, their results and errors come back, and none can hold the program."""

import asyncio
import math
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from workbench.errors import LocalFault
from workbench.jobs import offload


async def test_results_and_errors_come_back_from_a_thread():
    assert await offload.in_thread(math.gcd, 12, 18) == 6
    assert await offload.in_thread(threading.current_thread) is not threading.current_thread()
    with pytest.raises(ZeroDivisionError):
        await offload.in_thread(divmod, 1, 0)


async def test_cancelling_stops_the_waiting_and_a_late_answer_is_dropped():
    gate = threading.Event()
    done = threading.Event()

    def call() -> None:
        gate.wait(60)
        done.set()

    task = asyncio.create_task(offload.in_thread(call))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.set()
    await offload.in_thread(done.wait, 10)
    await offload.in_thread(_all_idle)


def _all_idle() -> None:
    for thread in threading.enumerate():
        if thread.name == "offload-call":
            thread.join(60)


async def test_too_many_stuck_calls_are_refused(monkeypatch):
    monkeypatch.setattr(offload, "MAX_THREADS", 0)
    with pytest.raises(LocalFault):
        await offload.in_thread(math.gcd, 1, 2)


async def test_a_computation_runs_in_a_process_of_its_own():
    assert await offload.in_process(math.factorial, 20) == math.factorial(20)
    offload.shutdown()
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    assert children == [], "neither the worker nor Python's helper for it is left"


def test_a_stuck_call_does_not_delay_the_end_of_the_program():
    script = (
        "import asyncio, threading\n"
        "from workbench.jobs import offload\n"
        "async def main():\n"
        "    try:\n"
        "        async with asyncio.timeout(0.05):\n"
        "            await offload.in_thread(threading.Event().wait)\n"
        "    except TimeoutError:\n"
        "        print('gave up')\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("gave up\n", "", 0)

"""The Lab's process seen from its owner: log, last words, and an end in any case."""

import asyncio
import subprocess
import sys
import time

import pytest

from tests.lab.houses import SOON_S, until
from workbench.lab import process as process_module
from workbench.lab.process import MAX_LOG_OCTETS, LabProcess


def start(code: str) -> LabProcess:
    pipe = subprocess.PIPE
    return LabProcess(
        subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)
    )


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a process that ends by itself: on a busy machine Python alone needs long to begin."""
    monkeypatch.setattr(process_module, "END_WITHIN_S", SOON_S)


async def test_a_process_that_obeys_ends_when_its_input_does(patience: None):
    process = start("import sys; sys.stdin.read()")
    assert process.how_it_ended() == "is running"
    began = time.monotonic()
    await process.aclose()
    await process.aclose()
    assert process.how_it_ended() == "ended with status 0"
    assert time.monotonic() - began < SOON_S


async def test_a_process_that_does_not_obey_is_killed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process_module, "END_WITHIN_S", 0.2)
    process = start("import time; time.sleep(60)")
    await process.aclose()
    assert process.how_it_ended() == "was ended by SIGKILL"


async def test_a_cancelled_farewell_still_leaves_no_process():
    process = start("import time; time.sleep(60)")
    farewell = asyncio.create_task(process.aclose())
    await asyncio.sleep(0)
    farewell.cancel()
    with pytest.raises(asyncio.CancelledError):
        await farewell
    assert process.how_it_ended() == "was ended by SIGKILL"


async def test_its_last_words_are_kept():
    process = start("import sys; sys.exit('the disk is on fire')")
    assert await process.wait(60)
    await until(lambda: process.last_words)
    assert process.last_words == "the disk is on fire"
    assert process.how_it_ended() == "ended with status 1"
    await process.aclose()


async def test_the_log_is_bounded_and_keeps_its_end():
    process = start("import sys\nfor n in range(40000): print('line', n, file=sys.stderr)")
    assert await process.wait(60)
    await process.aclose()
    assert process.log.endswith("line 39999\n")
    assert len(process.log) <= 2 * MAX_LOG_OCTETS
    assert len(process.last_words) <= 2000


async def test_waiting_has_a_limit():
    process = start("import sys; sys.stdin.read()")
    assert not await process.wait(0.05)
    await process.aclose()


async def test_without_pidfd_its_end_is_seen_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr("os.pidfd_open", raising=False)
    monkeypatch.setattr(process_module, "END_WITHIN_S", SOON_S)
    process = start("import sys; sys.stdin.read()")
    assert not await process.wait(0.05)
    await process.aclose()
    assert process.how_it_ended() == "ended with status 0"


async def test_three_pipes_are_needed():
    with (
        subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE) as popen,
        pytest.raises(ValueError, match="three pipes"),
    ):
        LabProcess(popen)

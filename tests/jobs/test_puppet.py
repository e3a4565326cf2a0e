"""A helper process: started, heard, told, killed, frozen, and never left behind."""

import os
import signal

import pytest

from workbench.errors import LocalFault, TooSlow
from workbench.jobs import puppet as module
from workbench.jobs.puppet import Puppet

PEER = "workbench.protocols.deaths.peer"


async def test_it_is_heard_and_told_and_ends():
    helper = Puppet(PEER)
    assert int(await helper.line(20)) > 0
    with pytest.raises(TooSlow, match="said nothing"):
        await helper.line(0.01)
    helper.tell("fin")
    assert await helper.line(20) == "done"
    pid = helper.pid
    await helper.aclose()
    await helper.aclose()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("frozen", [False, True])
async def test_a_killed_or_frozen_one_is_given_back(frozen):
    helper = Puppet(PEER)
    await helper.line(20)
    if frozen:
        helper.freeze()
    else:
        helper.kill()
        with pytest.raises(LocalFault, match="ended"):
            await helper.line(20)
    await helper.aclose()


async def test_one_that_cannot_start_is_told_of(monkeypatch):
    helper = Puppet("workbench.no.such.module")
    with pytest.raises(LocalFault, match="ended"):
        await helper.line(20)
    helper._process.wait()
    with pytest.raises(LocalFault, match="ended"):
        helper.tell("hello")
    await helper.aclose()
    monkeypatch.setattr(module.sys, "executable", "/no/such/python")
    with pytest.raises(LocalFault, match="no helper process"):
        Puppet(PEER)


async def test_it_ends_with_its_input_and_dies_with_its_parent():
    helper = Puppet(PEER)
    await helper.line(20)
    status = (f"/proc/{helper.pid}/status",)
    assert os.path.exists(status[0])
    helper._process.stdin.close()
    with pytest.raises(LocalFault):
        await helper.line(20)
    await helper.aclose()


def test_the_parents_death_is_asked_for_as_a_signal(monkeypatch):
    asked = []

    class Library:
        def prctl(self, *arguments):
            asked.append(arguments)

    monkeypatch.setattr("ctypes.CDLL", lambda _name: Library())
    module.end_with_parent()
    assert asked == [(1, signal.SIGKILL)]
    monkeypatch.setattr(module.sys, "platform", "darwin")
    module.end_with_parent()
    assert len(asked) == 1

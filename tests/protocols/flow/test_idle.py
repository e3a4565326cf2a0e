"""Waiting costs nothing, and asking again and again costs a processor.

The process that waits is workbench.protocols.flow.waiting.
"""

import os

import pytest

from workbench.errors import LocalFault
from workbench.protocols.flow import idle
from workbench.protocols.flow.idle import compare, read_times


@pytest.mark.covers("C3.10")
async def test_an_idle_listener_wants_no_processor_and_a_polling_one_wants_a_whole():
    seen = []
    meter = await compare(1.0, on_change=seen.append)
    assert meter.idle.ran < 0.05
    assert meter.idle.wanted < 0.05
    # What it queued for counts: on a busy machine it is given less than it asks for.
    assert meter.busy.wanted > 0.5
    assert meter.busy.ran > 4 * meter.idle.ran
    assert meter.for_s >= 1.0
    assert seen[-1] == meter
    assert len(seen) >= 2


async def test_a_system_that_does_not_tell_is_not_guessed_at(monkeypatch):
    assert read_times(os.getpid())[0] > 0
    with pytest.raises(LocalFault, match="does not tell"):
        read_times(-1)
    monkeypatch.setattr(idle.sys, "platform", "darwin")
    with pytest.raises(LocalFault, match="does not tell"):
        await compare(0.1)

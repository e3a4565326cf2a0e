"""A comparison without Qt, through relays of the Lab; also workbench.panels.sockets.reliability.state."""

from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest

from workbench.errors import LocalFault
from workbench.jobs.scope import Scope
from workbench.lab.supervisor import Lab
from workbench.panels.sockets.reliability.controller import ReliabilityController
from workbench.panels.sockets.reliability.state import Faults, ReliabilityState
from workbench.protocols.reliability.message import SIZE
from workbench.settings import places
from workbench.transcript.recorder import Transcript


@asynccontextmanager
async def desk():
    lab, scope = Lab(places(), join=False), Scope("reliability")
    controller = ReliabilityController(Transcript, lab.relay)
    try:
        yield controller, scope
    finally:
        await scope.retire()
        controller.transcript.close()
        await lab.aclose()


def told(
    controller: ReliabilityController, *, when: Callable[[ReliabilityState], object], do: Callable[[], object]
):
    def look(_controller: object) -> None:
        if when(controller.state):
            do()

    controller.observe(look)


@pytest.mark.covers("C1.4")
async def test_udp_loses_and_doubles_what_tcp_brings_whole_and_in_order():
    async with desk() as (controller, scope):
        assert controller.state.sentence == ""
        job = await scope.launch(controller.compare(), name="compare").wait()
        state = controller.state
        assert (job.state, state.phase) == ("done", "done")
        assert state.udp is not None
        assert state.udp.lost
        assert state.udp.doubled
        assert state.tcp is not None
        assert state.tcp.is_perfect
        assert state.info is not None
        assert state.info.rtt_us > 0
        assert "UDP: " in state.sentence
        assert state.sentence.endswith("TCP: all 50 arrived once, whole and in order")
        # Changed on the way: TCP's checksums are right on both connections, and only the message's own check tells.
        controller.compose(
            Faults(count=10, drop_percent=0, duplicate_percent=0, reorder=0, changed_octet=SIZE + 3)
        )
        before = controller.transcript
        await scope.launch(controller.compare(), name="compare").wait()
        assert controller.transcript is not before
        assert controller.state.udp is not None
        assert controller.state.udp.is_perfect
        assert controller.state.tcp is not None
        assert (controller.state.tcp.changed, controller.state.tcp.lost) == (1, (1,))


async def test_stopped_on_the_way_it_keeps_what_came():
    async with desk() as (controller, scope):
        controller.compose(Faults(delay_ms=200))
        job = scope.launch(controller.compare(), name="compare")
        told(controller, when=lambda state: state.stage == "TCP", do=job.cancel)
        await job.wait()
        assert job.state == "cancelled"
        assert (controller.state.phase, controller.state.stage, controller.state.tcp) == (
            "done",
            "stopped",
            None,
        )
        assert controller.state.udp is not None


async def test_without_a_lab_the_failure_is_shown():
    async def no_lab(*_target: object, **_switches: object):
        raise LocalFault("no Lab can be started", stage="lab")

    scope, controller = Scope("reliability"), ReliabilityController(Transcript, no_lab)
    job = await scope.launch(controller.compare(), name="compare").wait()
    assert (job.state, controller.state.phase) == ("failed", "failed")
    assert controller.state.problem is not None
    controller.dismiss()
    assert controller.state.problem is None
    await scope.retire()
    controller.transcript.close()

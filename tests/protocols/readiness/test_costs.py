"""What the ways of waiting cost, measured in a process of their own."""

import select

import pytest

from workbench.jobs.worker import Worker
from workbench.protocols.readiness import costs


@pytest.mark.covers("C5.39")
async def test_the_engines_are_compared_and_select_ends_at_1024():
    worker = Worker("the measuring")
    few = [await worker.call(costs.measure, name, 8, 30, 0.05, timeout_s=20) for name in costs.measurable()]
    many = {
        name: await worker.call(costs.measure, name, 1100, 30, 0.05, timeout_s=20)
        for name in costs.measurable()
    }
    worker.close()
    assert all(cost.wake_us is not None and cost.wake_us > 0 for cost in few), few
    assert many["select"].wake_us is None
    assert "ValueError: filedescriptor out of range in select()" in many["select"].why
    assert costs.has_limit(many["select"])
    for name, cost in many.items():
        assert name == "select" or cost.wake_us is not None, cost
    if hasattr(select, "poll") and hasattr(select, "epoll"):
        # A list of 1100 against a set that the system keeps: the difference is more than tenfold.
        assert many["poll"].wake_us > many["epoll"].wake_us


async def test_asking_again_and_again_keeps_a_processor_busy_and_waiting_does_not():
    worker = Worker("the measuring")
    spinning, waiting = await worker.call(costs.read_meters, "select", timeout_s=20)
    worker.close()
    assert spinning.calls > 50 * waiting.calls
    assert spinning.cpu_share > 5 * waiting.cpu_share
    assert waiting.calls >= 1
    assert waiting.way == "select, 50 ms"


def test_a_number_of_descriptors_that_the_system_does_not_give_is_told():
    cost = costs.measure("select", 50_000_000, 1, 0.01)
    assert cost.wake_us is None
    assert "descriptors" in cost.why

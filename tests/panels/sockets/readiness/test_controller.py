"""What the lamps do, without Qt: watching, provoking, another way of waiting, measuring, leaving."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from tests.lab.houses import serving, until
from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.target import Target
from workbench.panels.sockets.readiness.controller import LampsController
from workbench.panels.sockets.readiness.state import Form
from workbench.protocols.readiness import costs, engines
from workbench.protocols.readiness.values import READING, Ready
from workbench.transcript.recorder import Transcript


@asynccontextmanager
async def controlled(service: str = "ticker", **switches: object) -> AsyncIterator[LampsController]:
    async with serving(service, **switches) as served:

        async def resolver(target: Target) -> Target:
            return Target("tcp", served.host, served.port) if target.is_lab else target

        transcript = Transcript()
        controller = LampsController(transcript, resolver)
        yield controller
        await controller.retire()
        transcript.close()


@asynccontextmanager
async def watching(controller: LampsController) -> AsyncIterator[None]:
    task = asyncio.create_task(controller.watch())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_the_ticker_is_heard_and_every_way_of_waiting_hears_it() -> None:
    async with controlled(interval_ms=20) as controller:
        await controller.add("lab:ticker")
        async with watching(controller):
            for name, info in engines.engines().items():
                if info.make is None:
                    continue
                controller.compose(engine=name)
                await until(lambda name=name: controller.state.counts.wakes >= 2)
                before = controller.state.row.received
                await until(lambda before=before: controller.state.row.received > before)
        assert not controller.state.is_watching
        assert controller.state.problem is None
        assert controller.state.row.said.endswith("Z")


async def test_a_wait_for_ever_is_ended_by_another_choice_and_by_stopping() -> None:
    async with controlled() as controller:
        controller.compose(timeout="")
        controller.add_pair()
        async with watching(controller):
            await until(lambda: controller.state.is_watching)
            await asyncio.sleep(0)
            controller.compose(timeout="20")
            await until(lambda: controller.state.counts.timeouts >= 2)
            controller.compose(timeout="")
            await controller.provoke("data")
            await until(lambda: controller.state.row.said == "last words")


async def test_three_lists_come_back_for_one_waiting() -> None:
    async with controlled() as controller:
        for _ in range(3):
            controller.add_pair()
        controller.compose(engine="select", timeout="0", reads=False)
        await controller.wait_once()
        assert controller.state.last.sets == ((), (), ())
        controller.select(controller.state.rows[1].key)
        await controller.provoke("data")
        controller.compose(timeout="")
        await controller.wait_once()
        assert controller.state.last.sets == ((controller.state.row.descriptor,), (), ())


async def test_what_cannot_be_done_says_why_and_is_shown() -> None:
    async with controlled() as controller:
        assert controller.why_not("data") == "choose a socket first"
        with pytest.raises(LocalMisuse):
            await controller.wait_once()
        with pytest.raises(LocalMisuse):
            await controller.add("no port")
        assert controller.state.problem is not None
        controller.dismiss()
        await controller.add("lab:ticker")
        with pytest.raises(LocalMisuse):
            await controller.provoke("rst")
        assert "only a made pair" in controller.state.problem.what
        controller.compose(timeout="soon")
        with pytest.raises(LocalMisuse) as caught:
            await controller.watch()
        assert caught.value.caret()
        assert controller.state.problem is caught.value
        assert not controller.state.is_watching


async def test_an_engine_that_this_system_lacks_is_not_taken(monkeypatch) -> None:
    async with controlled() as controller:
        monkeypatch.delattr(engines.select, "epoll", raising=False)
        with pytest.raises(LocalFault):
            controller.compose(engine="epoll")
        assert controller.state.form.engine == "poll"
        assert "not on this platform" in controller.state.problem.what


async def test_sockets_are_chosen_asked_and_removed() -> None:
    async with controlled() as controller:
        controller.add_pair()
        controller.add_pair()
        first, second = controller.state.rows
        assert controller.state.row == second
        controller.ask(Ready.OUT)
        assert controller.state.row.asked == READING | Ready.OUT
        controller.remove()
        assert controller.state.row.key == first.key
        controller.remove()
        controller.remove()
        controller.ask(Ready.OUT)
        assert controller.state.rows == ()
        assert controller.state.row is None


async def test_one_loop_serves_a_listener_and_its_clients() -> None:
    async with controlled() as controller:
        controller.compose(answers=True)
        await controller.listen()
        async with watching(controller):
            listener = controller.state.row.key
            for number in (2, 3):
                controller.select(listener)
                await controller.provoke("call")
                await until(lambda number=number: len(controller.state.rows) == number)
            controller.select(controller.state.rows[-1].key)
            await controller.provoke("data")
            await until(lambda: controller.state.row.received == 11)


async def test_the_ways_of_waiting_are_compared_and_measuring_can_be_stopped(monkeypatch) -> None:
    monkeypatch.setattr(costs, "COUNTS", (4, 8))
    async with controlled() as controller:
        await controller.measure()
        assert [cost.sockets for cost in controller.state.costs] == sorted((4, 8) * len(costs.measurable()))
        assert all(cost.wake_us for cost in controller.state.costs)
        asking, waiting = controller.state.meters
        assert asking.cpu_share > waiting.cpu_share
        task = asyncio.create_task(controller.measure())
        await until(lambda: controller.state.is_measuring)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert not controller.state.is_measuring


async def test_a_script_is_given_for_a_connection_only() -> None:
    async with controlled() as controller:
        controller.add_pair()
        with pytest.raises(LocalMisuse):
            controller.copy_as_python()
        await controller.add("lab:ticker")
        assert "select.poll()" in controller.copy_as_python()
        assert "127.0.0.1" in controller.copy_as_python()


@pytest.mark.parametrize(("text", "seconds"), [("50", 0.05), ("0", 0.0), ("", None), (" 7 ", 0.007)])
def test_times_are_read(text: str, seconds: float | None) -> None:
    assert Form(timeout=text).timeout_s == seconds


@pytest.mark.parametrize("text", ["-1", "1.5", "x", "٣", "9999999999"])
def test_wrong_times_are_refused(text: str) -> None:
    with pytest.raises(LocalMisuse):
        _ = Form(timeout=text).timeout_s

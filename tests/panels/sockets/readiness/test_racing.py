"""The race without Qt: several addresses, every policy, no look-up, the scripts, mistakes with their place."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.kit.ports import free_port
from tests.lab.houses import serving
from workbench.errors import LinkLost, LocalMisuse, Refused
from workbench.formats.target import Target
from workbench.panels.sockets.readiness.racing import RaceController, read_targets
from workbench.transcript.recorder import Transcript


@asynccontextmanager
async def racing(service: str = "ticker") -> AsyncIterator[RaceController]:
    async with serving(service) as served:

        async def resolver(target: Target) -> Target:
            return Target("tcp", served.host, served.port) if target.is_lab else target

        transcript = Transcript()
        controller = RaceController(transcript, resolver)
        yield controller
        await controller.retire()
        transcript.close()


def attempts(controller: RaceController) -> list[str]:
    return [lane.outcome for lane in controller.state.lanes if lane.step == "connect"]


@pytest.mark.covers("C5.28")
async def test_the_example_has_a_silent_a_refusing_and_an_answering_address() -> None:
    async with racing() as controller:
        controller.example()
        controller.example()
        await controller.run()
        assert attempts(controller) == ["dropped", "failed", "won"]
        silent, _, winner = (lane for lane in controller.state.lanes if lane.step == "connect")
        assert winner.start_ns - silent.start_ns >= 245_000_000
        assert controller.state.lanes[-1].step == "answer"
        assert controller.state.answer.endswith("Z")
        assert not controller.state.is_running
        controller.compose(policy="v6")
        # Longer than the quarter of a second after which the next one would start.
        controller.timeout_s = 0.4
        with pytest.raises(Exception, match="did not answer"):
            await controller.run()
        # One after the other: nobody started beside the silent one.
        assert len(attempts(controller)) == 1


@pytest.mark.covers("C5.28")
async def test_a_request_with_bare_line_feeds_is_answered_and_flagged() -> None:
    async with racing("http") as controller:
        controller.compose(target="lab:http", asks=True)
        await controller.run()
        assert controller.state.answer.startswith("HTTP/1.")
        assert " 200 " in f"{controller.state.answer} "
        assert controller.state.remark.startswith("line ends are LF")


@pytest.mark.covers("C1.3")
async def test_a_name_is_looked_up_in_sight_or_not_at_all() -> None:
    async with racing() as controller, serving("ticker") as served:
        controller.compose(target=f"localhost:{served.port}")
        await controller.run()
        steps = [lane.step for lane in controller.state.lanes]
        assert steps[0] == "resolve"
        assert "connect" in steps
        controller.compose(numeric=True)
        with pytest.raises(Refused) as caught:
            await controller.run()
        assert caught.value.errno_name == "EAI_NONAME"
        assert attempts(controller) == []


async def test_when_none_can_be_reached_all_are_told() -> None:
    async with racing() as controller:
        controller.compose(target=f"127.0.0.1:{free_port()} 127.0.0.2:{free_port()}")
        with pytest.raises(LinkLost) as caught:
            await controller.run()
        assert caught.value.what.count("127.0.0.") == 2
        assert attempts(controller) == ["failed", "failed"]
        assert controller.state.problem is caught.value
        controller.dismiss()
        assert controller.state.problem is None


async def test_the_winner_leaves_as_a_script_that_runs() -> None:
    async with racing("daytime") as controller:
        with pytest.raises(LocalMisuse):
            controller.copy_as_python()
        controller.compose(target="lab:daytime")
        await controller.run()
        script = controller.copy_as_python()
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", script], capture_output=True, timeout=60, check=True
        )
        assert done.stdout.endswith(b"UTC\r\n")


def test_several_targets_are_read_and_the_wrong_one_is_pointed_at() -> None:
    assert [target.host for target in read_targets(" 127.0.0.1:1  [::1]:2 lab:echo")] == [
        "127.0.0.1",
        "::1",
        "echo",
    ]
    with pytest.raises(LocalMisuse) as caught:
        read_targets("127.0.0.1:1 127.0.0.1:x")
    assert caught.value.caret().splitlines()[1].index("^") >= 12
    with pytest.raises(LocalMisuse):
        read_targets("  ")
    with pytest.raises(LocalMisuse):
        read_targets("127.0.0.1:1 " * 21)

"""Calls that were made leave as a script, and the script meets the same answers.

The stories that are told are those of workbench.protocols.calls.presets.
"""

import asyncio
import subprocess
import sys

import pytest

from tests.lab.houses import serving
from tests.protocols.calls.desks import PAIR, desk_with
from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.protocols.calls.arguments import parse_line
from workbench.protocols.calls.code import _QUIET, python
from workbench.protocols.calls.presets import PRESETS
from workbench.protocols.calls.spec import CALLS
from workbench.protocols.calls.values import Outcome


def run(script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-I", "-X", "dev", "-W", "ignore::ResourceWarning", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == "", done.stderr
    return done.stdout.splitlines()


def expected(outcomes: list[Outcome]) -> list[str]:
    said = []
    for outcome in outcomes:
        if outcome.raised:
            said.append(f"{outcome.raised} at {outcome.text}")
        elif outcome.call == "poll":
            names = [name for name in outcome.result.split(" | ") if name != "POLLRDHUP"]
            said.append(str([] if names == ["0"] else names))
        elif outcome.call not in _QUIET and not outcome.is_cancelled:
            # An errno as a result has its symbol behind it here; a port differs from run to run.
            said.append(outcome.result.partition(" (")[0] if outcome.call == "connect_ex" else outcome.result)
    return said


LEFT_OUT = {
    "server": "it waits for a client",
    "both": "its ports differ from run to run",
    "client": "it has a test of its own",
    "dontroute": "this process may not even try; it has a test of its own",
    "keepalive": "it takes seconds, and a script pulls no cables",
    "device": "it needs a privilege on older systems",
}
STORIES = [preset for preset in PRESETS if preset.id not in LEFT_OUT]


@pytest.mark.parametrize("preset", STORIES, ids=lambda preset: preset.id)
async def test_a_story_runs_as_a_script_and_answers_the_same(preset):
    async with desk_with() as desk:
        for line in preset.lines:
            await desk.type(line)
        script = python(desk.outcomes)
    assert "workbench" not in script
    assert run(script) == expected(desk.outcomes)


async def test_a_client_of_the_lab_leaves_with_the_address_that_it_called():
    async with serving("echo") as served:

        async def resolver(_target: Target) -> Target:
            return Target("tcp", served.host, served.port)

        async with desk_with(*PRESETS[0].lines, resolver=resolver) as desk:
            # The Lab serves on this loop: the script must not hold it up.
            assert await asyncio.to_thread(run, python(desk.outcomes)) == ["7", "b'hello\\r\\n'"]


async def test_unusual_calls_are_written_too():
    begun = ("c.setblocking no", "c.spin 0.01", 'b.send "ab" times=3', "c.read 3")
    async with desk_with(*PAIR, *begun) as desk:
        number = (await desk.type("b.detach")).result
        await desk.type(f"d = adopt {number}")
        await desk.type('d.write "end"')
        await desk.type("c.recv")
        script = python(desk.outcomes)
    assert run(script) == ["False", "6", "b'aba'", "3", "b'babend'"]
    assert f"fd{number} = b.detach()" in script
    assert "b.send(b'ab' * 3)" in script
    assert "os.read(c.fileno(), 3)" in script


async def test_a_cancelled_call_is_a_remark():
    outcome = Outcome(1, "accept", "a", "a.accept()", is_cancelled=True)
    assert "# a.accept() waited, and was cancelled" in python([outcome])


def test_nothing_can_be_copied_before_a_call():
    with pytest.raises(LocalMisuse):
        python([])


def test_the_quiet_calls_are_calls():
    assert set(CALLS) >= _QUIET


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_every_story_says_what_there_is_to_see(preset):
    assert preset.title
    assert preset.what
    assert [parse_line(line).call for line in preset.lines]

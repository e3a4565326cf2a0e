"""Socket calls by hand in experiments: said in plain words, carried out, and what can be seen of them.

The verb stands in workbench.experiments.verbs_calls, what it does in workbench.experiments.steps_calls, and what can be
seen in workbench.experiments.things_calls.
"""

import pytest

from tests.experiments.samples import HEAD
from tests.experiments.test_verbs import card
from tests.lab.houses import places_in
from workbench.experiments.player import Player
from workbench.experiments.verbs_calls import HAND_CALLS
from workbench.lab.supervisor import Lab

STEPS = """
[lab]
start = ["echo"]
[[step]]
do = "call"
as = "making"
line = "a = socket"
[[step]]
do = "call"
as = "calling"
line = "a.connect lab:echo"
[[step]]
do = "call"
as = "sending"
line = 'a.send "hi"'
[[step]]
do = "call"
as = "reading"
line = "a.recv 2"
[[step]]
do = "call"
as = "again"
line = "a.connect lab:echo"
[[step]]
do = "call"
as = "waiting"
line = "a.recv 2"
timeout_s = 0.05
fails = "TooSlow"
[[expect]]
that = "making.state"
equals = "CREATED"
[[expect]]
that = "calling.state"
equals = "CONNECTED"
[[expect]]
that = "calling.owners"
equals = 1
[[expect]]
that = "sending.accepted"
equals = 2
[[expect]]
that = "sending.offered"
equals = 2
[[expect]]
that = "reading.answer"
equals = "b'hi'"
[[expect]]
that = "again.errno"
equals = "EISCONN"
[[expect]]
that = "again.raised"
equals = "OSError"
[[expect]]
that = "again.blames"
equals = 0
[[expect]]
that = "waiting.error"
equals = "TooSlow"
[broken]
step.again = { line = "a.getsockname" }
"""


def test_the_steps_are_said_in_plain_words() -> None:
    said = [step.sentence for step in card(HEAD + STEPS).as_written.steps]
    assert said[1] == "Make the call “a.connect lab:echo”."
    assert [param.name for param in HAND_CALLS[0].params] == ["line", "timeout_s"]


@pytest.mark.parametrize("broken", [False, True])
async def test_what_a_call_came_to_can_be_seen(tmp_path, broken: bool) -> None:
    lab = Lab(places_in(tmp_path / "lab"), join=False)
    try:
        async with Player(card(HEAD + STEPS), lab, broken=broken) as player:
            result = await player.play(timeout_s=15)
        assert result.passed is not broken, [verdict.sentence for verdict in result.expectations]
        result.transcript.close()
    finally:
        await lab.aclose()


async def test_a_mistake_in_a_line_and_a_service_that_is_not_there_are_told(tmp_path) -> None:
    steps = """
[[step]]
do = "call"
as = "wrong"
line = "a.frob"
fails = "LocalMisuse"
[[step]]
do = "call"
line = "a = socket"
[[step]]
do = "call"
as = "nobody"
line = "a.connect lab:echo"
fails = "LocalMisuse"
[[expect]]
that = "nobody.why"
contains = "starts no echo"
[[expect]]
that = "wrong.why"
contains = "no call frob"
[broken]
step.wrong = { line = "socket" }
"""
    lab = Lab(places_in(tmp_path / "lab"), join=False)
    try:
        async with Player(card(HEAD + steps), lab) as player:
            result = await player.play(timeout_s=15)
        assert result.passed, [verdict.sentence for verdict in result.expectations]
        result.transcript.close()
    finally:
        await lab.aclose()

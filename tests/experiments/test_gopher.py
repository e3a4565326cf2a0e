"""Questions to a Gopher server in experiments: said in plain words, carried out, and what can be seen of them.

The verbs stand in workbench.experiments.verbs_gopher, what they do in workbench.experiments.steps_gopher, and what can
be seen in workbench.experiments.things_gopher.
"""

import pytest

from tests.experiments.samples import HEAD
from tests.experiments.test_verbs import card
from tests.lab.houses import places_in
from workbench.experiments.player import Player
from workbench.experiments.things_gopher import ASKED_FIELDS, LEVELS_FIELDS, AskedSeen, LevelsSeen
from workbench.experiments.verbs_gopher import GOPHER
from workbench.lab.supervisor import Lab

STEPS = """
[lab]
start = ["gopher"]
relay = { to = "lab:gopher", reset_after = 20, direction = "to-client" }
[[step]]
do = "gopher-ask"
as = "found"
to = "lab:gopher"
selector = "/search"
search = "zenith"
[[step]]
do = "gopher-ask"
as = "missing"
to = "lab:gopher"
selector = "/nowhere"
terminator = "lf"
read = 8
[[step]]
do = "gopher-ask"
as = "torn"
to = "relay"
[[step]]
do = "gopher-levels"
as = "ways"
to = "lab:gopher"
[[expect]]
that = "found.kind"
equals = "menu"
[[expect]]
that = "found.sent"
equals = "/search\\tzenith\\r\\n"
[[expect]]
that = "found.complete"
equals = true
[[expect]]
that = "missing.refusal"
contains = "/nowhere"
[[expect]]
that = "missing.reads"
at_least = 5
[[expect]]
that = "torn.rung"
equals = "receive"
[[expect]]
that = "torn.symbol"
equals = "ECONNRESET"
[[expect]]
that = "ways.identical"
equals = true
[broken]
gopher = { dot = false }
"""


def test_the_steps_are_said_in_plain_words() -> None:
    assert [step.sentence for step in card(HEAD + STEPS).as_written.steps] == [
        "Ask the Lab's gopher for the item “/search” for “zenith”.",
        "Ask the Lab's gopher for the item “/nowhere”, in a line that ends with LF alone, 8 octets a read.",
        "Ask the Lab's relay for its root menu.",
        "Ask the Lab's gopher for its root menu four times: by sockets, by a file, by a module, by an address.",
    ]
    assert [verb.makes for verb in GOPHER] == ["asked", "levels"]


def test_everything_that_is_seen_can_be_compared() -> None:
    assert set(ASKED_FIELDS) == set(AskedSeen._fields)
    assert set(LEVELS_FIELDS) == set(LevelsSeen._fields)


@pytest.mark.parametrize("broken", [False, True])
async def test_what_the_server_does_can_be_seen(tmp_path, broken: bool) -> None:
    lab = Lab(places_in(tmp_path / "lab"), join=False)
    try:
        async with Player(card(HEAD + STEPS), lab, broken=broken) as player:
            result = await player.play(timeout_s=15)
        assert result.passed is not broken, [verdict.sentence for verdict in result.expectations]
        result.transcript.close()
    finally:
        await lab.aclose()

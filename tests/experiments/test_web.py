"""Requests in experiments: said in plain words, carried out, and what can be seen of them.

The verbs stand in workbench.experiments.verbs_web, what they do in workbench.experiments.steps_web, and what can be
seen in workbench.experiments.things_web.
"""

import pytest

from tests.experiments.samples import HEAD
from tests.experiments.test_verbs import card
from tests.lab.houses import places_in
from workbench.experiments.player import Player
from workbench.experiments.things_web import ANSWER_FIELDS, SAVED_FIELDS, SavedSeen, WebSeen
from workbench.experiments.verbs_web import WEB
from workbench.lab.supervisor import Lab

STEPS = """
[lab]
start = [
    "http",
    { name = "http", as = "liar", says = "two-lengths" },
]
relay = { to = "lab:http", cut_after = 300, direction = "to-client" }
[[step]]
do = "web-get"
as = "sent"
to = "lab:http"
path = "/redirect?to=/echo"
text = "a=1"
[[step]]
do = "web-get"
as = "packed"
to = "lab:http"
path = "/gzip"
[[step]]
do = "web-get"
as = "cut"
to = "relay"
path = "/page"
[[step]]
do = "web-get"
as = "lied"
to = "lab:liar"
path = "/"
fails = "PeerMisbehaved"
[[expect]]
that = "sent.status"
equals = 200
[[expect]]
that = "sent.hops"
equals = 2
[[expect]]
that = "sent.method"
equals = "GET"
[[expect]]
that = "sent.rule"
contains = "makes POST a GET"
[[expect]]
that = "sent.text"
contains = "GET /echo"
[[expect]]
that = "packed.octets"
equals = 2680
[[expect]]
that = "packed.came"
equals = 103
[[expect]]
that = "packed.wire"
equals = 103
[[expect]]
that = "packed.chunks"
equals = 0
[[expect]]
that = "cut.completeness"
equals = "truncated"
[[expect]]
that = "cut.problem"
equals = "PeerMisbehaved"
[[expect]]
that = "lied.error"
equals = "PeerMisbehaved"
[broken]
liar = { says = "truth" }
"""


def test_the_steps_are_said_in_plain_words() -> None:
    assert [step.sentence for step in card(HEAD + STEPS).as_written.steps][:2] == [
        "Ask the Lab's http by POST for /redirect?to=/echo with the body “a=1”, and follow where it leads.",
        "Ask the Lab's http by GET for /gzip, and follow where it leads.",
    ]
    assert [verb.makes for verb in WEB] == ["answer", "saved"]


def test_everything_that_is_seen_can_be_compared() -> None:
    assert set(ANSWER_FIELDS) == set(WebSeen._fields)
    assert set(SAVED_FIELDS) == set(SavedSeen._fields)


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

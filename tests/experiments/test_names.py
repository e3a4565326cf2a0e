"""Questions to name servers in experiments: said in plain words, carried out, and what can be seen of them.

The verbs stand in workbench.experiments.verbs_dns, what they do in workbench.experiments.steps_dns, and what can be
seen in workbench.experiments.things_dns.
"""

import pytest

from tests.experiments.samples import HEAD
from tests.experiments.test_verbs import card
from tests.lab.houses import places_in
from workbench.experiments.player import Player
from workbench.experiments.verbs_dns import NAMES
from workbench.lab.supervisor import Lab

STEPS = """
[lab]
start = [{ name = "dns", as = "names", forge = "id" }]
[[step]]
do = "dns-query"
as = "answer"
to = "names"
name = "lab.test"
type = "mx"
[[step]]
do = "dns-query"
as = "whole-answer"
to = "names"
name = "large.lab.test"
type = "TXT"
[[step]]
do = "dns-query"
as = "stream-answer"
to = "names"
name = "www.lab.test"
type = "A"
tcp = true
[[step]]
do = "dns-reverse"
as = "check"
to = "names"
address = "192.0.2.66"
[[expect]]
that = "answer.outcome"
equals = "answer"
[[expect]]
that = "answer.data"
equals = "10 mail.lab.test., 20 second.lab.test., 50 late.lab.test."
[[expect]]
that = "answer.records"
equals = 3
[[expect]]
that = "answer.ignored"
equals = 1
[[expect]]
that = "answer.reason"
equals = "id"
[[expect]]
that = "answer.rcode"
equals = "NOERROR"
[[expect]]
that = "whole-answer.truncated"
equals = true
[[expect]]
that = "whole-answer.queries"
equals = 2
[[expect]]
that = "stream-answer.transport"
equals = "tcp"
[[expect]]
that = "check.verdict"
equals = "mismatch"
[[expect]]
that = "check.names"
equals = "www.whitehouse.test."
[[expect]]
that = "check.addresses"
equals = "203.0.113.1"
[broken]
names = { says = "refused" }
"""


def test_the_steps_are_said_in_plain_words() -> None:
    assert [step.sentence for step in card(HEAD + STEPS).as_written.steps] == [
        "Ask the Lab's names for mx of lab.test.",
        "Ask the Lab's names for TXT of large.lab.test.",
        "Ask the Lab's names by TCP for A of www.lab.test.",
        "Ask the Lab's names which names 192.0.2.66 claims, and whether they lead back to it.",
    ]


@pytest.mark.parametrize("broken", [False, True])
async def test_what_the_server_says_can_be_seen(tmp_path, broken: bool) -> None:
    lab = Lab(places_in(tmp_path / "lab"), join=False)
    try:
        async with Player(card(HEAD + STEPS), lab, broken=broken) as player:
            result = await player.play(timeout_s=15)
        assert result.passed is not broken, [verdict.sentence for verdict in result.expectations]
        if not broken:
            shown = [verdict.event for verdict in result.expectations]
            assert None not in shown
            names = {result.transcript[event].name for event in shown if event is not None}
            assert names == {"dns.answer", "dns.ignored", "dns.truncated", "dns.verdict"}
        result.transcript.close()
    finally:
        await lab.aclose()


@pytest.mark.parametrize("step", ["dns-query", "dns-reverse"])
async def test_nobody_there_is_a_failure_that_a_card_can_expect(tmp_path, step: str) -> None:
    what = 'name = "www.lab.test"\ntype = "A"' if step == "dns-query" else 'address = "192.0.2.1"'
    text = f"""
[lab]
start = [{{ name = "dns", as = "names", says = "nothing" }}]
[[step]]
do = "{step}"
as = "last"
to = "names"
timeout_s = 0.1
fails = "TooSlow"
{what}
[[expect]]
that = "last.error"
equals = "TooSlow"
[broken]
names = {{ says = "truth" }}
"""
    lab = Lab(places_in(tmp_path / "lab"), join=False)
    try:
        async with Player(card(HEAD + text), lab) as player:
            result = await player.play(timeout_s=15)
        assert result.passed
        result.transcript.close()
    finally:
        await lab.aclose()


def test_every_verb_leads_to_a_name_server() -> None:
    assert [verb.params[0].name for verb in NAMES] == ["to", "to"]

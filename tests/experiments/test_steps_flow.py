"""The verbs about octets that wait and peers that go away, on real connections.

The verbs are workbench.experiments.verbs_flow, what can be seen of them workbench.experiments.things_flow.
"""

import sys

import pytest

from tests.experiments.house import house
from tests.experiments.samples import BREAKABLE, HEAD, card
from workbench.experiments import verbs_flow
from workbench.experiments.result import Result
from workbench.experiments.runner import run
from workbench.protocols.deaths.values import CALLS, DEATHS
from workbench.protocols.flow.values import REMEDIES

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells its queues")


async def play(steps: str, *expectations: str) -> Result:
    text = "".join(f"[[expect]]\nthat = {each}\n" for each in expectations)
    async with house() as lab:
        result = await run(card(HEAD + steps + text + BREAKABLE), lab=lab)
        result.transcript.close()
        return result


def test_the_words_of_the_cards_are_those_of_the_engines():
    assert set(verbs_flow.REMEDIES) == {"none", *(remedy for remedy, *_ in REMEDIES)}
    assert tuple(death.id for death in DEATHS) == verbs_flow.DEATHS
    assert tuple(call.id for call in CALLS) == verbs_flow.CALLS


async def test_a_pipe_freezes_and_a_remedy_is_applied_then():
    steps = '[[step]]\ndo = "fill-pipe"\nas = "last"\noctets = 200000\nremedy = "both"\n'
    result = await play(
        steps,
        '"last.end"\nequals = "equal"',
        '"last.stall"\nequals = "write/write"',
        '"last.echoed"\nequals = 200000',
        '"last.there"\nequals = 200000',
        '"last.written"\nequals = 200000',
        '"last.frozen_at"\nat_least = 1',
    )
    assert result.passed, result.sentence


async def test_without_a_remedy_the_pipe_stays_frozen_and_is_given_back():
    steps = '[[step]]\ndo = "fill-pipe"\nas = "last"\noctets = 200000\n'
    result = await play(steps, '"last.end"\nequals = "frozen"', '"last.echoed"\nequals = 0')
    assert result.passed, result.sentence


async def test_what_fits_ends_by_itself():
    result = await play(
        '[[step]]\ndo = "fill-pipe"\nas = "last"\noctets = 100\n', '"last.end"\nequals = "equal"'
    )
    assert result.passed, result.sentence


async def test_a_death_and_a_call():
    steps = '[[step]]\ndo = "bereave"\nas = "last"\ndeath = "rst"\ncall = "send"\n'
    result = await play(
        steps,
        '"last.told"\nequals = "error"',
        '"last.symbol"\nequals = "ECONNRESET"',
        '"last.errno"\nequals = "ECONNRESET"',
    )
    assert result.passed, result.sentence


async def test_closing_waits_in_a_thread():
    steps = """
[[step]]
do = "listen"
as = "listener"
[[step]]
do = "connect"
as = "client"
to = "listener"
[[step]]
do = "accept"
as = "server"
on = "listener"
[[step]]
do = "close-waiting"
as = "last"
on = "client"
[[step]]
do = "wait-end"
on = "server"
"""
    result = await play(steps, '"server.end"\nequals = "FIN"', '"last.ok"\nequals = true')
    assert result.passed, result.sentence

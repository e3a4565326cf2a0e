"""The verbs about scripts and rules.

The verbs are workbench.experiments.verbs_scripts, what can be seen of them workbench.experiments.things_scripts.
"""

import pytest

from tests.experiments.house import house
from tests.experiments.samples import BREAKABLE, HEAD, card
from workbench.experiments.result import Result
from workbench.experiments.runner import run

LISTEN = '[[step]]\ndo = "listen"\nas = "listener"\n'
UDP = '[[step]]\ndo = "open-datagram"\nas = "listener"\n'
LAST = '[[step]]\ndo = "note"\nas = "last"\ntext = "over"\n'


def rules(text: str) -> str:
    return f"[[step]]\ndo = \"answer-by-rules\"\nas = \"server\"\non = \"listener\"\nrules = '''{text}'''\n"


def script(text: str, more: str = "") -> str:
    return f"[[step]]\ndo = \"run-script\"\nas = \"talk\"\nto = \"listener\"\nscript = '''{text}'''\n{more}"


async def play(steps: str, *expectations: str) -> Result:
    text = "".join(f"[[expect]]\nthat = {each}\n" for each in expectations)
    async with house() as lab:
        result = await run(card(HEAD + steps + LAST + text + BREAKABLE), lab=lab)
        result.transcript.close()
        return result


async def test_a_script_meets_rules_and_both_are_seen():
    result = await play(
        LISTEN + rules('on "a"\n reply "b"\non "c"\n reply "d"') + script('send "aa"\nexpect "bb"'),
        '"talk.passed"\nequals = 2',
        '"talk.failed"\nequals = 0',
        '"talk.reason"\nequals = ""',
        '"server.answered"\nequals = 2',
        '"server.answers"\nequals = [2, 0]',
    )
    assert result.passed, result.sentence


async def test_a_step_that_fails_is_seen_with_its_reason():
    result = await play(
        LISTEN + rules('on "a"\n then finish') + script('send "a"\nexpect "b" within 2s\nfinish'),
        '"talk.failed"\nequals = 1',
        '"talk.skipped"\nequals = 1',
        '"talk.at"\nequals = \'expect "b" within 2s\'',
        '"talk.kind"\nequals = "Refused"',
        '"talk.ok"\nequals = true',
    )
    assert result.passed, result.sentence


async def test_datagrams_too():
    result = await play(
        UDP + rules('on "a"\n reply "b"') + script('send "a"\nexpect "b" within 2s', 'by = "udp"\n'),
        '"talk.failed"\nequals = 0',
    )
    assert result.passed, result.sentence


@pytest.mark.parametrize("steps", [LISTEN + rules("on"), LISTEN + script("sned")])
async def test_a_mistake_in_a_text_is_a_failure_of_the_card(steps: str):
    assert not (await play(steps, '"last.ok"\nequals = true')).passed

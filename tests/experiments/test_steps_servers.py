"""The verbs about servers of our own and questions by UDP.

The verbs are workbench.experiments.verbs_servers, what can be seen of them workbench.experiments.things_servers.
"""

import pytest

from tests.experiments.house import house
from tests.experiments.samples import BREAKABLE, HEAD, card
from workbench.experiments import verbs_servers
from workbench.experiments.result import Result
from workbench.experiments.runner import run
from workbench.protocols.raw.presets import BY_NAME
from workbench.protocols.raw.zones import ZONES

LISTEN = '[[step]]\ndo = "listen"\nas = "listener"\n'
LAST = '[[step]]\ndo = "note"\nas = "last"\ntext = "over"\n'
CLIENT = '[[step]]\ndo = "connect"\nas = "client"\nto = "listener"\n'


async def play(steps: str, *expectations: str) -> Result:
    text = "".join(f"[[expect]]\nthat = {each}\n" for each in expectations)
    async with house() as lab:
        result = await run(card(HEAD + steps + LAST + text + BREAKABLE), lab=lab)
        result.transcript.close()
        return result


def test_the_words_of_the_cards_are_those_of_the_engines():
    assert set(verbs_servers.PRESETS) == {"echo", *BY_NAME}
    assert verbs_servers.ZONES == ZONES


@pytest.mark.parametrize(("be", "answer"), [("echo", "hi"), ("upper", "HI"), ("discard", "")])
async def test_a_server_is_what_it_is_told_to_be(be, answer):
    steps = (
        f'{LISTEN}[[step]]\ndo = "serve"\nas = "server"\non = "listener"\nbe = "{be}"\none_at_a_time = true\n'
        f'{CLIENT}[[step]]\ndo = "send"\non = "client"\ntext = "hi"\n[[step]]\ndo = "finish"\non = "client"\n'
        '[[step]]\ndo = "wait-end"\nas = "answer"\non = "client"\n'
    )
    result = await play(steps, f'"answer.text"\nequals = "{answer}"', '"server.failed"\nequals = 0')
    assert result.passed, result.sentence


async def test_what_it_throws_is_counted_and_told():
    steps = (
        f'{LISTEN}[[step]]\ndo = "serve"\nas = "server"\non = "listener"\nbe = "echo"\n'
        'throw_in = "accept"\nclient = 1\n'
        f'{CLIENT}[[step]]\ndo = "wait-end"\non = "client"\n'
    )
    result = await play(steps, '"server.failed"\nequals = 1', '"server.fault"\ncontains = "accept"')
    assert result.passed, result.sentence


async def test_a_question_is_repeated_and_one_that_nobody_answers_fails():
    opened = '[[step]]\ndo = "open-datagram"\nas = "server"\n'
    serve = opened + '[[step]]\ndo = "serve"\nas = "echo"\non = "server"\nbe = "echo"\n'
    ask = '[[step]]\ndo = "ask"\nas = "question"\nto = "server"\ntext = "?"\nwait_s = 0.05\n'
    result = await play(
        f"{serve}deaf = 1\n{ask}tries = 3\n",
        '"question.attempts"\nequals = 2',
        '"question.strangers"\nequals = 0',
    )
    assert result.passed, result.sentence
    result = await play(f'{serve}deaf = 9\n{ask}fails = "TooSlow"\n', '"question.error"\nequals = "TooSlow"')
    assert result.passed, result.sentence
    wrong = serve.replace('"echo"\n', '"greet"\n').replace('as = "greet"', 'as = "echo"')
    assert not (await play(wrong + ask, '"question.attempts"\nequals = 1')).passed

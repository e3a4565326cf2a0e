"""The verbs about waiting, carried out on real sockets, and what they leave behind.

workbench.experiments.verbs_readiness, workbench.experiments.steps_readiness and workbench.experiments.things_readiness
are tested through cards.
"""

import pytest

from tests.experiments.house import house
from tests.experiments.samples import SAMPLE, card, played
from workbench.errors import LocalMisuse
from workbench.experiments.card import find_card
from workbench.experiments.result import Result
from workbench.experiments.runner import run

PAIR = """
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
"""


def expect(that: str, test: str) -> str:
    return f'[[expect]]\nthat = "{that}"\n{test}\n'


async def play(steps: str, expectations: str) -> Result:
    result = await run(played(PAIR + steps, expectations), lab=None)
    result.transcript.close()
    return result


async def test_what_a_socket_is_ready_for_is_told_by_name_and_number() -> None:
    steps = """
[[step]]
do = "ask-ready"
as = "idle"
on = "client"
[[step]]
do = "send"
on = "server"
text = "x"
[[step]]
do = "ask-ready"
as = "data"
on = "client"
engine = "select"
until = "IN"
"""
    result = await play(
        steps,
        expect("idle.flags", 'equals = "OUT"')
        + expect("idle.mask", "equals = 4")
        + expect("data.flags", 'equals = "IN|OUT"')
        + expect("data.mask", "equals = 5"),
    )
    assert result.passed, result.sentence
    assert result.steps[3].sentence == "Ask by poll what the client is ready for."
    assert result.steps[5].sentence == "Ask by select what the client is ready for until IN is told."


async def test_what_is_not_told_in_time_and_what_is_no_flag_fail() -> None:
    late = '[[step]]\ndo = "ask-ready"\nas = "late"\non = "client"\nuntil = "IN"\ntimeout_s = 0.02\nfails = "TooSlow"\n'
    wrong = '[[step]]\ndo = "ask-ready"\nas = "wrong"\non = "client"\nuntil = "LOUD"\nfails = "LocalMisuse"\n'
    result = await play(
        late + wrong, expect("late.why", 'contains = "only OUT"') + expect("wrong.why", 'contains = "LOUD"')
    )
    assert result.passed, result.sentence


async def test_three_lists_by_the_cards_names() -> None:
    steps = """
[[step]]
do = "select"
as = "room"
on = "client"
and = "server"
and_also = "listener"
writing = true
at_once = true
"""
    result = await play(
        steps, expect("room.to_write", 'equals = "client, server"') + expect("room.to_read", 'equals = ""')
    )
    assert result.passed, result.sentence
    said = "Hand client, server, listener to select, to read and to write, once, without waiting."
    assert result.steps[3].sentence == said


async def test_a_race_tells_who_was_tried_and_is_kept_open() -> None:
    steps = """
[[step]]
do = "race"
as = "race"
to = "listener"
at = "127.0.0.2 127.0.0.1"
policy = "system"
[[step]]
do = "accept"
as = "winner"
on = "listener"
"""
    result = await play(
        steps,
        expect("race.tried", 'equals = "IPv4 failed, IPv4 won"')
        + expect("race.winner", 'equals = "127.0.0.1"')
        + expect("race.attempts", "equals = 2")
        + expect("winner.peer_host", 'equals = "127.0.0.1"'),
    )
    assert result.passed, result.sentence


async def test_the_client_that_spins_tells_why_it_left() -> None:
    steps = """
[[step]]
do = "send"
on = "server"
text = "one\\ntwo\\n"
[[step]]
do = "finish"
on = "server"
[[step]]
do = "wait-and-spin"
as = "heard"
on = "client"
engine = "selectors"
"""
    result = await play(
        steps,
        expect("heard.left", 'equals = "end"')
        + expect("heard.lines", "equals = 2")
        + expect("heard.text", 'equals = "one\\ntwo\\n"')
        + expect("heard.unread", 'equals = ""')
        + expect("heard.wakes", "at_least = 1")
        + expect("heard.turns", "at_least = 1")
        + expect("heard.mask", "equals = 1"),
    )
    assert result.passed, result.sentence


async def test_asking_again_and_again_is_compared_with_waiting() -> None:
    async with house() as lab:
        result = await run(find_card("asking-again"), lab=lab)
    result.transcript.close()
    assert result.passed, result.sentence


def test_a_card_may_name_another_that_shows_the_same() -> None:
    assert card(f'instead = "two-families"\n{SAMPLE}').instead == "two-families"
    assert find_card("poll-client").instead == "select-client"
    assert find_card(find_card("poll-client").instead).needs == ()
    with pytest.raises(LocalMisuse, match="is no name of a card"):
        card(f'instead = "Not A Name"\n{SAMPLE}')

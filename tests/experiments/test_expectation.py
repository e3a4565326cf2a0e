"""Comparisons: each holds where it should and fails where it should, and the verdict says what was seen and where."""

import pytest

from tests.experiments.samples import SAMPLE, card, played
from workbench.errors import LocalMisuse
from workbench.experiments.expectation import COMPARISONS, Verdict
from workbench.experiments.runner import run

CONVERSATION = """
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
do = "send"
as = "greeting"
on = "server"
text = "hello\\r\\n"
[[step]]
do = "read"
as = "answer"
on = "client"
until = "\\n"
"""


async def verdict(that: str, comparison: str) -> Verdict:
    """What becomes of one expectation after CONVERSATION."""
    result = await run(played(CONVERSATION, f'[[expect]]\nthat = "{that}"\n{comparison}\n'), lab=None)
    result.transcript.close()
    assert all(outcome.ok for outcome in result.steps)
    assert result.passed is result.expectations[0].ok
    return result.expectations[0]


@pytest.mark.parametrize(
    ("that", "holds", "fails"),
    [
        ("answer.text", 'equals = "hello\\r\\n"', 'equals = "hello"'),
        ("answer.text", 'one_of = ["bye", "hello\\r\\n"]', 'one_of = ["hello", "bye"]'),
        ("answer.text", 'contains = "ell"', 'contains = "HELL"'),
        ("answer.text", 'lacks = "HELL"', 'lacks = "ell"'),
        ("answer.text", "matches = '^h.llo\\r\\n$'", "matches = '^ello'"),
        ("answer.size", "equals = 7", "equals = 8"),
        ("answer.size", "at_least = 7", "at_least = 7.5"),
        ("answer.size", "at_most = 7", "at_most = 6"),
        ("answer.size", "one_of = [6, 7]", "one_of = [6, 8]"),
        ("answer.size", "at_least = 1\nat_most = 7", "at_least = 1\nat_most = 6"),
        ("answer.complete", "equals = true", "equals = false"),
        ("client.peer", 'same_as = "server.local"', 'same_as = "server.peer"'),
        ("client.local_port", 'differs_from = "client.peer_port"', 'differs_from = "server.peer_port"'),
    ],
)
async def test_a_comparison_holds_or_does_not(that: str, holds: str, fails: str) -> None:
    assert (await verdict(that, holds)).ok
    assert not (await verdict(that, fails)).ok


def test_every_comparison_is_tried_above() -> None:
    mark = next(mark for mark in test_a_comparison_holds_or_does_not.pytestmark if mark.name == "parametrize")
    tried = {line.partition(" ")[0] for case in mark.args[1] for line in case[1].splitlines()}
    assert tried == set(COMPARISONS)


async def test_a_verdict_says_what_was_expected_and_seen_and_where() -> None:
    text = CONVERSATION + '[[expect]]\nthat = "client.received"\nequals = "good bye"\n'
    result = await run(played(CONVERSATION, text.removeprefix(CONVERSATION)), lab=None)
    judged = result.expectations[0]
    assert judged.expectation.that == "client.received"
    assert (judged.what, judged.expected, judged.seen) == (
        "what the client received",
        "“good bye”",
        "“hello\\r\\n”",
    )
    assert judged.sentence == "What the client received: “hello\\r\\n”, but expected was “good bye”."
    assert judged.event is not None
    shown = result.transcript[judged.event]
    assert (shown.kind, shown.size, result.transcript.data(shown)) == ("bytes", 7, b"hello\r\n")
    result.transcript.close()


async def test_a_verdict_that_holds_says_what_was_seen() -> None:
    assert (await verdict("answer.size", "equals = 7")).sentence == "The size of the answer in octets: 7."
    assert (
        await verdict("answer.size", "at_most = 9")
    ).sentence == "The size of the answer in octets: 7 (at most 9)."
    same = await verdict("client.peer", 'same_as = "listener.address"')
    assert same.sentence.endswith("(the same as the address of the listener).")


async def test_what_it_did_not_come_to_is_no_value() -> None:
    broken = SAMPLE.replace('text = "good bye\\r\\n"', 'do = "abort", on = "client"')
    text = broken.replace('until = "\\n"', 'until = "\\n"\nfails = "TooSlow"').replace(
        "answer.text", "answer.ok"
    )
    text = text.replace('equals = "hello\\r\\n"', "equals = true")
    result = await run(card(text), lab=None)
    # The read worked, and the card said it must fail: nothing after it is played, and its value is still seen.
    assert [outcome.ok for outcome in result.steps] == [True, True, True, True, False]
    assert result.expectations[0].ok
    result.transcript.close()

    later = SAMPLE.replace('as = "answer"', 'as = "answer"\ntimeout_s = 0.01')
    result = await run(card(later.replace('text = "hello\\r\\n"', 'text = "hello"', 1)), lab=None)
    judged = result.expectations[0]
    assert (judged.ok, judged.seen, judged.event) == (False, "", None)
    assert judged.sentence == "The text of the answer: it did not come to that; expected was “hello\\r\\n”."
    result.transcript.close()


async def test_a_pattern_that_never_ends_does_not_hold() -> None:
    steps = CONVERSATION.replace('text = "hello\\r\\n"', 'text = "a"\ntimes = 64').replace(
        'until = "\\n"', "exactly = 64"
    )
    text = "[[expect]]\nthat = \"answer.text\"\nmatches = '^(a|aa)+$b'\n"
    result = await run(played(steps, text), lab=None)
    assert not result.passed
    assert result.elapsed_ms < 5000
    result.transcript.close()


def test_a_pattern_that_is_none_is_shown_at_its_place() -> None:
    text = SAMPLE.replace('equals = "hello\\r\\n"', 'matches = "hel(lo"')
    with pytest.raises(LocalMisuse, match="not a regular expression") as caught:
        card(text)
    assert caught.value.text == "hel(lo"
    assert caught.value.start is not None


async def test_of_a_long_text_the_part_that_matters_is_shown() -> None:
    text = "a" * 300 + "needle" + "b" * 300
    steps = CONVERSATION.replace("hello\\r\\n", text + "\\n")
    that = '[[expect]]\nthat = "answer.text"\n'
    expectations = f'{that}contains = "needle"\n{that}lacks = "needle"\n'
    result = await run(played(steps, expectations), lab=None)
    result.transcript.close()
    for found in result.expectations:
        assert found.seen == f"“…{'a' * 30}needle{'b' * 30}…”"
    assert [found.ok for found in result.expectations] == [True, False]


async def test_of_a_long_text_that_lacks_something_the_beginning_is_shown() -> None:
    steps = CONVERSATION.replace("hello\\r\\n", "a" * 300 + "\\n")
    result = await run(played(steps, '[[expect]]\nthat = "answer.text"\nlacks = "needle"\n'), lab=None)
    result.transcript.close()
    assert result.passed
    assert result.expectations[0].seen == f"“{'a' * 60}…”"

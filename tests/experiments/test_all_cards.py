"""Every built-in card: it passes as it is written, fails with its [broken] part, and reads well."""

import asyncio
import re

import pytest

from tests.experiments.house import house
from workbench.experiments.card import all_cards, find_card
from workbench.experiments.needs import lacking
from workbench.experiments.runner import run, run_both
from workbench.experiments.values import Card

ALL = all_cards()


CARDS = tuple(card for card in ALL if not lacking(card))
"""Those that this machine can play."""
each_card = pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])

SURE = 2
"""Times in a row: a card that depends on luck is a bad witness."""
LONG_MS = 1000
"""A card that waits for the system's own clocks once has to do; it is played side by side with itself besides."""


@each_card
async def test_it_passes_as_it_is_written(card: Card) -> None:
    async with house() as lab:
        for _ in range(SURE):
            result = await run(card, lab=lab)
            result.transcript.close()
            assert result.passed, result.sentence
            if result.elapsed_ms > LONG_MS:
                break


@each_card
async def test_it_fails_with_its_broken_part(card: Card) -> None:
    async with house() as lab:
        result = await run(card, lab=lab, broken=True)
        result.transcript.close()
        assert not result.passed
        assert result.as_it_should


IMPATIENT = (
    "expected-and-got",
    "poll-client",
    "select-client",
    "asking-again",
    "silent-too-long",
    "three-ways-to-leave",
)
"""They count what a machine with time does in a moment."""


CROWDS = 3
"""All at once would be more each month, and take longer than a test may on a busy machine."""


@pytest.mark.parametrize("crowd", range(CROWDS))
async def test_they_pass_side_by_side_on_a_busy_loop(crowd: int) -> None:
    patient = [card for card in CARDS if card.id not in IMPATIENT]
    assert len(patient) == len(CARDS) - len(IMPATIENT)
    async with house() as lab:
        results = await asyncio.gather(
            *(run(card, lab=lab) for card in patient[crowd::CROWDS] for _ in range(2))
        )
    for result in results:
        result.transcript.close()
    assert [result.sentence for result in results if not result.passed] == []


ALONE = [card for card in CARDS if not card.as_written.services]


def test_many_cards_need_no_lab() -> None:
    assert len(ALONE) >= 4


@pytest.mark.parametrize("card", ALONE, ids=[card.id for card in ALONE])
async def test_a_card_needs_a_lab_only_for_the_services_that_it_names(card: Card) -> None:
    both = await run_both(card, lab=None)
    both.written.transcript.close()
    both.broken.transcript.close()
    assert both.as_it_should


@pytest.mark.parametrize("card", ALL, ids=[card.id for card in ALL])
def test_it_says_what_not_every_machine_has(card: Card) -> None:
    steps = card.as_written.steps
    assert ("ipv6" in card.needs) == any(":" in str(step.given.get("at", "")) for step in steps)
    told_by_linux = {"unplug", "gauge", "count-waiting"}
    assert "linux" in card.needs or told_by_linux.isdisjoint(step.verb for step in steps)


@pytest.mark.covers("C1.6")
@pytest.mark.parametrize("name", ["eavesdropper", "changed-under-tls", "impostor"])
async def test_reading_changing_and_diverting_are_seen_in_clear_and_under_tls(name: str) -> None:
    """In clear the password and the changed octet pass; under TLS the name shows, an alert and a code tell."""
    card = find_card(name)
    async with house() as lab:
        result = await run(card, lab=lab)
        result.transcript.close()
    assert result.passed, result.sentence
    wanted = {
        "eavesdropper": {"eavesdropper.to_server", "second-eavesdropper.to_server"},
        "changed-under-tls": {"answer.text", "tls-client.alert", "tls-client.alert_by"},
        "impostor": {"careful-client.certificate_code", "check.why"},
    }[name]
    assert wanted <= {expectation.that for expectation in card.expectations}


def test_there_are_many_and_those_that_nobody_should_miss() -> None:
    ids = {card.id for card in ALL}
    assert len(ids) >= 40
    assert ids >= {"missed-errors", "half-close", "lying-clock", "empty-datagram", "eavesdropper"}
    assert ids >= {"frozen-or-gone", "where-are-my-bytes", "both-talk", "before-accept", "erased-version"}


def test_each_is_found_by_its_id() -> None:
    for card in ALL:
        assert find_card(card.id) == card


@each_card
def test_it_reads_well(card: Card) -> None:
    assert card.question.endswith("?")
    sentences = re.findall(r"[.?!](?:\s|$)", card.explanation)
    assert 3 <= len(sentences) <= 6, card.explanation
    assert card.rfc, "which document says so?"
    for choice in card.choices:
        assert not choice.endswith("."), "an answer is no sentence of its own"
    for step in (*card.as_written.steps, *card.broken.steps):
        assert step.sentence.endswith((".", "...")), step.sentence
        assert step.sentence[0].isupper() or step.sentence.startswith("...")
    assert "--" not in card.explanation


def test_the_right_answer_has_no_usual_place() -> None:
    assert {card.right for card in ALL} >= {0, 1, 2}


def test_no_two_cards_ask_the_same() -> None:
    assert len({card.question for card in ALL}) == len({card.title for card in ALL}) == len(ALL)

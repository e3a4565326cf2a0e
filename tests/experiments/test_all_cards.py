"""Every built-in card: it passes as it is written, fails with its [broken] part, and reads well."""

import asyncio
import re

import pytest

from tests.experiments.house import house
from workbench.experiments.card import all_cards, find_card
from workbench.experiments.runner import run, run_both
from workbench.experiments.values import Card

CARDS = all_cards()
each_card = pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])

SURE = 3
"""Times in a row: a card that depends on luck is a bad witness."""


@each_card
async def test_it_passes_as_it_is_written(card: Card) -> None:
    async with house() as lab:
        for _ in range(SURE):
            result = await run(card, lab=lab)
            result.transcript.close()
            assert result.passed, result.sentence


@each_card
async def test_it_fails_with_its_broken_part_and_soon(card: Card) -> None:
    """A broken mode that only waits for what never comes proves little, and costs the suite its time."""
    async with house() as lab:
        result = await run(card, lab=lab, broken=True)
        result.transcript.close()
        assert not result.passed
        assert result.as_it_should
        assert result.elapsed_ms < 3000


async def test_they_pass_side_by_side_on_a_busy_loop() -> None:
    async with house() as lab:
        results = await asyncio.gather(*(run(card, lab=lab) for card in CARDS for _ in range(2)))
    for result in results:
        result.transcript.close()
    assert [result.sentence for result in results if not result.passed] == []


async def test_a_card_needs_a_lab_only_for_the_services_that_it_names() -> None:
    alone = [card for card in CARDS if not card.as_written.services]
    assert len(alone) >= 4
    for card in alone:
        both = await run_both(card, lab=None)
        both.written.transcript.close()
        both.broken.transcript.close()
        assert both.as_it_should, card.id


def test_there_are_at_least_eight_and_those_that_nobody_should_miss() -> None:
    ids = {card.id for card in CARDS}
    assert len(ids) >= 8
    assert ids >= {"missed-errors", "half-close", "lying-clock", "empty-datagram"}


def test_each_is_found_by_its_id() -> None:
    for card in CARDS:
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
    assert {card.right for card in CARDS} >= {0, 1, 2}


def test_no_two_cards_ask_the_same() -> None:
    assert len({card.question for card in CARDS}) == len({card.title for card in CARDS}) == len(CARDS)

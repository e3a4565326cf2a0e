"""The verbs about databases: a copy for each play, and what is told of a statement.

They are workbench.experiments.verbs_sql, workbench.experiments.steps_sql and workbench.experiments.things_sql.
"""

import asyncio

import pytest

from tests.experiments.house import house
from workbench.experiments.card import find_card
from workbench.experiments.runner import run
from workbench.experiments.things_sql import RESULT_FIELDS
from workbench.experiments.verbs_sql import DATABASES

CHANGING = "sql-unseen"


async def test_plays_side_by_side_do_not_meet_in_one_file() -> None:
    card = find_card(CHANGING)
    async with house() as lab:
        results = await asyncio.gather(*(run(card, lab=lab) for _ in range(3)))
    for result in results:
        result.transcript.close()
    assert [result.sentence for result in results if not result.passed] == []


async def test_the_labs_own_file_is_left_as_it_was() -> None:
    card = find_card(CHANGING)
    async with house() as lab:
        for _ in range(2):
            result = await run(card, lab=lab)
            result.transcript.close()
            assert result.passed, result.sentence


@pytest.mark.parametrize("verb", DATABASES, ids=[verb.name for verb in DATABASES])
def test_a_verb_is_told_in_a_sentence(verb) -> None:
    given = {"to": "lab:sql", "on": "writer", "text": "SELECT ?", "value": "5"}
    sentence = verb.sentence(given, "writer")
    assert sentence.endswith(".")
    assert "writer" in sentence


def test_every_field_has_its_words() -> None:
    assert all("{}" in field.words for field in RESULT_FIELDS.values())

"""The verbs about letters: what they say, what they make, and what can be seen of it.

The table is workbench.experiments.verbs_letters, the values are workbench.experiments.things_letters.
"""

from typing import cast

from workbench.experiments.stage import Stage
from workbench.experiments.steps_letters import CARRY_LETTERS
from workbench.experiments.things_letters import PARSED_FIELDS, LetterParsed
from workbench.experiments.verbs_letters import LETTERS

NO_STAGE = cast(Stage, None)
"""These verbs need neither Lab nor conversation."""


async def test_a_letter_is_taken_apart():
    raw = b"Subject: =?utf-8?q?gr=C3=BCn?=\r\nX: y\r\n\r\ntext \xfc"
    seen = (await CARRY_LETTERS["letter-read"](NO_STAGE, {"raw": raw}, "letter")).thing
    assert isinstance(seen, LetterParsed)
    assert (seen.parts, seen.fields, seen.subject) == (1, "Subject, X", "grün")
    assert (seen.text, seen.charset, seen.defects) == ("text ü", "iso8859-1", "wrong-charset")


async def test_a_letter_is_written_and_is_the_same_each_time():
    given = {"subject": b"hello", "text": b"one", "html": b"<img src=http://x/y>", "file": b"../a.txt"}
    carry = CARRY_LETTERS["letter-write"]
    seen = (await carry(NO_STAGE, given, "letter")).thing
    assert isinstance(seen, LetterParsed)
    assert seen == (await carry(NO_STAGE, given, "letter")).thing
    assert (seen.leaves, seen.filename, seen.left_out) == (3, "a.txt", "remote picture")


def test_every_value_of_a_letter_can_be_seen_and_every_verb_has_its_sentence():
    assert set(PARSED_FIELDS) == set(LetterParsed._fields)
    read, write = LETTERS
    assert "Take the letter “A: b”" in read.sentence({"raw": b"A: b"}, "x")
    told = write.sentence({"subject": b"s", "text": b"t", "file": b"f"}, "x")
    assert (
        told
        == "Write a letter with the subject “s” and the text “t”, with a file named “f”, and take it apart again."
    )

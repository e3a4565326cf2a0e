"""The verbs about framings: what they say, what they make, and what can be seen of it.

The table is workbench.experiments.verbs_frames, the values are workbench.experiments.things_frames.
"""

from typing import cast

import pytest

from tests.experiments.house import house
from tests.experiments.samples import HEAD, card
from workbench.errors import LocalMisuse
from workbench.experiments.runner import run
from workbench.experiments.stage import Stage
from workbench.experiments.steps_frames import CARRY_FRAMES
from workbench.experiments.things_frames import (
    CHOPPED_FIELDS,
    FRAMED_FIELDS,
    FRAMES_FIELDS,
    UNPACKED_FIELDS,
    Chopped,
    Framed,
    Unpacked,
)
from workbench.experiments.verbs_frames import FRAMES

NO_STAGE = cast(Stage, None)
"""These verbs need neither Lab nor conversation."""


async def test_a_message_is_framed_with_its_remarks_or_refused():
    carry = CARRY_FRAMES["frame"]
    seen = (await carry(NO_STAGE, {"framing": "nul", "data": b"a\0b"}, "x")).thing
    assert seen == Framed(b"a\0b\0", "marker-in-data", 3)
    with pytest.raises(LocalMisuse):
        await carry(NO_STAGE, {"framing": "digits:1", "data": bytes(10)}, "x")


async def test_cuts_are_tried_for_both_decoders():
    carry = CARRY_FRAMES["chop-frames"]
    given = {"framing": "lf", "data": b"ab\nc\n"}
    assert (await carry(NO_STAGE, given, "x")).thing == Chopped(16, True, "", 2)
    forgetful = (await carry(NO_STAGE, {**given, "decoder": "forgetful"}, "x")).thing
    assert forgetful == Chopped(2, False, "1", 2)


READING = """
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
do = "send-framed"
on = "client"
framing = "digits:2"
text = "one"
[[step]]
do = "read-frames"
as = "first"
on = "server"
framing = "digits:2"
messages = 1
[[step]]
do = "send"
on = "client"
text = "03twox1"
[[step]]
do = "read-frames"
as = "second"
on = "server"
framing = "digits:2"
limit = 10
[[step]]
do = "send"
on = "server"
hex = "05 00 00 00"
[[step]]
do = "read"
as = "four"
on = "client"
exactly = 4
[[step]]
do = "unpack"
as = "number"
of = "four"
format = "!I"
[[expect]]
that = "first.texts"
equals = "one"
[[expect]]
that = "first.word"
equals = "open"
[[expect]]
that = "second.texts"
equals = "two"
[[expect]]
that = "second.word"
equals = "broken"
[[expect]]
that = "second.broken_at"
equals = 5
[[expect]]
that = "number.hint"
contains = "looks byte-swapped"
[broken]
step.second = { limit = 2 }
"""


async def test_messages_are_read_from_a_connection():
    async with house() as lab:
        played = await run(card(HEAD + READING), lab=lab)
    seen = [verdict.seen.strip("“”") for verdict in played.expectations]
    hint = "looks byte-swapped: in the other order it is 5"
    assert played.passed, seen
    assert seen == ["one", "open", "two", "broken", "5", hint]
    played.transcript.close()


def test_every_value_can_be_seen_and_every_verb_has_its_sentence():
    assert set(CHOPPED_FIELDS) == set(Chopped._fields)
    assert set(UNPACKED_FIELDS) == set(Unpacked._fields)
    assert {"remarks", "size", "hex"} <= set(FRAMED_FIELDS)
    assert {"number", "texts", "word", "why"} <= set(FRAMES_FIELDS)
    given = {
        "on": "client",
        "framing": "lf",
        "data": b"x",
        "limit": 5,
        "messages": 2,
        "format": "!I",
        "of": "octets",
    }
    told = {verb.name: verb.sentence({**given, "decoder": "forgetful"}, "x") for verb in FRAMES}
    assert told["frame"] == "Frame “x” by the framing “lf”."
    assert told["read-frames"].endswith("at most 5 octets each, until there are 2.")
    assert "forgets" in told["chop-frames"]
    assert told["unpack"] == "Read the octets by the format !I of Python's struct."

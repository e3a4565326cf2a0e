"""Every command, capability and response code of the RFCs, and every fact of the client has its sentence."""

import re
from pathlib import Path

import pytest

from workbench.protocols import pop
from workbench.protocols.pop.explain import FACTS, explain
from workbench.protocols.pop.sentences import CAPABILITIES, CODES, COMMANDS, of_command
from workbench.transcript.recorder import Transcript

VERBS = "USER PASS APOP QUIT STAT LIST RETR DELE NOOP RSET TOP UIDL CAPA STLS AUTH UTF8 LANG"
LISTED = (
    "TOP USER SASL RESP-CODES LOGIN-DELAY PIPELINING EXPIRE UIDL IMPLEMENTATION"  # RFC 2449 section 6
    " STLS AUTH-RESP-CODE UTF8 LANG"
)
FACT_SAMPLES = {
    "pop.apop": {"stamp": "<1@x>", "user": "anna"},
    "pop.uidl.none": {"reply": "-ERR what?"},
    "pop.settled": {"command": "RETR"},
}
SOURCE = re.compile(r"RFC \d+ [\d.]+")


def test_every_word_of_the_rfcs_has_a_sentence_and_nothing_else_stands_in_the_lists():
    assert set(COMMANDS) == set(VERBS.split())
    assert set(CAPABILITIES) == set(LISTED.split())
    assert set(CODES) == {"LOGIN-DELAY", "IN-USE", "SYS/TEMP", "SYS/PERM", "AUTH", "UTF8"}
    for sentence in (*COMMANDS.values(), *CAPABILITIES.values(), *CODES.values()):
        assert sentence.text
        assert SOURCE.fullmatch(sentence.source), sentence
    assert of_command("retr") is COMMANDS["RETR"]
    assert of_command("XYZZY") is None


def test_every_fact_that_the_code_records_has_a_sentence_and_a_sample():
    folder = Path(pop.__file__).parent
    text = "".join(path.read_text() for path in folder.glob("*.py"))
    recorded = set(re.findall(r"""\.fact\(\s*"(pop\.[a-z.]+)\"""", text))
    assert recorded == set(FACTS) == set(FACT_SAMPLES)


@pytest.mark.parametrize(
    ("sent", "data", "words"),
    [
        (True, b"RETR 1\r\n", "asks for a letter"),
        (True, b"XYZZY\r\n", "does not use"),
        (False, b"+OK\r\n", "yes"),
        (False, b"+OK 120\r\nSubject: x\r\n.\r\n", "up to a line that is one dot"),
        (False, b"-ERR [IN-USE] later\r\n", "another session"),
        (False, b"-ERR no\r\n", "no"),
        (False, b"+ \r\n", "a challenge"),
        (False, b"more of a letter\r\n", "goes on from before"),
        (False, b"\x17\x03\x03abc", "beside"),
    ],
)
def test_what_passes_is_explained(sent: bool, data: bytes, words: str):
    transcript = Transcript()
    channel = transcript.open("pop: x", "tcp")
    (channel.sent if sent else channel.received)(data)
    told = explain(transcript, transcript[0])
    assert told is not None
    assert words in told.text
    transcript.close()


def test_facts_are_explained_and_passwords_are_not_shown():
    transcript = Transcript()
    channel = transcript.open("pop: x", "tcp")
    for name, values in FACT_SAMPLES.items():
        channel.fact(name, **values)
    channel.sent(b"PASS swordfish\r\n", secret=((5, 14),))
    channel.fact("close", unread=0)
    told = [explain(transcript, event) for event in transcript.events()]
    assert all(one and one.what for one in told)
    assert "swordfish" not in "".join(one.what for one in told if one)
    transcript.close()

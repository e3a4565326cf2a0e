"""Every type of RFC 1436 and every fact that we record has its sentence."""

import re
from pathlib import Path

import pytest

from workbench.protocols import gopher
from workbench.protocols.gopher.explain import FACTS, TYPES, UNKNOWN, explain, of_type
from workbench.transcript.recorder import Transcript

RFC_TYPES = "0123456789+TgI"  # RFC 1436 section 3.8
FACT_SAMPLES = {
    "gopher.answer": {"kind": "menu", "octets": 7, "items": 2, "complete": True},
    "gopher.level": {"number": 1, "name": "Sockets", "what": "x"},
}


def test_every_type_of_the_rfc_has_a_word_a_sentence_and_its_section():
    assert set(RFC_TYPES) <= set(TYPES)
    for name, known in TYPES.items():
        assert known.word
        assert known.text
        assert (known.source == "RFC 1436 3.8") == (name in RFC_TYPES), name
        assert bool(known.source) != ("in no RFC" in known.text)
    assert of_type("0").word == "text"
    assert of_type("~") is UNKNOWN


def test_every_fact_that_the_code_records_has_a_sentence_and_a_sample():
    folder = Path(gopher.__file__).parent
    text = "".join(path.read_text() for path in folder.glob("*.py"))
    recorded = set(re.findall(r"""fact\(\s*(?:number, )?"(gopher\.[a-z.]+)\"""", text))
    assert recorded == set(FACTS) == set(FACT_SAMPLES)
    transcript = Transcript()
    for name, values in FACT_SAMPLES.items():
        transcript.add_fact(transcript.open("gopher x", "tcp").number, name, values)
    transcript.open("gopher x", "tcp").fact("gopher.answer", kind="binary", octets=3, items=0, complete=True)
    transcript.open("gopher x", "tcp").fact("gopher.answer", kind="text", octets=3, items=0, complete=False)
    told = [explain(transcript, event) for event in transcript.events()]
    assert all(one and one.what and one.text for one in told)
    assert "many servers leave it out" in told[3].text
    transcript.close()


@pytest.mark.parametrize(
    ("sent", "data", "words"),
    [
        (True, b"\r\n", "root menu"),
        (True, b"/readme\r\n", "calls so"),
        (True, b"/readme\n", "does not end with CR LF"),
        (True, b"/search\tvega\r\n", "searches for vega"),
        (False, b"1Stars\t/s\th\t70\r\n", "another menu"),
        (False, b".\r\n", "ends a menu"),
        (False, b"words", "one read"),
    ],
)
def test_what_passes_is_explained(sent: bool, data: bytes, words: str):
    transcript = Transcript()
    channel = transcript.open("gopher x", "tcp")
    (channel.sent if sent else channel.received)(data)
    told = explain(transcript, transcript[0])
    assert told is not None
    assert words in told.text
    assert told.source.startswith("RFC 1436")
    transcript.close()


def test_what_lies_below_is_explained_by_the_wire():
    transcript = Transcript()
    transcript.open("gopher x", "tcp").fact("close", unread=0)
    assert explain(transcript, transcript[0]) is not None
    transcript.close()

"""What ICMP messages say, and that every one has its sentence in workbench.protocols.route.explain."""

import ast
from pathlib import Path

import pytest

import workbench.protocols.route
from workbench.protocols.route.codec import V4, V6, meaning_of
from workbench.protocols.route.explain import FACTS, explain
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import Explanation

SAMPLES: dict[str, dict[str, object]] = {
    "route.probe": {"ttl": 1, "target": "127.0.0.1", "port": 33434},
    "route.lost": {"ttl": 3},
    "route.end": {"sentence": "it is there"},
    "route.answer": {
        "ttl": 1,
        "address": "127.0.0.1",
        "word": "a datagram",
        "type": -1,
        "code": -1,
        "ms": 0.1,
        "source": "RFC 768",
    },
}


def told(name: str, values: dict[str, object]) -> Explanation:
    transcript = Transcript()
    explained = explain(transcript, transcript[transcript.open("x", "udp").fact(name, **values)])
    transcript.close()
    assert explained is not None
    return explained


def test_every_fact_that_is_recorded_has_a_sentence():
    recorded = {
        node.args[0].value
        for file in Path(workbench.protocols.route.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fact"
        if isinstance(node.args[0], ast.Constant)
    }
    assert recorded - {"failed"} == set(FACTS) == set(SAMPLES)
    for name, values in SAMPLES.items():
        assert all(told(name, values)[:2])
    assert "listens at that port" in told("route.answer", SAMPLES["route.answer"]).text
    # What is the wire's is told in its words.
    assert told("resolve.numeric", {"host": "127.0.0.1"}).what == "address 127.0.0.1"


@pytest.mark.parametrize(
    ("is_v6", "kind", "code"), [*((False, *key) for key in V4), *((True, *key) for key in V6)]
)
def test_every_answer_is_explained_with_its_document(is_v6: bool, kind: int, code: int):
    meaning = meaning_of(kind, code, is_v6=is_v6)
    values = {
        **SAMPLES["route.answer"],
        "word": meaning.word,
        "type": kind,
        "code": code,
        "source": meaning.source,
    }
    explained = told("route.answer", values)
    assert meaning.word in explained.what
    assert f"type {kind} code {code}" in explained.what
    assert explained.text == meaning.what
    assert explained.source.startswith("RFC ")


def test_the_messages_of_rfc_792_and_4443_are_told_apart():
    assert meaning_of(3, 3, is_v6=False).verdict == "reached"
    assert meaning_of(3, 0, is_v6=True).verdict == "passed on"
    assert meaning_of(1, 4, is_v6=True).verdict == "reached"
    assert meaning_of(3, 13, is_v6=False).verdict == "prohibited"
    assert meaning_of(99, 7, is_v6=False) == (
        "type 99 code 7",
        "odd",
        "an answer that tells nothing about the way",
        "RFC 792",
    )

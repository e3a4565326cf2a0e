"""One sentence for each message and fact of a lookup."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbench.protocols.dns
from tests.protocols.dns.messages import SOA, build, response
from workbench.protocols.dns.explain import FACTS, explain
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import line

SAMPLES: dict[str, dict[str, object]] = {
    "dns.answer": {
        "outcome": "answer",
        "rcode": "NOERROR",
        "sentence": "it has 1 record",
        "source": "RFC 1034 3.7",
    },
    "dns.ignored": {
        "reason": "id",
        "source": "192.0.2.1:53",
        "size": 40,
        "sentence": "its id is not the query's",
    },
    "dns.retransmit": {"number": 2},
    "dns.timeout": {"queries": 4},
    "dns.truncated": {"size": 43},
    "dns.verdict": {"verdict": "match", "iprev": "pass", "sentence": "it leads back"},
}


def told(name: str, values: dict[str, object]) -> tuple[str, str, str]:
    transcript = Transcript()
    transcript.open("x", "udp").fact(name, **values)
    shown = line(transcript, transcript[0], explain)
    transcript.close()
    return shown.what, shown.text, shown.source


def test_every_fact_that_is_recorded_is_explained():
    folder = Path(workbench.protocols.dns.__file__).parent
    found = {
        name
        for file in folder.glob("*.py")
        for name in re.findall(r'(?:fact|add_fact)\([^"]*"(dns\.\w+)"', file.read_text())
    }
    assert found == set(FACTS) == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_fact_has_words_a_sentence_and_a_source(name: str):
    what, text, source = told(name, SAMPLES[name])
    assert what
    assert text
    assert source.startswith("RFC ")


def test_what_is_of_the_wire_is_told_as_the_wire_tells_it():
    assert told("resolve.numeric", {"host": "127.0.0.1"})[0] == "address 127.0.0.1"


def message_told(data: bytes, *, layer: str = "udp", sent: bool = False) -> tuple[str, str, str]:
    transcript = Transcript()
    channel = transcript.open("x", layer)
    (channel.sent if sent else channel.received)(data)
    shown = line(transcript, transcript[0], explain)
    transcript.close()
    return shown.what, shown.text, shown.source


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (response("www.lab.test. 300 A 192.0.2.1"), "NOERROR, 1 answer: www.lab.test. A"),
        (response(rcode="NXDOMAIN"), "NXDOMAIN, no answers: www.lab.test. A"),
        (build(authority=(SOA,)).to_wire(), "NOERROR, no answers: www.lab.test. A"),
        (response()[:2] + b"\x83" + response()[3:], "cut off: www.lab.test. A"),
    ],
)
def test_an_answer_is_told_by_what_it_says(data: bytes, what: str):
    for layer, octets in (("udp", data), ("tcp", len(data).to_bytes(2, "big") + data)):
        shown = message_told(octets, layer=layer)
        assert shown[0] == what
        assert shown[1]
        assert shown[2].startswith("RFC ")


def test_a_query_is_told_by_what_it_asks():
    data = bytearray(response(name="1.2.0.192.in-addr.arpa.", kind="PTR"))
    data[2] &= 0x7F
    assert message_told(bytes(data), sent=True)[:2] == (
        "query 1.2.0.192.in-addr.arpa. PTR",
        "asks which names this address claims",
    )


@pytest.mark.parametrize(
    ("data", "layer"), [(b"hello, this is no DNS", "udp"), (b"\0\x09not whole", "tcp"), (b"", "udp")]
)
def test_what_is_no_message_is_shown_as_octets(data: bytes, layer: str):
    assert message_told(data, layer=layer)[0] == (
        data.decode().replace("\0", "␀").replace("\t", "\\t") or "(empty datagram)"
    )


@given(st.binary(max_size=80), st.sampled_from(["udp", "tcp"]))
def test_no_octets_break_a_line(data: bytes, layer: str):
    assert message_told(data, layer=layer)[0].isprintable()

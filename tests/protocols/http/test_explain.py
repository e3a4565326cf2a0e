"""Every registered status, every method, the usual fields and every fact of the client have their sentence.

The sentences stand in workbench.protocols.http.sentences.
"""

import re
from http import HTTPMethod, HTTPStatus
from pathlib import Path

import pytest

from workbench.protocols import http
from workbench.protocols.http.explain import FACTS, explain
from workbench.protocols.http.sentences import (
    FIELDS,
    METHODS,
    STATUSES,
    of_field,
    of_method,
    of_status,
    status_words,
)
from workbench.protocols.http.visit import TITLE
from workbench.transcript.recorder import Transcript

REGISTERED = (
    "100 101 102 103 104 200 201 202 203 204 205 206 207 208 226 300 301 302 303 304 305 306 307 308 "
    "400 401 402 403 404 405 406 407 408 409 410 411 412 413 414 415 416 417 418 421 422 423 424 425 426 428 429 431 "
    "451 500 501 502 503 504 505 506 507 508 510 511"
)
"""The registry of status codes at IANA."""
FIELDS_OF_9110 = (
    "accept accept-charset accept-encoding accept-language accept-ranges allow authentication-info authorization "
    "connection content-encoding content-language content-length content-location content-range content-type date etag "
    "expect from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location "
    "max-forwards proxy-authenticate proxy-authorization range referer retry-after server te trailer upgrade "
    "user-agent vary via www-authenticate"
)
FACT_SAMPLES: dict[str, dict[str, object]] = {
    "http.redirect": {
        "status": 302,
        "location": "http://h/x",
        "rule": "302 keeps GET",
        "dropped": ["Cookie: h is another origin"],
        "followed": True,
    },
    "http.body": {
        "kind": "truncated",
        "sentence": "40 of 100 octets",
        "source": "RFC 9112 section 8",
        "expected": 100,
        "received": 40,
    },
    "http.decoded": {"coding": "gzip", "came": 10, "became": 1000, "fault": ""},
    "http.part": {"does": "append", "why": "octets 5 to 9 of 10", "start": 5, "stop": 10},
    "http.attempt": {"number": 1, "start": 0, "stop": 5, "ended": "cut", "why": "5 of 10 octets"},
    "http.wait": {"seconds": 2.0, "is_said": True, "why": "the server says 503"},
}


def test_every_registered_status_has_its_words_and_a_sentence():
    assert set(STATUSES) == set(map(int, REGISTERED.split()))
    for number, status in STATUSES.items():
        assert status.words
        assert status.text
        assert re.fullmatch(r"RFC \d+ [\d.]+|draft-[a-z-]+", status.source), number
    # The standard library's older words for these three.
    renamed = {413, 414, 416, 422, 418, 305, 306}
    for known in HTTPStatus:
        if known.value not in renamed:
            assert status_words(known.value).lower().replace("-", " ") == known.phrase.lower().replace(
                "-", " "
            )


def test_methods_and_fields_have_sentences():
    assert {method.value for method in HTTPMethod} <= set(METHODS)
    assert set(FIELDS_OF_9110.split()) <= set(FIELDS)
    assert len(FIELDS) >= 80
    for name, sentence in FIELDS.items():
        assert name == name.lower()
        assert sentence.text


def test_what_is_unknown_has_a_sentence_too():
    assert "not registered" in of_status(299).text
    assert "server failed" in of_status(599).text
    assert of_field("X-Whatever").text
    assert of_method("BREW").text
    assert status_words(299) == ""


def test_every_fact_that_the_code_records_has_a_sentence_and_a_sample():
    folder = Path(http.__file__).parent
    text = "".join(
        path.read_text() for path in folder.glob("*.py") if path.name not in ("explain.py", "code.py")
    )
    recorded = set(re.findall(r'"(http\.[a-z]+)"', text))
    assert recorded == set(FACTS) == set(FACT_SAMPLES)


@pytest.mark.parametrize("name", FACT_SAMPLES)
def test_a_facts_sentence_says_what_happened(name: str):
    transcript = Transcript()
    channel = transcript.open(f"{TITLE}GET http://h/", "tcp")
    told = explain(transcript, transcript[channel.fact(name, **FACT_SAMPLES[name])])
    assert told is not None
    assert told.what
    assert told.text
    transcript.close()


def test_a_bombs_fact_says_why():
    transcript = Transcript()
    channel = transcript.open(f"{TITLE}GET http://h/", "tcp")
    values = {**FACT_SAMPLES["http.decoded"], "fault": "10 octets became 1,000"}
    told = explain(transcript, transcript[channel.fact("http.decoded", **values)])
    assert told is not None
    assert "not undone" in told.what
    assert "became" in told.text
    transcript.close()


def test_requests_answers_and_bodies_are_explained_and_logins_are_not_shown():
    transcript = Transcript()
    channel, other = transcript.open(f"{TITLE}GET http://h/", "tcp"), transcript.open("echo", "tcp")
    request = b"GET / HTTP/1.1\r\nAuthorization: Basic YTpi\r\n\r\n"
    channel.sent(request, secret=((37, 41),))
    channel.sent(b"\x16\x03\x01abc")
    channel.received(b"HTTP/1.1 302 Found\r\nServer: x\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n")
    channel.received(b"z" * 300)
    channel.sent(b"name=Anna")
    channel.received(b"HTTP/1.1\r\n")
    other.received(b"HTTP/1.1 200 OK\r\n\r\n")
    channel.fact("close", unread=0)
    told = [explain(transcript, event) for event in transcript.events()]
    whats = [one.what if one is not None else "" for one in told]
    assert whats[0] == "GET / HTTP/1.1"
    assert "YTpi" not in "".join(whats)
    assert whats[1] == "TLS records"
    assert whats[2] == "HTTP/1.1 302 Found | Location: /y | Content-Length: 0"
    assert told[2] is not None
    assert "Location" in told[2].text
    assert told[3] is not None
    assert "300 B of the answer" in told[3].text
    assert told[4] is not None
    assert "of the request" in told[4].text
    assert told[5] is not None
    assert "no status line" in told[5].text
    assert told[7] is not None
    transcript.close()

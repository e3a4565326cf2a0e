"""What the simple services say, in words with the document behind them."""

import pytest

from workbench.formats.references import references
from workbench.formats.rfc868 import encode_time
from workbench.protocols.raw.simple import explain
from workbench.transcript.recorder import Transcript


def told(title: str, data: bytes, *, sent: bool = False, peer: str = "127.0.0.1:40000", layer: str = "tcp"):
    transcript = Transcript()
    try:
        channel = transcript.open(title, layer)
        channel.named(local="127.0.0.1:50000", peer=peer)
        (channel.sent if sent else channel.received)(data)
        return explain(transcript, transcript[len(transcript) - 1])
    finally:
        transcript.close()


@pytest.mark.covers("I.5")
def test_the_answer_of_a_time_server_by_udp_is_a_date_and_leads_to_its_document():
    found = told("lab:udp-time", encode_time(0), layer="udp")
    assert found is not None
    assert found.what == "1970-01-01 00:00:00 UTC"
    assert "2,208,988,800 seconds since 1900" in found.text
    (document,) = references(found.source)
    assert (document.name, document.title) == ("RFC 868", "Time Protocol")


@pytest.mark.parametrize(
    ("title", "data", "sent", "words"),
    [
        ("lab:time", b"\x00\x00\x00\x00", False, "since 7 February 2036"),
        ("lab:time", b"\xff\xff\xff", False, "no time can be read"),
        ("lab:udp-time", b"", True, "by the book"),
        ("lab:echo", b"hello\r\n", True, "sends back"),
        ("lab:echo", b"hello\r\n", False, "sent back"),
        ("lab:discard/x", b"a", True, "thrown away"),
        ("lab:chargen", b"!", False, "without end"),
        ("lab:daytime", b"now", False, "of the server's choosing"),
    ],
)
def test_each_service_has_its_sentence(title: str, data: bytes, sent: bool, words: str):
    found = told(title, data, sent=sent)
    assert found is not None
    assert words in found.text
    assert references(found.source)
    assert found.what or not data


def test_a_port_of_the_book_is_known_and_others_say_nothing():
    found = told("somewhere", encode_time(86400), peer="[::1]:37")
    assert found is not None
    assert found.what.startswith("1970-01-02")
    assert told("somewhere", b"x", peer="127.0.0.1:8080") is None
    assert told("lab:http", b"x") is None
    assert told("unix", b"x", peer="/run/x:7a") is None
    assert told("lab:echo", b"x", layer="proxy") is None
    assert told("lab:udp-echo", b"", layer="udp") is None

"""Every opcode and close code of RFC 6455 and every fact has its sentence, and what passes is named."""

import re
from pathlib import Path

import pytest

from workbench.protocols import websocket
from workbench.protocols.websocket.codec import FrameReader, encode_frame
from workbench.protocols.websocket.explain import FACTS, explain, of_frame
from workbench.protocols.websocket.values import CLOSE_CODES, OPCODES
from workbench.transcript.recorder import Transcript

RFC_OPCODES = (0, 1, 2, 8, 9, 10)  # section 11.8
RFC_CODES = (1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1015)  # section 7.4.1
SAMPLES = {"websocket.open": {"accept": "x=", "subprotocol": "chat"}}


def test_every_opcode_and_code_of_the_rfc_has_a_sentence():
    assert tuple(OPCODES) == RFC_OPCODES
    assert tuple(CLOSE_CODES) == RFC_CODES
    for known in (*OPCODES.values(), *CLOSE_CODES.values()):
        assert known.name
        assert known.text
        assert re.fullmatch(r"RFC 6455 [\d.]+", known.source)


def test_every_fact_that_the_code_records_has_a_sentence():
    text = "".join(path.read_text() for path in Path(websocket.__file__).parent.glob("*.py"))
    assert set(re.findall(r"""\.fact\(\s*"(websocket\.[a-z.]+)\"""", text)) == set(FACTS) == set(SAMPLES)


@pytest.mark.parametrize(
    ("octets", "what", "words"),
    [
        ("810548656c6c6f", "FIN text, 5 B: Hello", "message in UTF-8"),
        ("010348656c", "text, 3 B: Hel", "more of it follows"),
        ("8202 00ff", "FIN binary, 2 B: 00 ff", "octets"),
        ("8900", "FIN ping, 0 B", "are you there"),
        ("880203e8", "FIN close, 2 B: 1000", "1000: normal"),
        ("8800", "FIN close, 0 B", "1005: no code"),
        ("8300", "FIN opcode 3, 0 B", "against the rules: opcode 3 is reserved"),
        (
            "818537fa213d7f9f4d5158",
            "FIN text masked, 5 B: Hello",
            "against the rules: a server masks no frame",
        ),
    ],
)
def test_a_frame_is_explained(octets: str, what: str, words: str):
    (frame,) = FrameReader("server").feed(bytes.fromhex(octets))
    told = of_frame(frame)
    assert told.what == what
    assert words in told.text
    assert told.source.startswith("RFC 6455")


def test_what_passes_is_explained():
    transcript = Transcript()
    channel = transcript.open("websocket x", "tcp")
    channel.sent(b"GET /x HTTP/1.1\r\n\r\n")
    channel.received(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    channel.received(b"HTTP/1.1 200 OK\r\n\r\n")
    channel.fact("websocket.open", **SAMPLES["websocket.open"])
    channel.sent(encode_frame(1, b"a", key=b"1234") + encode_frame(9, key=b"1234"))
    channel.received(b"\x81")
    channel.received(b"\x82\x7f\x70" + b"\0" * 7)
    channel.fact("close", unread=0)
    told = [explain(transcript, event) for event in transcript.events()]
    words = [
        "asks by HTTP",
        "agrees",
        "does not change",
        "fits our key",
        "in UTF-8",
        "a part of a frame",
        "announces",
    ]
    assert all(word in one.text for word, one in zip(words, told, strict=False))
    assert told[3].what.endswith("subprotocol chat")
    assert told[4].what.endswith("(and 1 more)")
    assert told[7] is not None
    other = transcript.open("elsewhere", "tcp")
    other.received(b"\x81\x00")
    assert explain(transcript, transcript[len(transcript) - 1]).source == ""
    transcript.close()

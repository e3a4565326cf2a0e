"""Every command, reply code, extension and enhanced code of the RFCs, and every fact of the client has its sentence.

The sentences stand in workbench.protocols.smtp.sentences and workbench.protocols.smtp.enhanced.
"""

import re
from pathlib import Path

import pytest

from workbench.protocols import smtp
from workbench.protocols.smtp.enhanced import DETAILS, of_enhanced
from workbench.protocols.smtp.explain import FACTS, explain
from workbench.protocols.smtp.sentences import COMMANDS, EXTENSIONS, KINDS, REPLIES, of_command, of_reply
from workbench.transcript.recorder import Transcript

RFC5321 = "EHLO HELO MAIL RCPT DATA RSET VRFY EXPN HELP NOOP QUIT SEND SOML SAML TURN"
OTHERS = "STARTTLS AUTH BDAT ETRN"
CODES = (
    "211 214 220 221 250 251 252 354 421 450 451 452 455 500 501 502 503 504 550 551 552 553 554 555"  # RFC 5321 4.2.3
    " 235 334 432 454 530 534 535 538"  # RFC 4954 section 6, RFC 3207
    " 521 556"  # RFC 7504
)
RFC3463 = (
    "0.0 1.0 1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 2.0 2.1 2.2 2.3 2.4 3.0 3.1 3.2 3.3 3.4 3.5 4.0 4.1 4.2 4.3 4.4 4.5 4.6 "
    "4.7 5.0 5.1 5.2 5.3 5.4 5.5 6.0 6.1 6.2 6.3 6.4 6.5 7.0 7.1 7.2 7.3 7.4 7.5 7.6 7.7"
)
FACT_SAMPLES = {
    "smtp.helo": {"reply": "502 no"},
    "smtp.clear": {},
    "smtp.sasl": {"mechanism": "PLAIN", "says": "the user anna, the password"},
    "smtp.letter": {"octets": 100, "ends": 2, "stuffed": 1, "unended": True, "longest": 1200},
}
SOURCE = re.compile(r"RFC \d+ [\dF.]+")


@pytest.mark.parametrize("verb", f"{RFC5321} {OTHERS}".split())
def test_every_command_has_a_sentence(verb: str):
    sentence = of_command(verb.lower())
    assert sentence is not None
    assert len(sentence.text) > 10
    assert SOURCE.fullmatch(sentence.source)


def test_every_code_has_a_sentence_and_nothing_else_stands_in_the_lists():
    assert set(COMMANDS) == set(f"{RFC5321} {OTHERS}".split())
    assert set(REPLIES) == set(map(int, CODES.split()))
    assert set(RFC3463.split()) <= set(DETAILS)
    for sentence in (*REPLIES.values(), *DETAILS.values(), *EXTENSIONS.values(), *KINDS.values()):
        assert sentence.text
        assert SOURCE.fullmatch(sentence.source), sentence
    assert of_reply(599) == KINDS[5]
    assert of_reply(999) is None
    assert of_command("XYZZY") is None


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("5.1.1", "no such mailbox"),
        ("4.7.1", "does not want"),
        ("5.7.99", "security or policy"),
        ("2.1.5", "good"),
    ],
)
def test_enhanced_codes_say_what_they_are_about(code: str, words: str):
    sentence = of_enhanced(code)
    assert sentence is not None
    assert words in sentence.text


@pytest.mark.parametrize("code", ["", "5", "5.1", "3.1.1", "5.9.1", "queued", "5.1.x"])
def test_what_is_no_enhanced_code_has_no_sentence(code: str):
    assert of_enhanced(code) is None


def test_every_fact_that_the_code_records_has_a_sentence_and_a_sample():
    folder = Path(smtp.__file__).parent
    text = "".join(path.read_text() for path in folder.glob("*.py"))
    recorded = set(re.findall(r"""\.fact\(\s*"(smtp\.[a-z.]+)\"""", text))
    assert recorded == set(FACTS) == set(FACT_SAMPLES)


@pytest.mark.parametrize("name", FACT_SAMPLES)
def test_a_facts_sentence_says_what_happened(name: str):
    with_it = Transcript()
    channel = with_it.open("smtp: x", "tcp")
    index = channel.fact(name, **FACT_SAMPLES[name])
    told = explain(with_it, with_it[index])
    assert told is not None
    assert told.what
    assert told.text
    with_it.close()


def test_commands_replies_and_the_letter_are_explained_and_passwords_are_not_shown():
    transcript = Transcript()
    channel = transcript.open("smtp: x", "tcp")
    channel.sent(b"AUTH PLAIN AGFubmEAc3dvcmQ=\r\n", secret=((11, 27),))
    channel.received(b"550 5.1.1 nobody\r\n")
    channel.received(b"250-hi\r\n250-SIZE 100\r\n250 STARTTLS\r\n")
    channel.sent(b"Subject: x\r\n\r\nQUIT\r\n")
    channel.sent(b".\r\n")
    channel.sent(b"YW5uYQ==\r\n")
    channel.received(b"junk\r\n")
    channel.sent(b"\x16\x03\x01abc")
    channel.fact("close", unread=0)
    told = [explain(transcript, event) for event in transcript.events()]
    texts = [f"{one.what} | {one.text}" for one in told if one]
    assert len(texts) == 9
    assert "AUTH PLAIN ****" in texts[0]
    assert "no such mailbox" in texts[1]
    assert "the server's list: SIZE, STARTTLS" in texts[2]
    assert "of the letter" in texts[3]
    assert "ends the letter" in texts[4]
    assert "in base64" in texts[5]
    assert "goes on from before" in texts[6]
    assert "TLS records" in texts[7]
    transcript.close()

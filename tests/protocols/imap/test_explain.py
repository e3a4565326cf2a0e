"""Every command, response and code of the RFCs, and every fact of the client has its sentence."""

import re
from pathlib import Path

import pytest

from workbench.protocols import imap
from workbench.protocols.imap.explain import FACTS, explain
from workbench.protocols.imap.sentences import CODES, COMMANDS, RESPONSES, of_command, of_response
from workbench.transcript.recorder import Transcript

RFC3501 = (
    "CAPABILITY NOOP LOGOUT STARTTLS AUTHENTICATE LOGIN SELECT EXAMINE CREATE DELETE RENAME SUBSCRIBE UNSUBSCRIBE LIST "
    "LSUB STATUS APPEND CHECK CLOSE EXPUNGE SEARCH FETCH STORE COPY UID"
)
RFC9051 = "ENABLE NAMESPACE IDLE UNSELECT MOVE"
RESPONSES3501 = "OK NO BAD PREAUTH BYE CAPABILITY LIST LSUB STATUS SEARCH FLAGS EXISTS RECENT EXPUNGE FETCH"
RESPONSES9051 = "ENABLED NAMESPACE ESEARCH"
CODES_OF = (
    "ALERT BADCHARSET CAPABILITY PARSE PERMANENTFLAGS READ-ONLY READ-WRITE TRYCREATE UIDNEXT UIDVALIDITY UNSEEN"  # 3501
    " APPENDUID COPYUID UIDNOTSTICKY CLOSED HASCHILDREN NOTSAVED UNKNOWN-CTE"  # 9051 section 7.1
    " UNAVAILABLE AUTHENTICATIONFAILED AUTHORIZATIONFAILED EXPIRED PRIVACYREQUIRED CONTACTADMIN NOPERM INUSE"  # 5530
    " EXPUNGEISSUED CORRUPTION SERVERBUG CLIENTBUG CANNOT LIMIT OVERQUOTA ALREADYEXISTS NONEXISTENT"
)
FACT_SAMPLES: dict[str, dict[str, object]] = {
    "imap.sasl": {"mechanism": "PLAIN", "says": "the user anna, the password"},
    "imap.settled": {"command": "UID FETCH"},
}
SOURCE = re.compile(r"RFC \d+ [\d.]+")


def test_every_command_response_and_code_has_a_sentence_and_nothing_else_stands_in_the_lists():
    assert set(COMMANDS) == set(f"{RFC3501} {RFC9051}".split())
    assert set(RESPONSES) == set(f"{RESPONSES3501} {RESPONSES9051}".split())
    assert set(CODES) == set(CODES_OF.split())
    for sentence in (*COMMANDS.values(), *RESPONSES.values(), *CODES.values()):
        assert sentence.text
        assert SOURCE.fullmatch(sentence.source), sentence
    assert of_command("fetch") is COMMANDS["FETCH"]
    assert of_command("XYZZY") is None
    assert of_response("XYZZY") is None


def test_every_fact_that_the_code_records_has_a_sentence_and_a_sample():
    folder = Path(imap.__file__).parent
    text = "".join(path.read_text() for path in folder.glob("*.py"))
    recorded = set(re.findall(r"""\.fact\(\s*"(imap\.[a-z.]+)\"""", text))
    assert recorded == set(FACTS) == set(FACT_SAMPLES)


@pytest.mark.parametrize(
    ("sent", "data", "words"),
    [
        (True, b'A1 EXAMINE "INBOX"\r\n', "to read alone"),
        (True, b"A2 UID FETCH 5 (UID BODY.PEEK[])\r\n", "by UID"),
        (True, b"A3 XYZZY\r\n", "does not use"),
        (True, b"AGFubmE=\r\n", "in base64"),
        (True, "änna {3}\r\n".encode(), "a literal"),
        (False, b"* OK [CAPABILITY IMAP4rev1] hi\r\n", "what the server can do"),
        (False, b"A1 NO [AUTHENTICATIONFAILED] no\r\n", "password is wrong"),
        (False, b"* 3 EXISTS\r\n* 0 RECENT\r\nA1 OK\r\n", "how many letters"),
        (False, b"* 2 EXPUNGE\r\n", "move up by one"),
        (False, b"+ \r\n", "the rest may come"),
        (False, b"some of a letter\r\n", "goes on from before"),
        (False, b"\x17\x03\x03abc", "beside"),
    ],
)
def test_what_passes_is_explained(sent: bool, data: bytes, words: str):
    transcript = Transcript()
    channel = transcript.open("imap: x", "tcp")
    (channel.sent if sent else channel.received)(data)
    told = explain(transcript, transcript[0])
    assert told is not None
    assert words in told.text
    transcript.close()


def test_facts_are_explained_and_passwords_are_not_shown():
    transcript = Transcript()
    channel = transcript.open("imap: x", "tcp")
    for name, values in FACT_SAMPLES.items():
        channel.fact(name, **values)
    channel.sent(b'A1 LOGIN "anna" "swordfish"\r\n', secret=((17, 26),))
    channel.fact("close", unread=0)
    told = [explain(transcript, event) for event in transcript.events()]
    assert all(told)
    assert "PLAIN: the user anna" in told[0].what  # type: ignore[union-attr]
    assert "swordfish" not in "".join(one.what for one in told if one)
    transcript.close()

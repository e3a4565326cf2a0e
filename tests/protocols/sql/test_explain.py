"""Every message, every class of SQLSTATE, every fact of the engines has its sentence."""

import re
from pathlib import Path

import pytest

from workbench.protocols import sql
from workbench.protocols.sql.explain import FACTS, explain
from workbench.protocols.sql.messages import FROM_SERVER, FROM_US, READY
from workbench.protocols.sql.pgtap import LAYER as LIBPQ
from workbench.protocols.sql.sqlite import LAYER as SQLITE
from workbench.protocols.sql.sqlstate import CLASSES, CODES, words
from workbench.transcript.recorder import Transcript

OURS = (
    "Bind CancelRequest Close CopyData CopyDone CopyFail Describe Execute Flush FunctionCall GSSENCRequest GSSResponse "
    "Parse PasswordMessage Query SASLInitialResponse SASLResponse SSLRequest StartupMessage Sync Terminate"
)
THEIRS = (
    "BackendKeyData BindComplete CloseComplete CommandComplete CopyBothResponse CopyData CopyDone CopyInResponse "
    "CopyOutResponse DataRow EmptyQueryResponse ErrorResponse FunctionCallResponse NegotiateProtocolVersion NoData "
    "NoticeResponse NotificationResponse ParameterDescription ParameterStatus ParseComplete PortalSuspended "
    "ReadyForQuery RowDescription AuthenticationOk AuthenticationKerberosV5 AuthenticationCleartextPassword "
    "AuthenticationMD5Password AuthenticationGSS AuthenticationGSSContinue AuthenticationSSPI AuthenticationSASL "
    "AuthenticationSASLContinue AuthenticationSASLFinal"
)
"""The messages of the documentation's list of formats, by whom sends them."""
STATE_CLASSES = (
    "00 01 02 03 08 09 0A 0B 0F 0L 0P 0Z 10 20 21 22 23 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 40 42 44 53 54 55 57 "
    "58 72 F0 HV P0 XX"
)
FACT_SAMPLES: dict[str, dict[str, object]] = {
    "sql.opened": {"file": "x.db", "version": "SQLite 3"},
    "sql.connecting": {"where": "h:1", "tls": "prefer"},
    "sql.connected": {"where": "h:1", "version": "PostgreSQL 15", "tls": False},
    "sql.failed": {"stage": "login", "sentence": "no", "errno": ""},
    "sql.parameters": {"values": ["1"], "count": 1},
    "sql.done": {"tag": "SELECT 1", "rows": 1, "affected": None, "transaction": "idle"},
    "sql.refused": {"code": "SQLITE_ERROR", "sentence": "no"},
    "sql.waits": {"seconds": 5.0},
    "sql.untraced": {"rows": 1000},
    "sql.cancelling": {"pid": 7},
    "sql.cancelled": {"proof": "57014"},
    "sql.given_up": {"within_s": 0.7},
    "sql.lost": {"sentence": "gone"},
    "sql.closed": {"transaction": "open"},
}


def test_every_message_of_the_protocol_has_a_sentence_and_its_section():
    assert set(OURS.split()) <= set(FROM_US)
    assert set(THEIRS.split()) <= set(FROM_SERVER)
    for text, source in (*FROM_US.values(), *FROM_SERVER.values()):
        assert len(text) > 3
        assert source.startswith("PostgreSQL docs: ")
    assert set(READY) == set("ITE")


def test_every_class_of_sqlstate_has_words():
    assert set(CLASSES) == set(STATE_CLASSES.split())
    assert all(code[:2] in CLASSES and len(code) == 5 for code in CODES)
    assert words("23505") == CODES["23505"]
    assert words("23999") == CLASSES["23"]
    assert words("99999") == ""


def test_every_fact_that_the_code_records_has_a_sentence():
    folder = Path(sql.__file__).parent
    named = {
        name
        for path in folder.glob("*.py")
        for name in re.findall(r'fact\(\s*"(sql\.[a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert named == set(FACTS) == set(FACT_SAMPLES)
    for name, values in FACT_SAMPLES.items():
        assert FACTS[name](values).what


@pytest.mark.parametrize(
    ("line", "is_ours", "what", "text"),
    [
        (b'Parse\t42\t"" "select 1" 0\n', True, 'Parse "" "select 1" 0', "42 octets"),
        (b"ReadyForQuery\t5\tE\n", False, "ReadyForQuery E", "only ROLLBACK helps"),
        (b'ErrorResponse\t9\tS "ERROR" C "42703" M "x"\n', False, "ErrorResponse S", "no such column"),
        (b"Nonsense\t9\n", False, "Nonsense", "does not take apart"),
    ],
)
def test_a_message_is_explained(line: bytes, is_ours: bool, what: str, text: str):
    transcript = Transcript()
    channel = transcript.open("x", LIBPQ)
    (channel.sent if is_ours else channel.received)(line, layer=LIBPQ)
    said = explain(transcript, transcript[0])
    assert said is not None
    assert said.what.startswith(what)
    assert text in said.text
    transcript.close()


def test_a_statement_for_sqlite_is_shown_with_its_password_masked():
    transcript = Transcript()
    transcript.open("x", SQLITE).sent(b"SELECT 'abc';\n", layer=SQLITE, secret=[(8, 11)])
    said = explain(transcript, transcript[0])
    assert said is not None
    assert said.what == "SELECT '***';"
    transcript.close()

"""What PostgreSQL and libpq complain about, as errors of ours."""

import errno
import os
from typing import TYPE_CHECKING

from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused, Untrusted, WorkbenchError
from workbench.protocols.sql.failures import Rejected, word_at
from workbench.protocols.sql.parameters import Bound
from workbench.protocols.sql.pgtrace import Message, error_fields
from workbench.protocols.sql.sqlstate import SOURCE, words
from workbench.protocols.sql.values import Notice, Statement
from workbench.transcript.render import as_text

if TYPE_CHECKING:
    from psycopg.pq.abc import PGresult

_MORE = (
    ("detail", "MESSAGE_DETAIL"),
    ("hint", "MESSAGE_HINT"),
    ("table", "TABLE_NAME"),
    ("column", "COLUMN_NAME"),
    ("constraint", "CONSTRAINT_NAME"),
    ("where", "CONTEXT"),
)
_ERRNOS = (
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ETIMEDOUT",
    "EPIPE",
    "ENOENT",
    "EACCES",
)
_BROKEN = (
    "received invalid response",
    "expected authentication request",
    "lost synchronization",
    "message contents do not agree",
    "unexpected message",
    "unexpected response",
    "invalid response",
    "insufficient data",
    "message type 0x",
    "authentication method",
    "received unencrypted data",
    "unsupported frontend protocol",
    "invalid message length",
    "protocol version",
    "sent an error response during SSL exchange",
)
_LOST = (
    "server closed the connection",
    "connection to server was lost",
    "SSL SYSCALL",
    "could not receive",
    "EOF",
)
_CERTIFICATE = ("certificate verify failed", "server certificate for", "root certificate file")
COMMITS = ("COMMIT", "END")


def rejected(result: "PGresult", statement: Statement, bound: Bound) -> Rejected:
    """An error of the server, with the place that it names."""
    from psycopg import pq

    def field(name: str) -> str:
        octets = result.error_field(pq.DiagnosticField[name])
        return octets.decode("utf-8", "replace") if octets else ""

    code = field("SQLSTATE")
    position = field("STATEMENT_POSITION")
    start = _place(position, bound, statement)
    what = field("MESSAGE_PRIMARY") or result.get_error_message().strip() or "the server said no"
    more = tuple((name, text) for name, symbol in _MORE if (text := field(symbol)))
    return Rejected(
        what,
        stage="request",
        code=code,
        text=statement.text,
        start=start,
        end=word_at(statement.text, start) if start is not None else None,
        more=more,
        reply=f"{field('SEVERITY') or 'ERROR'} {code}",
        advice=field("MESSAGE_HINT") or words(code),
        source=SOURCE,
    )


def notice_of(result: "PGresult") -> Notice:
    """What the server said besides."""
    from psycopg import pq

    def field(name: str) -> str:
        octets = result.error_field(pq.DiagnosticField[name])
        return octets.decode("utf-8", "replace") if octets else ""

    return Notice(
        field("SEVERITY"), field("MESSAGE_PRIMARY")[:4000], field("SQLSTATE"), field("MESSAGE_DETAIL")[:4000]
    )


def not_connected(
    text: str, stage: str, refusal: Message | None, where: str, broken: bytes = b""
) -> WorkbenchError:
    """Why libpq could not connect.

    Args:
        text: its sentence. stage: which it had reached. refusal: the server's last error, if it sent one.
        broken: octets in clear that make no whole message, where it broke off in the middle of them: libpq says no
            more of those than that the connection is closed.
    """
    sentence = _sentence(text)
    if refusal is not None and (code := (fields := error_fields(refusal)).get("C", "")):
        return Refused(
            f"{fields.get('M', sentence)} ({code})",
            stage="login",
            reply=f"{fields.get('S', 'FATAL')} {code}",
            advice=_login_advice(code),
            source=SOURCE,
        )
    if any(mark in text for mark in _CERTIFICATE):
        return Untrusted(
            f"the server's certificate is not accepted: {sentence}",
            stage="tls",
            advice="give the authority that made it (sslrootcert), and the name that stands in it",
        )
    if "does not support SSL" in text:
        return Refused(
            "the server has no TLS, and TLS is required",
            stage="tls",
            reply="N",
            advice="sslmode=prefer goes on without, in clear",
            source="PostgreSQL documentation, SSL Session Encryption",
        )
    if "no password supplied" in text:
        return LocalMisuse(
            "the server asks for a password, and none was given", stage="login", advice="type the password"
        )
    if broken and any(mark in text for mark in _LOST):
        return PeerMisbehaved(
            f"{where} ended in the middle of what is no whole message of PostgreSQL: {as_text(broken)}",
            stage=stage,
            data=broken,
            source="PostgreSQL documentation, Message Formats",
        )
    if any(mark in text for mark in _BROKEN):
        return PeerMisbehaved(
            f"{where} does not speak PostgreSQL's protocol: {sentence}",
            stage=stage,
            source="PostgreSQL documentation, Message Formats",
        )
    return LinkLost(
        f"{where}: {sentence}",
        stage=stage,
        errno_name=_symbol(text),
        advice="look whether the server runs there, and listens to addresses other than its own"
        if _symbol(text) == "ECONNREFUSED"
        else "",
    )


def link_lost(text: str, statement: Statement | None) -> WorkbenchError:
    """The connection ended in the middle; whether a COMMIT was carried out nobody here can know."""
    sentence = _sentence(text)
    if any(mark in text for mark in _BROKEN) and not any(mark in text for mark in _LOST):
        return PeerMisbehaved(
            f"the server broke the protocol: {sentence}",
            stage="request",
            committed="maybe",
            source="PostgreSQL documentation, Message Formats",
        )
    commits = statement is not None and statement.keyword in COMMITS
    return LinkLost(
        f"the connection was lost: {sentence}",
        stage="commit" if commits else "request",
        errno_name=_symbol(text),
        committed="maybe",
        advice="whether it was committed is unknown: connect anew and look"
        if commits
        else "what was not committed is rolled back by the server; connect anew",
    )


def _place(position: str, bound: Bound, statement: Statement) -> int | None:
    if not position.isdigit():
        return None
    at = bound.place(int(position) - 1)
    return at if 0 <= at <= len(statement.text) else None


def _login_advice(code: str) -> str:
    if code == "28P01":
        return "type the password anew"
    if code.startswith("28"):
        return "pg_hba.conf at the server says who may come from where, and how"
    return words(code)


def _symbol(text: str) -> str:
    return next((name for name in _ERRNOS if os.strerror(getattr(errno, name)) in text), "")


def _sentence(text: str) -> str:
    """libpq's words in one line, without the address that it repeats."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    last = lines[0] if lines else "no reason given"
    if last.startswith("connection to server") and ": " in last:
        last = last.partition(" failed: ")[2] or last
    return last[:300]

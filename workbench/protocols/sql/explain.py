"""What each event of a conversation with a database means: messages by libpq's trace, statements, facts."""

from collections.abc import Callable, Mapping

from workbench.protocols.sql.messages import FROM_SERVER, FROM_US, READY
from workbench.protocols.sql.pgtap import LAYER as LIBPQ
from workbench.protocols.sql.pgtrace import Message, error_fields
from workbench.protocols.sql.sqlite import LAYER as SQLITE
from workbench.protocols.sql.sqlstate import words
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.redact import shown
from workbench.transcript.render import PREVIEW_OCTETS, Explanation, as_text
from workbench.wire import explain as wire

Values = Mapping[str, object]
_SHOWN_STATUS = {"idle": "no transaction is open", "open": "a transaction is open", "failed": "it has failed"}


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means; for what lies below as the wire explains it."""
    if event.kind == "fact":
        known = FACTS.get(event.name)
        return known(event.values) if known is not None else wire.explain(transcript, event)
    if event.layer == LIBPQ:
        return _message(shown(transcript, event, 0, PREVIEW_OCTETS), event)
    if event.layer == SQLITE:
        text = as_text(shown(transcript, event, 0, PREVIEW_OCTETS).rstrip(b"\n"))
        more = " …" if event.size > PREVIEW_OCTETS else ""
        return Explanation(text + more, "handed to SQLite's library: there is no server and no wire")
    return wire.explain(transcript, event)


def _message(line: bytes, event: Event) -> Explanation:
    name, _, rest = line.partition(b"\t")
    octets, _, fields = rest.partition(b"\t")
    title = name.decode("ascii", "replace")
    known = (FROM_US if event.direction is Direction.SENT else FROM_SERVER).get(title)
    text, source = known or ("a message that libpq does not take apart", "")
    if title == "ReadyForQuery":
        text = READY.get(fields.strip().decode("ascii", "replace"), text)
    if title in ("ErrorResponse", "NoticeResponse"):
        code = error_fields(Message(False, 0, title, fields)).get("C", "")
        text = f"{text}. {code}: {words(code)}" if words(code) else text
    more = " …" if event.size > PREVIEW_OCTETS else ""
    what = f"{title} {as_text(fields.rstrip())}{more}".rstrip()
    count = octets.decode("ascii", "replace")
    return Explanation(what, f"{text} ({count} octets)" if count.isdigit() else text, source)


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def _opened(v: Values) -> Explanation:
    return Explanation(f"opened {v['file']}", f"by the library itself, {v['version']}: no server")


def _connecting(v: Values) -> Explanation:
    return Explanation(
        f"connect to {v['where']} …", f"libpq dials, sslmode={v['tls']}", "PostgreSQL docs: Start-up"
    )


def _connected(v: Values) -> Explanation:
    tls = "under TLS" if v["tls"] else "in clear: everybody on the way can read along"
    return Explanation(f"logged in at {v['where']}", f"{v['version']}, {tls}")


def _failed(v: Values) -> Explanation:
    return Explanation(f"not connected {v['errno']}".rstrip(), f"{v['stage']}: {v['sentence']}")


def _parameters(v: Values) -> Explanation:
    values, count = v["values"], v["count"]
    shown_ = ", ".join(map(str, values)) if isinstance(values, list) else str(values)
    return Explanation(f"values: {shown_}", f"{count} beside the text: nothing in them is read as SQL")


def _done(v: Values) -> Explanation:
    parts = [_counted(v["rows"], "row") if isinstance(v["rows"], int) else ""]
    parts += [f"{v['affected']:,} changed" if isinstance(v["affected"], int) else ""]
    figures = ", ".join(part for part in parts if part)
    what = f"done: {v['tag']}" + (f" ({figures})" if figures else "")
    return Explanation(what, _SHOWN_STATUS.get(str(v["transaction"]), ""))


def _refused(v: Values) -> Explanation:
    return Explanation(
        f"refused: {v['code']}", str(v["sentence"]), "SQLite: Result and Error Codes" if v["code"] else ""
    )


def _waits(v: Values) -> Explanation:
    return Explanation(
        "locked by somebody else",
        f"waits up to {v['seconds']} s for the lock",
        "SQLite: File Locking And Concurrency",
    )


def _untraced(v: Values) -> Explanation:
    return Explanation(
        f"… {v['rows']:,} rows more",
        "counted, not written down: a conversation of a million rows nobody reads",
        "PostgreSQL docs: PQuntrace",
    )


def _cancelling(v: Values) -> Explanation:
    return Explanation(
        f"asks to cancel what process {v['pid']} does",
        "on a connection of its own, since this one is busy",
        "PostgreSQL docs: Canceling Requests in Progress",
    )


def _cancelled(v: Values) -> Explanation:
    proof = str(v["proof"])
    text = {
        "57014": "the server's own word (SQLSTATE 57014) is the proof",
        "SQLITE_INTERRUPT": "the library stopped, and undid the statement",
    }.get(proof, "it had come to its end before the request arrived")
    return Explanation(f"cancelled: {proof}", text)


def _given_up(v: Values) -> Explanation:
    return Explanation(
        "connection given up",
        f"no word about the cancellation within {v['within_s']} s: what the server still does is unknown",
    )


def _lost(v: Values) -> Explanation:
    return Explanation("connection lost", str(v["sentence"]))


def _closed(v: Values) -> Explanation:
    rest = "" if v["transaction"] == "idle" else "; what was not committed is rolled back"
    return Explanation("closed", f"by us{rest}")


FACTS: dict[str, Callable[[Values], Explanation]] = {
    "sql.opened": _opened,
    "sql.connecting": _connecting,
    "sql.connected": _connected,
    "sql.failed": _failed,
    "sql.parameters": _parameters,
    "sql.done": _done,
    "sql.refused": _refused,
    "sql.waits": _waits,
    "sql.untraced": _untraced,
    "sql.cancelling": _cancelling,
    "sql.cancelled": _cancelled,
    "sql.given_up": _given_up,
    "sql.lost": _lost,
    "sql.closed": _closed,
}
"""Every fact that the engines record; a test walks the code for names that are missing here."""

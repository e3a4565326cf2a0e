"""What each event of a POP3 conversation means: commands, answers, and what the client decided."""

from collections.abc import Callable, Mapping

from workbench.formats.quantity import octets
from workbench.protocols.pop.sentences import CODES, MORE, NO, YES, of_command
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.redact import shown
from workbench.transcript.render import PREVIEW_OCTETS, Explanation, as_text
from workbench.wire import explain as wire
from workbench.wire.tls.values import LAYER

_RECORD_TYPES = range(20, 24)
Values = Mapping[str, object]


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means; for what lies below POP3 as the wire explains it."""
    if event.kind == "fact":
        known = FACTS.get(event.name)
        return known(event.values) if known is not None else wire.explain(transcript, event)
    if event.layer != LAYER and _is_record(transcript, event):
        return Explanation("TLS records", "what is in them stands beside", "RFC 8446 5")
    text = shown(transcript, event, 0, PREVIEW_OCTETS)
    line = text.partition(b"\r\n")[0]
    if event.direction is Direction.SENT:
        known_command = of_command(line.partition(b" ")[0].decode("ascii", "replace"))
        return Explanation(as_text(line), *(known_command or ("a command that this client does not use", "")))
    return _answered(line, event.size)


def _is_record(transcript: Transcript, event: Event) -> bool:
    """A TLS record begins with its type and version 3.x (RFC 8446 section 5.1); no command and no reply does."""
    head = transcript.data(event, 0, 2)
    return len(head) == 2 and head[0] in _RECORD_TYPES and head[1] == 3


def _answered(line: bytes, size: int) -> Explanation:
    more = "" if size <= len(line) + 2 else f" … {octets(size - len(line) - 2)} more"
    what = as_text(line) + more
    head = line.split(b" ", 1)[0]
    if head == b"-ERR":
        code = line.partition(b"[")[2].partition(b"]")[0].decode("ascii", "replace").upper()
        known = CODES.get(code)
        return (
            Explanation(what, f"{NO.text}: {known.text}", known.source) if known else Explanation(what, *NO)
        )
    if head == b"+OK":
        text = YES.text + (", and what was asked for, up to a line that is one dot" if more else "")
        return Explanation(what, text, YES.source)
    if head == b"+":
        return Explanation(what, *MORE)
    return Explanation(what, f"goes on from before: {octets(size)}", "RFC 1939 3")


def _apop(v: Values) -> Explanation:
    return Explanation(
        f"APOP as {v['user']}",
        f"an MD5 digest of the stamp {v['stamp']} and the password: no password is said, but MD5 is weak",
        "RFC 1939 7",
    )


def _no_uidl(v: Values) -> Explanation:
    return Explanation(
        "no lasting names",
        f"the server said {v['reply']} to UIDL; its letters are known by number",
        "RFC 1939 7",
    )


def _settled(v: Values) -> Explanation:
    return Explanation(
        f"{v['command']} ended", "heard to its end although we had given up on it", "RFC 1939 3"
    )


FACTS: dict[str, Callable[[Values], Explanation]] = {
    "pop.apop": _apop,
    "pop.uidl.none": _no_uidl,
    "pop.settled": _settled,
}
"""Every fact that the client records; a test walks the code for names that are missing here."""

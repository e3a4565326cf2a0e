"""What each event of an IMAP conversation means: commands, responses, and what the client decided."""

import re
from collections.abc import Callable, Mapping

from workbench.formats.quantity import octets
from workbench.protocols.imap.sentences import CODES, of_command, of_response
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.redact import shown
from workbench.transcript.render import PREVIEW_OCTETS, Explanation, as_text
from workbench.wire import explain as wire
from workbench.wire.tls.values import LAYER

_RECORD_TYPES = range(20, 24)
_TAGGED = re.compile(rb"A\d+ ")
_CODE = re.compile(rb"\[([A-Za-z0-9-]+)")
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=*")
Values = Mapping[str, object]


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means; for what lies below IMAP as the wire explains it."""
    if event.kind == "fact":
        known = FACTS.get(event.name)
        return known(event.values) if known is not None else wire.explain(transcript, event)
    if event.layer != LAYER and _is_record(transcript, event):
        return Explanation("TLS records", "what is in them stands beside", "RFC 8446 5")
    text = shown(transcript, event, 0, PREVIEW_OCTETS)
    return _said(text) if event.direction is Direction.SENT else _answered(text, event.size)


def _is_record(transcript: Transcript, event: Event) -> bool:
    """A TLS record begins with its type and version 3.x (RFC 8446 section 5.1); nothing of IMAP does."""
    head = transcript.data(event, 0, 2)
    return len(head) == 2 and head[0] in _RECORD_TYPES and head[1] == 3


def _said(text: bytes) -> Explanation:
    line = text.partition(b"\r\n")[0]
    if not _TAGGED.match(line):
        if line and _BASE64.issuperset(line):
            return Explanation(
                as_text(line), "answers the challenge of the login, in base64", "RFC 9051 6.2.2"
            )
        return Explanation(as_text(line), "the rest of the command: a literal", "RFC 9051 4.3")
    words = line.split(b" ", 3)
    verb = words[1].decode("ascii", "replace")
    known = of_command(verb)
    if verb == "UID" and len(words) > 2 and (inner := of_command(words[2].decode("ascii", "replace"))):
        return Explanation(
            as_text(line), f"{inner.text.replace('their numbers of now', 'UID')}", "RFC 9051 6.4.9"
        )
    return Explanation(as_text(line), *(known or ("a command that this client does not use", "")))


def _answered(text: bytes, size: int) -> Explanation:
    lines = [line.rstrip(b"\r") for line in text.split(b"\n") if line.strip()]
    what = as_text(b" | ".join(lines)) + (f" … {octets(size)}" if size > PREVIEW_OCTETS else "")
    told: list[str] = []
    source = ""
    for line in lines:
        name = _name(line)
        sentence = CODES.get(_code(line)) if name in ("OK", "NO", "BAD", "BYE") else None
        sentence = sentence or of_response(name)
        if sentence is not None and sentence.text not in told:
            told.append(sentence.text)
            source = source or sentence.source
    if lines and lines[0].startswith(b"+"):
        return Explanation(what, "the rest may come", "RFC 9051 7.6")
    if not told:
        return Explanation(what, f"goes on from before: {octets(size)}")
    return Explanation(what, "; ".join(told[:4]), source)


def _name(line: bytes) -> str:
    words = line.split(b" ", 3)
    if len(words) < 2 or (words[0] != b"*" and not _TAGGED.match(line)):
        return ""
    word = words[2] if words[1].isdigit() and len(words) > 2 else words[1]
    return word.decode("ascii", "replace").upper()


def _code(line: bytes) -> str:
    found = _CODE.search(line)
    return found.group(1).decode("ascii").upper() if found else ""


def _sasl(v: Values) -> Explanation:
    return Explanation(
        f"{v['mechanism']}: {v['says']}", "what the next line says, in base64", "RFC 9051 6.2.2"
    )


def _settled(v: Values) -> Explanation:
    return Explanation(
        f"{v['command']} ended", "heard to its end although we had given up on it", "RFC 9051 5.5"
    )


FACTS: dict[str, Callable[[Values], Explanation]] = {"imap.sasl": _sasl, "imap.settled": _settled}
"""Every fact that the client records; a test walks the code for names that are missing here."""

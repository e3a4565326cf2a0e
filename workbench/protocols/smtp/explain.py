"""What each event of an SMTP conversation means: commands, replies, the letter, and what the client decided."""

from collections.abc import Callable, Mapping

from workbench.formats.quantity import octets
from workbench.protocols.smtp.enhanced import of_enhanced
from workbench.protocols.smtp.sentences import EXTENSIONS, of_command, of_reply
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.redact import shown
from workbench.transcript.render import PREVIEW_OCTETS, Explanation, as_text
from workbench.wire import explain as wire
from workbench.wire.tls.values import LAYER

MAX_COMMAND = 1000
"""Octets: what is longer, or has more than one line, is the letter."""
LETTER_PREVIEW = 64
_RECORD_TYPES = range(20, 24)
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=*")
Values = Mapping[str, object]


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means; for what lies below SMTP as the wire explains it."""
    if event.kind == "fact":
        known = FACTS.get(event.name)
        return known(event.values) if known is not None else wire.explain(transcript, event)
    if event.layer != LAYER and _is_record(transcript, event):
        return Explanation("TLS records", "what is in them stands beside", "RFC 8446 5")
    text = shown(transcript, event, 0, PREVIEW_OCTETS)
    if event.direction is Direction.SENT:
        return _said(text, event.size)
    return _replied(text, event.size)


def _is_record(transcript: Transcript, event: Event) -> bool:
    """A TLS record begins with its type and version 3.x (RFC 8446 section 5.1); no command and no reply does."""
    head = transcript.data(event, 0, 2)
    return len(head) == 2 and head[0] in _RECORD_TYPES and head[1] == 3


def _said(text: bytes, size: int) -> Explanation:
    line, end, rest = text.partition(b"\r\n")
    if text == b".\r\n":
        return Explanation(
            ".", "ends the letter: from here on the server may have taken it", "RFC 5321 4.1.1.4"
        )
    if size <= MAX_COMMAND and end and not rest:
        words = line.split(b" ", 1)
        known = of_command(words[0].decode("ascii", "replace"))
        if known is not None:
            return Explanation(as_text(line), *known)
        if line and _BASE64.issuperset(line):
            return Explanation(as_text(line), "answers the challenge of the login, in base64", "RFC 4954 4")
    head = as_text(text[:LETTER_PREVIEW]) + (" …" if size > LETTER_PREVIEW else "")
    return Explanation(head, f"{octets(size)} of the letter", "RFC 5321 4.1.1.4")


def _replied(text: bytes, size: int) -> Explanation:
    lines = [line.rstrip(b"\r") for line in text.split(b"\n") if line.strip()]
    what = as_text(b" | ".join(lines)) + (" …" if size > PREVIEW_OCTETS else "")
    last = lines[-1] if lines else b""
    if not last[:3].isdigit() or last[3:4] not in (b" ", b"-", b""):
        return Explanation(what, "goes on from before")
    code = int(last[:3])
    known = of_reply(code)
    if known is None:
        return Explanation(what, "no code of SMTP")
    exact = of_enhanced(last[4:].split(b" ", 1)[0].decode("ascii", "replace"))
    if exact is not None and code >= 400:
        return Explanation(what, f"{known.text}: {exact.text}", exact.source)
    offered = [_keyword(line) for line in lines[1:] if line[:3] == b"250"]
    told = [word for word in offered if word in EXTENSIONS]
    if told:
        return Explanation(what, f"the server's list: {', '.join(told)}", "RFC 5321 4.1.1.1")
    return Explanation(what, known.text, known.source)


def _keyword(line: bytes) -> str:
    return line[4:].split(b" ", 1)[0].decode("ascii", "replace").upper()


def _helo(v: Values) -> Explanation:
    return Explanation(
        "HELO instead of EHLO",
        f"the server said {v['reply']}: plain SMTP, without size check, TLS or login",
        "RFC 5321 3.2",
    )


def _clear(_v: Values) -> Explanation:
    return Explanation(
        "goes on in clear", "the server offers no TLS; everybody on the way can read this", "RFC 3207 6"
    )


def _sasl(v: Values) -> Explanation:
    return Explanation(f"{v['mechanism']}: {v['says']}", "what the next line says, in base64", "RFC 4954 4")


def _letter(v: Values) -> Explanation:
    told = [f"{v['octets']:,} octets"]
    if v["ends"]:
        told.append(f"{v['ends']:,} line ends made CRLF")
    if v["stuffed"]:
        told.append(f"a dot put before {v['stuffed']:,} lines that begin with one")
    if v["unended"]:
        told.append("the last line ended")
    if isinstance(v["longest"], int) and v["longest"] > 998:
        told.append(f"a line of {v['longest']:,} octets, and 998 are allowed")
    return Explanation("the letter: " + ", ".join(told), "how it goes over the wire", "RFC 5321 4.5.2")


FACTS: dict[str, Callable[[Values], Explanation]] = {
    "smtp.helo": _helo,
    "smtp.clear": _clear,
    "smtp.sasl": _sasl,
    "smtp.letter": _letter,
}
"""Every fact that the client records; a test walks the code for names that are missing here."""

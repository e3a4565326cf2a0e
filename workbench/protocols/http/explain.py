"""What each event of an HTTP conversation means: requests, heads, bodies, and what the client decided."""

from collections.abc import Callable, Mapping

from workbench.formats.quantity import duration_s, octets
from workbench.protocols.http.sentences import of_field, of_method, of_status
from workbench.protocols.http.visit import TITLE
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.redact import shown
from workbench.transcript.render import PREVIEW_OCTETS, Explanation, as_text
from workbench.wire import explain as wire
from workbench.wire.tls.values import LAYER

DATA_PREVIEW = 64
"""Octets of a piece of a body in its line: a download makes thousands of them."""
_TOLD = 2
"""Fields of a head that its line explains."""
_TELLING = (
    "location",
    "www-authenticate",
    "content-encoding",
    "transfer-encoding",
    "content-length",
    "content-type",
)
"""Those worth telling first."""
_RECORD_TYPES = range(20, 24)
_METHOD_OCTETS = 64
Values = Mapping[str, object]


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means; for what lies below HTTP as the wire explains it."""
    if event.kind == "fact":
        known = FACTS.get(event.name)
        return known(event.values) if known is not None else wire.explain(transcript, event)
    if not transcript.channels[event.channel].title.startswith(TITLE):
        return wire.explain(transcript, event)
    if event.layer != LAYER and _is_record(transcript, event):
        return Explanation("TLS records", "what is in them stands beside", "RFC 8446 5")
    text = shown(transcript, event, 0, PREVIEW_OCTETS)
    if event.direction is Direction.SENT:
        return _request(text, event.size)
    if text.startswith(b"HTTP/"):
        return _answer(text, event.size)
    head = as_text(text[:DATA_PREVIEW]) + (" …" if event.size > DATA_PREVIEW else "")
    return Explanation(head, f"{octets(event.size)} of the answer", "RFC 9112 6")


def _is_record(transcript: Transcript, event: Event) -> bool:
    """A TLS record begins with its type and version 3.x (RFC 8446 section 5.1); no head does."""
    head = transcript.data(event, 0, 2)
    return len(head) == 2 and head[0] in _RECORD_TYPES and head[1] == 3


def _request(text: bytes, size: int) -> Explanation:
    line = text.partition(b"\r\n")[0]
    method = line.partition(b" ")[0]
    if b" HTTP/1." not in line or len(method) > _METHOD_OCTETS:
        return Explanation(as_text(text[:DATA_PREVIEW]), f"{octets(size)} of the request", "RFC 9112 6")
    known = of_method(method.decode("ascii", "replace"))
    return Explanation(as_text(line), known.text, known.source)


def _answer(text: bytes, size: int) -> Explanation:
    head = text.partition(b"\r\n\r\n")[0]
    line, *lines = head.split(b"\r\n")
    code = line.split(b" ")[1:2]
    if not code or not code[0].isdigit() or len(code[0]) != 3:
        return Explanation(as_text(line), "no status line that could be read", "RFC 9112 4")
    status = of_status(int(code[0]))
    names = {name.partition(b":")[0].decode("latin-1").lower(): name for name in lines}
    told = [as_text(names[name]) for name in _TELLING if name in names][:_TOLD]
    return Explanation(" | ".join((as_text(line), *told)), status.text, status.source)


def _redirect(v: Values) -> Explanation:
    if not v["location"]:
        return Explanation("a redirect that leads nowhere", str(v["rule"]), "RFC 9110 10.2.2")
    went = "goes on to" if v["followed"] else "does not go on to"
    dropped = v["dropped"]
    without = f"; without {', '.join(map(str, dropped))}" if isinstance(dropped, list) and dropped else ""
    return Explanation(f"{went} {v['location']}", f"{v['rule']}{without}", "RFC 9110 15.4")


def _body(v: Values) -> Explanation:
    return Explanation(
        f"the body is {v['kind']}", str(v["sentence"]), str(v["source"]).replace("section ", "")
    )


def _decoded(v: Values) -> Explanation:
    if v["fault"]:
        return Explanation(
            f"{v['coding']} was not undone to its end", str(v["fault"]), of_field("content-encoding").source
        )
    came, became = int(str(v["came"])), int(str(v["became"]))
    return Explanation(f"{v['coding']} undone", f"{octets(came)} became {octets(became)}", "RFC 9110 8.4")


_PARTS = {
    "append": "the part fits behind what is there",
    "anew": "the file from its first octet on",
    "whole": "nothing is missing",
    "later": "no file now: come again",
    "fresh": "what is there is of no use: ask for all of it",
    "no": "no file",
    "refuse": "this part is not put to what is there",
}
_SOURCES = {"append": "15.3.7.3", "anew": "15.3.1", "whole": "15.5.17", "later": "10.2.3", "fresh": "15.5.17"}
_ENDS = {
    "whole": "the file is whole",
    "part": "the server gave a part in order",
    "cut": "it broke off",
    "failed": "there was no answer",
    "later": "the server asked to come again",
    "refused": "it was refused",
    "cancelled": "it was cancelled",
}


def _part(v: Values) -> Explanation:
    does = str(v["does"])
    return Explanation(_PARTS[does], str(v["why"]), f"RFC 9110 {_SOURCES.get(does, '15.3.7')}")


def _attempt(v: Values) -> Explanation:
    start, stop = int(str(v["start"])), int(str(v["stop"]))
    where = f" from octet {start:,} on" if start else ""
    here = f"; {stop:,} octets are here" if stop else ""
    why = f": {v['why']}" if v["why"] else ""
    ended = _ENDS[str(v["ended"])]
    return Explanation(f"attempt {v['number']}{where}: {ended}{here}", f"{ended}{why}", "RFC 9110 14.2")


def _wait(v: Values) -> Explanation:
    said = "as Retry-After says" if v["is_said"] else "before the next attempt"
    return Explanation(
        f"wait {duration_s(float(str(v['seconds'])))}", f"{said}; {v['why']}", "RFC 9110 10.2.3"
    )


FACTS: dict[str, Callable[[Values], Explanation]] = {
    "http.redirect": _redirect,
    "http.body": _body,
    "http.decoded": _decoded,
    "http.part": _part,
    "http.attempt": _attempt,
    "http.wait": _wait,
}
"""Every fact that the client records; a test walks the code for names that are missing here."""

"""What each event of an XML-RPC conversation means: calls, answers and faults; below them HTTP explains."""

import re

from workbench.protocols.http.explain import explain as explain_http
from workbench.protocols.xmlrpc.sentences import METHODS, SPEC, fault_words
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.redact import shown
from workbench.transcript.render import Explanation, as_text

LOOKED_AT = 2000
"""Octets of an event that are looked at: a head and the beginning of a call."""
_NAME = re.compile(rb"<methodName>\s*([^<]{1,255})</methodName>")
_FAULT_CODE = re.compile(rb"faultCode</name>\s*<value>\s*<(?:int|i4)>\s*(-?[0-9]{1,9})<")
_FAULT_TEXT = re.compile(rb"faultString</name>\s*<value>\s*(?:<string>)?([^<]{0,200})<")


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means; what is not of XML-RPC is told as HTTP tells it."""
    if event.kind == "bytes":
        text = shown(transcript, event, 0, LOOKED_AT)
        if event.direction is Direction.SENT and (found := _NAME.search(text)):
            return _call(found[1].strip())
        if event.direction is Direction.RECEIVED and b"<methodResponse" in text:
            return _answer(text)
    return explain_http(transcript, event)


def _call(name: bytes) -> Explanation:
    known = METHODS.get(name.decode("ascii", "replace"))
    if known is not None:
        return Explanation(f"calls {as_text(name)}", known.text, known.source)
    return Explanation(
        f"calls {as_text(name)}", "a method and its arguments, as XML in a POST", f"{SPEC}, Payload format"
    )


def _answer(text: bytes) -> Explanation:
    if b"<fault>" not in text:
        return Explanation("answers with a value", "one value came back", f"{SPEC}, Response format")
    code, said = _FAULT_CODE.search(text), _FAULT_TEXT.search(text)
    number = int(code[1]) if code else 0
    words = fault_words(number)[0] or "the server understood the call and says no; HTTP says 200 all the same"
    return Explanation(
        f"answers with fault {number}: {as_text(said[1]) if said else ''}", words, f"{SPEC}, Fault example"
    )

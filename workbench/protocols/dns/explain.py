"""One plain sentence for every message and every fact of a lookup, for the Conversation and the terminal."""

from collections.abc import Callable, Mapping

from workbench.errors import PeerMisbehaved
from workbench.formats.charset import visible
from workbench.formats.quantity import count
from workbench.protocols.dns.sentences import IGNORED_TEXTS, RCODE_TEXTS
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.render import Explanation
from workbench.wire.explain import explain as explain_wire

Values = Mapping[str, object]
MAX_MESSAGE = 2 + 0xFFFF
MAX_DECODED = 4096
"""Octets of a message that a line of the conversation is made from: lines are drawn thirty times a second."""


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means; what is not of DNS is told as the wire tells it."""
    if event.kind == "bytes":
        return _message(transcript, event) or explain_wire(transcript, event)
    known = FACTS.get(event.name)
    return known(event.values) if known is not None else explain_wire(transcript, event)


def _message(transcript: Transcript, event: Event) -> Explanation | None:
    if event.layer not in ("udp", "tcp") or not 12 <= event.size <= MAX_MESSAGE:
        return None
    data = transcript.data(event, 0, min(event.size, MAX_DECODED))
    if event.layer == "tcp":
        if int.from_bytes(data[:2], "big") != event.size - 2:
            return None
        data = data[2:]
    # The conversation of another panel never gets here: who explains has the codec loaded already.
    from workbench.protocols.dns.codec import beginning

    try:
        head = beginning(data)
    except PeerMisbehaved:
        return None
    asked = visible(str(head.questions[0])) if head.questions else "nothing"
    if not head.is_response:
        return Explanation(f"query {asked}", _purpose(event, asked), "RFC 1035 4.1.2")
    answers = int.from_bytes(data[6:8], "big")
    if head.truncated:
        return Explanation(
            f"cut off: {asked}", "too large for a datagram: the client asks again by TCP", "RFC 2181 9"
        )
    text, source = RCODE_TEXTS.get(head.rcode, ("", "RFC 1035 4.1.1"))
    if head.rcode == "NOERROR":
        text, source = _noerror(answers, data)
    return Explanation(f"{head.rcode}, {count(answers, 'answer')}: {asked}", text, source)


def _purpose(event: Event, asked: str) -> str:
    if event.direction is Direction.RECEIVED:
        return "a question"
    if asked.endswith(" PTR"):
        return "asks which names this address claims"
    return "asks the name server"


def _noerror(answers: int, data: bytes) -> tuple[str, str]:
    if answers:
        return "the server found something", "RFC 1034 3.7"
    if int.from_bytes(data[8:10], "big"):
        return "no record of this type, or another server is in charge", "RFC 2308 2.2"
    return "no record of this type", "RFC 2308 2.2"


def _answer(v: Values) -> Explanation:
    return Explanation(f"accepted: {v['outcome']}", visible(str(v["sentence"])), str(v["source"]))


def _ignored(v: Values) -> Explanation:
    source = IGNORED_TEXTS.get(str(v["reason"]), ("", ""))[1]
    return Explanation(f"not accepted: {v['source']}", visible(str(v["sentence"])), source)


def _retransmit(v: Values) -> Explanation:
    return Explanation(
        f"query number {v['number']}", "nobody answered in time; UDP itself repeats nothing", "RFC 1035 4.2.1"
    )


def _timeout(v: Values) -> Explanation:
    queries = v["queries"]
    sent = count(queries, "query", "queries") if isinstance(queries, int) else ""
    return Explanation(
        f"no answer to {sent}",
        "query, answer or server is missing: UDP does not tell which",
        "RFC 1035 4.2.1",
    )


def _truncated(v: Values) -> Explanation:
    return Explanation(
        f"cut off after {v['size']} octets", "the whole answer is asked for by TCP", "RFC 7766 5"
    )


def _verdict(v: Values) -> Explanation:
    return Explanation(f"verdict: {v['verdict']}", visible(str(v["sentence"])), "RFC 8601 2.7.3")


FACTS: dict[str, Callable[[Values], Explanation]] = {
    "dns.answer": _answer,
    "dns.ignored": _ignored,
    "dns.retransmit": _retransmit,
    "dns.timeout": _timeout,
    "dns.truncated": _truncated,
    "dns.verdict": _verdict,
}
"""Every fact that asking records; a test walks the code for names that are missing here."""

"""A sentence for what the matrix records beside the wire's own facts."""

from collections.abc import Mapping

from workbench.protocols.deaths.values import CALLS, DEATHS
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.render import Explanation
from workbench.wire.explain import explain as explain_wire

SYMBOLS = {
    "ECONNRESET": (
        "the peer’s system has thrown the connection away; this error is told once",
        "RFC 9293 3.5.2",
    ),
    "EPIPE": ("the connection was dead already when this was sent", "send(2)"),
    "ENOTCONN": ("there is no connection any more whose half could be ended", "shutdown(2)"),
    "ETIMEDOUT": ("our system asked, waited, and gave the connection up", "RFC 9293 3.8.3"),
    "EOF": ("the end of the stream: the peer sends no more, or an error was told before", "RFC 9293 3.6"),
    "timeout": ("our own clock: it tells nothing about the peer", "recv(2)"),
}
UNTOLD = "the system says nothing: all is well as far as it knows"


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event of the matrix means; for others what the wire says."""
    if event.kind == "fact" and event.name == "death.call":
        return _call(event.values)
    if event.kind == "fact" and event.name == "death.came":
        death = next((each for each in DEATHS if each.id == event.values["death"]), None)
        if death is None:
            return Explanation("the peer is gone")
        return Explanation(f"the peer {death.title}", death.sentence, death.source)
    return explain_wire(transcript, event)


def _call(values: Mapping[str, object]) -> Explanation:
    call = next((each for each in CALLS if each.id == values["call"]), None)
    title = call.title if call is not None else str(values["call"])
    symbol = str(values["symbol"])
    said = symbol or str(values["result"]) or "nothing"
    if "POLL" in symbol:
        return Explanation(f"{title}: {said}", "events that poll() tells without anybody reading", "poll(2)")
    text, source = SYMBOLS.get(symbol, (UNTOLD, call.source if call is not None else ""))
    return Explanation(f"{title}: {said}", text, source)

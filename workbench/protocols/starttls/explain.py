"""One sentence for every step of asking for TLS."""

from collections.abc import Callable, Mapping

from workbench.protocols.starttls.values import PROTOCOLS
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.render import Explanation

Values = Mapping[str, object]
_SOURCES = {protocol.title: protocol.source.replace(" section", "") for protocol in PROTOCOLS}


def explain(_transcript: Transcript, event: Event) -> Explanation | None:
    """What a step means; None for what is none."""
    known = FACTS.get(event.name) if event.kind == "fact" else None
    return known(event.values) if known is not None else None


def _told(text: str, v: Values, meaning: str) -> Explanation:
    return Explanation(text, meaning, _SOURCES.get(str(v["protocol"]), ""))


def _started(v: Values) -> Explanation:
    return _told(
        f"asks for TLS as {v['protocol']} does: {v['asks']}",
        v,
        "still in clear: whoever is on the way can read it, and change it",
    )


def _accepted(v: Values) -> Explanation:
    return _told(f"TLS accepted: {v['said']}", v, "the next octets are the client's hello")


def _refused(v: Values) -> Explanation:
    return _told(f"TLS refused: {v['said']}", v, "the conversation stays in clear")


def _missing(v: Values) -> Explanation:
    return _told(
        "TLS is not offered", v, "the server has none, or somebody on the way took the offer out of its list"
    )


FACTS: dict[str, Callable[[Values], Explanation]] = {
    "starttls.started": _started,
    "starttls.accepted": _accepted,
    "starttls.refused": _refused,
    "starttls.missing": _missing,
}

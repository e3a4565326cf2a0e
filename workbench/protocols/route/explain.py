"""One sentence for each probe and answer of a trace; everything else is the wire's."""

from collections.abc import Callable, Mapping

from workbench.protocols.route.codec import V4, V6
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.render import Explanation
from workbench.wire.explain import explain as explain_wire

Values = Mapping[str, object]


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event of a trace means."""
    known = FACTS.get(event.name) if event.kind != "bytes" else None
    return known(event.values) if known is not None else explain_wire(transcript, event)


def _probe(v: Values) -> Explanation:
    return Explanation(
        f"TTL {v['ttl']} → {v['target']} port {v['port']}",
        "may be passed on so often, and is thrown away then by whoever has it",
        "RFC 791 3.2",
    )


def _answer(v: Values) -> Explanation:
    what = next(
        (
            m.what
            for table in (V4, V6)
            for m in table.values()
            if (m.word, m.source) == (v["word"], v["source"])
        ),
        "a server listens at that port, and answered" if v["type"] == -1 else "tells nothing about the way",
    )
    number = f" (type {v['type']} code {v['code']})" if v["type"] != -1 else ""
    return Explanation(
        f"TTL {v['ttl']}: {v['address']} says {v['word']}{number}, {v['ms']} ms", what, str(v["source"])
    )


def _lost(v: Values) -> Explanation:
    return Explanation(
        f"TTL {v['ttl']}: no answer",
        "probe or answer was lost, or who has it is silent by choice",
        "RFC 1812 4.3.2.8",
    )


def _end(v: Values) -> Explanation:
    return Explanation("route ends", str(v["sentence"]))


FACTS: dict[str, Callable[[Values], Explanation]] = {
    "route.probe": _probe,
    "route.answer": _answer,
    "route.lost": _lost,
    "route.end": _end,
}
"""Every fact that tracing records; a test walks the code for names that are missing here."""

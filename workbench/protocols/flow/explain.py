"""A sentence for what a pipe records beside the wire's own facts."""

from collections.abc import Callable, Mapping

from workbench.formats.quantity import octets
from workbench.protocols.flow.values import REMEDIES
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.render import Explanation
from workbench.wire.explain import explain as explain_wire

Values = Mapping[str, object]


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event of a pipe means; for others what the wire says."""
    known = FACTS.get(event.name) if event.kind == "fact" else None
    return known(event.values) if known is not None else explain_wire(transcript, event)


def _frozen(v: Values) -> Explanation:
    return Explanation(f"frozen at {octets(_number(v['taken']))}", str(v["sentence"]), "RFC 9293 3.8.6")


def _remedy(v: Values) -> Explanation:
    title, text = next(
        ((title, text) for id_, title, text in REMEDIES if id_ == v["remedy"]), (str(v["remedy"]), "")
    )
    return Explanation(f"remedy: {title}", text)


def _gave_up(v: Values) -> Explanation:
    return Explanation(
        f"gave up after {octets(_number(v['taken']))}",
        "the system had taken so many octets; how many of them arrived this end cannot know",
        "RFC 9293 3.9.1",
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


FACTS: dict[str, Callable[[Values], Explanation]] = {
    "pipe.frozen": _frozen,
    "pipe.remedy": _remedy,
    "pipe.gave_up": _gave_up,
}

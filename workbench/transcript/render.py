"""A transcript as lines that a person reads: what happened, in which direction, how large, what it means."""

from collections.abc import Callable
from typing import NamedTuple

from workbench.formats.charset import visible
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.redact import shown

PREVIEW_OCTETS = 200
"""Of one event a line shows at most this much; the detail views show the rest."""


class Explanation(NamedTuple):
    """What an event means: `what` happened in a few words, the sentence that explains it, the document behind it."""

    what: str
    text: str = ""
    source: str = ""


Explainer = Callable[[Transcript, Event], Explanation | None]
"""Explains an event, or returns None where it knows nothing about it. Handed in: protocols stand above this room."""


class Line(NamedTuple):
    """One line of the Conversation. time_s: since the transcript began. size: octets, None for facts."""

    index: int  # type: ignore[assignment]  # tuple.index is of no use to a line
    time_s: float
    channel: int
    direction: Direction
    size: int | None
    what: str
    text: str
    source: str


def line(transcript: Transcript, event: Event, explain: Explainer | None = None) -> Line:
    """The line that stands for an event, secrets masked, hostile characters made visible."""
    explanation = _explained(explain, transcript, event) if explain is not None else None
    if event.kind == "fact":
        explanation = explanation or Explanation(_plain_fact(event))
        size = None
    else:
        size = event.size
        explanation = explanation or Explanation(preview(transcript, event))
    return Line(event.index, event.time_ns / 1e9, event.channel, event.direction, size, *explanation)


def _explained(explain: Explainer, transcript: Transcript, event: Event) -> Explanation | None:
    """What the explainer says; None where it stumbles over the event. A conversation that was read back holds what
    somebody wrote into its file: a fact without its values must not take all the others away.
    """
    try:
        found = explain(transcript, event)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError):
        return None
    return Explanation(*map(str, found)) if found is not None else None


def preview(transcript: Transcript, event: Event) -> str:
    """The first octets of an event as text; what is no text is spelled as escapes. "" for an empty datagram."""
    data = shown(transcript, event, 0, PREVIEW_OCTETS)
    more = " …" if event.size > PREVIEW_OCTETS else ""
    return as_text(data) + more


def as_text(data: bytes) -> str:
    """Octets as one visible line: UTF-8 where they are, \\xHH where not; line ends and controls as escapes."""
    text = data.decode("utf-8", "backslashreplace")
    return visible(text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t"))


def _plain_fact(event: Event) -> str:
    sentence = event.values.get("sentence")
    if isinstance(sentence, str) and sentence:
        # It says itself what happened.
        return visible(f"{event.name}: {sentence}")
    told = ", ".join(
        f"{name} {_value(value)}" for name, value in event.values.items() if value not in ("", None)
    )
    return visible(f"{event.name}: {told}" if told else event.name)


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

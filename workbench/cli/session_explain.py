"""Sentences for what sessions by hand add to the wire: the wire's own first, the others read only where they occur."""

from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.render import Explanation
from workbench.wire.explain import explain as explain_wire


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means."""
    known = explain_wire(transcript, event)
    if known is not None or event.kind == "bytes":
        return known
    if event.name.startswith("starttls."):
        from workbench.protocols.starttls.explain import explain as explain_starttls

        return explain_starttls(transcript, event)
    from workbench.protocols.raw.explain import explain as explain_session

    return explain_session(transcript, event)

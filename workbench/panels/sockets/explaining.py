"""One sentence for everything that can happen in a session of the console. No Qt."""

from workbench.protocols.raw.explain import explain as explain_session
from workbench.protocols.raw.simple import explain as explain_simple
from workbench.protocols.starttls.explain import explain as explain_starttls
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.render import Explanation
from workbench.wire.explain import explain as explain_wire


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means: of the wire, of asking for TLS, or of the session itself."""
    # The wire has a preview of any octets: who knows more of them is asked before.
    return (
        explain_simple(transcript, event)
        or explain_wire(transcript, event)
        or explain_starttls(transcript, event)
        or explain_session(transcript, event)
    )

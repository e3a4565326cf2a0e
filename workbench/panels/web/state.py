"""What the page of requests shows. Frozen: the controller replaces it, the view draws it."""

from dataclasses import dataclass, field
from typing import Literal

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict
from workbench.panels.web.text import TextLines
from workbench.panels.web.unpacked import NOTHING_SEEN, Seen
from workbench.protocols.http.attempts import Attempt
from workbench.protocols.http.resume import PolicyKind
from workbench.protocols.http.values import Added, Exchange, Hop, Octets

Phase = Literal["idle", "running", "done", "failed", "cancelled"]
BodyKind = Literal["none", "form", "parts", "raw"]

BODY_KINDS: tuple[tuple[BodyKind, str, str], ...] = (
    ("none", "No body", "Nothing follows the head"),
    ("form", "Form", "Fields as name=value&name=value (application/x-www-form-urlencoded)"),
    (
        "parts",
        "Form in parts",
        "Each field a part of its own (multipart/form-data); a value @FILE sends a file",
    ),
    ("raw", "Octets", "What you type, text or hex; name its kind by a Content-Type field"),
)
"""Each choice: its id, what the box says, a sentence for its tip."""

POLICIES: tuple[tuple[PolicyKind, str, str], ...] = (
    (
        "resume",
        "Go on",
        "The rest is asked for (Range), where the server would notice another file (If-Range)",
    ),
    ("again", "Begin again", "From the first octet on"),
    ("none", "End", "What came is kept, and can be gone on with by hand"),
)
"""What is done when a download breaks off; as BODY_KINDS."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed: everything that survives a restart. Never a password.

    without: names in small letters of fields that are not to be added by themselves. fields: of a form's body.
    """

    url: str = ""
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    without: frozenset[str] = frozenset()
    body: BodyKind = "none"
    fields: tuple[tuple[str, str], ...] = ()
    user: str = ""
    route: str = "off"
    tls: bool = False
    follow: bool = True
    policy: PolicyKind = "resume"
    retries: int = 3
    show_untrusted: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What will go. octets: None where something in it is wrong; mistake says what. added: fields that come by
    themselves, those that are switched off included."""

    octets: Octets | None = None
    mistake: LocalMisuse | None = None
    added: tuple[Added, ...] = ()


@dataclass(frozen=True, slots=True)
class WebState:
    """The page.

    hops: as far as they came, also of a request that failed. at: the hop whose fields are shown; None is the last one.
    received, total: octets of the body so far, or of the file; speed: octets a second, None while nobody can say;
    left_ns: until all is there, likewise. seen: what is looked at; steps, encoding: a person's choice for it, None and
    "" for none. saved: where it was saved last. file: that is downloaded into; attempts: of that, also those before it
    was gone on with by hand; sha256: of what it has.
    """

    form: Form = field(default_factory=Form)
    preview: Preview = field(default_factory=Preview)
    phase: Phase = "idle"
    stage: str = ""
    hops: tuple[Hop, ...] = ()
    at: int | None = None
    received: int = 0
    total: int | None = None
    speed: float | None = None
    left_ns: float | None = None
    exchange: Exchange | None = None
    seen: Seen = NOTHING_SEEN
    steps: tuple[str, ...] | None = None
    encoding: str = ""
    file: str = ""
    attempts: tuple[Attempt, ...] = ()
    sha256: str = ""
    is_paused: bool = False
    saved: str = ""
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is something to cancel."""
        return self.phase == "running"

    @property
    def text(self) -> TextLines:
        """The body as lines."""
        return self.seen.text

    @property
    def why_not_pause(self) -> str:
        """Why nothing can be held up, or let go; "" when it can."""
        return "" if self.is_running and self.file else "no download goes on"

    @property
    def why_not_go_on(self) -> str:
        """Why no download can be gone on with; "" when one can."""
        if not self.file or not self.attempts:
            return "no download broke off here"
        if self.is_running:
            return "it goes on already"
        return "" if self.attempts[-1].ended != "whole" else "all of it is there"

    @property
    def hop(self) -> Hop | None:
        """The hop whose fields are shown."""
        if not self.hops:
            return None
        return self.hops[self.at] if self.at is not None and self.at < len(self.hops) else self.hops[-1]

    @property
    def body(self) -> bytes:
        """The body's octets that are kept."""
        return self.exchange.body.data if self.exchange is not None else b""

    @property
    def why_not_start(self) -> str:
        """Why nothing can be sent now; "" when it can."""
        return "a request is on its way" if self.is_running else ""

    @property
    def why_not_body(self) -> str:
        """Why nothing can be done with the body; "" when it can."""
        if self.exchange is None:
            return "send a request first" if not self.is_running else "the body is not there yet"
        if not self.body:
            return "there is no body" if not self.exchange.body.file else "it went to a file"
        return ""

    @property
    def why_not_hop(self) -> str:
        """Why no address can be handed on; "" when one can."""
        return "" if self.hops else "send a request first"

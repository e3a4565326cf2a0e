"""What the page of scripts shows: the library, what is composed, and what came of it. Frozen."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.payload_file import SavedPayload
from workbench.jobs.verdict import NO_VERDICT, Verdict
from workbench.protocols.raw.library import Discarded, Entry, Kind, Listing
from workbench.protocols.raw.repeat import Counts
from workbench.protocols.raw.script_run import StepResult

View = Literal["payload", "script", "rules", "repeat"]
Activity = Literal["", "send", "script", "rules", "repeat"]

VIEWS: tuple[View, ...] = ("payload", "script", "rules", "repeat")
MAX_STEPS_SHOWN = 5000
"""Rows of the table of steps; the verdict counts all."""
MAX_PREVIEW = 64 * 1024
"""Octets of a preview: what a person looks through."""

SCRIPT_EXAMPLE = r"""# Say something, and see it come back.
timeout 5s
send "hello ${counter}\r\n"
expect "hello 1\r\n"
finish
expect end FIN
"""
RULES_EXAMPLE = r"""# What this listener answers.
on connect
  reply "220 ready\r\n"
on "PING\r\n"
  delay 100ms
  reply "PONG ${counter}\r\n"
on regex "(?i)^quit.*\r\n"
  reply "221 bye\r\n"
  then finish
"""


NOTHING = Listing((), ())


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed. transport: tcp, tls or udp; listen: where rules listen; times and below: of repeat."""

    view: View = "payload"
    transport: str = "tcp"
    target: str = ""
    listen: str = "127.0.0.1:0"
    payload: SavedPayload = field(default_factory=SavedPayload)
    script: str = ""
    rules: str = ""
    times: int = 10
    per_s: float = 1.0
    marker: str = "\\n"
    quiet_s: float = 2.0


class Matched(NamedTuple):
    """One rule in the table. count: how often it answered."""

    number: int
    when: str
    does: str
    times: int


@dataclass(frozen=True, slots=True)
class ScriptsState:
    """All of it.

    opened: the entry of the library that is being edited, by its kind; saved: the text as it stands there.
    preview: the octets that would be sent now, None while there is a mistake. mistake: in the text of the view.
    address: where the rules listen. discarded: what was deleted last. report: of
    the last import, what was not taken over as it was.
    """

    form: Form = field(default_factory=Form)
    listing: Listing = NOTHING
    is_loaded: bool = False
    found: tuple[Entry, ...] | None = None
    opened: tuple[tuple[Kind, str], ...] = ()
    activity: Activity = ""
    stage: str = ""
    steps: tuple[StepResult, ...] = ()
    rules: tuple[Matched, ...] = ()
    connections: int = 0
    counts: Counts | None = None
    answer: bytes = b""
    preview: bytes | None = b""
    mistake: LocalMisuse | None = None
    address: str = ""
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None
    discarded: Discarded | None = None
    report: str = ""

    @property
    def is_running(self) -> bool:
        """Whether something goes on that Esc ends."""
        return bool(self.activity)

    @property
    def kind(self) -> Kind:
        """The kind of text that the view edits: Repeat sends the payload."""
        view = self.form.view
        return view if view in ("script", "rules") else "payload"

    @property
    def name(self) -> str:
        """The name under which the view's text stands in the library; "" where it was not saved yet."""
        return dict(self.opened).get(self.kind, "")

    @property
    def why_not_start(self) -> str:
        """Why the main button can't be pressed; "" where it can."""
        if self.activity:
            return "something goes on already: stop it first (Esc)"
        return "the text has a mistake" if self.mistake is not None else ""

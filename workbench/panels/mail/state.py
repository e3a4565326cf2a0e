"""What the Mail panel shows. Frozen: the controllers replace it, the view draws it."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from workbench.errors import WorkbenchError
from workbench.formats.mime.compose import Built, Draft
from workbench.formats.mime.contents import Examined
from workbench.formats.mime.html_draw import Drawn
from workbench.formats.mime.values import Part
from workbench.jobs.verdict import NO_VERDICT, Verdict

Phase = Literal["idle", "opening", "open", "ended", "failed"]
Kind = Literal["imap", "pop"]
KINDS: tuple[tuple[Kind, str], ...] = (("imap", "IMAP"), ("pop", "POP3"))
SECURITIES = (
    ("auto", "TLS if offered", "Under TLS where the server has it; a password is never said in clear"),
    ("starttls", "STARTTLS", "TLS begins in the conversation, before the login; or nothing goes on"),
    ("tls", "TLS", "TLS from the first octet on"),
    ("plain", "In clear", "No TLS: anybody on the way reads the password and the letters"),
)


@dataclass(frozen=True, slots=True)
class Access:
    """How a server is reached. Everything in it survives a restart; the password is none of it."""

    target: str = ""
    user: str = ""
    security: str = "auto"
    route: str = "off"


class Row(NamedTuple):
    """A letter in a list. number: as the server or the file counts it. when: for people. is_new: nobody has read it."""

    number: int
    sender: str
    subject: str
    when: str
    size: int
    is_new: bool = False


class Handed(NamedTuple):
    """A part's content for another panel. media_type: with its charset; origin: for people."""

    name: str
    media_type: str
    data: bytes
    origin: str


class Content(NamedTuple):
    """The content of the part that is chosen, as far as it is drawn.

    text: of a text, with U+FFFD where nothing can be read; "" for others. is_cut: the view has not all of it.
    charset: it was read by. drawn: of HTML. head: the first decoded octets.
    """

    part: int
    text: str = ""
    charset: str = ""
    is_cut: bool = False
    drawn: Drawn | None = None


@dataclass(frozen=True, slots=True)
class ReaderState:
    """The reader.

    source: where the letters of the list are: "" for none, "mbox", "imap", "pop". name: of the file or address.
    folders: of an IMAP server. count: letters in the list; loads: how often some of their rows came. busy: what goes on
    besides; "" for nothing. origin: where the letter is from, for people. chosen: the part's place; header: the chosen
    header's octets.
    """

    access: Access = field(default_factory=Access)
    kind: Kind = "imap"
    phase: Phase = "idle"
    stage: str = ""
    source: str = ""
    name: str = ""
    address: str = ""
    user: str = ""
    secured: str = ""
    folders: tuple[str, ...] = ()
    folder: str = ""
    count: int = 0
    loads: int = 0
    selected: int | None = None
    busy: str = ""
    examined: Examined | None = None
    origin: str = ""
    chosen: int = 0
    content: Content | None = None
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None

    @property
    def is_live(self) -> bool:
        """Whether a session is open or being opened."""
        return self.phase in ("opening", "open")

    @property
    def part(self) -> Part | None:
        """The part that is chosen."""
        if self.examined is None or not 0 <= self.chosen < len(self.examined.letter.parts):
            return None
        return self.examined.letter.parts[self.chosen]

    @property
    def why_no_list(self) -> str:
        """Why no letter of a list can be opened now; "" when it can."""
        if not self.source:
            return "open a mailbox or a file of letters first"
        return f"{self.busy} first has to end" if self.busy else ""

    @property
    def why_not_part(self) -> str:
        """Why nothing can be done with the part; "" when it can."""
        if self.part is None:
            return "open a letter first"
        return "" if self.part.is_leaf else "it only holds other parts; choose one of them"


class AttachedFile(NamedTuple):
    """A file that is to go along. size: octets when it was chosen."""

    path: str
    name: str
    media_type: str
    size: int


class Sent(NamedTuple):
    """What a server said of one recipient."""

    address: str
    accepted: bool
    reply: str


@dataclass(frozen=True, slots=True)
class ComposerState:
    """The composer.

    draft: what was typed; its attachments are `files`, which are read when the letter is built. built: the letter as it
    is now, None where it can't be; fault: why not, with the field as its stage. results: of the last sending.
    """

    access: Access = field(default_factory=Access)
    draft: Draft = field(default_factory=Draft)
    files: tuple[AttachedFile, ...] = ()
    is_sending: bool = False
    stage: str = ""
    built: Built | None = None
    fault: WorkbenchError | None = None
    results: tuple[Sent, ...] = ()
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None

    @property
    def why_not_send(self) -> str:
        """Why the letter can't be sent now; "" when it can."""
        if self.is_sending:
            return "it is being sent"
        if self.fault is not None:
            return self.fault.what
        if self.built is not None and self.built.lacks:
            return "; ".join(self.built.lacks)
        return "" if self.access.target else "there is no server to send it to"

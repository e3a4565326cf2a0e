"""What the page of framings shows. Frozen: the controller replaces it, the view draws it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.framing.chop import Cut, Report
from workbench.formats.framing.design import Shown
from workbench.formats.framing.design_text import EXAMPLE
from workbench.formats.framing.values import Broken, Ending, Mark, Message, Remark, State, Wire
from workbench.jobs.verdict import NO_VERDICT, Verdict

if TYPE_CHECKING:
    from workbench.formats.framing.numbers import Reading, Row
    from workbench.formats.framing.structure import Field, Known

Phase = Literal["idle", "computing", "trying", "sending"]
Transport = Literal["tcp", "udp"]
DESIGN = "design"
"""The framing that a person designs."""
WHOLE, SINGLE, BEFORE, CHOSEN = "whole", "1", "marks", "chosen"
CUTS = (
    (WHOLE, "In one piece"),
    (SINGLE, "One octet at a time"),
    ("2", "Two octets at a time"),
    ("3", "Three octets at a time"),
    ("7", "Seven octets at a time"),
    (BEFORE, "Within every mark"),
    (CHOSEN, "In two, at the selected octet"),
)


NOTHING = Wire(b"")


class Noted(NamedTuple):
    """A remark about a message that is to be sent. message: its number, from 1; 0: about all of them."""

    message: int
    remark: Remark


class Step(NamedTuple):
    """One read: which octets of the stream it brought, where the decoder was then, and how many messages it completed.

    start, stop: of what was received. what: of a datagram or an end, in words.
    """

    start: int
    stop: int
    state: State
    messages: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed. detail: of a framing that takes one: the marker, the number of digits.

    ends_after: octets after which the connection is closed; -1: behind the last one. place: where CHOSEN cuts.
    """

    framing: str = "lf"
    detail: str = ""
    encoding: str = ""
    limit: str = "65536"
    forgets: bool = False
    messages: str = ""
    design: str = EXAMPLE
    cut: str = WHOLE
    place: int = 0
    ends_after: int = -1
    transport: Transport = "tcp"
    target: str = ""
    route: str = "off"
    number: str = "5"
    octets: str = "05 00 00 00"
    format: str = "!I"
    structure: str = "05 00 00 00"
    values: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What a decoder made of a stream. data: what arrived; is_live: over a connection. more: steps not listed."""

    data: bytes = b""
    steps: tuple[Step, ...] = ()
    messages: tuple[Message, ...] = ()
    ending: Ending | None = None
    broken: Broken | None = None
    remarks: tuple[Remark, ...] = ()
    fields: tuple[tuple[Shown, ...], ...] = ()
    more: int = 0
    is_live: bool = False
    transport: Transport = "tcp"


@dataclass(frozen=True, slots=True)
class Frames:
    """The bench. sent: the messages; mistake: what was typed wrong, and `wrong` in which field."""

    sent: tuple[bytes, ...] = ()
    wire: Wire = NOTHING
    noted: tuple[Noted, ...] = ()
    cut: Cut = ()
    read: Read = Read()
    report: Report | None = None
    mistake: LocalMisuse | None = None
    wrong: str = ""

    def marks_at(self, at: int) -> tuple[Mark, ...]:
        """What an octet of the wire is."""
        return tuple(mark for mark in self.wire.marks if mark.start <= at < mark.stop)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A number in every form, and octets read in every way."""

    rows: "tuple[Row, ...]" = ()
    remark: str = ""
    mistake: LocalMisuse | None = None
    readings: "tuple[Reading, ...]" = ()
    hint: str = ""
    octets_mistake: LocalMisuse | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """Octets by a format. packed: what the values make, or why they make nothing."""

    data: bytes = b""
    fields: "tuple[Field, ...]" = ()
    known: "tuple[Known, ...]" = ()
    mistake: LocalMisuse | None = None
    octets_mistake: LocalMisuse | None = None
    packed: bytes | None = None
    values_mistake: LocalMisuse | None = None


@dataclass(frozen=True, slots=True)
class FramingState:
    """All of it."""

    form: Form = field(default_factory=Form)
    phase: Phase = "idle"
    stage: str = ""
    frames: Frames = field(default_factory=Frames)
    numbers: Numbers = field(default_factory=Numbers)
    structure: Structure = field(default_factory=Structure)
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None

    @property
    def is_running(self) -> bool:
        """Whether something goes on that can be stopped."""
        return self.phase != "idle"

    @property
    def why_not_try(self) -> str:
        """Why cuts can't be tried; "" where they can."""
        if self.is_running:
            return "something goes on already"
        if self.frames.mistake is not None:
            return "something is typed wrong"
        if not self.frames.wire.data:
            return "there are no octets to cut"
        return ""

    @property
    def why_not_send(self) -> str:
        """Why nothing can be sent; "" where it can."""
        if self.is_running:
            return "something goes on already"
        if self.frames.mistake is not None:
            return "something is typed wrong"
        return "" if self.frames.sent else "there are no messages"

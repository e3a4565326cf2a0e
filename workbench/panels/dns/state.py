"""What the DNS panel shows. Frozen: the controller replaces it, the view draws it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from workbench.errors import WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict

if TYPE_CHECKING:
    from workbench.protocols.dns.values import Field, Message

Kind = Literal["query", "reverse"]
Phase = Literal["idle", "asking", "done", "failed"]
Sign = Literal["", "good", "bad", "warning", "info", "running"]

MAX_PACKETS = 200
"""Messages of one lookup that can be looked at one by one; the conversation keeps them all."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed: everything that survives a restart."""

    kind: Kind = "query"
    text: str = ""
    type: str = "A"
    server: str = ""
    tcp: bool = False
    recursion: bool = True
    dnssec: bool = False
    edns: bool = True
    system: bool = False
    route: str = "off"


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the accepted answer. record: its index in the message."""

    section: str
    name: str
    ttl: int
    type: str
    data: str
    record: int


@dataclass(frozen=True, slots=True)
class Node:
    """One piece of evidence. packet: the message that shows it, -1 for none; elapsed_ns: of the question behind it."""

    text: str
    answer: str
    sign: Sign = ""
    elapsed_ns: int | None = None
    packet: int = -1
    inner: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Packet:
    """One message that passed. message: None where it is none; said: why then."""

    title: str
    data: bytes
    message: "Message | None"
    fields: "tuple[Field, ...]" = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class SystemLine:
    """What this system says beside it."""

    sign: Sign = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class DnsState:
    """The panel.

    asked_as: the name on the wire, where it is not what was typed. shown: the packet that is looked at; accepted: the
    one that the answer's records are from; -1 for none.
    """

    form: Form = field(default_factory=Form)
    phase: Phase = "idle"
    stage: str = ""
    asked_as: str = ""
    verdict: Verdict = NO_VERDICT
    rows: tuple[Row, ...] = ()
    evidence: tuple[Node, ...] = ()
    packets: tuple[Packet, ...] = ()
    shown: int = -1
    accepted: int = -1
    system: SystemLine = field(default_factory=SystemLine)
    problem: WorkbenchError | None = None

    @property
    def is_live(self) -> bool:
        """Whether there is something to cancel."""
        return self.phase == "asking"

    @property
    def packet(self) -> Packet | None:
        """The packet that is looked at."""
        return self.packets[self.shown] if 0 <= self.shown < len(self.packets) else None

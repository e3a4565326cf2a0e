"""What one session of the Sockets panel shows. Frozen: the controller replaces it, the view draws it."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from workbench.errors import WorkbenchError
from workbench.jobs.verdict import NO_VERDICT, Verdict
from workbench.protocols.raw.broadcast import PER_S
from workbench.protocols.raw.field import FieldError
from workbench.protocols.raw.limits import LimitsForm
from workbench.protocols.raw.protection import TlsForm
from workbench.protocols.raw.question import Answer
from workbench.protocols.raw.tls_report import TlsReport
from workbench.protocols.raw.values import Transport
from workbench.protocols.raw.wayform import WayForm
from workbench.protocols.raw.zones import Fault
from workbench.wire.ends import HalfState

Role = Literal["client", "listener"]
Phase = Literal["idle", "opening", "open", "ended", "failed"]
Rule = str
"""What a listener answers: "none", "echo", "text", or the name of a preset (protocols.raw.presets)."""

MAX_PEERS_SHOWN = 1000
"""Rows of connections kept for the table; older ended ones leave it first, the conversation keeps them all."""


class UdpForm(NamedTuple):
    """How a client of UDP asks. strangers: hear everybody, not only who was asked. quiet: seconds after which an
    answered search is over, "" never. per_s: questions to everybody in a second.
    """

    strangers: bool = False
    tries: int = 1
    wait: str = ""
    quiet: str = ""
    per_s: float = PER_S


class ServerFigures(NamedTuple):
    """What a listener has done. sockets: not given back yet, the listening one included. waiting: for their turn."""

    served: int = 0
    failed: int = 0
    waiting: tuple[int, ...] = ()
    sockets: int = 0
    faults: tuple[Fault, ...] = ()
    listening: bool = False


class Transfer(NamedTuple):
    """A file on its way. total: None where nobody knows. sha256: of all of it, once it is over and whole."""

    path: str
    done: int
    total: int | None = None
    sha256: str = ""
    is_over: bool = False


class Offer(NamedTuple):
    """What came of a sending. parts: what the system took each time, the first ones; calls: how often in all."""

    offered: int
    accepted: int
    parts: tuple[int, ...] = ()
    calls: int = 0
    once: bool = False

    @property
    def sentence(self) -> str:
        """In words: "accepted 4096 of 10000 octets"; "sent 10000 octets: 4096 + 5904"."""
        if self.once:
            rest = self.offered - self.accepted
            left = f"; the other {rest} are still ours, and stay in the editor" if rest else ""
            return f"the system accepted {self.accepted} of {self.offered} octets{left}"
        loop = " + ".join(str(part) for part in self.parts) + (" + …" if self.calls > len(self.parts) else "")
        several = f": {loop}" if self.calls > 1 else ""
        return f"all {self.offered} octets sent{several}"


@dataclass(frozen=True, slots=True)
class Form:
    """What a person composed: everything that survives a restart. Never a conversation, never a password."""

    role: Role = "client"
    transport: Transport = "tcp"
    target: str = ""
    route: str = "off"
    reply: Rule = "none"
    reply_text: str = ""
    draft: str = ""
    draft_mode: str = "text"
    line_ending: str = "crlf"
    encoding: str = "utf-8"
    tls: TlsForm = field(default_factory=TlsForm)
    way: WayForm = field(default_factory=WayForm)
    limits: LimitsForm = field(default_factory=LimitsForm)
    one_at_a_time: bool = False
    udp: "UdpForm" = field(default_factory=lambda: UdpForm())

    @property
    def has_tls(self) -> bool:
        """Whether there is a stream to put under TLS."""
        return self.transport == "tcp"

    @property
    def has_route(self) -> bool:
        """Whether there is a way to choose: a client of TCP has one."""
        return (self.role, self.transport) == ("client", "tcp")


@dataclass(frozen=True, slots=True)
class Peer:
    """One connection, or one sender of datagrams. channel: its number in the transcript; octets counted.

    is_secure: whether it is under TLS; tls: its handshake, also one that failed.
    """

    channel: int
    address: str
    local: str
    sending: HalfState = HalfState.OPEN
    receiving: HalfState = HalfState.OPEN
    sent: int = 0
    received: int = 0
    end: str = ""
    is_open: bool = True
    is_secure: bool = False
    tls: TlsReport | None = None


@dataclass(frozen=True, slots=True)
class SessionState:
    """One session.

    selected: the channel of the peer that sending and ending concern; None: nobody yet. mistake: what was typed wrong
    in the options, so that nothing was opened. offer: what the system took of the last payload. doing: what is being
    sent in an odd way. answers: to a client of UDP, the last ones. dropped: questions to everybody that were held back.
    receiving: whether what arrives goes to a file.
    """

    form: Form = field(default_factory=Form)
    phase: Phase = "idle"
    stage: str = ""
    address: str = ""
    peers: tuple[Peer, ...] = ()
    selected: int | None = None
    sending: bool = False
    verdict: Verdict = NO_VERDICT
    problem: WorkbenchError | None = None
    mistake: FieldError | None = None
    starting_tls: bool = False
    offer: Offer | None = None
    doing: str = ""
    answers: tuple[Answer, ...] = ()
    answer_count: int = 0
    dropped: int = 0
    figures: ServerFigures = field(default_factory=ServerFigures)
    receiving: bool = False
    sent_file: Transfer | None = None
    received_file: Transfer | None = None

    @property
    def peer(self) -> Peer | None:
        """The selected peer."""
        return next((peer for peer in self.peers if peer.channel == self.selected), None)

    @property
    def is_live(self) -> bool:
        """Whether there is something to cancel or to close."""
        return self.phase in ("opening", "open")

    @property
    def can_send(self) -> bool:
        """Whether octets would be taken now."""
        peer = self.peer
        if self.phase != "open" or self.sending or peer is None:
            return False
        return peer.is_open and peer.sending is HalfState.OPEN

    @property
    def can_receive(self) -> bool:
        """Whether something may still arrive on a connection of ours."""
        peer = self.peer
        if self.phase != "open" or peer is None or (self.form.role, self.form.transport) != ("client", "tcp"):
            return False
        return peer.is_open and peer.receiving is HalfState.OPEN

    @property
    def can_finish(self) -> bool:
        """Whether there is a half to finish: UDP has none."""
        return self.can_send and self.form.transport == "tcp"

    @property
    def can_abort(self) -> bool:
        """Whether there is a connection to reset."""
        peer = self.peer
        return self.phase == "open" and self.form.transport == "tcp" and peer is not None and peer.is_open

    @property
    def why_not_start_tls(self) -> str:
        """Why TLS can't be started now, for the tip of the disabled button; "" when it can."""
        peer = self.peer
        if not self.form.has_tls:
            return "TLS needs a stream, and UDP has none"
        if peer is not None and peer.is_open and peer.is_secure:
            return "this connection is under TLS already"
        if self.starting_tls:
            return "the handshake is going on"
        if peer is not None and peer.is_open and peer.receiving is not HalfState.OPEN:
            return "the peer has finished: there is nobody to shake hands with"
        return self.why_not_send

    @property
    def why_not_send(self) -> str:
        """Why sending is not possible, for the tip of the disabled button; "" when it is."""
        if self.can_send:
            return ""
        if self.sending:
            return "the last payload is still being sent"
        if not self.is_live:
            return "connect first" if self.form.role == "client" else "listen first"
        peer = self.peer
        if peer is None:
            return "nobody has connected yet" if self.form.role == "listener" else "not connected yet"
        return "this side has finished sending" if peer.is_open else "this connection has ended"

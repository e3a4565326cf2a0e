"""What the four kinds of session have in common: TCP and UDP, as client and as listener. Each runs inside one job."""

from typing import Protocol

from workbench.errors import WorkbenchError
from workbench.formats.target import Target
from workbench.jobs.verdict import VerdictKind
from workbench.panels.sockets.besides import Sink
from workbench.panels.sockets.state import Peer, ServerFigures, SessionState
from workbench.protocols.raw.limits import Limits
from workbench.protocols.raw.link import Link
from workbench.protocols.raw.question import Answer, Retry
from workbench.protocols.raw.serve import Reply
from workbench.protocols.raw.talk import Secure
from workbench.protocols.raw.values import Way
from workbench.protocols.raw.zones import Injection
from workbench.protocols.starttls.machine import Dialogue
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import Datagram
from workbench.wire.dial import TargetResolver
from workbench.wire.stream import Stream

NO_STREAM = "TLS needs a stream, and UDP has none"


class Session(Protocol):
    """A session from opening to its end, and what a person can do meanwhile."""

    async def run(self, target: Target) -> None:
        """Open, and stay until the session has ended; cancelling closes everything."""
        ...

    async def send(self, data: bytes, channel: int) -> None:
        """Send octets, or one datagram, to the peer of this channel."""
        ...

    async def send_once(self, data: bytes, channel: int) -> int:
        """Offer octets to the system once; returns how many it took."""
        ...

    async def finish(self, channel: int) -> None:
        """Finish our half of this connection."""
        ...

    def abort(self, channel: int) -> None:
        """Reset this connection."""
        ...

    async def cut(self, channel: int) -> None:
        """Finish the connection below TLS, without close_notify."""
        ...

    async def start_tls(self, channel: int, secure: Secure, first: bytes) -> None:
        """Put this connection under TLS; `first` is sent in clear before."""
        ...

    async def ask_tls(self, channel: int, secure: Secure, asking: Dialogue) -> None:
        """Ask for TLS as a protocol does, and put this connection under it."""
        ...

    async def receive_into(self, file: Sink, channel: int) -> None:
        """Have all that arrives written to a file, until the peer has ended."""
        ...

    def endpoint(self, channel: int) -> Stream | Datagram | None:
        """What holds the socket of this peer; None once it is gone."""
        ...

    def idle_left_s(self, channel: int) -> float | None:
        """Seconds until this peer's silence is too long; None without that limit."""
        ...

    def rule_changed(self) -> None:
        """The form's rule for answers is another one now."""
        ...

    async def stop_listening(self) -> None:
        """Take nobody any more, and go on with who is there."""
        ...

    def inject(self, injection: Injection | None) -> None:
        """Have the listener's own code throw; None takes that back."""
        ...


class Owner(Protocol):
    """What a session tells, and asks of, the controller that runs it."""

    transcript: Transcript
    resolver: TargetResolver
    state: SessionState
    way: Way
    secure: Secure | None
    limits: Limits
    retry: Retry
    quiet_s: float | None

    def tell(self, stage: str) -> None: ...
    def opened(self, live: Session, address: str, sentence: str) -> None: ...
    def peer_is(self, peer: Peer, *, select: bool = False) -> None: ...
    def link_is(self, link: Link, *, closed: bool = False) -> None: ...
    def say(self, kind: VerdictKind, word: str, sentence: str) -> None: ...
    def over(self, kind: VerdictKind, word: str, sentence: str) -> None: ...
    def complain(self, failure: WorkbenchError) -> None: ...
    def answers_are(self, answers: tuple[Answer, ...], count: int, dropped: int = 0) -> None: ...
    def figures_are(self, figures: ServerFigures) -> None: ...
    def reply(self) -> Reply: ...

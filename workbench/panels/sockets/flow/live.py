"""The live connections of other pages, seen from outside: what passed at each, from its session's own state."""

from collections.abc import Callable, Iterable
from typing import Protocol

from workbench.panels.sockets.state import Peer, SessionState
from workbench.protocols.flow.looking import TAIL, Passed
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction


class Session(Protocol):
    """What is asked of a session of the console."""

    transcript: Transcript
    state: SessionState


Sessions = Callable[[], Iterable[Session]]
"""The sessions of the moment."""


def passed(sessions: Iterable[Session]) -> list[Passed]:
    """Every open connection by TCP of these sessions, as it stands."""
    return [
        _passed(session, peer)
        for session in sessions
        if session.state.form.transport == "tcp"
        for peer in session.state.peers
        if peer.is_open and peer.local and peer.address
    ]


def _passed(session: Session, peer: Peer) -> Passed:
    sent = session.transcript.stream(peer.channel, Direction.SENT, "tcp")
    received = session.transcript.stream(peer.channel, Direction.RECEIVED, "tcp")
    # Under TLS the records say nothing about lines.
    said = session.transcript.stream(peer.channel, Direction.SENT, "tls") if peer.is_secure else sent
    is_writing = session.state.sending and session.state.selected == peer.channel
    return Passed(
        f"the {session.state.form.role} at {peer.local}",
        peer.local,
        peer.address,
        len(sent),
        len(received),
        said.read(max(0, len(said) - TAIL), len(said)),
        is_writing,
        bool(peer.end),
    )

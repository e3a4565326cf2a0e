"""What can be done follows from the state alone."""

from dataclasses import replace

import pytest

from workbench.panels.sockets.state import Form, Peer, SessionState
from workbench.wire.ends import HalfState

OPEN = SessionState(phase="open", peers=(Peer(1, "a:1", "b:2"), Peer(2, "a:3", "b:2")), selected=1)


def with_peer(**fields: object) -> SessionState:
    return replace(OPEN, peers=(replace(OPEN.peers[0], **fields), OPEN.peers[1]))


def test_an_open_connection_can_do_everything():
    assert OPEN.peer == OPEN.peers[0]
    assert (OPEN.can_send, OPEN.can_finish, OPEN.can_abort, OPEN.is_live) == (True, True, True, True)
    assert OPEN.why_not_send == ""


@pytest.mark.parametrize(
    ("state", "reason", "can_abort"),
    [
        (SessionState(), "connect first", False),
        (SessionState(form=Form(role="listener")), "listen first", False),
        (replace(OPEN, phase="ended"), "connect first", False),
        (replace(OPEN, sending=True), "the last payload is still being sent", True),
        (replace(OPEN, selected=None), "not connected yet", False),
        (replace(OPEN, selected=None, form=Form(role="listener")), "nobody has connected yet", False),
        (with_peer(sending=HalfState.FINISHED), "this side has finished sending", True),
        (with_peer(sending=HalfState.RESET, is_open=False), "this connection has ended", False),
    ],
)
def test_what_cannot_be_sent_says_why(state, reason, can_abort):
    assert not state.can_send
    assert not state.can_finish
    assert state.why_not_send == reason
    assert state.can_abort is can_abort


def test_udp_has_nothing_to_finish_or_to_reset():
    state = replace(OPEN, form=Form(transport="udp"))
    assert state.can_send
    assert not state.can_finish
    assert not state.can_abort

"""The table of states, and servers that lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.imap.machine import TABLE, ImapMachine
from workbench.protocols.imap.sentences import COMMANDS
from workbench.protocols.imap.values import Command, Status

STEPS = [
    (None, b"* OK hi\r\n", "anonymous"),
    (Command("CAPABILITY"), b"* CAPABILITY IMAP4rev1\r\nA1 OK\r\n", "anonymous"),
    (Command("LOGIN"), b"A2 NO wrong\r\n", "anonymous"),
    (Command("LOGIN"), b"A3 OK in\r\n", "authenticated"),
    (Command("EXAMINE"), b"* 3 EXISTS\r\nA4 OK open\r\n", "selected"),
    (Command("FETCH"), b"A5 OK done\r\n", "selected"),
    (Command("EXAMINE"), b"A6 NO none\r\n", "authenticated"),
    (Command("LOGOUT"), b"* BYE\r\nA7 OK\r\n", "closing"),
]


def walked(until: str) -> ImapMachine:
    machine = ImapMachine()
    for command, answer, state in STEPS:
        if command is not None:
            assert command.verb in machine.can_send
            machine.send(command)
        machine.receive(answer)
        while machine.next() is not None:
            pass
        assert machine.state == state
        if state == until:
            break
    return machine


def test_a_conversation_walks_through_the_table():
    assert walked("closing").can_send == ()


def test_the_table_changes_nothing_and_knows_only_commands_that_there_are():
    changing = {"SELECT", "CREATE", "DELETE", "RENAME", "APPEND", "STORE", "COPY", "MOVE", "EXPUNGE", "CLOSE"}
    for verbs in TABLE.values():
        assert not changing & set(verbs)
        assert {verb.partition(" ")[0] for verb in verbs} <= set(COMMANDS)
        assert set(verbs.values()) <= set(TABLE)


@pytest.mark.parametrize(
    ("state", "verb"),
    [("anonymous", "FETCH"), ("authenticated", "FETCH"), ("selected", "LOGIN"), ("closing", "NOOP")],
)
def test_what_may_not_go_now_is_refused_and_nothing_changes(state: str, verb: str):
    machine = walked(state)
    with pytest.raises(LocalMisuse, match="can't be sent now"):
        machine.send(Command(verb))
    assert (machine.state, machine.pending) == (state, None)


@pytest.mark.parametrize(
    ("state", "data", "what"),
    [
        ("anonymous", b"A9 OK\r\n", "which was not asked"),
        ("anonymous", b"A1 OK\r\n", "which was not asked"),
        ("anonymous", b"+ go\r\n", "nothing was begun"),
        ("anonymous", b"* PREAUTH again\r\n", "greets again"),
    ],
)
def test_what_nobody_asked_for_is_told(state: str, data: bytes, what: str):
    machine = walked(state)
    machine.receive(data)
    with pytest.raises(PeerMisbehaved, match=what):
        machine.next()


@pytest.mark.parametrize(
    ("data", "state"),
    [(b"* PREAUTH in\r\n", "authenticated"), (b"* BYE no\r\n", "closing"), (b"* OK\r\n", "anonymous")],
)
def test_a_greeting_says_how_one_stands(data: bytes, state: str):
    machine = ImapMachine()
    machine.receive(data)
    assert isinstance(machine.next(), Status)
    assert machine.state == state


@pytest.mark.parametrize("data", [b"* NO\r\n", b"* BAD x\r\n", b"* 1 EXISTS\r\n", b"+ x\r\n", b"A1 OK\r\n"])
def test_what_is_no_greeting_is_told(data: bytes):
    machine = ImapMachine()
    machine.receive(data)
    with pytest.raises(PeerMisbehaved):
        machine.next()


def test_a_tag_that_is_not_ours_ends_nothing():
    machine = walked("anonymous")
    machine.send(Command("NOOP"))
    machine.receive(b"A77 OK\r\n")
    with pytest.raises(PeerMisbehaved, match="A77"):
        machine.next()


@given(st.lists(st.binary(max_size=30)), st.sampled_from(["anonymous", "authenticated", "selected"]))
def test_any_octets_in_any_state_make_responses_or_a_complaint(pieces: list[bytes], state: str):
    machine = walked(state)
    try:
        for piece in pieces:
            machine.receive(piece)
            while machine.next() is not None:
                assert machine.state in TABLE
    except PeerMisbehaved:
        return

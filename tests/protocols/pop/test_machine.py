"""The table of states, and servers that lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.pop.codec import MAX_LINE
from workbench.protocols.pop.machine import TABLE, Lines, PopMachine
from workbench.protocols.pop.sentences import COMMANDS
from workbench.protocols.pop.values import Command, Reply

STEPS = [
    (None, b"+OK hi\r\n", "authorization"),
    (Command("CAPA", lines=True), b"+OK\r\nTOP\r\n.\r\n", "authorization"),
    (Command("USER", "a"), b"+OK\r\n", "authorization"),
    (Command("PASS", "b"), b"-ERR no\r\n", "authorization"),
    (Command("PASS", "c"), b"+OK\r\n", "transaction"),
    (Command("LIST", lines=True), b"+OK\r\n1 10\r\n.\r\n", "transaction"),
    (Command("RETR", "9", lines=True), b"-ERR none\r\n", "transaction"),
    (Command("QUIT"), b"+OK\r\n", "closing"),
]


def walked(until: str, n: int = 1000) -> tuple[PopMachine, list[object]]:
    machine, heard = PopMachine(), []
    for command, answer, state in STEPS:
        if command is not None:
            machine.send(command)
        for piece in chop(answer, n):
            machine.receive(piece)
            while (found := machine.next()) is not None:
                heard.append(found)
        assert machine.state == state
        if state == until:
            break
    return machine, heard


@pytest.mark.parametrize("n", [1, 2, 1000])
def test_a_conversation_walks_through_the_table(n: int):
    machine, heard = walked("closing", n)
    assert machine.can_send == ()
    text = b"".join(found.data for found in heard if isinstance(found, Lines))
    assert text == b"TOP\r\n1 10\r\n"
    assert sum(isinstance(found, Reply) for found in heard) == len(STEPS)
    assert sum(found.done for found in heard if isinstance(found, Lines)) == 2


def test_the_table_deletes_nothing_and_knows_only_commands_that_there_are():
    for verbs in TABLE.values():
        assert not {"DELE", "RSET"} & set(verbs)
        assert set(verbs) <= set(COMMANDS)
        assert set(verbs.values()) <= set(TABLE)


@pytest.mark.parametrize(
    ("state", "verb"), [("authorization", "RETR"), ("transaction", "PASS"), ("closing", "STAT")]
)
def test_what_may_not_go_now_is_refused_and_nothing_changes(state: str, verb: str):
    machine, _ = walked(state)
    with pytest.raises(LocalMisuse, match="can't be sent now"):
        machine.send(Command(verb, "1"))
    assert (machine.state, machine.pending) == (state, None)


@pytest.mark.parametrize("data", [b"+OK unasked\r\n", b"220 smtp\r\n", b"x" * (MAX_LINE + 2)])
def test_what_nobody_asked_for_is_told(data: bytes):
    machine, _ = walked("authorization")
    machine.receive(data)
    with pytest.raises(PeerMisbehaved):
        machine.next()


def test_what_came_before_tls_is_given_back():
    machine, _ = walked("authorization")
    machine.send(Command("STLS"))
    machine.receive(b"+OK go\r\n+OK injected\r\n")
    assert machine.next() == Reply(True, "go")
    assert machine.secured() == b"+OK injected\r\n"


@given(st.lists(st.binary(max_size=30)), st.sampled_from(["authorization", "transaction"]), st.booleans())
def test_any_octets_in_any_state_make_answers_or_a_complaint(pieces: list[bytes], state: str, lines: bool):
    machine, _ = walked(state)
    machine.send(Command("CAPA", lines=lines))
    try:
        for piece in pieces:
            machine.receive(piece)
            while machine.next() is not None:
                assert machine.state in TABLE
    except PeerMisbehaved:
        return

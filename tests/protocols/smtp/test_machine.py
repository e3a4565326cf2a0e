"""The table of states, the conversation in every cut, and servers that lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.smtp.machine import TABLE, Answered, SmtpMachine
from workbench.protocols.smtp.sentences import COMMANDS
from workbench.protocols.smtp.values import Command, Reply

TALK: list[tuple[Command | None, bytes, str]] = [
    (None, b"220 ready\r\n", "hello"),
    (Command("EHLO", b"[127.0.0.1]"), b"250-hi\r\n250 SIZE\r\n", "ready"),
    (Command("AUTH", b"LOGIN"), b"334 VXNlcg==\r\n", "auth"),
    (Command("", b"YQ=="), b"334 UGFzcw==\r\n", "auth"),
    (Command("", b"Yg==", 0), b"235 in\r\n", "ready"),
    (Command("MAIL", b"FROM:<a@b>"), b"250 ok\r\n", "sender"),
    (Command("RCPT", b"TO:<x@b>"), b"550 no\r\n", "sender"),
    (Command("RCPT", b"TO:<y@b>"), b"250 ok\r\n", "recipients"),
    (Command("DATA"), b"354 go\r\n", "letter"),
    (Command("."), b"250 queued\r\n", "ready"),
    (Command("QUIT"), b"221 bye\r\n", "closing"),
]


@pytest.mark.parametrize("n", [1, 2, 1000])
def test_a_conversation_walks_through_the_table(n: int):
    machine = SmtpMachine()
    for command, answer, state in TALK:
        if command is not None:
            assert command.verb in machine.can_send
            machine.send(command)
        for piece in chop(answer, n):
            assert machine.next() is None
            machine.receive(piece)
        answered = machine.next()
        assert answered is not None
        assert answered.command == command
        assert machine.state == state
    assert machine.can_send == ()


def test_the_table_knows_only_commands_and_states_that_there_are():
    for verbs in TABLE.values():
        for verb, following in verbs.items():
            assert verb in ("", ".") or verb in COMMANDS
            assert {4, 5} <= set(following) or verb == "."
            assert set(following.values()) <= set(TABLE)


def at(state: str) -> SmtpMachine:
    machine = SmtpMachine()
    for command, answer, reached in TALK:
        if command is not None:
            machine.send(command)
        machine.receive(answer)
        machine.next()
        if reached == state:
            return machine
    raise AssertionError(state)


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        ("hello", "MAIL"),
        ("ready", "RCPT"),
        ("sender", "DATA"),
        ("sender", "MAIL"),
        ("letter", "QUIT"),
        ("auth", "MAIL"),
    ],
)
def test_what_may_not_go_now_is_refused_and_nothing_changes(state: str, verb: str):
    machine = at(state)
    with pytest.raises(LocalMisuse, match="can't be sent now"):
        machine.send(Command(verb, b"x"))
    assert (machine.state, machine.pending) == (state, None)


def test_one_command_at_a_time():
    machine = at("ready")
    machine.send(Command("NOOP"))
    with pytest.raises(LocalMisuse, match="NOOP is not answered yet"):
        machine.send(Command("NOOP"))


@pytest.mark.parametrize(
    ("state", "command", "answer", "committed"),
    [
        ("sender", Command("RCPT", b"TO:<a@b>"), b"354 go on\r\n", "no"),
        ("recipients", Command("DATA"), b"250 have it\r\n", "no"),
        ("letter", Command("."), b"354 more\r\n", "maybe"),
        ("ready", Command("MAIL", b"FROM:<>"), b"334 \r\n", "no"),
    ],
)
def test_codes_that_lie_are_told(state: str, command: Command, answer: bytes, committed: str):
    machine = at(state)
    machine.send(command)
    machine.receive(answer)
    with pytest.raises(PeerMisbehaved, match="makes no sense") as caught:
        machine.next()
    assert caught.value.committed == committed


def test_a_reply_that_nobody_asked_for_is_told():
    machine = at("ready")
    machine.receive(b"250 unasked\r\n")
    with pytest.raises(PeerMisbehaved, match="nobody asked for"):
        machine.next()


def test_the_server_may_close_down_at_any_moment_and_say_no_to_a_letter_early():
    machine = at("ready")
    machine.receive(b"421 too long\r\n")
    assert machine.next() == Answered(None, Reply(421, (b"too long",)))
    assert machine.state == "closing"
    machine = at("letter")
    machine.receive(b"552 too large\r\n")
    assert machine.next() == Answered(None, Reply(552, (b"too large",)))
    assert machine.state == "closing"


def test_what_came_before_tls_is_given_back():
    machine = at("ready")
    machine.send(Command("STARTTLS"))
    machine.receive(b"220 go\r\n250 injected\r\n")
    assert machine.next() is not None
    assert machine.secured() == b"250 injected\r\n"
    assert machine.next() is None


@given(
    st.lists(st.binary(max_size=40)), st.sampled_from(["hello", "ready", "sender", "recipients", "letter"])
)
def test_any_octets_in_any_state_make_answers_or_a_complaint(pieces: list[bytes], state: str):
    machine = at(state)
    try:
        for piece in pieces:
            machine.receive(piece)
            while machine.next() is not None:
                assert machine.state in TABLE
    except PeerMisbehaved:
        return

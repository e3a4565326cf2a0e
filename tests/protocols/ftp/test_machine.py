"""Commands and replies are paired, and a reply is never lost."""

import pytest

from tests.kit.chop import chop
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.ftp.machine import TABLE, FtpMachine
from workbench.protocols.ftp.values import Command


def ready() -> FtpMachine:
    machine = FtpMachine()
    machine.receive(b"120 soon\r\n220 now\r\n")
    assert machine.state == "ready"
    return machine


@pytest.mark.parametrize("n", [1, 2, 100])
def test_a_transfer_has_two_replies_however_they_are_cut(n: int):
    machine = ready()
    retrieve = Command("RETR", b"x")
    machine.send(retrieve)
    got = [answered for piece in chop(b"150 here\r\n226 done\r\n", n) for answered in machine.receive(piece)]
    assert [(answered.command, answered.reply.code) for answered in got] == [(retrieve, 150), (retrieve, 226)]
    assert (machine.state, machine.pending) == ("ready", None)


def test_a_command_waits_until_the_last_reply_to_the_one_before():
    machine = ready()
    machine.send(Command("RETR", b"x"))
    machine.receive(b"150 here\r\n")
    assert machine.owes_reply()
    with pytest.raises(LocalMisuse, match="RETR is not over yet"):
        machine.send(Command("PWD"))
    assert machine.receive(b"226 late\r\n")[0].command == Command("RETR", b"x")
    machine.send(Command("PWD"))
    assert machine.receive(b'257 "/"\r\n')[0].command == Command("PWD")


def test_a_reply_that_nobody_asked_for_is_told():
    with pytest.raises(PeerMisbehaved, match="nobody asked for"):
        ready().receive(b"226 again\r\n")


def test_421_comes_at_any_time_and_ends_it():
    machine = ready()
    assert machine.receive(b"421 too long idle\r\n")[0].command is None
    with pytest.raises(LocalMisuse, match="closing"):
        machine.send(Command("NOOP"))


def test_before_the_greeting_nothing_is_said():
    with pytest.raises(LocalMisuse, match="not greeted"):
        FtpMachine().send(Command("NOOP"))
    refused = FtpMachine()
    refused.receive(b"530 go away\r\n")
    assert refused.state == "closing"


def test_renaming_goes_through_more_and_quit_ends():
    machine = ready()
    machine.send(Command("RNFR", b"a"))
    machine.receive(b"350 and now?\r\n")
    assert machine.state == "more"
    machine.send(Command("RNTO", b"b"))
    machine.receive(b"250 done\r\n")
    machine.send(Command("QUIT"))
    machine.receive(b"221 bye\r\n")
    assert machine.state == "closing"
    machine.receive(b"")
    with pytest.raises(LocalMisuse, match="has ended"):
        machine.send(Command("NOOP"))


def test_a_wrong_command_changes_nothing():
    machine = ready()
    with pytest.raises(LocalMisuse):
        machine.send(Command("DELE", b"a\nb"))
    assert machine.can_send


def test_the_table_leads_to_its_own_states_only():
    states = {state for state, _ in TABLE} | {"closing", "closed"}
    assert set(TABLE.values()) <= states

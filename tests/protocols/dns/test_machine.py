"""One question without a socket: what is accepted, what is told and forgotten, and how it goes on by TCP."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from tests.protocols.dns.messages import NAME, response
from workbench.errors import LocalMisuse
from workbench.protocols.dns.machine import (
    TABLE,
    Event,
    Frames,
    LookupMachine,
    State,
    Truncated,
    framed,
    random_id,
)
from workbench.protocols.dns.values import PLAIN, Ignored, Message, Question, Wish

RIGHT = response("www.lab.test. 300 A 192.0.2.1", number=7)
SERVER = "192.0.2.53:53"


def asked(wish: Wish = PLAIN, *ids: int) -> LookupMachine:
    numbers = iter(ids or (7, 8))
    machine = LookupMachine(Question(NAME, "A"), wish, lambda: next(numbers))
    machine.ask()
    return machine


def test_the_right_answer_is_accepted():
    machine = asked()
    message = machine.receive(RIGHT, SERVER)
    assert isinstance(message, Message)
    assert [record.data for record in message.answers] == ["192.0.2.1"]
    assert machine.state is State.DONE


def test_the_name_may_come_back_in_other_letters():
    machine = LookupMachine(Question("WWW.lab.TEST.", "A"), Wish(), lambda: 7)
    machine.ask()
    assert isinstance(machine.receive(RIGHT, SERVER), Message)


def bent(change: dict[int, int]) -> bytes:
    data = bytearray(RIGHT)
    for place, octet in change.items():
        data[place] = octet
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "is_server", "reason"),
    [
        (RIGHT, False, "source"),
        (bent({1: 8}), True, "id"),
        (bent({13: ord("x")}), True, "question"),
        (response("www.lab.test. 300 AAAA 2001:db8::1", kind="AAAA", number=7), True, "question"),
        (bent({2: 0x01}), True, "query"),
        (b"", True, "malformed"),
        (b"no message of DNS at all", True, "malformed"),
        (RIGHT[:40], True, "malformed"),
        (response(number=7)[:12].replace(b"\0\1", b"\0\0", 1), True, "question"),
    ],
)
def test_what_does_not_belong_is_told_and_the_question_goes_on(data: bytes, is_server: bool, reason: str):
    machine = asked()
    ignored = machine.receive(data, SERVER, is_server=is_server)
    assert isinstance(ignored, Ignored)
    assert (ignored.reason, ignored.size, ignored.source) == (reason, len(data), SERVER)
    assert ignored.sentence
    assert machine.state is State.UDP
    assert isinstance(machine.receive(RIGHT, SERVER), Message)


def test_an_answer_that_belongs_and_makes_no_sense_is_remembered():
    machine = asked()
    machine.receive(RIGHT[:40], SERVER)
    assert machine.malformed is not None
    assert machine.malformed.exit_code == 4
    other = asked()
    other.receive(bent({0: 9})[:40], SERVER)
    assert other.malformed is None


@pytest.mark.parametrize("rcode", ["FORMERR", "SERVFAIL", "NOTIMP", "REFUSED"])
def test_a_server_that_understood_too_little_may_leave_the_question_out(rcode: str):
    data = bytearray(response(rcode=rcode, number=7)[:12])
    data[4:12] = bytes(8)
    assert isinstance(asked().receive(bytes(data), SERVER), Message)


@pytest.mark.parametrize("rcode", ["NOERROR", "NXDOMAIN"])
def test_no_other_answer_may(rcode: str):
    data = bytearray(response(rcode=rcode, number=7)[:12])
    data[4:12] = bytes(8)
    assert isinstance(asked().receive(bytes(data), SERVER), Ignored)


@pytest.mark.parametrize("size", [len(RIGHT), 40, 30])
def test_a_truncated_answer_leads_on_to_tcp_wherever_it_was_cut(size: int):
    machine = asked()
    assert isinstance(machine.receive(bent({2: 0x83})[:size], SERVER), Truncated)
    assert machine.state is State.TCP
    assert machine.ask_again()[:2] == b"\0\x08"
    assert isinstance(machine.receive(response("www.lab.test. 300 A 192.0.2.1", number=8), SERVER), Message)


def test_a_truncated_answer_with_the_wrong_id_leads_nowhere():
    machine = asked()
    assert isinstance(machine.receive(bent({1: 9, 2: 0x83}), SERVER), Ignored)
    assert machine.state is State.UDP


def test_by_tcp_a_message_says_truncated_in_vain():
    machine = asked(Wish("tcp"))
    assert isinstance(machine.receive(bent({2: 0x83}), SERVER), Message)


def test_a_query_is_repeated_with_the_same_octets():
    numbers = iter((7, 8))
    machine = LookupMachine(Question(NAME, "A"), Wish(), lambda: next(numbers))
    first = machine.ask()
    assert machine.retransmit() == first
    assert machine.retransmit() == first


def test_ids_are_not_guessed():
    assert len({random_id() for _ in range(200)}) > 150
    assert all(0 <= random_id() < 65536 for _ in range(100))


@pytest.mark.parametrize("state", State)
def test_every_state_but_the_last_leads_somewhere(state: State):
    assert any(before is state for before, _ in TABLE) is (state is not State.DONE)
    assert state is State.READY or state in TABLE.values()


@pytest.mark.parametrize("event", Event)
def test_every_event_leads_somewhere(event: Event):
    assert any(each is event for _, each in TABLE)


def test_what_the_table_does_not_have_is_refused():
    machine = asked()
    with pytest.raises(LocalMisuse):
        machine.ask()
    with pytest.raises(LocalMisuse):
        machine.ask_again()
    machine.receive(RIGHT, SERVER)
    with pytest.raises(LocalMisuse):
        machine.retransmit()
    with pytest.raises(LocalMisuse):
        machine.receive(RIGHT, SERVER)


@given(st.binary(max_size=120), st.booleans())
def test_no_octets_of_a_stranger_end_the_question(data: bytes, is_server: bool):
    machine = asked()
    verdict = machine.receive(data, SERVER, is_server=is_server)
    if isinstance(verdict, Ignored):
        assert machine.state is State.UDP
    else:
        assert data[:2] == b"\0\7"


# ---- messages in a stream


@pytest.mark.parametrize("n", [1, 2, 3, 7, 100])
def test_the_same_messages_however_the_stream_is_cut(n: int):
    frames = Frames()
    sent = [RIGHT, b"", b"x" * 300, RIGHT]
    stream = b"".join(map(framed, sent))
    assert [message for piece in chop(stream, n) for message in frames.receive(piece)] == sent
    assert frames.wanted == (0, 0)


def test_a_message_that_is_not_whole_says_what_is_missing():
    frames = Frames()
    assert frames.receive(framed(RIGHT)[:20]) == []
    assert frames.wanted == (len(RIGHT) + 2, 20)
    assert Frames().wanted == (0, 0)

"""Both sides of a WebSocket conversation: messages however they are cut, control frames between, closing, mistakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.websocket.codec import FrameReader, encode_close, encode_frame
from workbench.protocols.websocket.machine import WebSocketMachine
from workbench.protocols.websocket.values import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Closed,
    Message,
)


def frames_of(data: bytes, sender: str) -> list:
    return [(frame.name, frame.payload) for frame in FrameReader(sender).feed(data)]


def test_a_message_in_pieces_with_a_ping_between():
    client = WebSocketMachine("client")
    data = (
        encode_frame(TEXT, b"gr\xc3", fin=False)
        + encode_frame(PING, b"?")
        + encode_frame(CONTINUATION, b"\xbc\xc3\x9f", fin=False)
        + encode_frame(CONTINUATION, b"e")
    )
    for n in (1, 2, 5, 100):
        client = WebSocketMachine("client")
        events = [event for piece in chop(data, n) for event in client.receive(piece)]
        assert events == [Message("grüße".encode(), True)]
        assert frames_of(client.take(), "client") == [("pong", b"?")]
        assert client.take() == b""


def test_a_client_masks_and_a_server_does_not():
    for role in ("client", "server"):
        machine = WebSocketMachine(role)
        machine.send(b"hi", text=True)
        machine.ping(b"x")
        (first, second) = FrameReader(role).feed(machine.take())
        assert bool(first.key) == (role == "client")
        assert (first.faults, second.faults) == ((), ())


@given(st.lists(st.tuples(st.binary(max_size=60), st.integers(0, 9)), max_size=5), st.integers(1, 30))
def test_two_sides_understand_each_other(messages: list, n: int):
    left, right = WebSocketMachine("client"), WebSocketMachine("server")
    for data, fragment in messages:
        left.send(data, text=False, fragment=fragment)
    left.close(4000, "enough")
    events = [event for piece in chop(left.take(), n) for event in right.receive(piece)]
    assert events == [*(Message(data, False) for data, _ in messages), Closed(4000, "enough")]
    assert left.receive(right.take()) == (Closed(4000, ""),)
    assert (left.state, right.state) == ("closed", "closed")
    assert left.take() == b""


def test_after_its_close_nothing_is_sent_and_nothing_is_heard():
    machine = WebSocketMachine("client")
    machine.close()
    for call in (machine.close, machine.ping, lambda: machine.send(b"x", text=True)):
        with pytest.raises(LocalMisuse):
            call()
    machine.take()
    # The other side may still finish what it was saying.
    assert machine.receive(encode_frame(TEXT, b"late")) == (Message(b"late", True),)
    assert machine.receive(encode_frame(PING, b"x")) == ()
    assert machine.take() == b""
    behind = encode_frame(TEXT, b"behind")
    assert machine.receive(encode_frame(CLOSE, encode_close(1000)) + behind) == (Closed(1000, ""),)
    assert machine.receive(behind) == ()
    machine.end()


@pytest.mark.parametrize(
    ("data", "words", "code"),
    [
        (encode_frame(TEXT, b"\xff"), "no UTF-8", 1007),
        (encode_frame(TEXT, b"\xc3"), "no UTF-8", 1007),
        (encode_frame(TEXT, b"x", key=b"1234"), "masks no frame", 1002),
        (encode_frame(TEXT, b"x", reserved=1), "reserved bits", 1002),
        (encode_frame(CONTINUATION, b"x"), "nobody began", 1002),
        (encode_frame(TEXT, b"x", fin=False) + encode_frame(BINARY, b"y"), "before the last one ended", 1002),
        (b"\x82\x7f\x10" + b"\0" * 7, "announces", 1009),
        (encode_frame(CLOSE, b"\x03"), "two octets", 1002),
    ],
)
def test_a_peer_that_breaks_the_rules_is_told_so(data: bytes, words: str, code: int):
    machine = WebSocketMachine("client")
    with pytest.raises(PeerMisbehaved, match=words):
        machine.receive(data)
    (told,) = FrameReader("client").feed(machine.take())
    assert told.close_code == code
    assert machine.state == "closing"


def test_text_is_judged_at_the_first_wrong_octet():
    machine = WebSocketMachine("client")
    with pytest.raises(PeerMisbehaved, match="UTF-8"):
        machine.receive(encode_frame(TEXT, b"ab\xff", fin=False))


def test_an_end_without_a_close_says_where_it_was():
    machine = WebSocketMachine("client")
    machine.receive(encode_frame(TEXT, b"hello")[:4])
    with pytest.raises(PeerMisbehaved, match="in the middle of a frame"):
        machine.end()


def test_what_is_no_text_is_not_sent_as_one():
    machine = WebSocketMachine("client")
    with pytest.raises(LocalMisuse):
        machine.send(b"\xff", text=True)
    with pytest.raises(LocalMisuse):
        machine.ping(b"x" * 126)
    assert machine.take() == b""
    assert frames_of(encode_frame(PONG, b"x"), "server") == [("pong", b"x")]


@given(st.binary(max_size=200), st.integers(1, 30))
def test_any_octets_are_messages_or_misbehaviour(data: bytes, n: int):
    machine = WebSocketMachine("server")
    try:
        for piece in chop(data, n):
            machine.receive(piece)
    except PeerMisbehaved:
        assert machine.state in ("closing", "closed")

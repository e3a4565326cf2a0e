"""One connection's octets as rows of Telnet or WebSocket, and the octets of a person's answers, without Qt."""

import pytest

from workbench.errors import LocalMisuse
from workbench.panels.sockets import decoding as module
from workbench.panels.sockets.decoding import Decoding, greeting, negotiation
from workbench.protocols.telnet.codec import encode
from workbench.protocols.websocket.codec import FrameReader, encode_frame
from workbench.transcript.recorder import Transcript


@pytest.fixture
def transcript():
    transcript = Transcript()
    yield transcript
    transcript.close()


def looked(decoding: Decoding) -> list[str]:
    while decoding.look():
        pass
    return [f"{row.direction.arrow} {row.what}" for row in decoding.rows]


def test_wishes_are_named_across_reads_and_refused_once(transcript: Transcript):
    channel = transcript.open("x", "tcp")
    transcript.open("other", "tcp").received(encode("WILL", 31))
    decoding = Decoding(transcript)
    decoding.follow(0, "telnet")
    channel.received(b"\xff\xfb")
    assert looked(decoding) == []
    channel.received(b"\x01login: ")
    channel.sent(encode("DO", 3))
    assert looked(decoding) == ["← IAC WILL ECHO", "← login: ", "→ IAC DO SUPPRESS-GO-AHEAD"]
    assert [row.event for row in decoding.rows] == [2, 2, 3]
    assert decoding.unanswered == 1
    # A wish is named and counted, and nothing leaves until a person says so.
    assert len(transcript) == 4
    assert decoding.refuse_all() == encode("DONT", 1)
    assert decoding.unanswered == 0
    with pytest.raises(LocalMisuse):
        decoding.refuse_all()


def test_frames_of_both_sides_and_what_breaks_the_rules(transcript: Transcript):
    channel = transcript.open("x", "tcp")
    channel.sent(greeting("127.0.0.1:80"))
    channel.received(b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x81")
    decoding = Decoding(transcript)
    decoding.follow(0, "websocket")
    channel.received(b"\x02hi")
    channel.sent(encode_frame(9, b"?"))
    channel.received(b"\x82\x7f\x10" + b"\0" * 7)
    assert looked(decoding) == ["← FIN text, 2 B: hi", "→ FIN ping, 1 B: ?"]
    assert "a client masks every frame" in decoding.rows[1].text
    assert "announces" in decoding.fault


def test_under_tls_what_is_inside_is_read(transcript: Transcript):
    channel = transcript.open("x", "tcp")
    channel.received(b"clear")
    channel.fact("tls.started", role="client")
    channel.received(b"\x17\x03\x03\xff\xfb\x01")
    channel.received(encode("WILL", 1), layer="tls")
    decoding = Decoding(transcript)
    decoding.follow(0, "telnet")
    assert looked(decoding) == ["← clear", "← IAC WILL ECHO"]


def test_rows_have_a_bound(transcript: Transcript, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MAX_ROWS", 10)
    channel = transcript.open("x", "tcp")
    decoding = Decoding(transcript)
    decoding.follow(0, "telnet")
    channel.received(encode("WILL", 1) * 50)
    assert len(looked(decoding)) == 10
    assert decoding.is_full
    assert not decoding.look()


def test_a_stream_of_commands_is_taken_in_a_little_at_a_time(transcript: Transcript):
    channel = transcript.open("x", "tcp")
    channel.received(b"\xff\xf1" * 131_072)
    decoding = Decoding(transcript)
    decoding.follow(0, "telnet")
    assert decoding.look()
    assert 0 < len(decoding.rows) < 20_000
    assert len(looked(decoding)) == 20_000
    assert decoding.is_full


def test_a_long_text_is_one_row_with_all_its_octets(transcript: Transcript):
    channel = transcript.open("x", "tcp")
    channel.received(b"words " * 20_000)
    channel.received(b"a\xff\xff" * 1_000)
    decoding = Decoding(transcript)
    decoding.follow(0, "telnet")
    assert len(looked(decoding)) == 2
    assert decoding.rows[0].octets == 120_000
    assert decoding.rows[1].octets == 2_000


def test_a_side_sends_frames_as_its_role_has_it(transcript: Transcript):
    decoding = Decoding(transcript)
    decoding.follow(0, "websocket")
    for kind, text, name in (
        ("text", "grüße", "text"),
        ("ping", "", "ping"),
        ("pong", "x", "pong"),
        ("close", "", "close"),
    ):
        (frame,) = FrameReader("client").feed(decoding.frame(kind, text))
        assert (frame.name, frame.faults) == (name, ())
    (frame,) = FrameReader("client").feed(decoding.frame("close", "4000 enough"))
    assert (frame.close_code, frame.close_reason) == (4000, "enough")
    decoding.follow(0, "websocket", is_server=True)
    (frame,) = FrameReader("server").feed(decoding.frame("text", "x"))
    assert not frame.key
    for kind, text in (("close", "soon"), ("close", "1005"), ("ping", "x" * 126)):
        with pytest.raises(LocalMisuse):
            decoding.frame(kind, text)


def test_a_negotiation_is_written_by_name_or_number():
    assert negotiation("DO", "naws") == b"\xff\xfd\x1f"
    assert negotiation("WONT", "200") == b"\xff\xfc\xc8"
    with pytest.raises(LocalMisuse):
        negotiation("WONT", "nothing")
    with pytest.raises(LocalMisuse):
        greeting("http://h/")


def test_nobody_is_followed_at_first(transcript: Transcript):
    assert not Decoding(transcript).look()

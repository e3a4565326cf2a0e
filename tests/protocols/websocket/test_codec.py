"""Frames of WebSocket: the examples of RFC 6455 section 5.7, every cut, and what breaks the rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.websocket.codec import FrameReader, encode_close, encode_frame, masked, new_key
from workbench.protocols.websocket.values import (
    BINARY,
    CLOSE,
    CLOSE_CODES,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Frame,
    close_meaning,
)

KEY = bytes.fromhex("37fa213d")
# Section 5.7, in its order: octets, who sends them, FIN, opcode, payload.
EXAMPLES = [
    ("81 05 48 65 6c 6c 6f", "server", True, TEXT, b"Hello"),
    ("81 85 37 fa 21 3d 7f 9f 4d 51 58", "client", True, TEXT, b"Hello"),
    ("01 03 48 65 6c", "server", False, TEXT, b"Hel"),
    ("80 02 6c 6f", "server", True, CONTINUATION, b"lo"),
    ("89 05 48 65 6c 6c 6f", "server", True, PING, b"Hello"),
    ("8a 85 37 fa 21 3d 7f 9f 4d 51 58", "client", True, PONG, b"Hello"),
    ("82 7E 01 00" + "aa" * 256, "server", True, BINARY, b"\xaa" * 256),
    ("82 7F 00 00 00 00 00 01 00 00" + "aa" * 65536, "server", True, BINARY, b"\xaa" * 65536),
]


@pytest.mark.parametrize(("octets", "sender", "fin", "opcode", "payload"), EXAMPLES)
def test_the_examples_of_the_rfc_are_read_and_written(octets, sender, fin, opcode, payload):
    data = bytes.fromhex(octets)
    (frame,) = FrameReader(sender).feed(data)
    assert (frame.fin, frame.opcode, frame.payload) == (fin, opcode, payload)
    assert frame.faults == ()
    assert (frame.start, frame.stop, frame.size) == (0, len(data), len(payload))
    assert encode_frame(opcode, payload, fin=fin, key=frame.key) == data


STREAM = b"".join(bytes.fromhex(each[0]) for each in EXAMPLES[:7] if each[1] == "server")


@pytest.mark.parametrize("n", [1, 2, 3, 7, 1000])
def test_same_frames_however_the_octets_are_cut(n: int):
    reader = FrameReader("server")
    frames = [frame for piece in chop(STREAM, n) for frame in reader.feed(piece)]
    assert [frame.name for frame in frames] == ["text", "text", "continuation", "ping", "binary"]
    assert [frame.start for frame in frames[1:]] == [frame.stop for frame in frames[:-1]]
    assert reader.rest == b""


@pytest.mark.parametrize(
    ("octets", "sender", "words"),
    [
        ("8100", "client", "a client masks"),
        ("8180" + KEY.hex(), "server", "a server masks no"),
        ("c100", "server", "reserved bits 100"),
        ("8300", "server", "opcode 3 is reserved"),
        ("0900", "server", "never fragmented"),
        ("897e007e" + "61" * 126, "server", "at most 125"),
        ("817e0001" + "61", "server", "longer than need be"),
        ("880101", "server", "two octets of code"),
        ("880203ed", "server", "1005 may not stand"),
        ("88020000", "server", "0 may not stand"),
        ("8803" + "03e8" + "ff", "server", "no UTF-8"),
    ],
)
def test_what_breaks_the_rules_is_read_and_named(octets: str, sender: str, words: str):
    (frame,) = FrameReader(sender).feed(bytes.fromhex(octets))
    assert words in " ".join(frame.faults)


@pytest.mark.parametrize(
    "size", ["7f7fffffffffffffff", "7f0000000001000001", "ff1000000000000000" + "00" * 4]
)
def test_a_promise_of_too_much_is_refused_by_its_header(size: str):
    with pytest.raises(PeerMisbehaved, match="announces"):
        FrameReader("server").feed(bytes.fromhex("82" + size))


@given(
    st.lists(
        st.tuples(st.sampled_from([0, 1, 2, 9, 10]), st.binary(max_size=300), st.booleans(), st.booleans()),
        max_size=6,
    ),
    st.integers(1, 50),
)
def test_what_is_written_reads_back(frames: list, n: int):
    data = b"".join(
        encode_frame(op, payload, fin=fin, key=KEY if m else b"") for op, payload, fin, m in frames
    )
    reader = FrameReader("client")
    got = [frame for piece in chop(data, n) for frame in reader.feed(piece)]
    assert [(f.opcode, f.payload, f.fin, bool(f.key)) for f in got] == frames


@given(st.binary(max_size=200), st.integers(1, 20))
def test_any_octets_are_frames_or_misbehaviour_and_cutting_changes_nothing(data: bytes, n: int):
    def read(size: int) -> object:
        reader = FrameReader("server")
        try:
            return [frame for piece in chop(data, size) for frame in reader.feed(piece)], reader.rest
        except PeerMisbehaved as failure:
            return failure.what

    assert read(n) == read(10_000)


@given(st.binary(max_size=50), st.binary(min_size=4, max_size=4))
def test_a_mask_comes_off_as_it_went_on(payload: bytes, key: bytes):
    slow = bytes(octet ^ key[at % 4] for at, octet in enumerate(payload))
    assert masked(payload, key) == slow
    assert masked(slow, key) == payload


def test_a_mask_is_another_one_each_time():
    assert len({new_key() for _ in range(20)}) > 15


@pytest.mark.parametrize("code", [999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 70_000, -1])
def test_codes_that_may_not_be_sent_are_not(code: int):
    with pytest.raises(LocalMisuse):
        encode_close(code)


def test_a_close_has_a_code_and_words_or_nothing():
    assert encode_close(1000, "bye") == b"\x03\xe8bye"
    assert encode_close(None) == b""
    for code, words in ((None, "x"), (1000, "x" * 124)):
        with pytest.raises(LocalMisuse):
            encode_close(code, words)
    frame = Frame(True, CLOSE, b"\x03\xe8bye")
    assert (frame.close_code, frame.close_reason) == (1000, "bye")
    assert Frame(True, CLOSE, b"").close_code == 1005
    assert Frame(True, TEXT, b"").close_code is None


@pytest.mark.parametrize("header", [(16, 0, b""), (1, 8, b""), (1, 0, b"123")])
def test_no_header_says_more_than_it_can(header: tuple):
    with pytest.raises(LocalMisuse):
        encode_frame(header[0], reserved=header[1], key=header[2])


def test_every_code_has_a_meaning():
    assert all(known.text for known in CLOSE_CODES.values())
    assert "private" in close_meaning(4000)
    assert "registered" in close_meaning(3000)
    assert "no code" in close_meaning(2000)
    assert close_meaning(1000).startswith("normal")

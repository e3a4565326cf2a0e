"""Chunked bodies; h11 is the oracle."""

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import PeerMisbehaved
from workbench.protocols.http.chunks import MAX_LINE, ChunkReader

BODY = b"5;name=x\r\nhello\r\nA\r\n, world!!!\r\n0\r\nX-T: 1\r\n\r\nmore"


def read(data: bytes, n: int) -> tuple[bytes, bytes, ChunkReader]:
    reader = ChunkReader(0)
    got, behind = b"", b""
    for piece in chop(data, n):
        if reader.is_over:
            behind += piece
            continue
        pieces, rest = reader.feed(piece)
        got += b"".join(pieces)
        behind += rest
    return got, behind, reader


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 1000])
def test_the_same_data_however_it_is_cut(n: int):
    got, behind, reader = read(BODY, n)
    assert (got, behind, reader.is_over) == (b"hello, world!!!", b"more", True)
    told = reader.told
    assert (told.number, told.sizes, told.extensions) == (2, (5, 10), (";name=x",))
    assert [(field.name, field.value) for field in told.trailers] == [("X-T", "1")]


@pytest.mark.parametrize(
    ("data", "what", "place"),
    [
        (b"zz\r\n", "no chunk's size", 0),
        (b"-1\r\n", "no chunk's size", 0),
        (b"0x5\r\nhello", "no chunk's size", 0),
        (b"\r\n", "no chunk's size", 0),
        (b"1" * 16 + b"\r\n", "no chunk's size", 0),
        (b"5\nhello\r\n", "bare LF", 0),
        (b"5\r\nhello\n", "bare LF", 8),
        (b"5\r\nhello!\r\n", "more octets than", 8),
        (b"5\r\nhelloxx", "more octets than", 8),
        (b"3\r\nabc\r\n0\r\nno colon\r\n\r\n", "trailer is no field", 11),
        (b"5" + b" " * MAX_LINE + b"\r\n", "longer than 4096", 0),
        (b"0\r\n" + b"A: " + b"x" * 4000 + b"\r\n", "", 0),
    ],
)
def test_what_is_wrong_is_named_with_its_place(data: bytes, what: str, place: int):
    reader = ChunkReader(100)
    if not what:
        for line in (data, *(data.removeprefix(b"0\r\n"),) * 3):
            reader.feed(line)
        with pytest.raises(PeerMisbehaved, match="trailers do not end"):
            reader.feed(data.removeprefix(b"0\r\n"))
        return
    with pytest.raises(PeerMisbehaved, match=what) as caught:
        reader.feed(data)
    assert f"octet {100 + place} of" in caught.value.what
    assert (caught.value.stage, caught.value.source) == ("body", "RFC 9112 section 7.1")


def test_what_came_before_the_fault_is_kept():
    reader = ChunkReader(0)
    with pytest.raises(PeerMisbehaved):
        reader.feed(b"5\r\nhello\r\nzz\r\n")
    assert reader.salvaged == [b"hello"]


@pytest.mark.parametrize(
    ("cut", "within"),
    [
        (b"5\r\nhel", "2 octets of chunk 1"),
        (b"5\r\nhello", "line end behind chunk 1"),
        (b"5\r\nhello\r\n", "last chunk"),
        (b"0\r\n", "trailers"),
    ],
)
def test_it_says_where_a_body_was_cut(cut: bytes, within: str):
    reader = ChunkReader(0)
    reader.feed(cut)
    assert within in reader.within


def from_h11(data: bytes) -> tuple[bytes, bool] | None:
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + data)
    got, is_over = b"", False
    try:
        while (event := connection.next_event()) is not h11.NEED_DATA and event is not h11.PAUSED:
            if isinstance(event, h11.Data):
                got += bytes(event.data)
            if isinstance(event, h11.EndOfMessage):
                is_over = True
                break
    except h11.RemoteProtocolError:
        return None
    return got, is_over


PIECES = st.sampled_from(
    [
        b"0",
        b"1",
        b"a",
        b"3\r\nabc\r\n",
        b"0\r\n\r\n",
        b"\r\n",
        b"\r",
        b"\n",
        b";x",
        b" ",
        b"5\r\nhello\r\n",
        b"X: y\r\n",
        b"z",
    ]
)


@given(st.lists(PIECES, max_size=12), st.integers(1, 9))
def test_h11_reads_the_same(pieces: list[bytes], n: int):
    data = b"".join(pieces)
    oracle = from_h11(data)
    try:
        got, _, reader = read(data, n)
    except PeerMisbehaved:
        # We stop at what h11 stops at, and at a line that it would wait for.
        assert oracle is None or not oracle[1]
        return
    if oracle is not None:
        assert (got, reader.is_over) == oracle

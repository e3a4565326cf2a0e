"""Heads: each line with its place, every oddity named; what h11 refuses is refused, with the place."""

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import PeerMisbehaved
from workbench.protocols.http.head import (
    MAX_HEAD,
    HeadReader,
    codings_of,
    is_chunked,
    length_of,
    parse,
    read_head,
    text_of,
)

HEAD = b"HTTP/1.1 200 Fine\r\nX-A: 1\r\nx-a:2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n"


def waiting() -> h11.Connection:
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD + 1)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "")]))
    connection.send(h11.EndOfMessage())
    return connection


@pytest.mark.covers("C6.3")
def test_fields_stay_apart_in_their_order_and_spelling():
    head = read_head(HEAD, waiting())
    assert (head.version, head.status, head.reason, head.faults) == ("1.1", 200, "Fine", ())
    assert [(field.name, field.value) for field in head.fields] == [
        ("X-A", "1"),
        ("x-a", "2"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    ]
    assert [HEAD[field.start : field.stop] for field in head.fields][:2] == [b"X-A: 1\r\n", b"x-a:2\r\n"]
    assert head.all("X-a") == ("1", "2")
    assert head.first("nothing") is None


@pytest.mark.parametrize("n", [1, 2, 3, 7, 1000])
def test_a_head_is_found_however_it_is_cut(n: int):
    reader = HeadReader()
    found = None
    for piece in chop(HEAD + b"body", n):
        assert found is None or n == 1 or piece
        if found is None:
            found = reader.feed(piece)
    assert found is not None
    assert found[0] == HEAD


@pytest.mark.parametrize(
    ("raw", "what", "place"),
    [
        (b"HTTP/1.1 2OO OK\r\n\r\n", "status line", 0),
        (b"HTTP/1.1 99 OK\r\n\r\n", "status line", 0),
        (b"HTTP/1.1 700 OK\r\n\r\n", "no status", 9),
        (b"HTTP/2.0 200 OK\r\n\r\n", "HTTP/2.0", 5),
        (b"HTTP/1.1 101 Go\r\n\r\n", "another protocol", 9),
        (b"HTTP/1.1 200 OK\r\nA : 1\r\n\r\n", "white space between", 17),
        (b"HTTP/1.1 200 OK\r\n A: 1\r\n\r\n", "begins with white space", 17),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "no colon", 17),
        (b"HTTP/1.1 200 OK\r\nA@: 1\r\n\r\n", "no name may hold", 17),
        (b"HTTP/1.1 200 OK\r\nA: a\0b\r\n\r\n", "NUL", 17),
        (b"HTTP/1.1 200 OK\r\nA: a\rb\r\n\r\n", "bare CR", 17),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "two lengths", 36),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n", "two lengths", 17),
        (b"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", "no number", 17),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "no number", 17),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "only chunked", 17),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 501 + b"\r\n", "501 fields", 17 + 500 * 6),
    ],
)
def test_what_nobody_should_go_on_with_is_refused_with_its_place(raw: bytes, what: str, place: int):
    with pytest.raises(PeerMisbehaved) as caught:
        read_head(raw, waiting())
    assert what in caught.value.what
    assert f"(octet {place} of the answer)" in caught.value.what
    assert caught.value.stage == "head"
    assert caught.value.source.startswith("RFC 9")


@pytest.mark.parametrize(
    ("raw", "what", "place"),
    [
        (b"HTTP/1.1 200 OK\nA: 1\n\n", "bare LF", 15),
        (b"HTTP/1.1 200 OK\r\nA: 1\r\n 2\r\n\r\n", "second line", 23),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "more than once", 36),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "both a length", 36),
    ],
)
def test_what_is_odd_is_told_beside_the_answer(raw: bytes, what: str, place: int):
    head = read_head(raw, waiting())
    assert [(what in fault.what, fault.start) for fault in head.faults] == [(True, place)]


def test_places_count_from_the_answers_first_octet():
    head = parse(b"HTTP/1.1 200 OK\nA: 1\n\n", at=100)
    assert head.faults[0].start == 115


@pytest.mark.parametrize(
    ("begin", "what"),
    [
        (b"<html>", "does not begin with HTTP/"),
        (b"SSH-2.0-x\r\n", "another protocol"),
        (b"220 mail.test\r\n", "another protocol"),
        (b"\x15\x03\x01\x00\x02\x02F", "record of TLS"),
        (b"http/1.1 200 OK", "does not begin with HTTP/"),
        (b"\r\nHTTP/1.1 200 OK", "does not begin with HTTP/"),
    ],
)
def test_what_is_no_http_is_known_by_its_first_octets(begin: bytes, what: str):
    with pytest.raises(PeerMisbehaved, match=what):
        HeadReader().feed(begin)


def test_a_head_without_end_is_bounded():
    reader = HeadReader()
    line = b"X: " + b"y" * 995 + b"\r\n"
    reader.feed(b"HTTP/1.1 200 OK\r\n")
    for _ in range(MAX_HEAD // len(line)):
        assert reader.feed(line) is None
    with pytest.raises(PeerMisbehaved, match="64 KiB"):
        reader.feed(line)


def test_how_a_body_ends_is_read_from_the_head():
    head = parse(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nContent-Encoding: GZIP , identity\r\n\r\n")
    assert (length_of(head), is_chunked(head), codings_of(head)) == (12, False, ("gzip",))
    head = parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n")
    assert (length_of(head), is_chunked(head)) == (None, True)


def test_octets_of_a_head_are_text_in_any_case():
    assert text_of("Gr\u00fc\u00dfe".encode()) == "Gr\u00fc\u00dfe"
    assert text_of(b"Gr\xfc\xdfe") == "Gr\u00fc\u00dfe"


PIECES = st.sampled_from(
    [
        b"HTTP/1.1 ",
        b"200",
        b" OK",
        b"\r\n",
        b"\n",
        b"A",
        b":",
        b" ",
        b"1",
        b"Content-Length",
        b",",
        b"\0",
        b"\r",
        b"\t",
    ]
)


@given(st.lists(PIECES, max_size=30))
def test_h11_and_we_agree_on_what_is_no_head(pieces: list[bytes]):
    raw = b"HTTP/1.1 200 OK\r\n" + b"".join(pieces) + b"\r\n\r\n"
    found = HeadReader().feed(raw)
    assert found is not None
    try:
        head = read_head(found[0], waiting())
    except PeerMisbehaved:
        return
    event = None
    connection = waiting()
    connection.receive_data(found[0])
    event = connection.next_event()
    assert isinstance(event, h11.Response)
    lengths = {"content-length"}
    ours = [
        (field.name.lower(), " ".join(field.value.split()))
        for field in head.fields
        if field.name.lower() not in lengths
    ]
    theirs = [
        (name.decode(), " ".join(value.decode().split()))
        for name, value in event.headers
        if name.decode() not in lengths
    ]
    assert ours == theirs


@given(st.binary(max_size=200))
def test_any_octets_are_a_head_or_refused(data: bytes):
    try:
        found = HeadReader().feed(b"HTTP/" + data)
        if found is not None:
            read_head(found[0], waiting())
    except PeerMisbehaved:
        return

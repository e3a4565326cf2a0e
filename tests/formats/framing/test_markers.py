"""Framings by an end: what is pointed out before sending, what a line end is, and what closing can't tell."""

import asyncio

import pytest

from workbench.errors import LocalMisuse
from workbench.formats.framing.catalogue import read_framing
from workbench.formats.framing.chop import say
from workbench.formats.framing.markers import Marked, inside, name_of


def read(spec: str, stream: bytes, limit: int = 1 << 20) -> list[bytes]:
    return [message.data for message in say(read_framing(spec).decoder(limit), stream).messages]


@pytest.mark.covers("C5.10")
def test_a_marker_inside_the_data_is_pointed_out_and_makes_two_messages():
    framing = read_framing("nul")
    (remark,) = framing.remarks(b"a\0b")
    assert (remark.code, remark.at, remark.size) == ("marker-in-data", 1, 1)
    assert "2 messages" in remark.what
    wire = framing.encode(b"a\0b")
    assert read("nul", wire.data) == [b"a", b"b"]
    assert [(mark.start, mark.part) for mark in wire.marks] == [
        (0, "data"),
        (1, "mistaken"),
        (2, "data"),
        (3, "marker"),
    ]
    assert framing.remarks(b"ab") == ()
    with_limit = read_framing("lf").decoder(65536)
    assert with_limit.feed(b"x" * 70_000) == []
    broken = with_limit.broken
    assert (broken.at, "65,536" in broken.what) == (65536, True)
    assert read("lf", b"x" * 70_000 + b"\n", 70_000) == [b"x" * 70_000]


@pytest.mark.parametrize("size", [65535, 65536, 70_000])
async def test_the_limit_of_lines_stands_where_the_reader_of_asyncio_has_its(size: int):
    stream = asyncio.StreamReader()
    stream.feed_data(b"x" * size + b"\n")
    decoder = read_framing("lf").decoder(65536)
    messages = decoder.feed(b"x" * size + b"\n")
    if size > 65536:
        with pytest.raises(asyncio.LimitOverrunError):
            await stream.readuntil(b"\n")
        assert (messages, decoder.broken is None) == ([], False)
    else:
        assert [(await stream.readuntil(b"\n"))[:-1]] == [message.data for message in messages]


async def test_a_marker_of_several_octets_is_found_where_asyncio_finds_it():
    stream = b"-a--b---c--"
    reader = asyncio.StreamReader()
    reader.feed_data(stream)
    reader.feed_eof()
    found = []
    while not reader.at_eof():
        found.append((await reader.readuntil(b"--"))[:-2])
    assert read("marker:--", stream) == found == [b"-a", b"b", b"-c"]


def test_a_marker_that_begins_in_the_data_and_ends_in_itself_counts_too():
    assert inside(b"xa", b"aa") == (1, 1)
    assert inside(b"ab", b"aa") is None
    assert Marked(b"aa").remarks(b"xa")[0].at == 1
    assert [mark.part for mark in Marked(b"aa").encode(b"xa").marks] == ["data", "mistaken", "marker"]
    assert [mark.part for mark in Marked(b"aa").encode(b"aaaax").marks] == [
        "mistaken",
        "mistaken",
        "data",
        "marker",
    ]
    assert (name_of(b"--"), name_of(b"\xff"), name_of(b"\r\n")) == ("“--”", "ff", "CR LF")


def test_line_ends_are_told_apart():
    assert read("crlf", b"a\nb\r\n") == [b"a\nb"]
    assert read("lf", b"a\r\nb\n") == [b"a\r", b"b"]
    assert read("line", b"a\r\nb\n\r\n") == [b"a", b"b", b""]
    crlf, lf = read_framing("crlf").decoder(), read_framing("lf").decoder()
    crlf.feed(b"HEAD / HTTP/1.0\n\n")
    ending = crlf.finish()
    assert (ending.word, "bare LF" in ending.sentence) == ("incomplete", True)
    lf.feed(b"one\r\n")
    assert [(remark.code, remark.at) for remark in lf.remarks] == [("cr-kept", 3)]
    mixed = read_framing("crlf").decoder()
    mixed.feed(b"a\nb\r\n" * 200)
    assert len(mixed.remarks) == 100
    assert (mixed.remarks[1].code, mixed.remarks[1].at) == ("bare-lf", 6)
    assert read_framing("crlf").remarks(b"a\nb")[0].code == "bare-lf"
    assert read_framing("line").remarks(b"a\r")[0].code == "marker-in-data"


@pytest.mark.covers("C5.9")
def test_until_close_takes_half_for_whole_and_a_length_does_not():
    whole = b"hello world"
    for cut in range(len(whole)):
        closed = say(read_framing("close").decoder(), whole[:cut])
        assert (closed.ending.word, closed.messages[0].data) == ("unknown", whole[:cut])
        announced = say(read_framing("digits:4").decoder(), (b"0011" + whole)[: 4 + cut])
        assert (announced.ending.word, announced.messages) == ("incomplete", ())
        assert str(11 - cut) in announced.ending.sentence
    assert say(read_framing("digits:4").decoder(), b"0011" + whole).ending.word == "complete"
    assert "half" in read_framing("close").remarks(whole)[0].what


def test_a_marker_has_octets():
    with pytest.raises(LocalMisuse):
        Marked(b"").decoder()

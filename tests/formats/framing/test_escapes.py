"""Escaped lines and stuffed dots: on the wire as the standards write them, read back in any pieces."""

import io

import pytest

from workbench.formats.framing.catalogue import read_framing
from workbench.formats.framing.chop import say


@pytest.mark.covers("C5.11")
def test_line_ends_and_backslashes_are_escaped_and_an_escape_may_be_cut_in_two():
    framing = read_framing("backslash")
    wire = framing.encode(b"a\nb\\c")
    assert wire.data == b"a\\\nb\\\\c\n"
    assert [wire.data[m.start : m.stop] for m in wire.marks if m.part == "escape"] == [b"\\\n", b"\\\\"]
    decoder = framing.decoder()
    assert decoder.feed(b"a\\") == []
    assert decoder.state == ("behind a backslash", 1, 2, 1 << 20)
    assert decoder.feed(b"\nb\\") == []
    assert [message.data for message in decoder.feed(b"\\c\n")] == [b"a\nb\\c"]
    wrong = framing.decoder()
    assert [message.data for message in wrong.feed(b"fine\nab\\xrest\n")] == [b"fine"]
    assert (wrong.broken.at, wrong.broken.data) == (8, b"\\x")
    assert "may follow" in wrong.broken.what
    assert framing.remarks(b"a\nb\\c")[0].at == 1
    assert framing.remarks(b"plain") == ()


def test_dots_are_stuffed_as_mail_wants_them():
    framing = read_framing("dots")
    assert framing.encode(b".a\r\n..b\r\n.\r\n").data == b"..a\r\n...b\r\n..\r\n.\r\n"
    assert framing.encode(b"").data == b".\r\n"
    assert framing.encode(b"no end").data == b"no end\r\n.\r\n"
    codes = [remark.code for remark in framing.remarks(b".a\nb")]
    assert codes == ["line-end-added", "bare-lf", "escaped"]
    # A dot behind a bare LF begins no line (RFC 5321 section 2.3.8), and a dot line without its CR LF ends nothing.
    said = say(framing.decoder(), b"a\n.\nb\r\n.\rx\r\n.\r\n")
    assert [message.data for message in said.messages] == [b"a\n.\nb\r\n\rx\r\n"]


def test_dots_are_undone_as_the_reader_of_poplib_does():
    import poplib

    letter = [b"one", b"..two", b"..", b"", b"end"]
    wire = b"".join(line + b"\r\n" for line in letter) + b".\r\n"
    client = poplib.POP3.__new__(poplib.POP3)
    client._debugging = 0
    client.file = io.BytesIO(b"+OK\r\n" + wire)
    _, lines, _ = client._getlongresp()
    (message,) = say(read_framing("dots").decoder(), wire).messages
    assert message.data == b"".join(line + b"\r\n" for line in lines)

"""Commands, replies, and letters up to the dot, in every cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.pop.codec import LinesReader, encode, read_reply
from workbench.protocols.pop.values import Command, Reply


def lines_of(data: bytes, n: int, limit: int = 10**6) -> tuple[bytes, LinesReader]:
    reader = LinesReader(limit)
    got = b"".join(reader.feed(piece) for piece in chop(data, n) if not reader.done)
    return got, reader


def on_the_wire(letter: bytes) -> bytes:
    """By lines, as slow and plain as can be."""
    lines = letter.split(b"\r\n")[:-1]
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines) + b".\r\n"


LETTERS = st.lists(st.sampled_from([b"\r", b"\n", b".", b"..", b"a", b"\r\n", b"\r\n."]), max_size=30).map(
    lambda pieces: b"".join(pieces) + b"\r\n"
)


@pytest.mark.covers("C11.14")
@given(LETTERS, st.integers(1, 9))
def test_a_letter_is_the_same_however_it_is_cut(letter: bytes, n: int):
    got, reader = lines_of(on_the_wire(letter), n)
    assert got == letter
    assert reader.done
    assert reader.rest == b""


def test_nothing_and_what_stands_behind_it():
    assert lines_of(b".\r\n", 1)[0] == b""
    got, reader = lines_of(b"a\r\n.\r\n+OK more", 1000)
    assert (got, reader.rest) == (b"a\r\n", b"+OK more")


def test_a_letter_without_end_is_refused():
    with pytest.raises(PeerMisbehaved, match="without an end"):
        lines_of(b"x" * 5000, 100, limit=1000)


def test_a_line_may_be_as_long_as_the_letter():
    letter = b"x" * 100_000 + b"\r\n"
    assert lines_of(on_the_wire(letter), 4096)[0] == letter


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        (b"+OK", Reply(True, "")),
        (b"+OK 2 messages", Reply(True, "2 messages")),
        (b"-ERR [IN-USE] busy", Reply(False, "busy", "IN-USE")),
        (b"-ERR [sys/temp] later", Reply(False, "later", "SYS/TEMP")),
        (b"-ERR", Reply(False, "")),
    ],
)
def test_replies(line: bytes, reply: Reply):
    assert read_reply(line) == reply
    assert str(reply).startswith("+OK" if reply.ok else "-ERR")


@pytest.mark.parametrize("line", [b"", b"+ go", b"+OKAY", b"220 ready", b"* OK", b"-ERROR"])
def test_what_is_no_reply_is_told(line: bytes):
    with pytest.raises(PeerMisbehaved, match="no reply of POP3"):
        read_reply(line)


def test_commands_as_they_go_and_what_of_them_is_secret():
    assert encode(Command("STAT")) == (b"STAT\r\n", ())
    assert encode(Command("PASS", "geheim ß", True)) == ("PASS geheim ß\r\n".encode(), ((5, 14),))
    assert encode(Command("APOP", "anna 0123", True)) == (b"APOP anna 0123\r\n", ((10, 14),))
    assert str(Command("PASS", "geheim", True)) == "PASS ****"
    with pytest.raises(LocalMisuse, match="at most 255"):
        encode(Command("USER", "x" * 260))


@pytest.mark.parametrize("argument", ["1\r\nDELE 1", "a\nb", "a\0b"])
def test_arguments_that_would_be_commands_are_refused_with_the_place(argument: str):
    with pytest.raises(LocalMisuse, match="can't hold") as caught:
        encode(Command("USER", argument))
    assert caught.value.start == 1
    with pytest.raises(LocalMisuse) as caught:
        encode(Command("PASS", argument, True))
    assert caught.value.text == ""

"""Commands and replies as octets, in every cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.smtp.codec import MAX_LINE, MAX_LINES, ReplyReader, encode
from workbench.protocols.smtp.values import Command, Reply

TALK = (
    b"220 mail.test ready\r\n250-mail.test greets you\r\n250-SIZE 1000\r\n250 8BITMIME\r\n"
    b"550 5.1.1 nobody here\r\n250 5.1.1 a lie about its class\n354\r\n334 \r\n"
)
REPLIES = [
    Reply(220, (b"mail.test ready",)),
    Reply(250, (b"mail.test greets you", b"SIZE 1000", b"8BITMIME")),
    Reply(550, (b"5.1.1 nobody here",), "5.1.1"),
    Reply(250, (b"5.1.1 a lie about its class",)),
    Reply(354, (b"",)),
    Reply(334, (b"",)),
]


def read(data: bytes, n: int) -> list[Reply]:
    reader, found = ReplyReader(), []
    for piece in chop(data, n):
        reader.feed(piece)
        while (reply := reader.next()) is not None:
            found.append(reply)
    return found


@pytest.mark.parametrize("n", [1, 2, 3, 7, 1000])
def test_same_replies_however_the_octets_are_cut(n: int):
    assert read(TALK, n) == REPLIES


def test_a_reply_reads_as_people_write_it():
    assert str(REPLIES[2]) == "550 5.1.1 nobody here"
    assert str(REPLIES[1]) == "250 mail.test greets you SIZE 1000 8BITMIME"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"hello\r\n", "no reply of SMTP"),
        (b"199 low\r\n", "no reply of SMTP"),
        (b"600 high\r\n", "no reply of SMTP"),
        (b"\r\n", "no reply of SMTP"),
        (b"220x\r\n", "no reply of SMTP"),
        (b"250-one\r\n550 two\r\n", "began with 250 and goes on with 550"),
        (b"2" * (MAX_LINE + 1), "longer than"),
        (b"250 " + b"x" * MAX_LINE + b"\r\n", "longer than"),
        (b"250-x\r\n" * (MAX_LINES + 1), "does not end"),
    ],
)
@pytest.mark.parametrize("n", [997, 10**6])
def test_what_makes_no_sense_is_told(data: bytes, what: str, n: int):
    with pytest.raises(PeerMisbehaved, match=what) as caught:
        read(data, n)
    assert caught.value.source == "RFC 5321 section 4.2"


@given(st.lists(st.binary(max_size=60)))
def test_any_octets_make_replies_or_a_complaint(pieces: list[bytes]):
    reader = ReplyReader()
    try:
        for piece in pieces:
            reader.feed(piece)
            while (reply := reader.next()) is not None:
                assert 200 <= reply.code <= 599
    except PeerMisbehaved:
        return


def test_what_stands_behind_a_reply_can_be_taken_away():
    reader = ReplyReader()
    reader.feed(b"220 go\r\n250-injected\r\n250 more\r\n")
    assert reader.next() == Reply(220, (b"go",))
    assert reader.take_rest() == b"250-injected\r\n250 more\r\n"
    assert reader.next() is None


def test_commands_as_they_go_and_what_of_them_is_secret():
    assert encode(Command("QUIT")) == (b"QUIT\r\n", ())
    assert encode(Command(".")) == (b".\r\n", ())
    auth = encode(Command("AUTH", b"PLAIN AHgA", 6))
    assert auth == (b"AUTH PLAIN AHgA\r\n", ((11, 15),))
    assert encode(Command("", b"cGFzcw==", 0)) == (b"cGFzcw==\r\n", ((0, 8),))
    assert str(Command("AUTH", b"PLAIN AHgA", 6)) == "AUTH PLAIN ****"


@pytest.mark.parametrize("argument", [b"FROM:<a\r\nDATA>", b"a\nb", b"a\0b"])
def test_arguments_that_would_be_commands_are_refused_with_the_place(argument: bytes):
    with pytest.raises(LocalMisuse, match="can't hold") as caught:
        encode(Command("MAIL", argument))
    assert caught.value.start == next(i for i, octet in enumerate(argument) if octet in b"\r\n\0")

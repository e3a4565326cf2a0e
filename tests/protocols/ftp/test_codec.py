"""Commands and replies as octets, in every cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.ftp.codec import MAX_LINE, MAX_LINES, ReplyReader, encode
from workbench.protocols.ftp.values import Command, Reply

TALK = (
    b"220 ready\r\n211-Features:\r\n SIZE\r\n 226 not the end\r\n226 nor this\r\n211 End\r\n"
    b"150-a\r\n150-b\r\n150 c\r\n226 \xff\xfd\x01done\xff\xff\n"
)
REPLIES = [
    Reply(220, (b"ready",)),
    Reply(211, (b"Features:", b" SIZE", b" 226 not the end", b"226 nor this", b"End")),
    Reply(150, (b"a", b"b", b"c")),
    Reply(226, (b"done\xff",)),
]


@pytest.mark.parametrize("n", [1, 2, 3, 7, 1000])
def test_same_replies_however_the_octets_are_cut(n: int):
    reader = ReplyReader()
    assert [reply for piece in chop(TALK, n) for reply in reader.feed(piece)] == REPLIES
    assert not reader.is_within


@pytest.mark.parametrize(
    "line", [b"hello\r\n", b"99 low\r\n", b"600 high\r\n", b"22 \r\n", b"\r\n", b"220x\r\n"]
)
def test_what_is_no_reply_is_told(line: bytes):
    with pytest.raises(PeerMisbehaved, match="no reply of FTP") as caught:
        ReplyReader().feed(line)
    assert caught.value.source == "RFC 959 section 4.2"


def test_a_line_without_end_is_refused_before_it_is_held():
    reader = ReplyReader()
    assert reader.feed(b"2" * MAX_LINE) == []
    with pytest.raises(PeerMisbehaved, match=f"longer than {MAX_LINE}"):
        reader.feed(b"2")


def test_a_reply_without_end_is_refused():
    with pytest.raises(PeerMisbehaved, match="does not end"):
        ReplyReader().feed(b"211-a\r\n" + b" b\r\n" * (MAX_LINES + 1))


@given(st.lists(st.binary(max_size=60)))
def test_any_octets_make_replies_or_a_complaint(pieces: list[bytes]):
    reader = ReplyReader()
    try:
        for piece in pieces:
            assert all(100 <= reply.code <= 599 for reply in reader.feed(piece))
    except PeerMisbehaved:
        return


def test_commands_are_encoded_with_what_is_to_be_masked():
    assert encode(Command("PASV")).data == b"PASV\r\n"
    octets = encode(Command("PASS", b"pa\xffss", secret=True))
    assert octets.data == b"PASS pa\xff\xffss\r\n"
    start, stop = octets.secret[0]
    assert octets.data[start:stop] == b"pa\xff\xffss"
    assert str(Command("PASS", b"word", secret=True)) == "PASS ****"


@pytest.mark.parametrize(("octet", "name"), [(b"\r", "CR"), (b"\n", "LF"), (b"\0", "NUL")])
def test_what_would_begin_another_command_is_refused(octet: bytes, name: str):
    with pytest.raises(LocalMisuse, match=name):
        encode(Command("DELE", b"a" + octet + b"DELE README"))


@given(st.binary(max_size=200))
def test_an_argument_makes_one_line_or_is_refused(argument: bytes):
    try:
        data = encode(Command("RETR", argument)).data
    except LocalMisuse:
        assert {0, 10, 13} & set(argument)
        return
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r") == 1


def test_a_command_is_a_word_and_not_endless():
    for verb in ("", "SI ZE", "US\r\nER", "Größe"):
        with pytest.raises(LocalMisuse):
            encode(Command(verb))
    with pytest.raises(LocalMisuse, match="at most"):
        encode(Command("RETR", b"x" * 9000))

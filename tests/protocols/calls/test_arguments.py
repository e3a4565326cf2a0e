"""Calls as they are typed: lines and arguments become values, or the mistake is pointed at; nothing is guessed."""

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.protocols.calls.arguments import KINDS, MAX_LINE, Line, Where, parse_line, read, repeated
from workbench.protocols.calls.spec import CALLS, Param


def arg(kind: str, text: str) -> object:
    return read(Param("it", kind, "what"), text).value  # type: ignore[arg-type]  # kinds by name


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("socket", Line("", "", "socket", {})),
        ("a = socket INET STREAM", Line("a", "", "socket", {"family": "INET", "type": "STREAM"})),
        ("  b=a.accept ", Line("b", "a", "accept", {})),
        ('b.send "a b\\"c" OOB', Line("", "b", "send", {"data": '"a b\\"c"', "flags": "OOB"})),
        ("b.recv flags=PEEK", Line("", "b", "recv", {"flags": "PEEK"})),
        ("b.recv flags=PEEK 10", Line("", "b", "recv", {"flags": "PEEK", "size": "10"})),
        ('b.send data="x y"', Line("", "b", "send", {"data": '"x y"'})),
    ],
)
def test_a_line_is_a_call(text: str, line: Line) -> None:
    assert parse_line(text) == line


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("", 0, 0),
        ("frob", 0, 4),
        ("a.frob", 2, 6),
        ("A.accept", 0, 1),
        ("accept", 0, 6),
        ("a.socket", 2, 8),
        ("a.close now", 8, 11),
        ('b.send "open', 6, 12),
    ],
)
def test_a_mistake_is_pointed_at(text: str, start: int, end: int) -> None:
    with pytest.raises(LocalMisuse) as caught:
        parse_line(text)
    assert (caught.value.start, caught.value.end) == (start, end)
    assert caught.value.advice


@given(st.text(max_size=80))
def test_any_text_is_a_line_or_a_mistake(text: str) -> None:
    try:
        call, misuse = parse_line(text).call, None
    except LocalMisuse as caught:
        call, misuse = "", caught
    if misuse is None:
        assert call in CALLS
    else:
        assert misuse.start is not None
        assert 0 <= misuse.start <= (misuse.end or 0) <= len(text)


def test_a_line_has_an_end() -> None:
    with pytest.raises(LocalMisuse):
        parse_line("a.send " + "x" * MAX_LINE)


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_any_text_is_an_argument_or_a_mistake(kind: str, text: str) -> None:
    try:
        arg(kind, text)
        advice = "none is needed"
    except LocalMisuse as misuse:
        advice = misuse.advice
    assert advice


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("family", "INET6", socket.AF_INET6),
        ("family", "af_unix", socket.AF_UNIX),
        ("type", "DGRAM", socket.SOCK_DGRAM),
        ("number", "-3", -3),
        ("flags", "OOB|PEEK", socket.MSG_OOB | socket.MSG_PEEK),
        ("how", "wr", socket.SHUT_WR),
        ("yes", "no", False),
        ("seconds", "none", None),
        ("seconds", "0.25", 0.25),
        ("data", '"a\\r\\n\\x00"', b"a\r\n\0"),
        ("level", "SOL_SOCKET", socket.SOL_SOCKET),
        ("option", "so_type", socket.SO_TYPE),
        ("value", "10000", 10000),
        ("value", "1,5", struct.pack("ii", 1, 5)),
        ("value", "x0a ff", b"\x0a\xff"),
        ("value", '"lo"', b"lo"),
        ("address", "127.0.0.1:70000", Where("127.0.0.1", 70000)),
        ("address", "[::1]:80", Where("::1", 80)),
        ("address", "unix:/tmp/x y", Where(path="/tmp/x y")),
        ("address", "@b", Where(of="b")),
        ("address", "lab:echo", Where(lab="lab:echo")),
    ],
)
def test_an_argument_is_read_by_its_kind(kind: str, text: str, value: object) -> None:
    assert arg(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("family", "KLINGON"),
        ("family", "APPLETALK2"),
        ("number", "1.5"),
        ("how", "UP"),
        ("seconds", "-1"),
        ("data", "\\q"),
        ("option", "SO_NOTHING"),
        ("value", "99999999999"),
        ("address", "127.0.0.1"),
        ("mode", "rwrwrwrwrw"),
    ],
)
def test_what_is_no_value_is_refused(kind: str, text: str) -> None:
    with pytest.raises(LocalMisuse):
        arg(kind, text)


def test_what_must_be_given_is_missed() -> None:
    with pytest.raises(LocalMisuse, match="address is missing"):
        read(CALLS["bind"].params[0], "")


def test_one_call_offers_only_what_can_be_held() -> None:
    assert repeated(b"ab", 3) == b"ababab"
    with pytest.raises(LocalMisuse):
        repeated(b"x" * 1024, 1024 * 1024)

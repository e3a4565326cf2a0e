"""What a server said in clear: looked at, left where it is, and judged by whole messages."""

import socket
import struct

import pytest

from workbench.protocols.sql.pgheard import MAX_SHOWN, Heard

WHOLE = b"R" + struct.pack("!II", 8, 0) + b"S" + struct.pack("!I", 7) + b"a\0b"


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        (b"", b""),
        (b"N", b""),
        (b"S", b""),
        (WHOLE, b""),
        (b"N" + WHOLE, b""),
        (WHOLE + b"Z\0", b"Z\0"),
        (b"R" + struct.pack("!I", 3), b"R" + struct.pack("!I", 3)),
        (b"R" + struct.pack("!I", 2**31) + b"x", b"R" + struct.pack("!I", 2**31) + b"x"),
        (b"NO WAY", b"O WAY"),
        (b"x" * 1000, b"x" * MAX_SHOWN),
    ],
)
def test_what_is_no_whole_message_is_kept(said: bytes, broken: bytes):
    here, there = socket.socketpair()
    with here, there:
        heard = Heard()
        heard.look(here.fileno())
        there.sendall(said)
        heard.look(here.fileno())
        assert heard.broken == broken
        if said:
            assert here.recv(len(said)) == said


def test_without_a_socket_there_is_nothing_to_hear():
    heard = Heard()
    heard.look(-1)
    assert heard.broken == b""

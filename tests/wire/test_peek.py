"""What waits at somebody else's socket is seen and stays."""

import socket

from workbench.wire.peek import peek


def test_what_waits_is_seen_and_stays_in_a_socket_that_stays_open():
    here, there = socket.socketpair()
    with here, there:
        assert peek(here.fileno(), 10) == b""
        there.sendall(b"hello, wire")
        assert peek(here.fileno(), 5) == b"hello"
        assert here.recv(100) == b"hello, wire"
        there.shutdown(socket.SHUT_WR)
        assert peek(here.fileno(), 5) == b""
        here.sendall(b"still open")


def test_what_is_no_open_socket_has_nothing_to_show(tmp_path):
    assert peek(-1, 5) == b""
    with (tmp_path / "file").open("wb") as file:
        assert peek(file.fileno(), 5) == b""

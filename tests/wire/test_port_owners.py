"""Who has which port: lines of /proc made by hand, and sockets of this test's own."""

import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.ports import free_port
from workbench.wire.port_owners import held_ports, read_line, tells_owners

REST = "00000000:00000000 00:00000000 00000000"
LISTENING = f"   0: 0100007F:1F90 00000000:0000 0A {REST}  1000        0 12345 1 0000000000000000 100 0"
UDP = f"  99: 00000000:0202 00000000:0000 07 {REST}   101        0 777 2 0000000000000000 0"
LOOPBACK6 = "00000000000000000000000001000000"
V6 = f"   1: {LOOPBACK6}:0050 {LOOPBACK6}:C350 01 {REST}     0        0 0 1 0000000000000000"


@pytest.mark.skipif(sys.byteorder != "little", reason="the samples are a little-endian machine's")
def test_lines_are_read():
    tcp = read_line(LISTENING, "tcp", is_v6=False)
    assert tcp is not None
    assert (tcp.address, tcp.port, tcp.peer, tcp.state, tcp.user, tcp.inode) == (
        "127.0.0.1",
        8080,
        "",
        "LISTEN",
        1000,
        12345,
    )
    assert tcp.is_server
    udp = read_line(UDP, "udp", is_v6=False)
    assert udp is not None
    assert (udp.port, udp.state, udp.is_server) == (514, "bound", True)
    v6 = read_line(V6, "tcp", is_v6=True)
    assert v6 is not None
    assert (v6.address, v6.port, v6.peer, v6.state) == ("::1", 80, "[::1]:50000", "ESTABLISHED")
    assert not v6.is_server


@given(st.text(max_size=160), st.booleans())
def test_any_line_is_a_socket_or_nothing(line: str, is_v6: bool):
    read_line(line, "tcp", is_v6=is_v6)


@pytest.mark.skipif(not tells_owners(), reason="this system does not list its sockets")
def test_our_own_sockets_are_found_with_this_program():
    with (
        socket.create_server(("127.0.0.1", free_port())) as server,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
    ):
        other.bind(("127.0.0.1", free_port()))
        for sock, transport, state in ((server, "tcp", "LISTEN"), (other, "udp", "bound")):
            port = sock.getsockname()[1]
            (held,) = [each for each in held_ports(port) if each.transport == transport and each.is_server]
            assert (held.address, held.state, held.user, held.pid) == (
                "127.0.0.1",
                state,
                os.geteuid(),
                os.getpid(),
            )
            assert held.program
        assert held_ports()[0].is_server


def test_of_others_the_program_is_not_told(tmp_path: Path):
    net = tmp_path / "net"
    net.mkdir()
    (net / "tcp").write_text("  sl  local_address\n" + LISTENING + "\nnonsense\n")
    (held,) = held_ports(proc=str(tmp_path))
    assert (held.pid, held.program) == (0, "")
    assert held_ports(81, proc=str(tmp_path)) == ()
    assert held_ports(proc=str(tmp_path / "none")) == ()

import select
import socket
import struct

import pytest

from tests.kit.scripted_peer import ScriptBroken, ScriptedPeer, finish, scripted_peer


def connect(peer: ScriptedPeer) -> socket.socket:
    return socket.create_connection((peer.host, peer.port), timeout=5)


def test_a_script_is_followed_to_its_end() -> None:
    script = [("send", b"hi\r\n"), ("expect", b"bye\r\n"), ("wait_eof",), ("send", b"."), ("finish",)]
    with scripted_peer(script) as peer, connect(peer) as client:
        assert client.recv(4) == b"hi\r\n"
        client.sendall(b"bye\r\n")
        client.shutdown(socket.SHUT_WR)
        assert client.recv(10) == b"."
        assert client.recv(10) == b""
        peer.wait()
        assert bytes(peer.received) == b"bye\r\n"


def test_connections_are_served_in_order() -> None:
    with scripted_peer([("send", b"1")], [("send", b"2")]) as peer:
        for expected in (b"1", b"2"):
            with connect(peer) as client:
                assert client.recv(10) == expected
                assert client.recv(10) == b""


def test_a_reset_is_one() -> None:
    with scripted_peer([("expect", b"x"), ("reset",)]) as peer, connect(peer) as client:
        client.sendall(b"x")
        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_a_finished_half_goes_on_reading() -> None:
    with scripted_peer([("finish",), ("expect", b"late"), ("wait_eof",)]) as peer, connect(peer) as client:
        assert client.recv(1) == b""
        client.sendall(b"late")
        client.shutdown(socket.SHUT_WR)
        peer.wait()


def test_a_client_that_was_quicker_and_reset_is_no_failure_of_finishing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        client = socket.create_connection(listening.getsockname(), timeout=5)
        theirs, _ = listening.accept()
        with theirs:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
            assert select.select([theirs], [], [], 10)[0]
            finish(theirs)
            with pytest.raises(ConnectionResetError):
                theirs.recv(1)


def test_a_stalled_peer_ends_with_its_test() -> None:
    with scripted_peer([("stall",)]) as peer, connect(peer) as client:
        client.sendall(b"anyone?")
        client.settimeout(0.05)
        with pytest.raises(TimeoutError):
            client.recv(1)


def test_a_peer_whose_octets_are_not_taken_ends_with_its_test() -> None:
    with scripted_peer([("send", bytes(20_000_000))]) as peer:
        client = connect(peer)
    # Not before the peer's end: a client that left first would reset what the peer still sends.
    client.close()


def test_nobody_has_to_connect() -> None:
    with scripted_peer([("expect", b"x")]):
        pass


def test_it_listens_on_ipv6_where_there_is_one() -> None:
    if not socket.has_ipv6:
        pytest.skip("this Python has no IPv6")
    try:
        with scripted_peer([("send", b"6")], host="::1") as peer, connect(peer) as client:
            assert client.recv(1) == b"6"
            assert str(peer) == f"[::1]:{peer.port}"
    except OSError as error:
        pytest.skip(f"this machine has no IPv6 loopback: {error}")


@pytest.mark.parametrize(
    ("script", "said", "complaint"),
    [
        ([("expect", b"abc")], b"abX", "expected b'abc', got b'abX'"),
        ([("expect", b"abc")], b"ab", "got b'ab' and then the end"),
        ([("wait_eof",)], b"more", "expected the end"),
    ],
)
def test_another_client_than_expected_fails_the_test(script, said: bytes, complaint: str) -> None:
    def talk() -> None:
        with scripted_peer(script) as peer:
            with connect(peer) as client:
                client.sendall(said)
            with pytest.raises(ScriptBroken):
                peer.wait()

    with pytest.raises(ScriptBroken, match=complaint):
        talk()


@pytest.mark.parametrize("step", [("sned", b"x"), ("send",), ("finish", b"x")])
def test_a_step_that_is_none_is_refused(step) -> None:
    with pytest.raises(ValueError, match="not a step"), scripted_peer([step]):
        pass


def test_the_fixture_is_the_same(scripted_peer) -> None:
    with scripted_peer([("send", b"hi")]) as peer, connect(peer) as client:
        assert client.recv(2) == b"hi"

"""`workbench socket listen --tls`: a server under TLS by hand, its verdict on clients, and clients that are none."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.process import Running, running
from tests.cli.terminal import Terminal
from workbench.lab.authority import Authority

LISTEN = ("socket", "listen", "127.0.0.1:0", "--reply", "echo", "--json")


@pytest.fixture(scope="module")
def ours() -> Authority:
    return Authority("ours")


@pytest.fixture
def files(tmp_path: Path, ours: Authority) -> Path:
    """A folder with ca.pem, server.pem and its server.key, client.pem with key, stranger.pem with key."""
    server, client, stranger = ours.server(), ours.client(), Authority("a stranger's").client()
    (tmp_path / "ca.pem").write_bytes(ours.certificate)
    (tmp_path / "server.pem").write_bytes(server.chain)
    (tmp_path / "server.key").write_bytes(server.key)
    (tmp_path / "client.pem").write_bytes(client.chain + client.key)
    (tmp_path / "stranger.pem").write_bytes(stranger.chain + stranger.key)
    return tmp_path


def served(files: Path) -> tuple[str, ...]:
    return ("--tls", "--cert", str(files / "server.pem"), "--key", str(files / "server.key"))


def place(first: Any) -> tuple[str, int]:
    host, _, port = first["address"].rpartition(":")
    return host, int(port)


def context(files: Path, identity: str = "", alpn: tuple[str, ...] = ()) -> ssl.SSLContext:
    """The standard library's client, which trusts our authority."""
    made = ssl.create_default_context(cafile=str(files / "ca.pem"))
    if identity:
        made.load_cert_chain(files / identity)
    if alpn:
        made.set_alpn_protocols(list(alpn))
    return made


@contextlib.contextmanager
def client(address: tuple[str, int], how: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    with (
        socket.create_connection(address, 10) as plain,
        how.wrap_socket(plain, server_hostname="localhost") as it,
    ):
        yield it


def events(documents: list[Any], connection: int) -> list[str]:
    return [document["event"] for document in documents if document.get("connection") == connection]


def test_a_client_is_echoed_and_what_was_agreed_is_told(files: Path):
    with running(*LISTEN, *served(files), "--alpn", "x, echo", "--count", "1") as verb:
        first = verb.document()
        assert first["tls"]["certificate"]["subject"] == "CN=a server of the Lab"
        assert (first["tls"]["alpn"], first["tls"]["client_certificate"]) == (["x", "echo"], "no")
        with client(place(first), context(files, alpn=("h2", "echo"))) as it:
            it.sendall(b"hello")
            assert it.recv(100) == b"hello"
            assert it.selected_alpn_protocol() == "echo"
            # close_notify, and the answer to it.
            it.unwrap()
        documents = verb.documents()
        assert verb.wait() == 0
    assert events(documents, 1) == ["accepted", "secured", "received", "ended"]
    tls = documents[1]["tls"]
    assert (tls["version"], tls["alpn"], tls["sni"], tls["trusted"]) == ("TLSv1.3", "echo", "localhost", None)
    assert tls["reason"] == "the client showed no certificate"
    assert documents[2]["text"] == "hello"
    ended, closed = documents[3], documents[4]
    # Plaintext, not the records around it.
    assert (ended["end"], ended["received"], ended["sent"]) == ("close_notify", {"octets": 5}, {"octets": 5})
    assert (closed["received"], closed["sent"]) == ({"octets": 5}, {"octets": 5})


def test_the_lab_lends_a_certificate_that_its_own_clients_trust(files: Path, terminal: Terminal):
    with running("lab", "start", "echo", "--json") as lab:
        lab.document()
        with running(*LISTEN, "--tls", "--cert", "lab", "--client-ca", "lab", "--count", "1") as verb:
            host, port = place(verb.document())
            said = terminal(
                *("socket", "talk", f"{host}:{port}", "--tls", "--sni", "localhost"),
                *("--ca", "lab", "--cert", "lab", "--send", "hello", "--json"),
            )
            documents = verb.documents()
            assert verb.wait() == 0
    assert said.code == 0, said
    assert (said.document["tls"]["trusted"], said.document["received"]["text"]) == (True, "hello")
    (secured,) = [document for document in documents if document["event"] == "secured"]
    assert (secured["tls"]["trusted"], secured["tls"]["sent"][0]["subject"]) == (
        True,
        "CN=a client of the Lab",
    )


def test_every_client_that_is_not_as_it_should_be_is_a_fact_and_the_next_is_served(files: Path):
    demand = (*served(files), "--client-ca", str(files / "ca.pem"), "--count", "6")
    with running(*LISTEN, *demand) as verb:
        address = place(verb.document())
        with socket.create_connection(address, 10) as plain:
            plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
            assert _until_end(plain) == b""
        _failed(verb, 1, "PeerMisbehaved", "no TLS")
        with socket.create_connection(address, 10):
            pass
        _failed(verb, 2, "LinkLost", "without an answer")
        with socket.create_connection(address, 10) as plain:
            plain.sendall(b"\x16\x03\x01\x02\x00\x01")
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        _failed(verb, 3, "LinkLost", "reset the connection in the middle of the TLS handshake")
        _no_answer(address, context(files))
        failed = _failed(verb, 4, "Untrusted", "the client showed no certificate")
        assert [alert["alert"] for alert in failed["tls"]["alerts"]] == ["certificate_required"]
        _no_answer(address, context(files, "stranger.pem"))
        failed = _failed(verb, 5, "Untrusted", "local issuer")
        assert (failed["tls"]["trusted"], failed["tls"]["sent"][0]["issuer"]) == (False, "CN=a stranger's")
        with client(address, context(files, "client.pem")) as it:
            it.sendall(b"hello")
            assert it.recv(100) == b"hello"
        documents = verb.documents()
        assert verb.wait() == 0
    assert documents[1]["tls"]["trusted"] is True
    assert (documents[-1]["connections"], documents[-1]["received"]) == (6, {"octets": 5})


def _failed(verb: Running, number: int, kind: str, words: str) -> Any:
    """The three documents of a connection whose handshake fails."""
    accepted, failed, ended = (verb.document() for _ in range(3))
    assert [it["event"] for it in (accepted, failed, ended)] == ["accepted", "failed", "ended"]
    assert {it["connection"] for it in (accepted, failed, ended)} == {number}
    assert (failed["failure"]["kind"], failed["failure"]["stage"]) == (kind, "tls")
    assert words in failed["failure"]["what"]
    return failed


def _no_answer(address: tuple[str, int], how: ssl.SSLContext) -> None:
    """In TLS 1.3 a client learns only afterwards that it is not wanted."""
    with pytest.raises((ssl.SSLError, ConnectionError)):
        _ask(address, how)


def _ask(address: tuple[str, int], how: ssl.SSLContext) -> None:
    with client(address, how) as it:
        it.sendall(b"hello")
        if not it.recv(100):
            raise ConnectionResetError("ended instead of answering")


def _until_end(plain: socket.socket) -> bytes:
    """What comes besides alerts, until the connection ends."""
    with contextlib.suppress(ConnectionError):
        while data := plain.recv(4096):
            assert data[0] == 21, data
    return b""


def test_a_stranger_may_be_shown_and_served(files: Path):
    words = (*served(files), "--client-ca", str(files / "ca.pem"), "--show-untrusted", "--count", "2")
    with running(*LISTEN, *words) as verb:
        first = verb.document()
        assert first["tls"]["client_certificate"] == "ask"
        for identity in ("stranger.pem", ""):
            with client(place(first), context(files, identity)) as it:
                it.sendall(b"x")
                assert it.recv(100) == b"x"
        documents = verb.documents()
        assert verb.wait() == 0
    told = [(it["tls"]["trusted"], it["tls"]["reason"]) for it in documents if it["event"] == "secured"]
    assert told[0][0] is False
    assert "local issuer" in told[0][1]
    assert told[1] == (None, "the client showed no certificate")


def test_a_record_that_is_wrong_ends_its_connection_and_no_other(files: Path):
    with running(*LISTEN, *served(files), "--count", "2") as verb:
        address = place(verb.document())
        with client(address, context(files)) as good:
            with socket.create_connection(address, 10) as plain:
                bad = context(files).wrap_socket(plain, server_hostname="localhost")
                # Behind the back of TLS: no such record was ever encrypted.
                with socket.socket(fileno=bad.detach()) as raw:
                    raw.sendall(b"\x17\x03\x03\x00\x20" + bytes(32))
                    _alerts_to_the_end(raw)
            good.sendall(b"still here")
            assert good.recv(100) == b"still here"
        documents = verb.documents()
        assert verb.wait() == 0
    assert events(documents, 1) == ["accepted", "secured", "received", "ended"]
    assert events(documents, 2) == ["accepted", "secured", "failed", "ended"]
    (failed,) = [it for it in documents if it["event"] == "failed"]
    assert (failed["failure"]["kind"], failed["failure"]["stage"]) == ("PeerMisbehaved", "tls")


def _alerts_to_the_end(raw: socket.socket) -> None:
    raw.settimeout(10)
    with contextlib.suppress(ConnectionError):
        while raw.recv(4096):
            pass


def test_people_are_told_too(files: Path):
    words = [word for word in LISTEN if word != "--json"]
    with running(*words, *served(files), "--count", "1") as verb:
        assert verb.child.stderr is not None
        notes = b""
        while b"listening on " not in notes:
            notes += verb.child.stderr.readline()
        port = int(notes.rpartition(b"listening on 127.0.0.1:")[2].split()[0])
        with socket.create_connection(("127.0.0.1", port), 10) as plain:
            plain.sendall(b"hello\r\n")
            plain.shutdown(socket.SHUT_WR)
            _until_end(plain)
        notes += verb.child.stderr.read()
        assert verb.wait() == 0
    assert b"[1] workbench: tls: what the peer said is no TLS" in notes


@pytest.mark.parametrize(
    "words",
    [
        ("--cert", "lab"),
        ("--alpn", "h2"),
        ("--tls",),
        ("--tls", "--cert", "lab", "--udp"),
        ("--tls", "--cert", "lab", "--key", "FILE"),
        ("--tls", "--cert", "lab", "--show-untrusted"),
        ("--tls", "--cert", "CA"),
        ("--tls", "--cert", "SERVER", "--key", "CA"),
    ],
)
def test_what_makes_no_sense_is_refused_before_a_port_is_taken(
    words: tuple[str, ...], files: Path, terminal: Terminal
):
    named = {"CA": str(files / "ca.pem"), "SERVER": str(files / "server.pem")}
    said = terminal(*LISTEN, *(named.get(word, word) for word in words))
    assert said.code == 2
    assert said.document["failure"]["kind"] == "LocalMisuse"
    assert "event" not in said.document


def test_a_certificate_that_is_not_there_is_this_machines_matter(files: Path, terminal: Terminal):
    said = terminal(*LISTEN, "--tls", "--cert", str(files / "none.pem"))
    assert (said.code, said.document["failure"]["kind"]) == (5, "LocalFault")

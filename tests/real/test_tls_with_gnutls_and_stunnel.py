"""Our TLS with GnuTLS, which shares no line with OpenSSL, and with stunnel, which stands between clear and TLS."""

import contextlib
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.documents import checked
from tests.cli.process import Running, running
from tests.cli.waiting import wait_for
from tests.kit.cli import run_cli
from tests.kit.ports import free_port
from tests.real.test_socket_verbs_with_ncat import listens
from workbench.formats.target import parse_target
from workbench.lab.authority import Authority
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.tls.handshake import start_tls
from workbench.wire.tls.setup import TlsSetup, client_setup
from workbench.wire.tls.stream import TlsSession, TlsStream
from workbench.wire.tls.values import TlsOptions, Trust

gnutls_serv = pytest.mark.real("gnutls-serv")
gnutls_cli = pytest.mark.real("gnutls-cli")
stunnel = pytest.mark.real("stunnel4")
versions = pytest.mark.parametrize("version", ["1.2", "1.3"])

AUTHORITY = Authority("the real peers' authority")
PRIORITY = "NORMAL:-VERS-ALL:+VERS-TLS"
LISTEN = ("socket", "listen", "127.0.0.1:0", "--tls", "--reply", "echo", "--json")
LIMIT_S = 90.0


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with ca.pem, and server.pem and client.pem with their keys."""
    server, client = AUTHORITY.server(), AUTHORITY.client()
    (tmp_path / "ca.pem").write_bytes(AUTHORITY.certificate)
    (tmp_path / "server.pem").write_bytes(server.chain + server.key)
    (tmp_path / "client.pem").write_bytes(client.chain + client.key)
    return tmp_path


@contextlib.contextmanager
def started(files: Path, port: int, *words: str) -> "Iterator[subprocess.Popen[bytes]]":
    """A server that is asked to listen on a port of ours, until the context is left."""
    child = subprocess.Popen(
        words, cwd=files, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: listens(port))
        yield child
    finally:
        child.kill()
        child.wait()


@contextlib.contextmanager
def gnutls_server(files: Path, version: str, *words: str) -> "Iterator[tuple[str, subprocess.Popen[bytes]]]":
    """gnutls-serv that echoes; yields where, and the process."""
    port = free_port()
    shown = ("--x509certfile", "server.pem", "--x509keyfile", "server.pem", "--priority", PRIORITY + version)
    with started(files, port, "gnutls-serv", "--echo", "--quiet", "-p", str(port), *shown, *words) as child:
        yield f"127.0.0.1:{port}", child


@contextlib.contextmanager
def stunnelled(
    files: Path, to: int, *options: str, is_client: bool = False
) -> "Iterator[tuple[str, subprocess.Popen[bytes]]]":
    """stunnel to a port of ours; yields where it is, and the process."""
    port = free_port()
    lines = [
        "foreground = yes",
        "pid =",
        "syslog = no",
        "[tunnel]",
        f"client = {'yes' if is_client else 'no'}",
    ]
    lines += [f"accept = 127.0.0.1:{port}", f"connect = 127.0.0.1:{to}", *options]
    (files / "stunnel.conf").write_text("\n".join(lines) + "\n", encoding="ascii")
    with started(files, port, "stunnel4", "stunnel.conf") as child:
        yield f"127.0.0.1:{port}", child


@contextlib.contextmanager
def echo() -> Iterator[int]:
    """A listener of ours in clear, for what stunnel decrypts."""
    with running("socket", "listen", "127.0.0.1:0", "--reply", "echo", "--json") as verb:
        try:
            yield port_of(verb.document())
        finally:
            verb.stop(signal.SIGINT)


def port_of(first: Any) -> int:
    return int(first["address"].rpartition(":")[2])


def trusting(files: Path, *words: str) -> tuple[str, ...]:
    return ("--tls", "--ca", str(files / "ca.pem"), "--sni", "localhost", *words, "--json")


def talk(where: str, *words: str) -> tuple[int, Any]:
    done = run_cli("socket", "talk", where, *words)
    return done.returncode, checked(done.json)


@contextlib.contextmanager
def listening(files: Path, *words: str) -> Iterator[tuple[int, Running]]:
    """Our own server under TLS; yields its port."""
    with running(*LISTEN, "--cert", str(files / "server.pem"), *words) as verb:
        yield port_of(verb.document()), verb


def documents_of(verb: Running, event: str) -> list[Any]:
    return [document for document in verb.documents() if document.get("event") == event]


# ---- GnuTLS as the server


@gnutls_serv
@versions
def test_gnutls_is_trusted_agrees_on_a_protocol_and_finishes_in_order(files: Path, version: str):
    with gnutls_server(files, version, "--alpn", "echo", "--disable-client-cert") as (where, _child):
        code, document = talk(where, *trusting(files, "--alpn", "x,echo", "--send", r"hello\n"))
        assert code == 0, document
        assert document["received"]["text"] == "hello\n"
        assert (document["end"], document["end_by"]) == ("close_notify", "peer")
        tls = document["tls"]
        assert (tls["version"], tls["alpn"], tls["trusted"], tls["resumed"]) == (
            f"TLSv{version}",
            "echo",
            True,
            False,
        )
        code, document = talk(where, "--tls", "--send", r"secret\n", "--json")
        assert (code, document["failure"]["kind"]) == (1, "Untrusted")
        assert document["sent"]["octets"] == 0


@gnutls_serv
@versions
def test_gnutls_demands_and_sees_our_certificate(files: Path, version: str):
    demand = ("--require-client-cert", "--verify-client-cert", "--x509cafile", "ca.pem")
    said = ("--send", r"hello\n", "--expect", "hello")
    with gnutls_server(files, version, *demand) as (where, _child):
        code, document = talk(where, *trusting(files, *said, "--cert", str(files / "client.pem")))
        assert (code, document["matched"]) == (0, True), document
        code, document = talk(where, *trusting(files, *said))
    assert code in (1, 3), document
    assert document["failure"]["kind"] in ("Refused", "LinkLost")
    assert document["failure"]["stage"] in ("tls", "send", "talk")


@gnutls_serv
@versions
async def test_gnutls_takes_a_session_up_again(files: Path, version: str):
    setup = client_setup(TlsOptions(server_name="localhost", trust=Trust(False, AUTHORITY.certificate)))
    with gnutls_server(files, version, "--disable-client-cert") as (where, _child):
        first, session = await _one_word(where, setup, None)
        assert (first.handshake.resumed, first.handshake.verdict.trusted) == (False, True)
        assert session is not None
        again, _ = await _one_word(where, setup, session)
    assert (again.handshake.resumed, again.handshake.verdict.trusted) == (True, True)
    assert again.handshake.sent == first.handshake.sent


async def _one_word(
    where: str, setup: TlsSetup, resume: TlsSession | None
) -> tuple[TlsStream, TlsSession | None]:
    transcript = Transcript()
    stream = await start_tls(await dial(parse_target(where), transcript), setup, resume=resume, timeout_s=10)
    await stream.send(b"hello\n")
    assert await stream.read_until(b"\n", limit=100, timeout_s=10) == b"hello\n"
    session = stream.session()
    await stream.aclose()
    transcript.close()
    return stream, session


@gnutls_serv
@versions
async def test_gnutls_that_is_killed_has_not_finished(files: Path, version: str):
    setup = client_setup(TlsOptions(server_name="localhost", trust=Trust(False, AUTHORITY.certificate)))
    transcript = Transcript()
    with gnutls_server(files, version, "--disable-client-cert") as (where, child):
        stream = await start_tls(await dial(parse_target(where), transcript), setup, timeout_s=10)
        await stream.send(b"hello\n")
        assert await stream.read_until(b"\n", limit=100, timeout_s=10) == b"hello\n"
        child.kill()
        assert await stream.read(timeout_s=10) == b""
    assert stream.end is not None
    assert (stream.end.kind, stream.end.by) == ("truncated", "peer")
    await stream.aclose()
    transcript.close()


# ---- GnuTLS as the client


@gnutls_cli
@versions
def test_a_gnutls_client_is_served_and_comes_again_by_its_session(files: Path, version: str):
    with listening(files, "--alpn", "echo", "--count", "2") as (port, verb):
        done = gnutls(files, port, version, "--alpn", "echo", "--resume", say=b"hello\n")
        secured = documents_of(verb, "secured")
        assert verb.wait() == 0
    assert done.returncode == 0, done
    assert b"hello\n" in done.stdout
    assert [it["tls"]["resumed"] for it in secured] == [False, True]
    assert {(it["tls"]["version"], it["tls"]["alpn"]) for it in secured} == {(f"TLSv{version}", "echo")}
    # With a session of TLS 1.2 it does not say the name again.
    assert secured[0]["tls"]["sni"] == "localhost"


@gnutls_cli
@versions
def test_a_gnutls_client_shows_its_certificate_and_one_without_is_told_why_not(files: Path, version: str):
    with listening(files, "--client-ca", str(files / "ca.pem"), "--count", "2") as (port, verb):
        known = ("--x509certfile", "client.pem", "--x509keyfile", "client.pem")
        assert gnutls(files, port, version, *known, say=b"hello\n").stdout.endswith(b"hello\n")
        assert gnutls(files, port, version, say=b"hello\n").returncode != 0
        documents = verb.documents()
        assert verb.wait() == 0
    (secured,) = [it for it in documents if it["event"] == "secured"]
    (failed,) = [it for it in documents if it["event"] == "failed"]
    assert (secured["tls"]["trusted"], secured["tls"]["sent"][0]["subject"]) == (
        True,
        "CN=a client of the Lab",
    )
    assert (failed["failure"]["kind"], failed["connection"]) == ("Untrusted", 2)
    ended = next(it for it in documents if it["event"] == "ended" and it["connection"] == 1)
    assert (ended["end"], ended["received"]) == ("close_notify", {"octets": 6})


def gnutls(
    files: Path, port: int, version: str, *words: str, say: bytes
) -> "subprocess.CompletedProcess[bytes]":
    """gnutls-cli, which trusts our authority, says a word and ends with its input."""
    names = ("--sni-hostname", "localhost", "--verify-hostname", "localhost", "--x509cafile", "ca.pem")
    how = ("--priority", PRIORITY + version, "--logfile", "cli.log", "-p", str(port))
    return subprocess.run(
        ["gnutls-cli", *names, *how, *words, "127.0.0.1"],
        cwd=files,
        input=say,
        capture_output=True,
        timeout=LIMIT_S,
    )


# ---- stunnel


@stunnel
@versions
def test_stunnel_puts_a_clear_server_under_tls(files: Path, version: str):
    options = ("cert = server.pem", f"sslVersion = TLSv{version}")
    with echo() as port, stunnelled(files, port, *options) as (where, _child):
        code, document = talk(where, *trusting(files, "--send", "hello"))
    assert code == 0, document
    assert (document["received"]["text"], document["end"]) == ("hello", "close_notify")
    assert (document["tls"]["version"], document["tls"]["trusted"]) == (f"TLSv{version}", True)


@stunnel
@versions
def test_stunnel_demands_our_certificate(files: Path, version: str):
    options = ("cert = server.pem", f"sslVersion = TLSv{version}", "CAfile = ca.pem", "verifyChain = yes")
    with echo() as port, stunnelled(files, port, *options) as (where, _child):
        code, document = talk(where, *trusting(files, "--send", "hi", "--cert", str(files / "client.pem")))
        assert (code, document["received"]["text"]) == (0, "hi"), document
        code, document = talk(where, *trusting(files, "--send", "hi"))
    assert code in (1, 3), document
    assert document["failure"]["stage"] in ("tls", "send")


@stunnel
@versions
async def test_stunnel_that_is_killed_has_not_finished_and_a_session_is_taken_up_again(
    files: Path, version: str
):
    setup = client_setup(TlsOptions(server_name="localhost", trust=Trust(False, AUTHORITY.certificate)))
    options = ("cert = server.pem", f"sslVersion = TLSv{version}")
    transcript = Transcript()
    with echo() as port, stunnelled(files, port, *options) as (where, child):
        _, session = await _one_word(where, setup, None)
        again = await start_tls(
            await dial(parse_target(where), transcript), setup, resume=session, timeout_s=10
        )
        assert again.handshake.resumed
        await again.send(b"hello\n")
        assert await again.read_until(b"\n", limit=100, timeout_s=10) == b"hello\n"
        child.send_signal(signal.SIGKILL)
        assert await again.read(timeout_s=10) == b""
    assert again.end is not None
    assert again.end.kind in ("truncated", "RST")
    await again.aclose()
    transcript.close()


@stunnel
@versions
def test_a_clear_client_comes_to_our_tls_through_stunnel(files: Path, version: str):
    options = (f"sslVersion = TLSv{version}", "cert = client.pem", "CAfile = ca.pem", "verifyChain = yes")
    named = (*options, "checkHost = localhost", "sni = localhost")
    with (
        listening(files, "--client-ca", str(files / "ca.pem"), "--count", "1") as (port, verb),
        stunnelled(files, port, *named, is_client=True) as (where, _child),
    ):
        host, _, clear = where.rpartition(":")
        with socket.create_connection((host, int(clear)), LIMIT_S) as client:
            client.sendall(b"hello")
            assert client.recv(100) == b"hello"
            client.shutdown(socket.SHUT_WR)
            assert client.recv(100) == b""
        documents = verb.documents()
        assert verb.wait() == 0
    (secured,) = [it for it in documents if it["event"] == "secured"]
    (ended,) = [it for it in documents if it["event"] == "ended"]
    assert (secured["tls"]["version"], secured["tls"]["sni"], secured["tls"]["trusted"]) == (
        f"TLSv{version}",
        "localhost",
        True,
    )
    assert (ended["end"], ended["end_by"]) == ("close_notify", "peer")

"""`workbench socket talk|listen` with ncat and socat, which never heard of us."""

import contextlib
import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.process import Running, running
from tests.cli.waiting import wait_for
from tests.kit.cli import run_cli
from tests.kit.ports import free_port

LIMIT_S = 90.0

ncat = pytest.mark.real("ncat")
socat = pytest.mark.real("socat")


@contextlib.contextmanager
def program(*words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A program with pipes, ended by its id at the latest when the test is over."""
    child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def listens(port: int, table: str = "tcp") -> bool:
    """Whether somebody has the port open."""
    lines = Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]
    states = {"tcp": "0A", "udp": "07"}
    return any(
        line.split()[1].endswith(f":{port:04X}") and line.split()[3] == states[table] for line in lines
    )


def address_of(verb: Running) -> str:
    return str(verb.document()["address"])


@ncat
def test_ncat_hears_us_and_we_hear_its_answer_and_its_end():
    port = free_port()
    with program("ncat", "-l", "127.0.0.1", str(port), "-c", "head -n 1; echo and more") as listener:
        wait_for(lambda: listens(port))
        # At our end ncat would kill its command, and its answer with it.
        words = ["--send", r"hello\n", "--no-finish", "--json"]
        done = run_cli("socket", "talk", f"127.0.0.1:{port}", *words)
        listener.wait(LIMIT_S)
    document = checked(done.json)
    assert done.returncode == 0
    assert (document["received"]["text"], document["end"]) == ("hello\nand more\n", "FIN")


@ncat
def test_what_ncat_sends_is_what_we_receive(tmp_path: Path):
    path = tmp_path / "payload"
    data = os.urandom(3_000_000)
    path.write_bytes(data)
    port = free_port()
    with program("ncat", "-l", "127.0.0.1", str(port), "-c", f"cat {path}"):
        wait_for(lambda: listens(port))
        done = run_cli("socket", "talk", f"127.0.0.1:{port}", "--no-finish", "--json")
    received = checked(done.json)["received"]
    assert (received["octets"], received["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


@ncat
def test_ncat_takes_a_file_that_we_send(tmp_path: Path):
    path = tmp_path / "payload"
    data = os.urandom(3_000_000)
    path.write_bytes(data)
    port = free_port()
    with program("ncat", "-l", "127.0.0.1", str(port), "--recv-only") as listener:
        wait_for(lambda: listens(port))
        assert listener.stdout is not None
        sending = ["socket", "talk", f"127.0.0.1:{port}", "--file", str(path)]
        with running(*sending) as verb:
            # ncat ends at our end, which it hears because we finish.
            output = listener.stdout.read()
            assert verb.wait() == 0
    assert hashlib.sha256(output).hexdigest() == hashlib.sha256(data).hexdigest()


@ncat
def test_a_datagram_goes_to_ncat_and_back():
    port = free_port()
    with program("ncat", "-u", "-l", "127.0.0.1", str(port), "-c", "cat"):
        wait_for(lambda: listens(port, "udp"))
        done = run_cli("socket", "talk", f"127.0.0.1:{port}", "--udp", "--send", "hello", "--json")
    assert done.returncode == 0, done
    assert checked(done.json)["datagrams"] == [{"octets": 5, "text": "hello"}]


@ncat
def test_our_listener_serves_ncat():
    with running("socket", "listen", "127.0.0.1:0", "--reply", "echo", "--count", "1", "--json") as verb:
        host, _, port = address_of(verb).rpartition(":")
        with program("ncat", host, port) as client:
            output, _ = client.communicate(b"hello\r\n", timeout=LIMIT_S)
        documents = verb.documents()
        assert verb.wait() == 0
    assert output == b"hello\r\n"
    assert [document["event"] for document in documents] == ["accepted", "received", "ended", "closed"]
    assert documents[2]["end"] == "FIN"


@socat
def test_our_listener_serves_socat_by_both_transports():
    with running("socket", "listen", "127.0.0.1:0", "--reply", r"answer\n", "--count", "1", "--json") as verb:
        with program("socat", "-t5", "-", f"TCP4:{address_of(verb)}") as client:
            output, _ = client.communicate(b"question", timeout=LIMIT_S)
        assert verb.wait() == 0
    assert output == b"answer\n"
    words = ["socket", "listen", "127.0.0.1:0", "--udp", "--reply", "echo", "--count", "1", "--json"]
    with running(*words) as verb, program("socat", "-t5", "-", f"UDP4:{address_of(verb)}") as client:
        assert client.stdin is not None
        client.stdin.write(b"question")
        client.stdin.flush()
        assert verb.wait() == 0
        assert client.stdout is not None
        assert client.stdout.read(8) == b"question"

"""`workbench socket listen`: a server by hand, its documents one a line, its ends."""

import contextlib
import json
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.process import Running, running
from tests.cli.terminal import Terminal
from tests.kit.cli import command, environment


def address_of(verb: Running) -> tuple[str, int]:
    """Where it listens, from its first document."""
    first = verb.document()
    assert first["event"] == "listening"
    host, _, port = first["address"].rpartition(":")
    return host.strip("[]"), int(port)


def exchange(address: tuple[str, int], data: bytes) -> bytes:
    with socket.create_connection(address, 10) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        taken = b""
        while piece := client.recv(65536):
            taken += piece
    return taken


def test_it_echoes_and_ends_after_the_count():
    with running("socket", "listen", "127.0.0.1:0", "--reply", "echo", "--count", "2", "--json") as verb:
        address = address_of(verb)
        assert exchange(address, b"one\r\n") == b"one\r\n"
        assert exchange(address, b"\xff") == b"\xff"
        documents = verb.documents()
        assert verb.wait() == 0
    by_connection = {
        number: [document["event"] for document in documents if document.get("connection") == number]
        for number in (1, 2)
    }
    assert by_connection == {1: ["accepted", "received", "ended"], 2: ["accepted", "received", "ended"]}
    received = [document for document in documents if document["event"] == "received"]
    assert (received[0]["text"], received[1]["hex"]) == ("one\r\n", "ff")
    ended = [document for document in documents if document["event"] == "ended"]
    assert [(document["end"], document["sent"]["octets"]) for document in ended] == [("FIN", 5), ("FIN", 1)]
    closed = documents[-1]
    assert (closed["event"], closed["connections"], closed["received"]) == ("closed", 2, {"octets": 6})


def test_a_connection_that_still_runs_when_the_count_is_reached_is_served_to_its_end():
    with running("socket", "listen", "127.0.0.1:0", "--reply", "echo", "--count", "1", "--json") as verb:
        address = address_of(verb)
        with socket.create_connection(address, 10) as client:
            assert verb.document()["event"] == "accepted"
            client.sendall(b"still")
            assert client.recv(100) == b"still"
            with pytest.raises(ConnectionError):
                socket.create_connection(address, 10)
        assert [document["event"] for document in verb.documents()][-1] == "closed"
        assert verb.wait() == 0


def test_a_text_answers_every_piece_and_discard_none(terminal: Terminal):
    with running("socket", "listen", "127.0.0.1:0", "--reply", r"got it\n", "--count", "1", "--json") as verb:
        assert exchange(address_of(verb), b"x") == b"got it\n"
        assert verb.wait() == 0
    with running("socket", "listen", "127.0.0.1:0", "--count", "1", "--json") as verb:
        assert exchange(address_of(verb), b"x") == b""
        assert verb.wait() == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_closes_everything(number: signal.Signals, code: int):
    with running("socket", "listen", "127.0.0.1:0", "--reply", "echo", "--json") as verb:
        address = address_of(verb)
        with socket.create_connection(address, 10) as client:
            client.sendall(b"x")
            assert client.recv(1) == b"x"
            verb.stop(number)
            assert client.recv(1) == b""
        documents = verb.documents()
        assert verb.wait() == code
    assert [document["event"] for document in documents] == ["accepted", "received", "ended", "closed"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, 10)


def test_a_client_that_resets_is_an_end_like_another():
    with running("socket", "listen", "127.0.0.1:0", "--count", "1", "--json") as verb:
        address = address_of(verb)
        with socket.create_connection(address, 10) as client:
            assert verb.document()["event"] == "accepted"
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        ended = verb.document()
        assert (ended["event"], ended["end"], ended["end_by"]) == ("ended", "RST", "peer")
        assert verb.wait() == 0


def test_datagrams_are_answered_an_empty_one_too():
    with running(
        "socket", "listen", "127.0.0.1:0", "--udp", "--reply", "echo", "--count", "2", "--json"
    ) as verb:
        address = address_of(verb)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(10)
            client.connect(address)
            client.send(b"")
            assert client.recv(10) == b""
            client.send(b"hi")
            assert client.recv(10) == b"hi"
        documents = verb.documents()
        assert verb.wait() == 0
    assert [document.get("text") for document in documents] == ["", "hi", None]
    assert documents[-1]["datagrams"] == 2


def test_a_large_piece_is_previewed_and_kept_whole_in_the_transcript(tmp_path: Path):
    path = tmp_path / "listen.jsonl"
    words = ["socket", "listen", "127.0.0.1:0", "--count", "1", "--json", "--transcript", str(path)]
    with running(*words) as verb:
        exchange(address_of(verb), b"A" * 20_000)
        documents = verb.documents()
        assert verb.wait() == 0
    pieces = [document for document in documents if document["event"] == "received"]
    assert all(len(piece["text"]) <= 4096 for piece in pieces)
    assert sum(piece["octets"] for piece in pieces) == 20_000
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert sum(len(line.get("text", "")) for line in lines) == 20_000


def test_time_that_runs_out_is_an_end_or_a_count_not_reached(terminal: Terminal):
    words = ("socket", "listen", "127.0.0.1:0", "--timeout", "0.2")
    assert terminal(*words).code == 0
    said = terminal(*words, "--count", "1")
    assert said.code == 3
    assert "0 of 1 connections came" in said.err
    said = terminal(*words, "--count", "1", "--udp", "--json")
    documents = [checked(json.loads(line)) for line in said.out.splitlines()]
    assert documents[-1]["failure"]["kind"] == "TooSlow"
    assert documents[-1]["datagrams"] == 0


def test_a_port_that_is_taken_is_a_fault_of_this_machine(terminal: Terminal):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = terminal("socket", "listen", f"127.0.0.1:{taken.getsockname()[1]}", "--json")
    assert said.code == 5
    assert (said.document["failure"]["errno"], said.document["connections"]) == ("EADDRINUSE", 0)


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (("lab:echo",), "lab:"),
        (("127.0.0.1",), ""),
        (("127.0.0.1:70000",), "70000"),
        (("127.0.0.1:0", "--reply", r"\q"), r"\q"),
        (("127.0.0.1:0", "--count", "0"), "0"),
        (("127.0.0.1:0", "--timeout", "never"), "never"),
        ((), ""),
    ],
)
def test_a_mistake_is_marked_and_nothing_is_opened(terminal: Terminal, words: tuple[str, ...], marked: str):
    said = terminal("socket", "listen", *words, "--json")
    assert said.code == 2
    failure = said.document["failure"]
    assert failure["input"][failure["at"]["start"] : failure["at"]["end"]] == marked


def test_for_people_the_address_is_a_note_and_octets_come_out_as_they_are():
    with subprocess.Popen(
        command("socket", "listen", "127.0.0.1:0", "--count", "1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as verb:
        assert verb.stderr is not None
        notes = b""
        while b"listening on " not in notes:
            notes += verb.stderr.readline()
        port = int(notes.rpartition(b"listening on 127.0.0.1:")[2].split()[0])
        exchange(("127.0.0.1", port), b"\xffhello")
        output, errors = verb.communicate(timeout=60)
    assert (verb.returncode, output) == (0, b"\xffhello")
    assert b"accepted 127.0.0.1:" in errors
    assert b" [1] " in errors


def test_a_reader_that_goes_away_ends_the_listener():
    with running("socket", "listen", "127.0.0.1:0", "--json") as verb:
        address = address_of(verb)
        assert verb.child.stdout is not None
        verb.child.stdout.close()
        # The connection may be closed on us before we have read its end.
        with contextlib.suppress(OSError):
            exchange(address, b"x")
        assert verb.wait() == 141

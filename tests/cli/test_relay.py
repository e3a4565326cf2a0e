"""`workbench relay`: a man in the middle from the terminal, its documents, its ends.

What runs, workbench.cli.relay_run, is tested through the verb.
"""

import contextlib
import json
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.process import Running, running
from tests.cli.terminal import Terminal


@contextlib.contextmanager
def echo() -> Iterator[str]:
    """An echo server of the standard library, for any number of clients, one after the other."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    with client, contextlib.suppress(OSError):
                        while data := client.recv(65536):
                            client.sendall(data)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(60)


def address_of(verb: Running) -> tuple[str, int]:
    """Where it listens, from its first document."""
    first = verb.document()
    assert first["event"] == "listening"
    host, _, port = first["address"].rpartition(":")
    return host, int(port)


def exchange(address: tuple[str, int], data: bytes) -> bytes:
    with socket.create_connection(address, 10) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        taken = b""
        while piece := client.recv(65536):
            taken += piece
    return taken


def drain(client: socket.socket) -> None:
    """Read to the end. Raises ConnectionResetError if that is a RST."""
    while client.recv(65536):
        pass


def ended(verb: Running) -> tuple[list[Any], Any]:
    """The documents until a connection has ended, and that last one."""
    documents: list[Any] = []
    while not documents or documents[-1]["event"] != "ended":
        documents.append(verb.document())
    return documents, documents[-1]


@pytest.mark.parametrize(
    ("options", "answer", "did"),
    [
        ((), b"0123456789", []),
        (("--cut-after", "4", "--direction", "to-client"), b"0123", ["cut"]),
        (("--half-close-after", "3", "--direction", "to-server"), b"012", ["half-close"]),
        (("--flip", "1", "--direction", "to-client"), b"0023456789", ["flip"]),
        (("--rewrite", "345=>\\x21", "--direction", "to-client"), b"012!6789", ["rewrite"]),
        (("--split", "1", "--delay", "20", "--coalesce", "10", "--rate", "1000"), b"0123456789", []),
    ],
)
def test_what_passes_is_told_and_the_options_act(options: tuple[str, ...], answer: bytes, did: list[str]):
    with echo() as target, running("relay", "127.0.0.1:0", target, *options, "--json") as verb:
        assert exchange(address_of(verb), b"0123456789") == answer
        documents, last = ended(verb)
        assert [document["event"] for document in documents[:2]] == ["accepted", "connected"]
        assert [document["did"] for document in documents if document["event"] == "acted"] == did
        assert last["to_client"]["octets_out"] == len(answer)
        assert last["client"]["end"] == "FIN"
        verb.stop()
        closed = verb.documents()[-1]
        assert (closed["event"], closed["connections"]) == ("closed", 1)
        assert closed["to_client"] == {"octets": len(answer)}
        assert verb.wait() == 130


@pytest.mark.parametrize("option", ["--reset-after", "--freeze-after"])
def test_a_reset_and_a_frozen_direction_are_seen_by_the_client(option: str):
    with (
        echo() as target,
        running("relay", "127.0.0.1:0", target, option, "4", "--direction", "to-server", "--json") as verb,
        socket.create_connection(address_of(verb), 10) as client,
    ):
        client.sendall(b"0123456789")
        if option == "--reset-after":
            with pytest.raises(ConnectionResetError):
                drain(client)
            assert ended(verb)[1]["server"]["end_by"] == "us"
        else:
            assert client.recv(4, socket.MSG_WAITALL) == b"0123"
            client.settimeout(0.2)
            with pytest.raises(TimeoutError):
                client.recv(1)
        verb.stop(signal.SIGTERM)
        assert verb.documents()[-1]["event"] == "closed"
        assert verb.wait() == 143


def test_a_target_that_refuses_is_told_and_the_client_reset():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        target = f"127.0.0.1:{unused.getsockname()[1]}"
        with running("relay", "127.0.0.1:0", target, "--json") as verb:
            address = address_of(verb)
            with pytest.raises(ConnectionResetError):
                exchange(address, b"x")
            documents, last = ended(verb)
            assert [document["event"] for document in documents] == ["accepted", "refused", "ended"]
            assert documents[1]["failure"]["errno"] == "ECONNREFUSED"
            assert (last["server"], last["client"]["end"]) == (None, "RST")
            verb.stop()
            assert verb.wait() == 130


def test_a_service_of_the_lab_and_a_transcript(tmp_path: Path):
    path = tmp_path / "passed.jsonl"
    words = ("relay", "127.0.0.1:0", "lab:echo", "--flip", "0", "--json", "--transcript", str(path))
    with running(*words) as verb:
        assert exchange(address_of(verb), b"a") == b"a"
        ended(verb)
        verb.stop()
        assert verb.documents()[-1]["lab"] == "private"
        assert verb.wait() == 130
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["text"] for line in lines if "text" in line] == ["a", "`", "`", "a"]
    assert sum("relay.flip" in line.values() for line in lines) == 2


def test_datagrams_meet_the_fate_that_is_asked_for():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(10)
        target = f"127.0.0.1:{server.getsockname()[1]}"
        options = ("--duplicate", "100", "--direction", "to-server", "--seed", "7")
        with running("relay", "127.0.0.1:0", target, "--udp", *options, "--json") as verb:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.settimeout(10)
                client.connect(address_of(verb))
                client.send(b"")
                data, back = server.recvfrom(100)
                assert (data, server.recv(100)) == (b"", b"")
                server.sendto(b"answer", back)
                assert client.recv(100) == b"answer"
            first, second = verb.document(), verb.document()
            assert (first["did"], second["did"]) == (["duplicate"], [])
            verb.stop()
            closed = verb.documents()[-1]
            assert (closed["to_server"], closed["to_client"]) == ({"datagrams": 1}, {"datagrams": 1})
            assert verb.wait() == 130


@pytest.mark.parametrize(
    ("words", "marked", "said"),
    [
        (("--drop", "3"), "--drop", "it needs --udp"),
        (("--udp", "--split", "3"), "--split", "leave out --udp"),
        (("--cut-after", "-1"), "-1", "whole number"),
        (("--delay", "soon"), "soon", "delay_ms must be"),
        (("--direction", "up"), "up", "to-server"),
        (("--udp", "--drop", "101"), "101", "from 0 to 100"),
    ],
)
def test_a_mistake_is_marked_and_nothing_is_opened(
    terminal: Terminal, words: tuple[str, ...], marked: str, said: str
):
    told = terminal("relay", "127.0.0.1:0", "127.0.0.1:9", *words, "--json")
    assert told.code == 2
    failure = told.document["failure"]
    assert failure["input"][failure["at"]["start"] : failure["at"]["end"]] == marked
    assert said in failure["what"] + failure.get("try", "")


def test_a_service_that_the_lab_does_not_have_is_told_before_anybody_calls(terminal: Terminal):
    told = terminal("relay", "127.0.0.1:0", "lab:ehco", "--timeout", "0.1", "--json")
    assert told.code == 2
    failure = told.document["failure"]
    assert failure["input"][failure["at"]["start"] : failure["at"]["end"]] == "ehco"
    assert "echo" in failure["try"]


def test_time_that_runs_out_is_an_end(terminal: Terminal):
    told = terminal("relay", "127.0.0.1:0", "127.0.0.1:9", "--timeout", "0.1")
    assert told.code == 0
    assert "listening on 127.0.0.1:" in told.err

"""`workbench transcript replay`: what was said is said again, and the answers are compared."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.saved import save
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from workbench.transcript.records import Direction
from workbench.transcript.store import read_jsonl


@pytest.fixture
def file(tmp_path: Path) -> str:
    return save(tmp_path / "talk.jsonl")


@pytest.fixture
def server() -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers one connection with HELLO and ends when the client did; and what it heard."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(65_536):
                heard.append(data)
            connection.sendall(b"HELLO\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"127.0.0.1:{listener.getsockname()[1]}", heard
    # A test that never connected must not leave the thread in accept().
    listener.shutdown(socket.SHUT_RDWR)
    thread.join(60)
    listener.close()


def test_the_same_answer_is_success(terminal: Terminal, tmp_path: Path, server):
    address, heard = server
    path = save(tmp_path / "talk.jsonl", with_secrets=True)
    again = tmp_path / "again.jsonl"
    said = terminal("transcript", "replay", path, address, "--transcript", str(again), "--json")
    assert (said.code, said.document["equal"], said.document["difference"]) == (0, True, None)
    assert said.document["then"] == said.document["now"] == {"sent": 12, "received": 7, "end": "FIN"}
    assert b"".join(heard) == b"hello hush\r\n"
    assert b"hush" not in again.read_bytes()
    assert terminal("transcript", "compare", path, str(again)).out.count("sent") == 1  # the masked secret


def test_another_answer_is_a_difference(terminal: Terminal, tmp_path: Path, server):
    address, _ = server
    path = save(tmp_path / "talk.jsonl", answer=b"HELLo\r\n", with_secrets=True)
    said = terminal("transcript", "replay", path, address, "--speed", "original", "--json")
    document = said.document
    assert (said.code, document["failure"]["kind"], document["equal"]) == (1, "Refused", False)
    assert document["difference"] == {"offset": 4, "then_hex": b"o\r\n".hex(), "now_hex": b"O\r\n".hex()}
    assert document["failure"]["what"] == "octet 4 of the answer was 6f then and is 4f now"


@pytest.mark.parametrize("answer", [b"HELLO\r\n", b"HELLo\r\n"])
@pytest.mark.parametrize("speed", ["original", "full"])
def test_at_either_speed_every_octet_of_the_answer_is_compared(
    speed: str, answer: bytes, terminal: Terminal, tmp_path: Path, server
):
    address, heard = server
    path = save(tmp_path / "talk.jsonl", answer=answer, with_secrets=True, pause_ns=600_000_000)
    again = tmp_path / "again.jsonl"
    words = (path, address, "--speed", speed, "--transcript", str(again))
    said = terminal("transcript", "replay", *words, "--json")
    assert (said.code, said.document["speed"]) == (0 if answer == b"HELLO\r\n" else 1, speed)
    assert said.document["equal"] == (answer == b"HELLO\r\n")
    assert (said.document["difference"] or {}).get("offset") == (None if said.document["equal"] else 4)
    assert b"".join(heard) == b"hello hush\r\n"
    with again.open("rb") as file:
        now = read_jsonl(file)
    connected = next(event.time_ns for event in now.events() if event.name == "connect.complete")
    sent = next(event.time_ns for event in now.events() if event.direction is Direction.SENT)
    now.close()
    waited_s = (sent - connected) / 1e9
    assert waited_s >= 0.59 if speed == "original" else waited_s < 0.59


def test_a_server_of_the_lab_can_be_the_target(tmp_path: Path):
    path = str(tmp_path / "talk.jsonl")
    talked = run_cli("socket", "talk", "lab:echo", "--send", r"hi\r\n", "--transcript", path)
    assert talked.returncode == 0, talked
    done = run_cli("transcript", "replay", path, "lab:echo", "--json")
    assert done.returncode == 0, done
    assert done.json["now"] == {"sent": 4, "received": 4, "end": "FIN"}
    done = run_cli("transcript", "replay", path, "lab:discard")
    assert done.returncode == 1
    assert "then the answer has less: 4 octets then, 0 now" in done.stderr


def test_a_masked_secret_is_not_sent(terminal: Terminal, file: str):
    said = terminal("transcript", "replay", file, "127.0.0.1:9", "--json")
    assert (said.code, said.document["failure"]["kind"]) == (2, "LocalMisuse")
    assert "--with-secrets" in said.document["failure"]["try"]


def test_one_of_several_channels_must_be_chosen(terminal: Terminal, tmp_path: Path, server):
    address, _ = server
    path = save(tmp_path / "talk.jsonl", channels=2, with_secrets=True)
    said = terminal("transcript", "replay", path, address)
    assert said.code == 2
    assert "2 channels" in said.err
    assert terminal("transcript", "replay", path, address, "--channel", "7").code == 2
    said = terminal("transcript", "replay", path, address, "--channel", "1", "--json")
    assert (said.code, said.document["channel"]) == (0, 1)


def test_nobody_there_is_no_difference(terminal: Terminal, tmp_path: Path):
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        path = save(tmp_path / "talk.jsonl", with_secrets=True)
        said = terminal("transcript", "replay", path, f"127.0.0.1:{asked.getsockname()[1]}", "--json")
    assert (said.code, said.document["failure"]["errno"]) == (3, "ECONNREFUSED")
    assert "now" not in said.document


def test_an_address_that_is_none_is_told_before_anything_is_read(terminal: Terminal):
    assert terminal("transcript", "replay", "no.jsonl", "https://x.test/").code == 2


@pytest.fixture(scope="module")
def protected_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A conversation with lab:tls-echo, saved by the verb that had it."""
    path = str(tmp_path_factory.mktemp("replay") / "tls.jsonl")
    said = run_cli(
        "socket", "talk", "lab:tls-echo", "--tls", "--alpn", "echo", "--send", "hello", "--transcript", path
    )
    assert said.returncode == 0, said
    return path


def test_what_was_said_under_tls_is_said_under_tls_again(protected_file: str, tmp_path: Path):
    again = tmp_path / "again.jsonl"
    said = run_cli(
        "transcript", "replay", protected_file, "lab:tls-echo", "--transcript", str(again), "--json"
    )
    document = checked(said.json)
    assert (said.returncode, document["equal"], document["tls"]) == (0, True, {"then": True, "now": True})
    assert document["now"] == {"sent": 5, "received": 5, "end": "close_notify"}
    with again.open("rb") as file:
        read = read_jsonl(file)
    started = next(event for event in read.events() if event.name == "tls.started")
    assert started.values["alpn"] == ["echo"]
    read.close()


@pytest.mark.parametrize("target", ["lab:echo", "lab:unix-echo"])
def test_or_in_clear_to_any_stream(protected_file: str, target: str):
    said = run_cli("transcript", "replay", protected_file, target, "--clear", "--json")
    assert (said.returncode, said.json["tls"]) == (0, {"then": True, "now": False})
    assert said.json["now"] == {"sent": 5, "received": 5, "end": "FIN"}


def test_a_certificate_that_is_not_trusted_ends_it_unless_it_may_be_shown(protected_file: str):
    said = run_cli("transcript", "replay", protected_file, "lab:tls-self-signed", "--json")
    failure = said.json["failure"]
    assert (said.returncode, failure["kind"], failure["stage"]) == (1, "Untrusted", "tls")
    assert "--show-untrusted" in failure["try"]
    shown = run_cli(
        "transcript", "replay", protected_file, "lab:tls-self-signed", "--show-untrusted", "--json"
    )
    assert shown.json["now"]["sent"] == 5


def test_options_of_tls_where_there_is_none_are_refused(terminal: Terminal, file: str, protected_file: str):
    said = terminal("transcript", "replay", protected_file, "lab:echo", "--clear", "--ca", "lab")
    assert (said.code, "--clear leaves it out" in said.err) == (2, True)
    plain = save(Path(protected_file).with_name("plain.jsonl"), with_secrets=True)
    said = terminal("transcript", "replay", plain, "lab:echo", "--sni", "x.test")
    assert (said.code, "there was none in this conversation" in said.err) == (2, True)

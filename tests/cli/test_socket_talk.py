"""`workbench socket talk` as people and programs use it: exit codes, documents, transcripts, hostile peers."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.kit.cli import command, environment, run_cli
from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer


@pytest.fixture
def refusing() -> str:
    """An address at which nobody listens."""
    return f"127.0.0.1:{free_port()}"


# ---- the commands that must hold


def test_the_labs_echo_answers_what_is_expected():
    done = run_cli("socket", "talk", "lab:echo", "--send", r"hello\r\n", "--expect", "hello", "--json")
    assert done.returncode == 0, done
    document = checked(done.json)
    assert document["matched"] is True
    assert document["received"]["text"] == "hello\r\n"
    assert document["received"]["sha256"] == hashlib.sha256(b"hello\r\n").hexdigest()
    sent = {"octets": 7, "sha256": document["received"]["sha256"]}
    assert (document["target"], document["lab"], document["sent"]) == ("lab:echo", "private", sent)
    assert document["address"] == document["peer"] != document["local"]
    assert (document["end"], document["end_by"]) == ("local", "us")


def test_nobody_listening_is_no_answer(refusing: str, terminal: Terminal):
    said = terminal("socket", "talk", refusing, "--json")
    assert said.code == 3
    document = said.document
    failure = document["failure"]
    assert (failure["kind"], failure["stage"], failure["errno"]) == ("LinkLost", "connect", "ECONNREFUSED")
    assert (document["address"], document["peer"], document["end"]) == (refusing, None, None)
    assert [event["event"] for event in document["events"]][:3] == [
        "resolve.numeric",
        "connect.started",
        "connect.failed",
    ]
    assert "ECONNREFUSED" in said.err


def test_a_port_that_does_not_exist_is_marked(terminal: Terminal):
    said = terminal("socket", "talk", "127.0.0.1:70000", "--json")
    assert said.code == 2
    failure = said.document["failure"]
    assert failure["input"][failure["at"]["start"] : failure["at"]["end"]] == "70000"


def test_a_reset_is_an_end_and_no_failure():
    done = run_cli("socket", "talk", "lab:resetting", "--send", "x", "--json")
    assert done.returncode == 0, done
    document = checked(done.json)
    assert (document["end"], document["end_by"]) == ("RST", "peer")


def test_an_empty_datagram_is_an_event():
    done = run_cli("socket", "talk", "lab:udp-echo", "--udp", "--send", "", "--json")
    assert done.returncode == 0, done
    document = checked(done.json)
    assert document["datagrams"] == [{"octets": 0, "text": ""}]
    passed = [event for event in document["events"] if event["event"] in ("sent", "received")]
    assert [(event["event"], event["octets"]) for event in passed] == [("sent", 0), ("received", 0)]
    assert document["end"] is None


# ---- what is sent


def test_payloads_keep_their_order_whatever_they_are_written_in(tmp_path: Path, terminal: Terminal):
    path = tmp_path / "payload"
    path.write_bytes(b"<file>")
    wanted = b"text\xff<file>grun\xfc\r\n"
    script = [("expect", wanted), ("wait_eof",), ("send", b"ok")]
    words = ["--send", "text", "--send-hex", "ff", "--file", str(path), "--send", "grunü\n"]
    with scripted_peer(script) as peer:
        said = terminal(
            "socket", "talk", str(peer), *words, "--encoding", "latin-1", "--line-ending", "crlf", "--json"
        )
    assert said.code == 0, said
    assert said.document["received"]["text"] == "ok"
    assert bytes(peer.received) == wanted


def test_standard_input_is_sent_and_received_octets_come_out_as_they_are():
    data = os.urandom(300_000)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=echo_once, args=(server,))
        thread.start()
        child = run_cli_raw(
            "socket", "talk", f"127.0.0.1:{server.getsockname()[1]}", "--file", "-", input=data
        )
        thread.join(60)
    assert child == (0, data)


def echo_once(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        while data := connection.recv(65536):
            connection.sendall(data)


def run_cli_raw(*argv: str, input: bytes) -> tuple[int, bytes]:
    done = subprocess.run(command(*argv), input=input, capture_output=True, timeout=60, env=environment())
    return done.returncode, done.stdout


def test_a_half_that_is_not_finished_stays_open(terminal: Terminal):
    with scripted_peer([("expect", b"x"), ("send", b"bye"), ("finish",), ("stall",)]) as peer:
        said = terminal("socket", "talk", str(peer), "--send", "x", "--no-finish", "--json")
    assert said.code == 0
    names = [event["event"] for event in said.document["events"]]
    assert "finish.sent" not in names
    assert said.document["end"] == "FIN"


def test_the_rest_still_comes_after_our_half_is_finished(terminal: Terminal):
    with scripted_peer([("expect", b"x"), ("wait_eof",), ("send", b"the rest")]) as peer:
        said = terminal("socket", "talk", str(peer), "--send", "x", "--json")
    assert (said.code, said.document["received"]["text"]) == (0, "the rest")


# ---- what is expected


def test_what_never_came_before_the_end_is_an_answer_that_says_no(terminal: Terminal):
    with scripted_peer([("expect", b"x"), ("send", b"no")]) as peer:
        said = terminal("socket", "talk", str(peer), "--send", "x", "--expect", "yes", "--json")
    assert said.code == 1
    document = said.document
    assert (document["failure"]["kind"], document["failure"]["stage"]) == ("Refused", "expect")
    assert (document["matched"], document["received"]["text"], document["end"]) == (False, "no", "FIN")


def test_what_does_not_come_in_time_is_no_answer_and_the_transcript_is_kept(
    tmp_path: Path, terminal: Terminal
):
    path = tmp_path / "talk.jsonl"
    with scripted_peer([("send", b"wait"), ("stall",)]) as peer:
        said = terminal(
            *("socket", "talk", str(peer), "--expect", "go", "--timeout", "1.5", "--json"),
            *("--transcript", str(path)),
        )
    assert said.code == 3
    document = said.document
    assert (document["failure"]["kind"], document["end"], document["end_by"]) == ("TooSlow", "timeout", "us")
    assert document["received"]["text"] == "wait"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert any(line.get("text") == "wait" for line in lines)
    assert [line["fact"] for line in lines if "fact" in line][-2:] == ["end", "close"]


@pytest.mark.parametrize(("pattern", "matched"), [(r"2\d\d OK", True), ("^250 ", False)])
def test_a_pattern_may_be_expected(terminal: Terminal, pattern: str, matched: bool):
    with scripted_peer([("send", b"... 250 O"), ("send", b"K\r\n")]) as peer:
        said = terminal("socket", "talk", str(peer), "--expect-re", pattern, "--json")
    assert (said.code, said.document["matched"]) == (0 if matched else 1, matched)


def test_a_pattern_without_end_is_stopped(terminal: Terminal):
    with scripted_peer([("send", b"a" * 60 + b"!"), ("stall",)]) as peer:
        said = terminal("socket", "talk", str(peer), "--expect-re", r"^(a|aa)+$", "--timeout", "10", "--json")
    assert said.code == 2
    assert "takes too long" in said.document["failure"]["what"]


# ---- datagrams


def test_answers_are_waited_for_and_missing_ones_are_no_answer(terminal: Terminal):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(10)

        def answer() -> None:
            data, sender = server.recvfrom(100)
            server.sendto(data + b"!", sender)
            server.sendto(b"\xff", sender)

        thread = threading.Thread(target=answer)
        thread.start()
        address = f"127.0.0.1:{server.getsockname()[1]}"
        said = terminal("socket", "talk", address, "--udp", "--send", "a", "--answers", "2", "--json")
        thread.join(60)
        assert said.code == 0
        assert said.document["datagrams"] == [{"octets": 2, "text": "a!"}, {"octets": 1, "hex": "ff"}]
        said = terminal("socket", "talk", address, "--udp", "--send", "a", "--timeout", "0.2", "--json")
        assert (said.code, said.document["failure"]["kind"]) == (3, "TooSlow")


def test_a_datagram_to_nobody_is_refused_by_the_machine(terminal: Terminal):
    address = f"udp://127.0.0.1:{free_port()}"
    said = terminal("socket", "talk", address, "--send", "a", "--json")
    assert said.code == 3
    assert said.document["failure"]["errno"] == "ECONNREFUSED"


# ---- for people


def test_without_json_octets_and_steps_go_their_own_ways(terminal: Terminal):
    with scripted_peer([("expect", b"hi\r\n"), ("send", b"\x1b[2Jhello"), ("wait_eof",)]) as peer:
        said = terminal("socket", "talk", str(peer), "--send", r"hi\r\n")
    assert (said.code, said.out) == (0, "\x1b[2Jhello")
    assert "connected 127.0.0.1:" in said.err
    assert "→ 4 B" in said.err
    assert "end: FIN" in said.err
    assert "sent 4 B, received 9 B in " in said.err


# ---- wrong usage: nothing is sent, and the place is marked


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (("",), ""),
        (("127.0.0.1",), ""),
        (("127.0.0.1:",), ""),
        (("127.0.0.1:0",), "0"),
        (("127.0.0.1:x!",), "x!"),
        (("host name:1",), " "),
        (("[::1:80",), None),
        (("lab:",), ""),
        (("lab:ehco",), "ehco"),
        (("lab:udp-echo",), "lab:udp-echo"),
        (("lab:echo", "--udp", "--send", ""), "lab:echo"),
        (("http://127.0.0.1/x",), "http://127.0.0.1/x"),
        (("tcp://127.0.0.1:9", "--udp", "--send", ""), "tcp://127.0.0.1:9"),
        (("127.0.0.1:9", "--send", r"a\qb"), r"\q"),
        (("127.0.0.1:9", "--send", "a\\"), "\\"),
        (("127.0.0.1:9", "--send", r"\x4"), r"\x4"),
        (("127.0.0.1:9", "--send", r"\u{110000}"), "110000"),
        (("127.0.0.1:9", "--send", r"\{f"), None),
        (("127.0.0.1:9", "--send", "grün", "--encoding", "ascii"), "ü"),
        (("127.0.0.1:9", "--send-hex", "0"), None),
        (("127.0.0.1:9", "--send-hex", "zz"), None),
        (("127.0.0.1:9", "--encoding", "klingon"), "klingon"),
        (("127.0.0.1:9", "--line-ending", "dos"), "dos"),
        (("127.0.0.1:9", "--expect", ""), ""),
        (("127.0.0.1:9", "--expect", r"\q"), r"\q"),
        (("127.0.0.1:9", "--expect-re", "a("), None),
        (("127.0.0.1:9", "--timeout", "0"), "0"),
        (("127.0.0.1:9", "--timeout", "-1"), "-1"),
        (("127.0.0.1:9", "--timeout", "nan"), "nan"),
        (("127.0.0.1:9", "--timeout", "inf"), "inf"),
        (("127.0.0.1:9", "--udp", "--send", "", "--answers", "0"), "0"),
        (("127.0.0.1:9", "--transcript", "x.pcap"), "pcap"),
        (("127.0.0.1:9", "--relay", "x"), "x"),
        (("127.0.0.1:9", "--sned", "x"), "--sned"),
        (("127.0.0.1:9", "more"), "more"),
    ],
)
def test_a_mistake_is_marked_and_nothing_is_sent(
    terminal: Terminal, words: tuple[str, ...], marked: str | None
):
    said = terminal("socket", "talk", *words, "--json")
    assert said.code == 2
    document = said.document
    assert set(document) == {"schema", "ok", "failure"}
    failure = document["failure"]
    assert failure["kind"] == "LocalMisuse"
    shown = failure["input"][failure["at"]["start"] : failure["at"]["end"]]
    if marked is not None:
        assert shown == marked
    assert "^" in said.err


@pytest.mark.parametrize(
    "words",
    [
        ("127.0.0.1:9", "--udp"),
        ("127.0.0.1:9", "--udp", "--send", "", "--no-finish"),
        ("127.0.0.1:9", "--answers", "1"),
        ("127.0.0.1:9", "--expect", "a", "--expect-re", "a"),
    ],
)
def test_arguments_that_contradict_each_other_are_refused(terminal: Terminal, words: tuple[str, ...]):
    said = terminal("socket", "talk", *words, "--json")
    assert said.code == 2
    assert said.document["failure"]["try"]


@pytest.mark.parametrize(
    ("words", "symbol"),
    [
        (("--transcript", "/nowhere/at/all.txt"), "ENOENT"),
        (("--file", "/nowhere/at/all"), "ENOENT"),
        (("--file", "/"), "EISDIR"),
    ],
)
def test_a_file_that_cannot_be_had_is_found_before_connecting(
    terminal: Terminal, words: tuple[str, ...], symbol: str
):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        said = terminal("socket", "talk", f"127.0.0.1:{server.getsockname()[1]}", *words, "--json")
        with pytest.raises(BlockingIOError):
            server.accept()
    assert said.code == 5
    assert said.document["failure"]["errno"] == symbol


# ---- hostile peers


def test_endless_data_without_a_line_end_costs_no_memory():
    code = r"""
import re, sys
from workbench.cli.main import main
code = main(sys.argv[1:])
# Not getrusage: its figure begins with that of the process that started this one.
with open("/proc/self/status") as file:
    print(re.search(r"VmHWM:\s*(\d+)", file.read())[1], file=sys.stderr)
sys.exit(code)
"""
    size = 64 * 1024 * 1024
    with socket.create_server(("127.0.0.1", 0)) as server:

        def flood() -> None:
            connection, _ = server.accept()
            with connection:
                for _ in range(size // 65536):
                    connection.sendall(b"A" * 65536)

        thread = threading.Thread(target=flood)
        thread.start()
        done = subprocess.run(
            [
                *(sys.executable, "-c", code, "socket", "talk", f"127.0.0.1:{server.getsockname()[1]}"),
                *("--expect", "never", "--json"),
            ],
            capture_output=True,
            timeout=60,
            env=environment(),
            text=True,
        )
        thread.join(60)
    assert done.returncode == 1
    document = checked(json.loads(done.stdout))
    received = document["received"]
    assert (received["octets"], received["truncated"], len(received["text"])) == (size, True, 65536)
    assert received["sha256"] == hashlib.sha256(b"A" * size).hexdigest()
    assert len(document["events"]) <= 1000
    # In KiB on Linux. An interpreter with our imports takes about 35 MiB.
    assert int(done.stderr.split()[-1]) < 100 * 1024


def test_a_peer_that_resets_while_we_send_is_a_lost_link(terminal: Terminal):
    with scripted_peer([("expect", b"x"), ("reset",)]) as peer:
        said = terminal(
            "socket",
            "talk",
            str(peer),
            "--send",
            "x",
            "--send",
            "y" * 60,
            "--file",
            "/dev/zero",
            "--json",
        )
    assert said.code == 3
    document = said.document
    assert (document["failure"]["kind"], document["end"]) == ("LinkLost", "RST")


def test_a_udp_service_of_the_lab_is_asked_without_being_told_so(terminal: Terminal):
    said = terminal("socket", "talk", "lab:udp-echo", "--send", "hi", "--json")
    assert (said.code, said.document["received"]["octets"]) == (0, 2)
    assert "speaks UDP" in said.err

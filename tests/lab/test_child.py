"""The Lab's process from outside: what it says, how it ends, and that nothing a user does stops it."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.cli import environment
from tests.kit.stolen import Stopwatch
from tests.lab.houses import wait_for_death
from workbench import __version__
from workbench.lab.child import Log
from workbench.lab.control import MAX_REQUEST_LINE, PROTOCOL
from workbench.lab.launch import child_command, launch

LIMIT_S = 90.0


class Child:
    """A child whose owner is this test, in plain blocking calls."""

    def __init__(self, popen: "subprocess.Popen[bytes]") -> None:
        self.popen = popen
        assert popen.stdin is not None
        assert popen.stdout is not None
        self.stdin, self.stdout = popen.stdin, popen.stdout
        self._rest = b""

    def line(self) -> Any:
        """The next message; None at the end of its output."""
        while b"\n" not in self._rest:
            assert select.select([self.stdout], [], [], LIMIT_S)[0], "the child said nothing"
            data = os.read(self.stdout.fileno(), 65536)
            if not data:
                return None
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)

    def answer(self, number: int) -> Any:
        """The answer under this id; news in between is left out."""
        while (message := self.line()) is not None:
            if message.get("id") == number and "notice" not in message:
                return message
        raise AssertionError("the child ended instead of answering")

    def ask(self, number: int, do: str, **fields: object) -> Any:
        self.stdin.write(json.dumps({"id": number, "do": do, **fields}).encode() + b"\n")
        return self.answer(number)

    def end(self) -> int:
        """Close its input and return its status."""
        self.stdin.close()
        return self.popen.wait(LIMIT_S)


@contextlib.contextmanager
def a_child(share: str = "") -> Iterator[Child]:
    popen = launch(share)
    with popen:
        try:
            yield Child(popen)
        finally:
            if popen.poll() is None:
                popen.kill()


def test_it_says_hello_first_and_answers_each_request():
    with a_child() as child:
        hello = child.line()["hello"]
        assert hello == {
            "protocol": PROTOCOL,
            "version": __version__,
            "pid": child.popen.pid,
            "shared": "",
            "note": "",
        }
        assert child.ask(1, "ping") == {"id": 1, "ok": {}}
        started = child.ask(2, "start", name="echo")["ok"]
        assert started["name"] == started["instance"] == "echo"
        assert started["address"].startswith("127.0.0.1:")
        listed = child.ask(3, "list")["ok"]["services"]
        assert [service["address"] for service in listed] == [started["address"]]
        described = child.ask(4, "describe")["ok"]["services"]
        assert {"echo", "udp-time"} <= {service["name"] for service in described}
        assert child.ask(5, "stop", name="echo") == {"id": 5, "ok": {"stopped": ["echo"]}}
        assert child.end() == 0


def test_what_begins_and_ends_is_news_for_the_owner():
    with a_child() as child:
        child.line()
        for number, do, services in ((1, "start", 1), (2, "stop", 0)):
            child.stdin.write(json.dumps({"id": number, "do": do, "name": "echo"}).encode() + b"\n")
            news = next(message for message in (child.line(), child.line()) if "notice" in message)
            assert news["notice"] == "running"
            assert len(news["values"]["services"]) == services


@pytest.mark.parametrize(
    "line",
    [b"\xff\xfe\n", b"[1]\n", b'{"id": 1, "do": "format"}\n', b'{"id": 1, "do": "start", "name": "ehco"}\n'],
)
def test_a_wrong_request_is_answered_and_the_lab_goes_on(line: bytes):
    with a_child() as child:
        child.line()
        child.stdin.write(line)
        assert child.line()["error"]["kind"] == "LocalMisuse"
        assert child.ask(2, "ping") == {"id": 2, "ok": {}}
        assert child.end() == 0


def test_a_thousand_requests_at_once_are_answered_in_order():
    with a_child() as child:
        child.line()
        for number in range(1000):
            child.stdin.write(b'{"id": %d, "do": "ping"}\n' % number)
        assert [child.line()["id"] for _ in range(1000)] == list(range(1000))


def test_a_line_without_end_ends_the_lab_of_that_owner():
    with a_child() as child:
        child.line()
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(b"x" * (MAX_REQUEST_LINE + 1))
        assert child.popen.wait(LIMIT_S) == 0


def test_the_end_of_its_input_ends_it_with_services_and_clients():
    import socket

    with a_child() as child:
        child.line()
        host, _, port = child.ask(1, "start", name="slow")["ok"]["address"].rpartition(":")
        with socket.create_connection((host, int(port)), LIMIT_S) as client:
            watch = Stopwatch()
            assert child.end() == 0
            assert watch.elapsed_s < 2.0
            client.settimeout(LIMIT_S)
            with contextlib.suppress(ConnectionResetError):
                while client.recv(100):
                    pass


def test_ctrl_c_in_the_terminal_is_the_owners_business():
    with a_child() as child:
        child.line()
        child.popen.send_signal(signal.SIGINT)
        assert child.ask(1, "ping") == {"id": 1, "ok": {}}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_ends_it_in_order(number: signal.Signals, tmp_path: Path):
    with a_child(share=str(tmp_path / "runtime")) as child:
        assert child.line()["hello"]["shared"]
        child.popen.send_signal(number)
        assert child.popen.wait(LIMIT_S) == 0
        assert not (tmp_path / "runtime" / "lab.sock").exists()


def test_a_log_that_nobody_reads_is_lost_and_waited_for_by_nobody():
    read_fd, write_fd = os.pipe()
    try:
        os.set_blocking(write_fd, False)
        log = Log(write_fd)
        for number in range(2000):
            print(f"line {number} {'x' * 100}", file=log, flush=True)
        assert os.read(read_fd, 100).startswith(b"line 0 ")
    finally:
        os.close(read_fd)
        os.close(write_fd)


def test_a_wrong_command_line_is_refused():
    command = [*child_command(), "--listen", "0.0.0.0"]
    done = subprocess.run(command, input=b"", capture_output=True, env=environment(), timeout=LIMIT_S)
    assert done.returncode == 2
    assert done.stderr.startswith(b"usage: ")


def test_without_an_input_it_ends_at_once():
    done = subprocess.run(
        child_command(), stdin=subprocess.DEVNULL, capture_output=True, env=environment(), timeout=LIMIT_S
    )
    assert done.returncode == 0
    assert b'"hello"' in done.stdout


OWNER = """
import json, sys
from workbench.lab.launch import launch
child = launch(sys.argv[1])
child.stdin.write(b'{"id": 1, "do": "start", "name": "echo"}\\n')
lines = iter(child.stdout.readline, b"")
print(json.loads(next(lines))["hello"]["pid"], flush=True)
next(line for line in lines if b'"ok"' in line)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("share", [False, True], ids=["private", "shared"])
def test_kill_9_of_its_owner_ends_it_within_two_seconds(tmp_path: Path, share: bool):
    folder = str(tmp_path / "runtime") if share else ""
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        text=True,
    )
    with owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        assert owner.stdout.readline() == "ready\n"
        owner.kill()
        watch = Stopwatch()
        assert wait_for_death(pid, LIMIT_S)
        assert watch.elapsed_s < 2.0, "the Lab outlived its owner"
    assert not share or sorted(os.listdir(folder)) == ["lab.lock"]


def test_it_allows_itself_enough_descriptors_for_its_clients():
    with a_child() as child:
        child.line()
        limits = Path(f"/proc/{child.popen.pid}/limits")
        if not limits.exists():
            pytest.skip("this system has no /proc")
        line = next(line for line in limits.read_text().splitlines() if line.startswith("Max open files"))
        soft, hard = line.split()[3:5]
        assert hard == "unlimited" or int(soft) >= min(8192, int(hard))

"""Signals, readers that go away, full disks: everything is closed, and the exit code says how it ended."""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.process import children_of, is_alive, running
from tests.cli.waiting import wait_for
from tests.kit.cli import command, environment
from tests.kit.scripted_peer import scripted_peer
from workbench.cli.output import Output
from workbench.cli.running import Stopped, run


def test_a_verbs_code_is_the_exit_code_and_signals_are_given_back():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    async def verb() -> int:
        await asyncio.sleep(0)
        return 4

    assert run(verb(), Output(out=None, err=None)) == 4
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_in_another_thread_a_verb_runs_without_signals():
    codes: list[int] = []

    async def verb() -> int:
        return 0

    thread = threading.Thread(target=lambda: codes.append(run(verb(), Output(out=None, err=None))))
    thread.start()
    thread.join(60)
    assert codes == [0]


def test_a_signal_cancels_the_verb_which_closes_what_it_opened():
    closed: list[str] = []

    async def verb() -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(0)
            closed.append("closed")
        return 0

    assert run(verb(), Output(out=None, err=None)) == 143
    assert closed == ["closed"]


def test_a_signal_that_another_thread_took_is_heard_at_once():
    taken = threading.Event()

    main_thread = threading.main_thread().ident
    assert main_thread is not None

    def take() -> None:
        wait_for(lambda: sys._current_frames()[main_thread].f_code.co_name == "select")
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        taken.wait(60)

    async def verb() -> int:
        thread = threading.Thread(target=take)
        thread.start()
        try:
            await asyncio.sleep(50)
        finally:
            taken.set()
            thread.join()
        return 0

    began = time.monotonic()
    assert run(verb(), Output(out=None, err=None)) == 130
    assert time.monotonic() - began < 20


def test_a_cancellation_that_nobody_asked_for_is_not_hidden():
    async def verb() -> int:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        run(verb(), Output(out=None, err=None))


def test_what_stopped_it_is_said():
    assert Stopped(signal.SIGINT).as_dict()["what"] == "stopped by Ctrl-C"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_conversation_that_is_stopped_keeps_what_was_said(
    tmp_path: Path, number: signal.Signals, code: int
):
    path = tmp_path / "talk.txt"
    with scripted_peer([("send", b"wait\n"), ("stall",)]) as peer:
        words = ["socket", "talk", str(peer), "--transcript", str(path)]
        with running(*words) as verb:
            assert verb.line() == b"wait\n"
            verb.stop(number)
            assert verb.wait() == code
    assert "wait\\n" in path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_with_json_a_stopped_conversation_is_a_document():
    with (
        scripted_peer([("send", b"wait"), ("stall",)]) as peer,
        running("socket", "talk", str(peer), "--no-finish", "--json") as verb,
    ):
        wait_for(lambda: bool(established_with(peer.port)))
        verb.stop()
        document = verb.document()
        assert verb.wait() == 130
    assert document["ok"] is False
    assert (document["failure"]["kind"], document["failure"]["what"]) == ("Stopped", "stopped by Ctrl-C")


def test_a_stopped_verb_leaves_no_lab_behind():
    with running("socket", "talk", "lab:silent", "--no-finish", "--json") as verb:
        wait_for(lambda: bool(children_of(verb.child.pid)))
        (lab,) = children_of(verb.child.pid)
        verb.stop()
        assert verb.wait() == 130
        wait_for(lambda: not is_alive(lab))


def test_wrong_usage_leaves_no_early_lab_behind():
    """The Lab's process is started before the arguments are read."""
    child = subprocess.Popen(
        command("socket", "talk", "lab:echo", "--send", "\\q"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    output, _ = child.communicate(timeout=60)
    assert (child.returncode, output) == (2, b"")


def test_a_reader_that_goes_away_ends_the_conversation_quietly():
    done = subprocess.run(
        f"{' '.join(command('socket', 'talk', 'lab:chargen'))} | head -c 10; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        timeout=60,
        env=environment(),
        text=True,
    )
    # The rest of the line may follow the ten octets at once.
    assert done.stdout.endswith("141\n")
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_behind_standard_output_is_a_fault_of_this_machine():
    with scripted_peer([("send", b"hello"), ("stall",)]) as peer, open("/dev/full", "wb") as full:
        done = subprocess.run(
            command("socket", "talk", str(peer)),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            env=environment(),
            text=True,
        )
    assert done.returncode == 5
    assert "ENOSPC" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_stops_reading_does_not_hold_up_ctrl_c():
    """It is waited for in the middle of a turn of the loop."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=flood_once, args=(server,))
        thread.start()
        with running("socket", "talk", f"127.0.0.1:{server.getsockname()[1]}") as verb:
            wait_for(lambda: is_full(verb.child.stdout))
            verb.stop()
            assert verb.wait() == 130
        thread.join(60)


def test_a_file_size_limit_ends_the_spool_with_a_fault_and_what_was_said(tmp_path: Path):
    """The transcript spools past 4 MiB; the limit stands for a full disk."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=flood_once, args=(server,))
        thread.start()
        code = (
            "import resource, sys\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (6 << 20, 6 << 20))\n"
            "from workbench.cli.main import main\n"
            "sys.exit(main(sys.argv[1:]))\n"
        )
        address = f"127.0.0.1:{server.getsockname()[1]}"
        done = subprocess.run(
            [sys.executable, "-c", code, "socket", "talk", address, "--json"],
            capture_output=True,
            timeout=60,
            env=environment(TMPDIR=str(tmp_path)),
        )
        thread.join(60)
    assert done.returncode == 5, done
    document = checked(json.loads(done.stdout))
    assert document["failure"]["kind"] == "LocalFault"
    assert document["received"]["octets"] >= 4 << 20
    assert document["events"][-1]["event"] == "close"


def flood_once(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        try:
            while True:
                connection.sendall(b"A" * 65536)
        except OSError:
            return


def established_with(port: int) -> list[str]:
    """The lines of the system's table for connections to a port of 127.0.0.1 that are established."""
    table = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return [line for line in table if line.split()[2].endswith(f":{port:04X}") and line.split()[3] == "01"]


def is_full(pipe) -> bool:
    """Whether a pipe that we hold the reading end of takes nothing more: 64 KiB of Linux, but for a last page."""
    waiting = fcntl.ioctl(pipe.fileno(), termios.FIONREAD, b"\0\0\0\0")
    return int.from_bytes(waiting, sys.byteorder) > 60 * 1024


@pytest.mark.parametrize("text", ["", "no line end yet"])
def test_a_long_silence_is_broken_where_a_person_watches(text: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workbench.cli.running.SILENCE_NS", 0)
    monkeypatch.setattr("workbench.cli.running.LOOK_EVERY_S", 0.001)
    controlling, terminal = os.openpty()
    os.set_blocking(controlling, False)
    shown = b""

    def taken() -> bytes:
        nonlocal shown
        with contextlib.suppress(BlockingIOError):
            shown += os.read(controlling, 4096)
        return shown

    output = Output(out=terminal, err=terminal)

    async def verb() -> int:
        output.octets(text.encode())
        for turn in range(2000):
            await asyncio.sleep(0.001)
            if b"Ctrl-C ends it" in taken() or (text and turn > 20):
                break
        output.line("the result")
        return 0

    try:
        assert run(verb(), output) == 0
        taken()
    finally:
        os.close(controlling)
        os.close(terminal)
    if text:
        # What stands in an unfinished line is never erased.
        assert shown == b"no line end yetthe result\r\n"
    else:
        assert shown.startswith(b"\r\x1b[K0 s so far; Ctrl-C ends it")
        assert shown.endswith(b"\r\x1b[Kthe result\r\n")


def test_nobody_is_told_of_a_silence_where_nobody_watches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workbench.cli.running.SILENCE_NS", 0)
    monkeypatch.setattr("workbench.cli.running.LOOK_EVERY_S", 0)
    reader, writer = os.pipe()

    async def verb() -> int:
        for _ in range(50):
            await asyncio.sleep(0)
        return 0

    assert run(verb(), Output(out=writer, err=writer)) == 0
    os.close(writer)
    assert os.read(reader, 100) == b""
    os.close(reader)


def test_a_reader_that_goes_away_at_the_very_end_is_no_fault():
    reader, writer = os.pipe()
    os.close(reader)
    output = Output(out=writer, err=None)

    async def verb() -> int:
        await asyncio.sleep(0)
        output.line("the last word")
        return 0

    assert run(verb(), output) == 0
    assert output.is_closed
    os.close(writer)

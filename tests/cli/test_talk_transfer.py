"""`socket talk --file BIG --receive OUT`: any size, both ways at once, and what is left when it is cut."""

import hashlib
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.process import running
from tests.cli.terminal import Terminal
from tests.cli.waiting import wait_for
from tests.kit.cli import command, environment, run_cli
from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer

MIB = 1024 * 1024


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """A file that no system buffer holds: who only sends before he reads stands still with it."""
    path = tmp_path / "big"
    path.write_bytes(os.urandom(MIB) * 24)
    return path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.mark.parametrize(
    "way",
    [
        ("lab:echo",),
        ("lab:tls-echo", "--tls"),
        ("lab:unix-echo",),
        ("lab:echo", "--proxy", "lab:proxy-socks5"),
        ("lab:echo", "--relay", "delay=20"),
    ],
    ids=lambda way: " ".join(way),
)
def test_a_peer_that_echoes_gives_all_of_it_back(way: tuple[str, ...], big: Path, tmp_path: Path):
    out = tmp_path / "out"
    done = run_cli("socket", "talk", *way, "--file", str(big), "--receive", str(out), "--json")
    assert done.returncode == 0, done
    document = checked(done.json)
    data = big.read_bytes()
    assert document["sent"] == {"octets": len(data), "sha256": sha256(data)}
    assert document["received"] == {
        "octets": len(data),
        "sha256": sha256(data),
        "file": str(out),
        "complete": True,
    }
    assert out.read_bytes() == data
    assert names(tmp_path) == ["big", "out"]


def test_it_costs_no_memory(tmp_path: Path):
    size = 96 * MIB
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(size)
    code = r"""
import re, sys
from workbench.cli.main import main
code = main(sys.argv[1:])
# Not getrusage: its figure begins with that of the process that started this one.
with open("/proc/self/status") as file:
    print(re.search(r"VmHWM:\s*(\d+)", file.read())[1], file=sys.stderr)
sys.exit(code)
"""
    words = ("socket", "talk", "lab:echo", "--file", str(big), "--receive", str(tmp_path / "out"), "--json")
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, timeout=60, env=environment(), text=True
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["received"]["octets"] == size
    # In KiB on Linux. An interpreter with our imports takes about 30 MiB.
    assert int(done.stderr.split()[-1]) < 70 * 1024


def test_texts_and_files_keep_their_order_and_the_sum_is_of_all(tmp_path: Path, terminal: Terminal):
    path, out = tmp_path / "body", tmp_path / "out"
    path.write_bytes(b"<file>")
    with scripted_peer([("expect", b"a<file>b"), ("wait_eof",), ("send", b"\xff")]) as peer:
        said = terminal(
            *("socket", "talk", str(peer), "--send", "a", "--file", str(path), "--send", "b"),
            *("--receive", str(out), "--transcript", str(tmp_path / "t.pcapng"), "--json"),
        )
    assert said.code == 0
    assert said.document["sent"] == {"octets": 8, "sha256": sha256(b"a<file>b")}
    assert (out.read_bytes(), names(tmp_path)) == (b"\xff", ["body", "out", "t.pcapng"])


def test_for_people_nothing_of_it_comes_to_the_screen(tmp_path: Path, terminal: Terminal):
    out = tmp_path / "out"
    with scripted_peer([("send", b"\x1bsecret"), ("wait_eof",)]) as peer:
        said = terminal("socket", "talk", str(peer), "--file", os.devnull, "--receive", str(out))
    assert (said.code, said.out) == (0, "")
    assert "received 7 B in " in said.err
    assert "\x1b" not in said.err
    assert out.read_bytes() == b"\x1bsecret"


# ---- cut


def test_what_a_reset_cut_off_stays_partial(tmp_path: Path, terminal: Terminal):
    out = tmp_path / "out"
    out.write_bytes(b"older")
    with scripted_peer([("send", b"half"), ("expect", b"x"), ("reset",)]) as peer:
        # Only when the half has been read does the peer get what it waits for.
        said = terminal(
            *("socket", "talk", str(peer), "--file", str(_once_there(out, b"x")), "--no-finish"),
            *("--receive", str(out), "--json"),
        )
    assert said.code == 3
    document = said.document
    assert (document["failure"]["kind"], document["end"]) == ("LinkLost", "RST")
    assert document["received"] == {
        "octets": 4,
        "sha256": sha256(b"half"),
        "file": f"{out}.partial",
        "complete": False,
    }
    assert (out.read_bytes(), Path(f"{out}.partial").read_bytes()) == (b"older", b"half")
    assert f"4 B arrived and stand in {out}.partial" in said.err


def _once_there(out: Path, data: bytes) -> Path:
    """A pipe that gives `data` once something has arrived for `out`."""
    pipe, partial = out.with_name("pipe"), out.with_name(out.name + ".partial")
    os.mkfifo(pipe)

    def give() -> None:
        with pipe.open("wb") as file:
            wait_for(lambda: partial.exists() and partial.stat().st_size > 0)
            file.write(data)

    threading.Thread(target=give, daemon=True).start()
    return pipe


def test_what_tls_did_not_finish_is_a_broken_answer(tmp_path: Path, terminal: Terminal):
    out = tmp_path / "out"
    with running("lab", "start", "tls-echo", "--switch", "truncate", "--json") as lab:
        address = lab.document()["address"]
        said = terminal(
            *("socket", "talk", address, "--tls", "--sni", "localhost", "--show-untrusted"),
            *("--send", "hello", "--receive", str(out), "--json"),
        )
    assert said.code == 4
    document = said.document
    assert (document["failure"]["kind"], document["failure"]["stage"], document["end"]) == (
        "PeerMisbehaved",
        "receive",
        "truncated",
    )
    assert (tmp_path / "out.partial").read_bytes() == b"hello"
    assert not out.exists()


def test_a_transfer_that_stands_still_is_too_slow_and_one_that_moves_is_not(
    tmp_path: Path, terminal: Terminal
):
    out = tmp_path / "out"
    with scripted_peer([("send", b"half"), ("stall",)]) as peer:
        said = terminal("socket", "talk", str(peer), "--receive", str(out), "--timeout", "1", "--json")
    assert (said.code, said.document["failure"]["kind"]) == (3, "TooSlow")
    assert "nothing passed for 1 s; 4 octets arrived" in said.document["failure"]["what"]
    assert said.document["received"]["file"] == f"{out}.partial"
    # 60 octets, one every 40 ms: twice the patience in all.
    said = terminal(
        *("socket", "talk", "lab:echo", "--relay", "rate=25,split=1,direction=to-client"),
        *("--send", "x" * 60, "--receive", str(out), "--timeout", "1.2", "--json"),
    )
    assert (said.code, said.document["received"]["octets"]) == (0, 60)
    assert said.document["elapsed_ms"] > 1500


def test_a_disk_that_is_full_is_this_machines_fault(tmp_path: Path):
    out = tmp_path / "out"
    code = (
        "import resource, sys; from workbench.cli.main import main; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); sys.exit(main(sys.argv[1:]))"
    )
    # Little enough for the transcript to stay in memory: its file has the same limit.
    with scripted_peer([("send", bytes(20_000)), ("stall",)]) as peer:
        words = ("socket", "talk", str(peer), "--receive", str(out), "--json")
        done = subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, timeout=60, env=environment()
        )
    assert done.returncode == 5
    document = checked(json.loads(done.stdout))
    assert (document["failure"]["stage"], document["failure"]["errno"]) == ("receive", "EFBIG")
    assert document["received"]["file"] == f"{out}.partial"
    assert (out.exists(), Path(f"{out}.partial").stat().st_size) == (False, 1000)


def test_ctrl_c_leaves_the_partial_file_and_names_it(tmp_path: Path):
    out = tmp_path / "out"
    with (
        scripted_peer([("send", b"half"), ("stall",)]) as peer,
        running("socket", "talk", str(peer), "--receive", str(out), "--json") as verb,
    ):
        partial = tmp_path / "out.partial"
        wait_for(lambda: partial.exists() and partial.stat().st_size == 4)
        verb.stop(signal.SIGINT)
        document = verb.document()
        assert verb.wait() == 130
    assert (document["failure"]["kind"], document["received"]["complete"]) == ("Stopped", False)
    assert partial.read_bytes() == b"half"


def test_nobody_there_leaves_nothing_behind(tmp_path: Path, terminal: Terminal):
    address = f"127.0.0.1:{free_port()}"
    said = terminal("socket", "talk", address, "--receive", str(tmp_path / "out"), "--json")
    assert (said.code, said.document["received"]["file"]) == (3, None)
    assert names(tmp_path) == []


# ---- what can't be


@pytest.mark.parametrize(
    ("words", "code", "symbol"),
    [
        (("--receive", "FOLDER"), 2, None),
        (("--receive", ""), 2, None),
        (("--receive", "FOLDER/none/out"), 5, "ENOENT"),
        (("--file", "FOLDER/none"), 5, "ENOENT"),
        (("--file", "FOLDER"), 5, "EISDIR"),
    ],
)
def test_a_file_that_cannot_be_is_found_before_connecting(
    words: tuple[str, str], code: int, symbol: str | None, tmp_path: Path, terminal: Terminal
):
    option, name = words
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"127.0.0.1:{server.getsockname()[1]}"
        said = terminal("socket", "talk", address, option, name.replace("FOLDER", str(tmp_path)), "--json")
        with pytest.raises(BlockingIOError):
            server.accept()
    assert said.code == code
    assert said.document["failure"].get("errno") == symbol
    assert names(tmp_path) == []


def test_datagrams_are_not_received_into_a_file(tmp_path: Path, terminal: Terminal):
    words = ("127.0.0.1:9", "--udp", "--send", "x", "--receive", str(tmp_path / "out"), "--json")
    said = terminal("socket", "talk", *words)
    assert (said.code, names(tmp_path)) == (2, [])


def test_a_mistake_elsewhere_leaves_no_file(tmp_path: Path, terminal: Terminal):
    said = terminal("socket", "talk", "lab:ehco", "--receive", str(tmp_path / "out"), "--json")
    assert (said.code, names(tmp_path)) == (2, [])
    words = ("127.0.0.1:9", "--receive", str(tmp_path / "out"), "--transcript", "/nowhere/t.txt", "--json")
    said = terminal("socket", "talk", *words)
    assert (said.code, names(tmp_path)) == (5, [])


# ---- on a terminal


def test_a_person_sees_how_far_it_is(tmp_path: Path, big: Path):
    reader, screen = pty.openpty()
    # Slow enough for the line to come: 24 MiB at 16 MiB/s.
    words = (
        "lab:echo",
        "--relay",
        f"rate={16 * MIB}",
        "--file",
        str(big),
        "--receive",
        str(tmp_path / "out"),
    )
    with subprocess.Popen(
        command("socket", "talk", *words), stdout=screen, stderr=screen, env=environment()
    ) as verb:
        os.close(screen)
        shown = b""
        try:
            while piece := os.read(reader, 65536):
                shown += piece
        except OSError:
            # Linux says EIO at the end of a terminal.
            pass
        os.close(reader)
    assert verb.returncode == 0, shown
    assert re.search(rb"\r\x1b\[Ksent [\d.]+ MiB of 24\.0 MiB \(\d+ %\), received ", shown), shown
    # The last line is not the one that moved.
    assert re.search(rb"\n(\r\x1b\[K)?sent 24\.0 MiB, received 24\.0 MiB in [^\r\n]+\r\n$", shown), shown

"""`workbench web get --output FILE --resume`: attempts listed, files that are gone on with, and how to go on.

What it stands on: workbench.cli.web_download.
"""

import hashlib
from pathlib import Path

import pytest

from tests.cli.process import running
from tests.cli.terminal import Terminal
from tests.cli.waiting import wait_for
from tests.kit.cli import run_cli
from workbench.lab.services.http.files import FILE_OCTETS, FILE_SHA256, octets_of_file

MIB = 2**20
CUT = f"lab:http/file?cut={MIB}"


@pytest.mark.covers("C2.8")
def test_what_breaks_off_goes_on_and_each_attempt_is_listed(terminal: Terminal, tmp_path: Path):
    out = tmp_path / "f"
    said = terminal("web", "get", CUT, "--output", str(out), "--resume", "--json")
    document = said.document
    assert (said.code, document["ok"]) == (0, True)
    assert [(one["start"], one["stop"], one["ended"], one["status"]) for one in document["attempts"]] == [
        (0, MIB, "cut", 200),
        (MIB, FILE_OCTETS, "whole", 206),
    ]
    assert '\r\nRange: bytes=1048576-\r\nIf-Range: "' in document["hops"][0]["request"]
    assert document["saved"] == {
        "file": str(out),
        "octets": FILE_OCTETS,
        "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "complete": True,
    }
    assert document["saved"]["sha256"] == document["body"]["sha256"] == FILE_SHA256
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_another_run_goes_on_and_without_resume_it_begins_again(terminal: Terminal, tmp_path: Path):
    out = tmp_path / "f"
    first = terminal("web", "get", CUT, "--output", str(out), "--resume", "--retries", "0", "--json")
    assert (first.code, first.document["failure"]["kind"]) == (4, "PeerMisbehaved")
    assert first.document["saved"]["file"] == f"{out}.partial"
    assert f"{out}.partial" in first.document["failure"]["try"]
    again = terminal("web", "get", CUT, "--output", str(out), "--retries", "1", "--json")
    assert [(one["asked"], one["ended"]) for one in again.document["attempts"]] == [(0, "cut"), (0, "cut")]
    second = terminal("web", "get", CUT, "--output", str(out), "--resume", "--json")
    assert [(one["asked"], one["ended"]) for one in second.document["attempts"]] == [(MIB, "whole")]
    assert out.read_bytes() == octets_of_file()
    (tmp_path / "f.partial").write_bytes(b"0123")
    third = terminal("web", "get", CUT.partition("?")[0], "--output", str(out), "--resume", "--json")
    assert (third.code, third.document["attempts"][0]["asked"]) == (0, 0)
    assert out.read_bytes() == octets_of_file()


def test_a_file_that_changed_is_another_file(terminal: Terminal, tmp_path: Path):
    out = tmp_path / "f"
    said = terminal("web", "get", f"{CUT}&ranges=changed", "--output", str(out), "--resume", "--json")
    last = said.document["attempts"][-1]
    assert (said.code, last["asked"], last["start"], last["stop"]) == (0, MIB, 0, FILE_OCTETS)
    assert "the file changed" in last["why"]
    assert out.read_bytes() == octets_of_file(2)
    said = terminal("web", "get", f"{CUT}&ranges=mixed", "--output", str(out), "--resume", "--json")
    assert (said.code, said.document["failure"]["kind"]) == (4, "PeerMisbehaved")
    assert "another ETag" in said.document["failure"]["what"]
    assert out.read_bytes() == octets_of_file(2)
    assert said.document["attempts"][-1]["ended"] == "refused"


def test_who_has_all_of_it_only_gets_the_name(terminal: Terminal, tmp_path: Path):
    out = tmp_path / "f"
    terminal("web", "get", CUT, "--output", str(out), "--resume", "--retries", "0", "--json")
    (tmp_path / "f.partial").write_bytes(octets_of_file())
    said = terminal("web", "get", CUT, "--output", str(out), "--resume", "--json")
    assert (said.code, said.document["status"], said.document["saved"]["complete"]) == (0, 416, True)


def test_a_no_is_a_no_and_reaches_no_file(terminal: Terminal, tmp_path: Path):
    said = terminal("web", "get", "lab:http/missing", "--output", str(tmp_path / "f"), "--resume", "--json")
    assert (said.code, said.document["status"], said.document["saved"]["file"]) == (1, 404, None)
    assert list(tmp_path.iterdir()) == []
    said = terminal(
        "web", "get", "lab:http/busy?after=900", "--output", str(tmp_path / "f"), "--resume", "--json"
    )
    assert (said.code, said.document["failure"]["kind"]) == (1, "Refused")
    assert "asks to wait 900 s" in said.document["failure"]["what"]


def test_ctrl_c_keeps_what_came_and_says_how_to_go_on(tmp_path: Path):
    out = tmp_path / "f"
    partial = tmp_path / "f.partial"
    get = ("web", "get", "lab:http/file", "--output", str(out), "--resume")
    with running(*get, "--relay", "freeze-after=600000,direction=to-client") as verb:
        wait_for(lambda: partial.exists() and partial.stat().st_size > 500_000)
        verb.stop()
        assert verb.child.stderr is not None
        told = verb.child.stderr.read().decode()
        assert verb.wait() == 130
    assert f"stand in {partial}; the same command, with --resume, goes on there" in told
    assert "it was cancelled" in told
    came = partial.stat().st_size
    said = run_cli(*get, "--json").json
    assert [(one["asked"], one["ended"]) for one in said["attempts"]] == [(came, "whole")]
    assert out.read_bytes() == octets_of_file()


@pytest.mark.parametrize(
    ("options", "caret"),
    [
        (("http://h/", "--resume"), False),
        (("http://h/", "--retries", "2"), False),
        (("http://h/", "--retries", "101", "--output", "f"), True),
        (("http://h/", "--retries", "x", "--output", "f"), True),
        (("http://h/", "--resume", "--output", "f", "--compressed"), False),
        (("http://h/", "--resume", "--output", "f", "--head"), False),
        (("http://h/", "--resume", "--output", "f", "--header", "Range: bytes=1-"), False),
        (("http://h/", "--resume", "--output", "."), True),
    ],
)
def test_a_mistake_is_told_before_anything_is_sent(options: tuple[str, ...], caret: bool, terminal: Terminal):
    said = terminal("web", "get", *options)
    assert said.code == 2
    assert ("^" in said.err) is caret


def test_a_plain_download_that_is_cut_says_what_would_have_helped(terminal: Terminal, tmp_path: Path):
    said = terminal("web", "get", CUT, "--output", str(tmp_path / "f"))
    assert said.code == 4
    assert "a download with --resume can be gone on with" in said.err

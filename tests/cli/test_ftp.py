"""`workbench ftp` as people and programs use it.

What the verbs stand on: workbench.cli.ftp_session, workbench.cli.ftp_list, workbench.cli.ftp_get,
workbench.cli.ftp_put.
"""

import hashlib
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.process import running
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from tests.kit.scripted_peer import scripted_peer
from workbench.lab.services.ftp.tree import ALL_OCTETS, FILES


def test_list_shows_what_the_lab_offers(terminal: Terminal):
    document = checked(run_cli("ftp", "list", "lab:ftp/", "--json").json)
    assert (document["ok"], document["command"], document["path"], document["lab"]) == (
        True,
        "MLSD",
        "/",
        "private",
    )
    entries = {entry["name"]: entry for entry in document["entries"]}
    assert set(entries) == {name.partition("/")[0] for name in FILES}
    assert (entries["binary.dat"]["kind"], entries["binary.dat"]["size"]) == ("file", 5120)
    assert entries["old"]["kind"] == "folder"
    said = terminal("ftp", "list", "lab:ftp/old")
    assert said.code == 0
    assert "1985.txt" in said.out


@pytest.mark.parametrize("options", [(), ("--tls",), ("--relay", "split=1")])
def test_get_brings_a_file(options: tuple[str, ...], terminal: Terminal, tmp_path: Path):
    said = terminal("ftp", "get", "lab:ftp/binary.dat", str(tmp_path / "b"), *options, "--json")
    assert said.code == 0, said
    document = said.document
    assert (tmp_path / "b").read_bytes() == ALL_OCTETS
    assert document["files"][0]["sha256"] == hashlib.sha256(ALL_OCTETS).hexdigest()
    assert document["is_protected"] is ("--tls" in options)
    assert len({event["channel"] for event in document["events"]}) == 2


def test_get_into_a_folder_keeps_the_name(terminal: Terminal, tmp_path: Path):
    assert terminal("ftp", "get", "lab:ftp/two%20channels.txt", str(tmp_path)).code == 0
    assert (tmp_path / "two channels.txt").read_bytes() == FILES["two channels.txt"]


def test_get_recursive_brings_a_tree(terminal: Terminal, tmp_path: Path):
    said = terminal("ftp", "get", "lab:ftp/old", str(tmp_path / "out"), "--recursive", "--json")
    assert said.code == 0
    document = said.document
    assert {entry["path"] for entry in document["files"]} == {
        f"/{name}" for name in FILES if name.startswith("old/")
    }
    assert [(left["path"], left["failed"]) for left in document["skipped"]] == [("/old/loop", False)]
    assert (tmp_path / "out" / "notes" / "1998.txt").read_bytes() == FILES["old/notes/1998.txt"]


def test_put_writes_as_the_labs_user_and_its_password_is_nowhere(terminal: Terminal, tmp_path: Path):
    (tmp_path / "f").write_bytes(b"abc")
    transcript = tmp_path / "t.jsonl"
    said = terminal("ftp", "put", str(tmp_path / "f"), "lab:ftp/", "--json", "--transcript", str(transcript))
    assert said.code == 0, said
    document = said.document
    assert (document["path"], document["octets"]) == ("/f", 3)
    written = transcript.read_text()
    assert "STOR /f" in written
    assert "student" in written
    assert "PASS " in written


def test_a_password_is_masked_in_every_export(tmp_path: Path, terminal: Terminal):
    (tmp_path / "pw").write_text("swordfish\n")
    for form in ("jsonl", "txt", "hex", "pcapng"):
        said = terminal(
            *("ftp", "list", "lab:ftp/", "--user", "student", "--password-file", str(tmp_path / "pw")),
            *("--transcript", str(tmp_path / f"t.{form}"), "--json"),
        )
        assert said.code == 1
        assert said.document["failure"]["stage"] == "login"
        data = (tmp_path / f"t.{form}").read_bytes()
        for spelled in (b"swordfish", b"swordfish".hex().encode(), b"66 69 73 68", b"c3dvcmRmaXNo"):
            assert spelled not in data
        assert "swordfish" not in said.out + said.err


@pytest.mark.parametrize(
    ("argv", "code", "stage"),
    [
        (("get", "lab:ftp/none", "OUT"), 1, "transfer"),
        (("list", "lab:ftp/none"), 1, "list"),
        (("get", "lab:ftp/", "OUT"), 2, "input"),
        (("get", "lab:ftp/a%0d%0aDELE%20b", "OUT"), 2, "request"),
        (("list", "ftps://127.0.0.1/"), 2, "input"),
        (("list", "http://127.0.0.1/"), 2, "input"),
        (("list", "lab:ftp/", "--ca", "lab"), 2, "input"),
        (("list", "lab:ftp/", "--user", "anna"), 2, "login"),
        (("list", "lab:ftp/", "--password-file", "x"), 2, "input"),
        (("put", "OUT", "lab:ftp/x"), 5, "input"),
        (("list", "lab:silent", "--timeout", "1"), 3, "greeting"),
        (("list", "lab:junk", "--timeout", "15"), 4, "greeting"),
        (("list", "lab:ftp/", "--relay", "cut-after=10,direction=to-client"), 3, "greeting"),
    ],
)
def test_what_fails_says_where_and_how(
    argv: tuple[str, ...], code: int, stage: str, terminal: Terminal, tmp_path: Path
):
    said = terminal("ftp", *(str(tmp_path / "OUT") if word == "OUT" else word for word in argv), "--json")
    assert (said.code, said.document["failure"]["stage"]) == (code, stage), said
    assert list(tmp_path.iterdir()) == []


def test_a_hostile_greeting_is_no_greeting_and_rules_no_terminal(terminal: Terminal):
    with scripted_peer(
        [
            ("send", b"220 \x1b[2Jhello\r\n"),
            ("expect", b"USER anonymous\r\n"),
            ("send", b"530 \x1b[31mno\r\n"),
        ]
    ) as peer:
        said = terminal("ftp", "list", str(peer))
    assert said.code == 1
    assert "\x1b" not in said.out + said.err


def test_a_download_goes_on_where_it_was(terminal: Terminal, tmp_path: Path):
    (tmp_path / "l.partial").write_bytes(FILES["large.bin"][:1000])
    said = terminal("ftp", "get", "lab:ftp/large.bin", str(tmp_path / "l"), "--resume", "--json")
    assert said.document["files"][0]["start"] == 1000
    assert (tmp_path / "l").read_bytes() == FILES["large.bin"]


def test_the_lab_tells_its_user_and_the_password_that_holds_there(terminal: Terminal, tmp_path: Path):
    with running("lab", "start", "ftp", "--json") as lab:
        started = lab.document()
        (account,) = started["accounts"]
        (tmp_path / "pw").write_text(account["password"] + "\n")
        (tmp_path / "f").write_text("x")
        login = ("--user", account["user"], "--password-file", str(tmp_path / "pw"))
        said = terminal(
            "ftp", "put", str(tmp_path / "f"), f"ftp://{started['address']}/in.txt", *login, "--json"
        )
        assert said.code == 0, said
        assert account["password"] not in said.out + said.err


def test_a_folder_that_is_not_there_is_found_before_the_login(terminal: Terminal):
    said = terminal("ftp", "get", "lab:ftp/README.txt", "no-such-folder/x", "--json")
    assert (said.code, said.document["failure"]["stage"]) == (5, "save")
    assert "events" not in said.document

"""`workbench web` as people and programs use it.

What the verb stands on: workbench.cli.web_get, workbench.cli.web_request, workbench.cli.web_document.
"""

import hashlib
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.process import running
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from workbench.lab.authority import Authority


def test_get_follows_a_redirect_and_tells_the_hops():
    document = checked(run_cli("web", "get", "lab:http/redirect", "--json").json)
    assert document["ok"] is True
    assert [(hop["status"], hop["location"], hop["rule"]) for hop in document["hops"]] == [
        (302, "lab:http/page", "302 keeps GET"),
        (200, None, None),
    ]
    assert (document["url"], document["final_url"], document["lab"]) == (
        "lab:http/redirect",
        "lab:http/page",
        "private",
    )
    assert document["completeness"]["kind"] == "complete"
    body = document["body"]
    assert body["text"].startswith("<!DOCTYPE html>")
    assert body["sha256"] == hashlib.sha256(body["text"].encode()).hexdigest()
    assert {event["channel"] for event in document["events"]} == {0, 1}


@pytest.mark.parametrize(
    ("path", "code", "kind", "failure"),
    [
        ("missing", 1, "complete", "Refused"),
        ("status/503", 1, "complete", "Refused"),
        ("truncated", 4, "truncated", "PeerMisbehaved"),
        ("overlong", 4, "overlong", "PeerMisbehaved"),
        ("wrong/reset", 3, "truncated", "LinkLost"),
        ("bomb", 4, "complete", "PeerMisbehaved"),
        ("loop", 4, "complete", "PeerMisbehaved"),
        ("to-a-file", 1, "complete", "Refused"),
        ("wrong/two-lengths", 4, None, "PeerMisbehaved"),
    ],
)
def test_the_exit_code_says_what_went_wrong(
    path: str, code: int, kind: str | None, failure: str, terminal: Terminal
):
    said = terminal("web", "get", f"lab:http/{path}", "--json")
    document = said.document
    assert (said.code, document["ok"], document["failure"]["kind"]) == (code, False, failure)
    if kind is None:
        assert document["completeness"] is None
    else:
        assert document["completeness"]["kind"] == kind


def test_nobody_there_is_another_code(terminal: Terminal):
    said = terminal("web", "get", "http://127.0.0.1:1/", "--json")
    assert (said.code, said.document["failure"]["stage"]) == (3, "connect")
    assert said.document["hops"] == []


def test_a_form_a_header_and_a_query_are_sent(terminal: Terminal):
    said = terminal(
        "web", "get", "lab:http/echo", "--form", "name=Anna B", "--form", "flag", "--header", "X-Odd: 1",
        "--header", "x-odd:2", "--query", "a=b c", "--without", "user-agent", "--json",
    )  # fmt: skip
    text = said.document["body"]["text"]
    assert text.startswith("POST /echo?a=b+c HTTP/1.1\r\nHost: localhost\r\nX-Odd: 1\r\nx-odd: 2\r\n")
    assert "Content-Type: application/x-www-form-urlencoded\r\n" in text
    assert text.endswith("\r\n\r\nname=Anna+B&flag")
    assert "User-Agent" not in text
    assert said.document["hops"][0]["request"] == text.removesuffix("name=Anna+B&flag")


def test_a_file_is_sent_in_parts_and_a_password_is_masked(terminal: Terminal, tmp_path: Path):
    (tmp_path / "notes.txt").write_bytes(b"hello")
    transcript = tmp_path / "t.txt"
    said = terminal(
        "web", "get", "lab:http/form", "--form", f"file=@{tmp_path}/notes.txt", "--form", "password=swordfish",
        "--transcript", str(transcript), "--json",
    )  # fmt: skip
    assert 'filename="notes.txt"; Content-Type: text/plain: 5 octets' in said.document["body"]["text"]
    assert "swordfish" not in said.out
    assert "swordfish" not in transcript.read_text()


def test_the_labs_user_needs_no_typed_password_and_it_stands_nowhere(terminal: Terminal, tmp_path: Path):
    transcript = tmp_path / "t.jsonl"
    said = terminal(
        "web", "get", "lab:https/basic", "--user", "student", "--transcript", str(transcript), "--json"
    )
    document = said.document
    assert (said.code, document["body"]["text"]) == (0, "Welcome, student.\n")
    assert "Authorization: Basic ****" in document["hops"][0]["request"]
    assert document["hops"][0]["tls"]["trusted"] is True
    assert transcript.stat().st_size > 0
    said = terminal("web", "get", "lab:http/basic", "--json")
    assert (said.code, said.document["status"]) == (1, 401)


def test_a_password_file_is_read_and_a_wrong_one_is_refused(terminal: Terminal, tmp_path: Path):
    (tmp_path / "p").write_text("wrong\n")
    said = terminal(
        "web", "get", "lab:http/basic", "--user", "student", "--password-file", str(tmp_path / "p"), "--json"
    )
    assert (said.code, said.document["status"]) == (1, 401)
    assert terminal("web", "get", "http://127.0.0.1:1/", "--user", "anna").code == 2


def test_the_body_goes_to_standard_output_and_the_rest_beside_it():
    said = run_cli("web", "get", "lab:http/no-length")
    assert said.returncode == 0
    assert said.stdout == "Forty octets, and nobody says that they\n"
    assert "Content-Type: text/plain" in said.stderr
    assert "unverifiable: no length and no chunks" in said.stderr


def test_output_has_its_name_only_when_it_is_whole(terminal: Terminal, tmp_path: Path):
    out = tmp_path / "f"
    said = terminal("web", "get", "lab:http/large?octets=2000000", "--output", str(out), "--json")
    assert said.code == 0
    assert out.stat().st_size == said.document["body"]["octets"] == 2_000_000
    assert hashlib.sha256(out.read_bytes()).hexdigest() == said.document["body"]["sha256"]
    cut = tmp_path / "cut"
    said = terminal("web", "get", "lab:http/truncated", "--output", str(cut), "--json")
    assert said.document["body"]["file"] == f"{cut}.partial"
    assert not cut.exists()


def test_through_a_relay_that_cuts_the_body_is_truncated(terminal: Terminal):
    said = terminal("web", "get", "lab:http/page", "--relay", "cut-after=500,direction=to-client", "--json")
    assert (said.code, said.document["completeness"]["kind"]) == (4, "truncated")
    assert said.document["relay"]["switches"]["cut_after"] == 500


@pytest.mark.parametrize(
    ("options", "caret"),
    [
        (("ftp://h/",), True),
        (("http://h/a b",), True),
        (("http://h/", "--header", "no colon"), True),
        (("http://h/", "--header", "A: b\nC: d"), True),
        (("http://h/", "--method", "G T"), True),
        (("http://h/", "--data", "x", "--form", "a=b"), False),
        (("http://h/", "--head", "--method", "POST"), False),
        (("http://h/", "--no-follow", "--max-redirects", "3"), False),
        (("http://h/", "--password-file", "x"), False),
        (("http://h/", "--max-redirects", "0"), True),
    ],
)
def test_a_mistake_is_told_before_anything_is_sent(options: tuple[str, ...], caret: bool, terminal: Terminal):
    said = terminal("web", "get", *options)
    assert said.code == 2
    assert ("^" in said.err) is caret


def test_ctrl_c_ends_an_endless_download():
    with running("web", "get", "lab:http/wrong/endless-body") as verb:
        assert verb.line() == b"and so on, for ever\r\n"
        verb.stop()
        assert verb.wait() == 130


def test_get_head_shows_a_length_without_a_body(terminal: Terminal):
    said = terminal("web", "get", "lab:http/page", "--head", "--json")
    assert (said.code, said.document["method"], said.document["body"]["octets"]) == (0, "HEAD", 0)
    assert "has no body" in said.document["completeness"]["sentence"]


def test_whose_certificates_are_believed_can_be_said(terminal: Terminal, tmp_path: Path):
    said = terminal("web", "get", "lab:https/page", "--ca", "lab", "--json")
    assert said.document["hops"][0]["tls"]["trusted"] is True
    (tmp_path / "other.pem").write_bytes(Authority().certificate)
    other = ("web", "get", "lab:https/page", "--ca", str(tmp_path / "other.pem"), "--json")
    said = terminal(*other)
    assert (said.code, said.document["failure"]["kind"], said.document["hops"]) == (1, "Untrusted", [])
    assert "--show-untrusted" in said.document["failure"]["try"]
    said = terminal(*other, "--show-untrusted")
    assert (said.code, said.document["hops"][0]["tls"]["trusted"]) == (0, False)
    assert terminal("web", "get", "lab:https", "--ca", str(tmp_path / "none")).code == 5


@pytest.mark.parametrize("words", [(), ("--resume",)])
def test_a_folder_that_is_not_there_is_found_before_anything_is_sent(
    words: tuple[str, ...], terminal: Terminal
):
    said = terminal("web", "get", "lab:http/page", "--output", "no-such-folder/page.html", *words, "--json")
    failure = said.document["failure"]
    assert (said.code, failure["stage"], failure["errno"]) == (5, "save", "ENOENT")
    assert "hops" not in said.document


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (("--data", "a\udcff"), "Content-Length: 2\r\n"),
        (("--form", "k\udcff=v\udcfe"), "k%FF=v%FE"),
        (("--query", "q=\udcff"), "q=%FF"),
    ],
)
def test_octets_that_are_no_utf_8_go_out_as_they_are(words: tuple[str, ...], sent: str, terminal: Terminal):
    said = terminal("web", "get", "lab:http/echo", *words, "--json")
    assert said.code == 0
    assert sent in said.document["body"]["text"]

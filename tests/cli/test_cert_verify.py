"""`workbench cert verify`: the judgement decides the exit code, and every reason is told."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from tests.protocols.certificates.authorities import BETWEEN, ROOT, SERVER
from tests.protocols.certificates.test_judge import OTHER
from workbench.protocols.certificates.trust import pem


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with root.pem, chain.pem and other.pem."""
    (tmp_path / "root.pem").write_bytes(pem(ROOT.der))
    (tmp_path / "chain.pem").write_bytes(pem(SERVER.der) + pem(BETWEEN.der))
    (tmp_path / "other.pem").write_bytes(pem(OTHER.der) + pem(BETWEEN.der))
    return tmp_path


def test_a_good_one_is_accepted_with_its_names_and_both_chains(terminal: Terminal):
    said = terminal("cert", "verify", "lab:tls-good", "--json")
    assert said.code == 0
    document = said.document
    assert (document["trusted"], document["name_matched"], document["reasons"]) == (True, True, [])
    assert document["trust"] == {"store": "lab", "title": "the Lab's authority"}
    assert [each["matched"] for each in document["names"]] == [True, False, False, False]
    assert all(each["reason"] for each in document["names"])
    assert (len(document["sent"]), len(document["verified"])) == (2, 3)
    assert document["verified"][-1]["subject"] == document["verified"][-1]["issuer"]
    assert len(document["not_checked"]) >= 3
    assert document["lab"] == "private"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("tls-expired", "expired"), ("tls-wrong-name", "name"), ("tls-self-signed", "self-signed")],
)
def test_each_flaw_is_the_one_reason_and_the_exit_code_says_no(terminal: Terminal, name: str, kind: str):
    said = terminal("cert", "verify", f"lab:{name}", "--json")
    assert said.code == 1
    document = said.document
    assert [reason["kind"] for reason in document["reasons"]] == [kind]
    assert document["trusted"] is False
    assert (document["failure"]["kind"], document["failure"]["stage"]) == ("Untrusted", "verify")
    assert document["failure"]["what"] == document["verdict"]
    assert document["name_matched"] is (kind != "name")


def test_the_name_is_the_reason_and_not_the_labs_authority(terminal: Terminal):
    document = terminal("cert", "verify", "lab:tls-wrong-name", "--json").document
    (reason,) = document["reasons"]
    assert reason["sentence"] == "it is not for localhost: it holds DNS:elsewhere.test"
    assert reason["source"].startswith("RFC 9525")
    (name,) = document["names"]
    assert (name["entry"], name["matched"]) == ("DNS:elsewhere.test", False)
    assert len(document["verified"]) == 3, "the chain itself leads to the Lab's root"


def test_a_name_can_be_given_and_another_store(terminal: Terminal):
    said = terminal("cert", "verify", "lab:tls-wrong-name", "--name", "elsewhere.test", "--json")
    assert (said.code, said.document["name"]) == (0, "elsewhere.test")
    for store in ("system", "certifi"):
        said = terminal("cert", "verify", "lab:tls-good", "--trust", store, "--json")
        assert (said.code, said.document["trust"]["store"]) == (1, store)
        assert [reason["kind"] for reason in said.document["reasons"]] == ["unknown-authority"]


def test_a_file_is_judged_by_the_authorities_of_another(terminal: Terminal, files: Path):
    words = (str(files / "chain.pem"), "--trust", str(files / "root.pem"))
    said = terminal("cert", "verify", *words, "--name", "localhost", "--json")
    assert (said.code, said.document["source"]) == (0, "file")
    assert [each["mark"] for each in said.document["sent"]] == [
        "the one that is judged",
        "signed the one before it",
    ]
    unnamed = terminal("cert", "verify", *words, "--json")
    assert (unnamed.code, unnamed.document["name_matched"], unnamed.document["names"]) == (0, None, [])
    other = terminal("cert", "verify", str(files / "other.pem"), *words[1:], "--name", "localhost", "--json")
    assert (other.code, [reason["kind"] for reason in other.document["reasons"]]) == (1, ["name"])


def test_a_failure_on_the_way_is_no_judgement(terminal: Terminal):
    said = terminal("cert", "verify", "127.0.0.1:1", "--json")
    assert said.code == 3
    assert "trusted" not in said.document
    assert said.document["failure"]["errno"] == "ECONNREFUSED"
    said = terminal("cert", "verify", "lab:greet", "--json")
    assert (said.code, said.document["failure"]["kind"]) == (4, "PeerMisbehaved")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nosuch",), "there is no file nosuch"),
        (("lab:tls-good", "--name", "no host name"), "--name"),
        (("lab:tls-good", "--name", ""), "the name is empty"),
        (("lab:tls-good", "--trust"), "needs a value"),
        ((), "SUBJECT is missing"),
    ],
)
def test_wrong_usage_is_told_with_its_place(terminal: Terminal, words: tuple[str, ...], told: str):
    said = terminal("cert", "verify", *words)
    assert said.code == 2
    assert told in said.err
    assert "^" in said.err


def test_the_lab_says_nothing_about_files(terminal: Terminal, files: Path):
    said = terminal("cert", "verify", str(files / "chain.pem"), "--trust", "lab")
    assert said.code == 2
    assert "says nothing about a file" in said.err


def test_a_store_that_is_not_there_is_told(terminal: Terminal):
    said = terminal("cert", "verify", "lab:tls-good", "--trust", "/nowhere/root.pem", "--json")
    assert (said.code, said.document["failure"]["errno"]) == (5, "ENOENT")


def test_people_read_the_judgement_first_and_then_its_reasons():
    done = run_cli("cert", "verify", "lab:tls-wrong-name")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "REFUSED"
    assert lines[1].startswith("  name: it is not for localhost: it holds DNS:elsewhere.test")
    assert "  no     DNS:elsewhere.test: another name" in lines
    assert "not checked:" in lines
    assert "NOT ACCEPTED" in done.stderr


def test_the_conversation_can_be_kept(tmp_path: Path):
    path = tmp_path / "look.jsonl"
    done = run_cli("cert", "verify", "lab:tls-expired", "--transcript", str(path))
    assert done.returncode == 1
    assert "tls.certificate" in path.read_text()

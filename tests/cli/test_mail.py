"""`workbench mail send`, `list` and `fetch` as people and programs use them.

What the verbs stand on: workbench.cli.mail_session, workbench.cli.mail_send, workbench.cli.mail_list and
workbench.cli.mail_fetch. `workbench mail show` has its own tests.
"""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.process import running
from tests.cli.terminal import Terminal
from tests.kit.cli import LIMIT_S, command, run_cli
from tests.kit.scripted_peer import scripted_peer
from workbench.lab.services.mail.house import MANY, MANY_LETTERS
from workbench.lab.services.mail.letters import samples

LETTER = "From: Ben <ben@lab.test>\nTo: anna@lab.test, nobody@lab.test\nBcc: ben@lab.test\nSubject: from a file\n\n.x\n"


@pytest.fixture
def letter(tmp_path: Path) -> str:
    path = tmp_path / "letter.eml"
    path.write_text(LETTER)
    return str(path)


def test_what_is_sent_is_told_recipient_by_recipient_and_can_be_read(
    letter: str, terminal: Terminal, tmp_path: Path
):
    with running("lab", "start", "smtp", "imap", "pop", "--json") as lab:
        addresses = {}
        for _ in range(3):
            started = lab.document()
            addresses[started["name"]] = started["address"]
            password = started["accounts"][0]["password"]
        (tmp_path / "pw").write_text(password + "\n")
        login = ("--user", "anna", "--password-file", str(tmp_path / "pw"), "--ca", "lab")
        said = terminal("mail", "send", letter, f"smtp://{addresses['smtp']}", *login, "--json")
        assert said.code == 1, said
        document = said.document
        assert [(one["address"], one["code"]) for one in document["recipients"]] == [
            ("anna@lab.test", 250),
            ("nobody@lab.test", 550),
            ("ben@lab.test", 250),
        ]
        assert (document["verdict"], document["secured"], document["user"]) == ("some", "starttls", "anna")
        assert (document["bcc_removed"], document["dots_doubled"]) == (True, 1)
        assert document["failure"]["committed"] == "yes"
        listed = terminal(
            "mail", "list", f"imap://{addresses['imap']}/INBOX", "--last", "1", *login, "--json"
        ).document
        assert listed["messages"][0]["subject"] == "from a file"
        assert "\\Seen" not in listed["messages"][0]["flags"]
        by_pop = terminal(
            "mail", "list", f"pop3://{addresses['pop']}", "--last", "1", *login, "--json"
        ).document
        assert by_pop["messages"][0]["subject"] == "from a file"
        assert by_pop["messages"][0]["seq"] == listed["messages"][0]["seq"]
        uid = str(listed["messages"][0]["uid"])
        out = tmp_path / "read.eml"
        fetched = terminal(
            "mail", "fetch", f"imap://{addresses['imap']}/INBOX", uid, "--output", str(out), *login, "--json"
        )
        data = out.read_bytes()
        assert fetched.document["sha256"] == hashlib.sha256(data).hexdigest()
        assert data.endswith(LETTER.replace("Bcc: ben@lab.test\n", "").replace("\n", "\r\n").encode())
        assert password not in said.out + said.err + json.dumps(listed) + json.dumps(by_pop)


def test_list_shows_what_lies_in_the_labs_mailboxes(terminal: Terminal):
    document = checked(run_cli("mail", "list", "lab:imap/INBOX", "--json").json)
    assert (document["ok"], document["folder"], document["exists"]) == (True, "INBOX", len(samples()))
    first = document["messages"][0]
    assert (first["uid"], first["size"], first["from"]) == (1, len(samples()[0].raw), "Ben <ben@lab.test>")
    assert document["messages"][3]["subject"].startswith("Grüße aus København")
    folders = terminal("mail", "list", "lab:imap", "--folders", "--json").document["folders"]
    assert {"INBOX", "Entwürfe", MANY} <= {folder["name"] for folder in folders}
    many = terminal("mail", "list", f"lab:imap/{MANY.replace(' ', '%20')}", "--last", "3", "--json").document
    assert [message["seq"] for message in many["messages"]] == [
        MANY_LETTERS - 2,
        MANY_LETTERS - 1,
        MANY_LETTERS,
    ]
    said = terminal("mail", "list", "lab:pop", "--last", "2")
    assert said.code == 0
    assert "line ends of three kinds" in said.out


@pytest.mark.parametrize("target", ["lab:imap/INBOX", "lab:pop"])
def test_fetch_writes_the_letter_octet_for_octet(target: str, tmp_path: Path):
    done = subprocess.run(command("mail", "fetch", target, "7"), capture_output=True, timeout=LIMIT_S)
    assert done.returncode == 0
    assert done.stdout == samples()[6].raw
    out = tmp_path / "letter.eml"
    assert run_cli("mail", "fetch", target, "7", "--seq", "--output", str(out)).returncode == 0
    assert out.read_bytes() == samples()[6].raw


def test_a_password_is_masked_in_every_export(tmp_path: Path, terminal: Terminal, letter: str):
    (tmp_path / "pw").write_text("swordfish\n")
    spelled = [b"swordfish", b"swordfish".hex().encode(), b"c3dvcmRmaXNo", b"AGFubmEAc3dvcmRmaXNo"]
    for form in ("jsonl", "txt", "hex", "pcapng"):
        for verb in (("send", letter, "lab:smtp"), ("list", "lab:imap"), ("list", "lab:pop")):
            said = terminal(
                *(
                    "mail",
                    *verb,
                    "--user",
                    "anna",
                    "--password-file",
                    str(tmp_path / "pw"),
                    "--security",
                    "plain",
                ),
                *("--transcript", str(tmp_path / f"t.{form}"), "--json"),
            )
            assert said.code == 1, said
            assert said.document["failure"]["stage"] == "login"
            data = (tmp_path / f"t.{form}").read_bytes()
            assert data
            for word in spelled:
                assert word not in data
            assert "swordfish" not in said.out + said.err


@pytest.mark.parametrize(
    ("argv", "code", "stage"),
    [
        (("list", "lab:imap/Nowhere"), 1, "folder"),
        (("fetch", "lab:imap/INBOX", "99999", "--output", "OUT"), 1, "letter"),
        (("fetch", "lab:imap/INBOX", "99999", "--seq", "--output", "OUT"), 1, "letter"),
        (("fetch", "lab:pop", "99999", "--output", "OUT"), 1, "letter"),
        (("fetch", "lab:imap/INBOX", "1"), 2, "input"),
        (("list", "lab:echo"), 2, "input"),
        (("list", "127.0.0.1:143"), 2, "input"),
        (("list", "lab:pop/INBOX"), 2, "input"),
        (("list", "lab:pop", "--folders"), 2, "input"),
        (("list", "imap://127.0.0.1:9/"), 2, "login"),
        (("list", "lab:imap", "--user", "zoe"), 2, "login"),
        (("list", "lab:imap", "--password-file", "x"), 2, "input"),
        (("list", "lab:imap", "--security", "maybe"), 2, "input"),
        (("list", "lab:imap", "--security", "plain", "--ca", "lab"), 2, "input"),
        (("list", "lab:imap", "--security", "tls", "--timeout", "15"), 4, "tls"),
        (("list", "lab:imap/a%0d%0aA9%20DELETE"), 2, "folder"),
        (("send", "LETTER", "imap://127.0.0.1"), 2, "input"),
        (("send", "LETTER", "lab:smtp", "--to", "a b@c"), 2, "envelope"),
        (("send", "LETTER", "lab:smtp", "--from", "a\r\nQUIT"), 2, "envelope"),
        (("send", "MISSING", "lab:smtp"), 5, "open"),
        (("send", "EMPTY", "lab:smtp"), 2, "envelope"),
        (("send", "LETTER", "lab:silent", "--timeout", "1", "--security", "plain"), 3, "greeting"),
        (("send", "LETTER", "lab:junk", "--timeout", "15", "--security", "plain"), 4, "greeting"),
        (("send", "LETTER", "lab:smtp", "--relay", "cut-after=10,direction=to-client"), 3, "greeting"),
    ],
)
def test_what_fails_says_where_and_how(
    argv: tuple[str, ...], code: int, stage: str, terminal: Terminal, tmp_path: Path, letter: str
):
    (tmp_path / "empty").write_bytes(b"")
    places = {
        "LETTER": letter,
        "OUT": str(tmp_path / "out"),
        "MISSING": str(tmp_path / "missing"),
        "EMPTY": str(tmp_path / "empty"),
    }
    said = terminal("mail", *(places.get(word, word) for word in argv), "--json")
    assert (said.code, said.document["failure"]["stage"]) == (code, stage), said
    assert not (tmp_path / "out").exists()


def test_a_letter_that_may_be_out_is_told_so(letter: str, terminal: Terminal):
    with running("lab", "start", "smtp", "--switch", "after_dot=drop", "--json") as lab:
        address = lab.document()["address"]
        said = terminal(
            "mail", "send", letter, f"smtp://{address}", "--to", "anna@lab.test", "--ca", "lab", "--json"
        )
    assert said.code == 3
    failure = said.document["failure"]
    assert (failure["stage"], failure["committed"]) == ("letter", "maybe")
    assert said.document["recipients"][0]["accepted"]


def test_a_hostile_greeting_is_no_greeting_and_rules_no_terminal(terminal: Terminal, letter: str):
    with scripted_peer([("send", b"554 \x1b[2Jno\r\n")]) as peer:
        said = terminal("mail", "send", letter, str(peer), "--security", "plain")
    assert said.code == 1
    assert "\x1b" not in said.out + said.err

"""`workbench mail show`: a letter's tree as JSON and for people, an mbox as a list, a part as a file.

Also what it stands on: workbench.cli.mail_show_document.
"""

import hashlib
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.formats.mime.letters import NESTED, lines
from tests.formats.mime.test_mbox import THREE
from tests.kit.cli import run_cli

EVIL = lines(
    "From: =?utf-8?q?M=C3=BCller?= <m@lab.test>",
    "Subject: an attachment",
    "Content-Type: multipart/mixed; boundary=b",
    "",
    "--b",
    "Content-Type: text/html",
    "",
    "<img src=http://tracker.test/x.gif>",
    "--b",
    "Content-Type: application/pdf",
    'Content-Disposition: attachment; filename="../../etc/x.pdf"',
    "",
    "%PDF-1",
)


@pytest.fixture
def letter(tmp_path: Path) -> str:
    path = tmp_path / "letter.eml"
    path.write_bytes(NESTED)
    return str(path)


@pytest.fixture
def evil(tmp_path: Path) -> str:
    path = tmp_path / "evil.eml"
    path.write_bytes(EVIL)
    return str(path)


def test_a_letter_is_shown_with_the_octets_of_every_part(terminal: Terminal, letter: str):
    said = terminal("mail", "show", letter, "--json")
    assert said.code == 0
    document = said.document
    assert (document["subject"], document["from"]) == ("nested", "Anna <anna@lab.test>")
    assert [part["section"] for part in document["parts"]] == ["", "1", "1.1", "1.2", "2", "2.1", "3"]
    assert [part["parent"] for part in document["parts"]] == [None, 1, 2, 2, 1, 5, 1]
    for part in document["parts"]:
        octets = part["octets"]
        assert octets["start"] <= octets["body"] <= octets["stop"] <= document["octets"] == len(NESTED)
    zeros = document["parts"][6]
    assert (zeros["size"], zeros["filename"]) == (12, "zeros.bin")
    assert zeros["sha256"] == hashlib.sha256(bytes(12)).hexdigest()
    assert document["defects"] == []
    header = document["headers"][0]
    assert NESTED[header["octets"]["start"] : header["octets"]["stop"]] == b"From: Anna <anna@lab.test>\r\n"


def test_defects_and_what_is_left_out_are_named(terminal: Terminal, evil: str):
    document = terminal("mail", "show", evil, "--json").document
    assert [each["code"] for each in document["defects"]] == ["no-end-boundary"]
    assert [(each["kind"], each["target"]) for each in document["left_out"]] == [
        ("remote picture", "http://tracker.test/x.gif")
    ]
    assert document["from"] == "Müller <m@lab.test>"
    assert document["parts"][2]["safe_name"] == "x.pdf"
    assert document["parts"][2]["name_changes"]


def test_people_read_tree_and_text(terminal: Terminal, letter: str):
    said = terminal("mail", "show", letter)
    assert said.code == 0
    assert "Subject: nested" in said.out
    assert "1  multipart/mixed" in said.out
    assert "application/octet-stream  “zeros.bin”  12 B (base64)" in said.out
    assert said.out.rstrip().endswith("Grüße")


def test_a_part_is_saved_under_a_safe_name_and_nothing_is_overwritten(
    terminal: Terminal, evil: str, tmp_path: Path
):
    folder = tmp_path / "downloads"
    folder.mkdir()
    for name in ("x.pdf", "x (2).pdf"):
        document = terminal("mail", "show", evil, "--part", "3", "--output", str(folder), "--json").document
        assert document["saved"]["file"] == str(folder / name)
        assert (folder / name).read_bytes() == b"%PDF-1\r\n"
    out = tmp_path / "out.pdf"
    assert terminal("mail", "show", evil, "--part", "3", "--output", str(out)).code == 0
    said = terminal("mail", "show", evil, "--part", "3", "--output", str(out), "--json")
    assert said.code == 2
    assert "nothing is overwritten" in said.document["failure"]["what"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["downloads", "evil.eml", "out.pdf"]


def test_standard_input_is_read_and_a_part_goes_to_standard_output():
    done = run_cli("mail", "show", "-", "--part", "7", input=NESTED)
    assert (done.returncode, done.stdout) == (0, "\0" * 12)
    assert run_cli("mail", "show", "-", "--json", input=THREE).json["messages"][2]["subject"] == "three"


def test_a_file_of_many_letters_is_a_list_and_one_of_them_a_letter(terminal: Terminal, tmp_path: Path):
    path = tmp_path / "box.mbox"
    path.write_bytes(THREE)
    document = terminal("mail", "show", str(path), "--json").document
    assert [row["subject"] for row in document["messages"]] == ["one", "two", "three"]
    assert document["unquoted_from_lines"] == 1
    assert "two" in terminal("mail", "show", str(path)).out
    chosen = terminal("mail", "show", str(path), "--message", "2", "--json").document
    assert (chosen["message"], chosen["subject"]) == (2, "two")


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("nothing.eml",), 5, "can't be read"),
        (("LETTER", "--part", "9", "--json"), 2, "share standard output"),
        (("LETTER", "--part", "9"), 2, "there is no part 9"),
        (("LETTER", "--part", "0"), 2, "no whole number"),
        (("LETTER", "--part", "1"), 2, "only holds others"),
        (("LETTER", "--output", "x"), 2, "--output needs --part"),
        (("LETTER", "--message", "1"), 2, "is one letter"),
        (("BOX", "--message", "4"), 2, "there is no letter 4"),
        (("BOX", "--part", "1"), 2, "of which one"),
        (("FOLDER",), 5, "is a folder"),
    ],
)
def test_what_can_not_be_is_refused_in_words(
    terminal: Terminal, letter: str, tmp_path: Path, words: tuple[str, ...], code: int, what: str
):
    box = tmp_path / "box.mbox"
    box.write_bytes(THREE)
    named = {"LETTER": letter, "BOX": str(box), "FOLDER": str(tmp_path)}
    said = terminal("mail", "show", *(named.get(word, word) for word in words))
    assert said.code == code
    assert what in said.err


def test_hardly_any_octets_are_too_broken_to_be_shown(terminal: Terminal, tmp_path: Path):
    path = tmp_path / "junk"
    for data in (
        b"\xff" * 500,
        b"a: b\n\0\xff" * 500,
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 50,
    ):
        path.write_bytes(data)
        assert terminal("mail", "show", str(path), "--json").code == 0
        assert terminal("mail", "show", str(path)).code == 0


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty: there is no letter in it"),
        (b"\r\n \n", "is empty: there is no letter in it"),
        (b"\x7fELF\x02\0\0", "it begins with no header field, and octet 5 is NUL"),
    ],
)
def test_what_is_no_letter_is_said_and_not_shown(data: bytes, why: str, tmp_path: Path, terminal: Terminal):
    path = tmp_path / "x.eml"
    path.write_bytes(data)
    said = terminal("mail", "show", str(path), "--json")
    assert (said.code, said.document["ok"], said.document["file"]) == (2, False, str(path))
    assert said.document["failure"]["what"].endswith(why)


@pytest.mark.parametrize("data", [b"no header at all\n", b"Subject: x\n\nwith \0 in it\n"])
def test_a_strange_letter_is_shown_all_the_same(data: bytes, tmp_path: Path, terminal: Terminal):
    path = tmp_path / "x.eml"
    path.write_bytes(data)
    said = terminal("mail", "show", str(path), "--json")
    assert (said.code, said.document["ok"]) == (0, True)
    assert said.document["defects"]

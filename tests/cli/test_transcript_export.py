"""`workbench transcript export|compare`: in every format, and where two conversations part."""

from pathlib import Path

import pytest

from tests.cli.saved import save
from tests.cli.terminal import Terminal
from tests.formats.capture import packets
from tests.kit.cli import run_cli
from workbench.transcript.export import FORMATS


@pytest.fixture
def file(tmp_path: Path) -> str:
    return save(tmp_path / "talk.jsonl")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_can_be_written(terminal: Terminal, tmp_path: Path, file: str, form: str):
    out = tmp_path / "out.bin"
    document = terminal("transcript", "export", file, str(out), "--format", form, "--json").document
    assert document["octets"] == out.stat().st_size > 0
    assert b"hush" not in out.read_bytes()


def test_the_end_of_the_name_says_the_format(terminal: Terminal, tmp_path: Path, file: str):
    out = tmp_path / "out.pcapng"
    assert terminal("transcript", "export", file, str(out)).code == 0
    assert len(packets(out.read_bytes())) == 9
    said = terminal("transcript", "export", file, str(tmp_path / "out.doc"))
    assert said.code == 2
    assert ".pcapng" in said.err


def test_secrets_that_were_saved_are_written_when_asked_for(terminal: Terminal, tmp_path: Path):
    path = save(tmp_path / "talk.jsonl", with_secrets=True)
    out = tmp_path / "out.txt"
    assert terminal("transcript", "export", path, str(out)).code == 0
    assert b"hush" not in out.read_bytes()
    assert terminal("transcript", "export", path, str(out), "--with-secrets").code == 0
    assert b"hush" in out.read_bytes()


def test_it_is_written_to_standard_output_as_octets(file: str):
    done = run_cli("transcript", "export", file, "-", "--format", "received")
    assert (done.returncode, done.stdout) == (0, "HELLO\r\n")


@pytest.mark.parametrize("words", [[], ["--format", "txt", "--json"], ["--format", "doc"]])
def test_standard_output_needs_a_format_and_no_document(terminal: Terminal, file: str, words: list[str]):
    assert terminal("transcript", "export", file, "-", *words).code == 2


def test_equal_conversations_are_equal(terminal: Terminal, tmp_path: Path, file: str):
    other = save(tmp_path / "other.jsonl")
    document = terminal("transcript", "compare", file, other, "--json").document
    assert (document["equal"], document["differences"]) == (True, [])
    assert terminal("transcript", "compare", file, other).err == "all octets are equal\n"


def test_a_difference_is_told_with_its_place_and_its_octets(terminal: Terminal, tmp_path: Path, file: str):
    other = save(tmp_path / "other.jsonl", answer=b"HEllO\r\n")
    said = terminal("transcript", "compare", file, other, "--json")
    (difference,) = said.document["differences"]
    assert (said.code, difference["offset"], difference["direction"]) == (1, 2, "received")
    assert bytes.fromhex(difference["other_hex"]) == b"llO\r\n"
    said = terminal("transcript", "compare", file, other)
    assert said.code == 1
    assert "octet 2 is 4c here and 6c there" in said.out


def test_standard_input_is_no_two_files(terminal: Terminal):
    assert terminal("transcript", "compare", "-", "-").code == 2

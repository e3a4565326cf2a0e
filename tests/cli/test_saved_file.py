"""Reading saved conversations: from a file or standard input, and what is none is told."""

from pathlib import Path

import pytest

from tests.cli.saved import save
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from workbench.cli import saved_file
from workbench.formats.quantity import octets
from workbench.transcript.recorder import Transcript


@pytest.fixture
def file(tmp_path: Path) -> str:
    return save(tmp_path / "talk.jsonl")


@pytest.mark.parametrize("verb", ["show", "search"])
def test_standard_input_is_a_file_too(file: str, verb: str):
    done = run_cli("transcript", verb, "-", "--json", input=Path(file).read_bytes())
    assert done.returncode == 0, done
    assert done.json["file"] == "-"


@pytest.mark.parametrize(
    "verb", [("show",), ("search",), ("export", "out.txt"), ("compare", "other"), ("replay", "lab:echo")]
)
def test_a_file_that_is_missing_or_something_else_is_told(
    terminal: Terminal, tmp_path: Path, verb: tuple[str, ...]
):
    letter = tmp_path / "letter.jsonl"
    letter.write_text("Dear reader\n")
    name, *rest = verb
    if rest == ["out.txt"]:
        rest = [str(tmp_path / "out.txt")]
    said = terminal("transcript", name, str(tmp_path / "no.jsonl"), *rest, "--json")
    assert (said.code, said.document["failure"]["errno"]) == (5, "ENOENT")
    said = terminal("transcript", name, str(letter), *rest, "--json")
    assert said.code == 2
    assert "letter.jsonl, line 1" in said.document["failure"]["what"]
    assert list(tmp_path.iterdir()) == [letter]


def test_a_folder_is_no_conversation(terminal: Terminal, tmp_path: Path):
    said = terminal("transcript", "show", str(tmp_path), "--json")
    assert (said.code, said.document["failure"]["errno"]) == (5, "EISDIR")


def test_a_document_lists_no_more_channels_than_it_may(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(saved_file, "MAX_CHANNELS", 2)
    transcript = Transcript()
    for number in range(5):
        transcript.open(str(number), "tcp")
    document = saved_file.saved_document("talk.jsonl", transcript)
    assert (len(document["channels"]), document["channels_left_out"]) == (2, 3)
    transcript.close()


def test_a_long_reading_tells_how_far_it_is(file: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(saved_file, "PROGRESS_NS", 0)
    notes: list[str] = []
    saved_file.read_saved(file, notes.append).close()
    size = octets(Path(file).stat().st_size)
    assert len(notes) == 7
    assert notes[-1] == f"read {size} of {size}"

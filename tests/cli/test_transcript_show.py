"""`workbench transcript show|search`: every event explained, and those that are looked for found."""

import os
import signal
from pathlib import Path

import pytest

from tests.cli.process import running
from tests.cli.saved import save
from tests.cli.terminal import Terminal
from workbench.cli import transcript_show


@pytest.fixture
def file(tmp_path: Path) -> str:
    return save(tmp_path / "talk.jsonl")


def test_show_explains_every_event(terminal: Terminal, file: str):
    said = terminal("transcript", "show", file)
    lines = said.out.splitlines()
    assert (said.code, said.err, len(lines)) == (0, "", 6)
    assert lines[0] == "# 0 lab:echo (tcp) 127.0.0.1:40000 → 127.0.0.1:7"
    assert "RFC 9293" in lines[1]
    assert lines[2].split()[:5] == ["1", "0.001500", "0", "→", "12"]
    assert "hello ****" in lines[2]


def test_show_lists_a_part_in_its_document(terminal: Terminal, file: str):
    document = terminal("transcript", "show", file, "--from", "1", "--count", "2", "--json").document
    assert [each["event"] for each in document["listed"]] == ["sent", "received"]
    assert (document["events"], document["left_out"]) == (5, 3)
    assert document["channels"][0]["received"] == {"octets": 7}
    assert terminal("transcript", "show", file, "--from", "9").code == 0


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--text", "HELLO"], [1, 2]),
        (["--text", "hello", "--direction", "received"], [2]),
        (["--hex", "0d 0a", "--max-size", "7"], [2]),
        (["--regex", "^h[e]"], [1]),
        (["--min-size", "0"], [1, 2]),
        (["--no-facts"], [1, 2]),
        (["--channel", "0"], [0, 1, 2, 3, 4]),
    ],
)
def test_search_finds_by_every_condition(terminal: Terminal, file: str, words: list[str], found: list[int]):
    document = terminal("transcript", "search", file, *words, "--json").document
    assert [each["index"] for each in document["hits"]] == found
    assert document["found"] == len(found)
    said = terminal("transcript", "search", file, *words)
    assert [int(each.split()[0]) for each in said.out.splitlines()] == found


def test_search_that_finds_nothing_says_no(terminal: Terminal, file: str):
    said = terminal("transcript", "search", file, "--text", "hush", "--json")
    assert (said.code, said.document["found"], said.document["failure"]["kind"]) == (1, 0, "Refused")


def test_search_counts_what_it_does_not_list(terminal: Terminal, file: str):
    document = terminal("transcript", "search", file, "--count", "1", "--json").document
    assert (len(document["hits"]), document["found"]) == (1, 5)
    assert len(terminal("transcript", "search", file, "--count", "1").out.splitlines()) == 1


def test_search_tells_how_far_it_is(terminal: Terminal, file: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(transcript_show, "PROGRESS_NS", 0)
    said = terminal("transcript", "search", file)
    assert "searched 5 of 5 events (100 %)" in said.err


def test_a_pattern_without_end_is_given_up(terminal: Terminal, tmp_path: Path):
    path = save(tmp_path / "talk.jsonl", answer=b"a" * 40 + b"!")
    said = terminal("transcript", "search", path, "--regex", "(a|a)*$", "--direction", "received", "--json")
    assert said.code == 1
    assert said.document["gave_up"] == [2]
    assert "took too long" in said.err


@pytest.mark.parametrize(
    "words",
    [["--hex", "0"], ["--regex", "("], ["--direction", "up"], ["--channel", "-1"], ["--min-size", "9" * 11]],
)
def test_a_mistake_in_a_condition_is_shown_at_its_place(terminal: Terminal, file: str, words: list[str]):
    said = terminal("transcript", "search", file, *words, "--json")
    assert said.code == 2
    assert words[0] in said.document["failure"]["what"]


def test_a_search_is_ended_by_ctrl_c_while_it_reads(tmp_path: Path):
    pipe = tmp_path / "talk.jsonl"
    os.mkfifo(pipe)
    with running("transcript", "search", str(pipe), "--text", "x") as verb:
        # Opened as soon as the verb has: it waits for what never comes.
        writing = os.open(pipe, os.O_WRONLY)
        try:
            verb.stop(signal.SIGINT)
            assert verb.wait() == 130
        finally:
            os.close(writing)

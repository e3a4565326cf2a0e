import subprocess
import sys

import pytest

from tests.kit import cli


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in place of the workbench: it answers with its arguments, its input and its home."""
    program = (
        "import os, sys, json\n"
        "if sys.argv[1] == 'wait': sys.stdin.read(); import threading; threading.Event().wait(30)\n"
        "print(json.dumps({'args': sys.argv[1:], 'input': sys.stdin.read(), 'x': os.environ.get('X')}))\n"
        "if sys.argv[1] == 'twice': print('[]')\n"
        "if sys.argv[1] == 'talk': print('hello')\n"
        "print('a note', file=sys.stderr)\n"
        "sys.exit(3)\n"
    )
    monkeypatch.setattr(cli, "command", lambda *argv: [sys.executable, "-c", program, *argv])


def test_the_answer_of_a_command() -> None:
    done = cli.run_cli("one", "ä", input="line\n", X="1")
    assert done.json == {"args": ["one", "ä"], "input": "line\n", "x": "1"}
    assert (done.returncode, done.stderr) == (3, "a note\n")


def test_no_input_ends_at_once() -> None:
    assert cli.run_cli("one").json["input"] == ""


def test_a_streaming_verb_prints_a_document_a_line() -> None:
    assert cli.run_cli("twice").documents[1] == []


def test_words_beside_the_document_are_a_failure() -> None:
    with pytest.raises(AssertionError, match="hello"):
        _ = cli.run_cli("talk").json
    with pytest.raises(AssertionError, match="hello"):
        _ = cli.run_cli("talk").documents


def test_a_command_that_does_not_end_is_killed() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        cli.run_cli("wait", timeout=0.5)

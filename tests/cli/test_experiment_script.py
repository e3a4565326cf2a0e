"""`workbench experiment script`: a program for people and programs, and why there is none."""

import subprocess
import sys

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli


def test_the_program_is_printed_and_runs():
    done = run_cli("experiment", "script", "half-close")
    assert done.returncode == 0, done
    ran = subprocess.run(
        [sys.executable, "-I", "-"], input=done.stdout, capture_output=True, text=True, timeout=18
    )
    assert ran.returncode == 0, ran.stderr
    assert " to 127.0.0.1:" in ran.stdout


def test_the_document_names_the_servers_it_needs(terminal: Terminal):
    said = terminal("experiment", "script", "one-at-a-time", "--json")
    document = checked(said.document)
    assert document["servers"] == ["echo"]
    assert "def place(name)" in document["script"]


def test_a_card_without_a_script_says_why(terminal: Terminal):
    said = terminal("experiment", "script", "sql-quotes")
    assert said.code == 2
    assert "no socket call" in said.err
    assert said.out == ""

"""From words to an exit code: nouns, verbs, help, and every mistake as a value with its place."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.kit.cli import command, environment, run_cli
from workbench import __version__
from workbench.cli import nouns, plugins
from workbench.cli.main import main
from workbench.cli.nouns import NOUNS, Noun
from workbench.errors import PeerMisbehaved


def test_the_version_is_said(terminal: Terminal):
    assert terminal("--version").out == f"workbench {__version__}\n"


@pytest.mark.parametrize(
    ("words", "marked", "advice"),
    [
        (("sockets",), "sockets", "did you mean socket?"),
        (("xyzzy",), "xyzzy", "there are: socket, "),
        (("--josn",), "--josn", "there are: socket"),
        (("lab:echo",), "lab:echo", "workbench socket talk lab:echo"),
        (("http://localhost/",), "http://localhost/", "workbench socket talk http://localhost/"),
        (("socket", "tlak"), "tlak", "did you mean talk?"),
        (("socket", "xyzzy"), "xyzzy", "socket can: talk, listen"),
        (("socket", ""), "''", "socket can: talk, listen"),
        (("socket", "talk"), "", "where to"),
    ],
)
def test_what_is_not_understood_is_marked_and_answered(
    terminal: Terminal, words: tuple[str, ...], marked: str, advice: str
):
    said = terminal(*words, "--json")
    assert said.code == 2
    failure = said.document["failure"]
    at = failure["at"]
    assert failure["input"][at["start"] : at["end"]] == marked
    assert advice in failure["try"]
    assert said.err.startswith("workbench: ")
    assert "^" in said.err


def test_a_noun_alone_is_asked_what_it_should_do(terminal: Terminal):
    said = terminal("socket")
    assert (said.code, said.out) == (2, "")
    assert "what should socket do?" in said.err


def test_a_mistake_without_json_writes_nothing_to_standard_output(terminal: Terminal):
    said = terminal("socket", "talk", "127.0.0.1:70000")
    assert (said.code, said.out) == (2, "")


def test_json_behind_two_hyphens_is_no_option(terminal: Terminal):
    said = terminal("socket", "talk", "--", "--json")
    assert (said.code, said.out) == (2, "")


def test_our_own_bug_is_told_with_its_traceback(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    def broken(_name: str) -> Noun:
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr("workbench.cli.main.find_noun", broken)
    said = terminal("socket", "talk", "--json")
    assert said.code == 70
    assert "of all things" in said.document["failure"]["what"]
    assert "Traceback" in said.err
    assert "ZeroDivisionError" in said.err


def test_a_failure_has_the_exit_code_of_its_class(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    def broken(_name: str) -> Noun:
        raise PeerMisbehaved("that is no plugin", data=b"\xff")

    monkeypatch.setattr("workbench.cli.main.find_noun", broken)
    assert terminal("x", "--json").code == 4


def test_ctrl_c_before_anything_began_is_130(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    def interrupted(_name: str) -> Noun:
        raise KeyboardInterrupt

    monkeypatch.setattr("workbench.cli.main.find_noun", interrupted)
    assert terminal("socket").code == 130
    said = terminal("socket", "--json")
    assert (said.code, said.document["failure"]["kind"]) == (130, "Stopped")


INTERRUPTED_WHILE_EVALUATING = """
import os, signal
from workbench.cli import main

def interrupted(_name):
    eval("(os.kill(os.getpid(), signal.SIGINT), [each for each in range(9999)])")

main.find_noun = interrupted
raise SystemExit(main.main(["socket"]))
"""


def test_ctrl_c_while_python_evaluates_a_string_is_130_too(tmp_path: Path):
    """A dataclass is made of one: half of our imports."""
    (tmp_path / "interrupted.py").write_text(INTERRUPTED_WHILE_EVALUATING, encoding="utf-8")
    command = [sys.executable, "-m", "interrupted"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (130, b"workbench: stopped by Ctrl-C\n")


@pytest.mark.parametrize(
    ("words", "code"),
    [("transcript show -", 2), ("cert show -", 2), ("sql run lab:sql -", 2), ("mail show -", 2)],
)
def test_input_that_is_closed_is_empty(words: str, code: int):
    """And nothing of ours gets its number: a socket would be read as if somebody had typed there."""
    shell = ["sh", "-c", 'exec "$@" <&-', "sh", *command(*words.split(), "--json")]
    done = subprocess.run(shell, env=environment(), capture_output=True, timeout=60)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr.decode()


class _Entry:
    """Stands for an installed entry point."""

    def __init__(self, name: str, load: object) -> None:
        self.name = name
        self._load = load

    def load(self) -> object:
        if isinstance(self._load, Exception):
            raise self._load
        return self._load


class _Plugin:
    verbs = (("stranger", "speaks a strange protocol", "workbench.cli.schema"),)


def test_a_strangers_noun_is_found_and_a_broken_one_named(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []

    def entry_points(*, group: str) -> list[_Entry]:
        asked.append(group)
        return [_Entry("wreck", ImportError("no such module")), _Entry("good", _Plugin)]

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    said = terminal("stranger")
    assert said.code == 0
    assert "socket.talk" in said.out
    assert "the plugin wreck can't be used" in said.err
    assert asked == [plugins.GROUP] == ["workbench.plugins"]
    assert nouns.find_noun("socket") in NOUNS
    assert len(asked) == 1


def test_a_reader_that_takes_the_head_only_ends_us_quietly():
    child = subprocess.Popen(
        command("socket", "talk", "--help"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert child.stdout is not None
    child.stdout.close()
    assert child.stderr is not None
    errors = child.stderr.read()
    child.stderr.close()
    assert child.wait(60) in (0, 141)
    assert errors == b""


def test_a_closed_standard_output_is_no_socket_of_ours():
    """Descriptor 1 would else be given to the first socket, and a document be sent to the peer."""
    code = "import os, sys\nos.close(1)\nos.execv(sys.executable, [sys.executable, '-m', 'workbench', *sys.argv[1:]])"
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], capture_output=True, timeout=60, env=environment()
    )
    assert done.returncode == 141
    assert done.stderr == b""


def test_as_a_program_it_does_the_same():
    done = run_cli("socket", "talk", "127.0.0.1:70000", "--json")
    assert done.returncode == 2
    assert checked(done.json)["failure"]["at"] == {"start": 10, "end": 15}
    assert json.loads(done.stdout)["failure"]["input"] == "127.0.0.1:70000"


def test_a_verb_loads_what_it_needs_and_nothing_else():
    """A tenth of a second of imports is what makes the terminal face feel slow; and Qt is none of its business."""
    heavy = (
        *(
            "PySide6",
            "qasync",
            "twisted",
            "OpenSSL",
            "cryptography",
            "dns",
            "tomlkit",
            "platformdirs",
            "regex",
        ),
        *("argparse", "multiprocessing", "importlib.metadata", "email", "http", "xml", "ipaddress"),
        *("workbench.ui", "workbench.bridge", "workbench.panels", "workbench.lab", "workbench.experiments"),
    )
    code = (
        "import sys\n"
        "from workbench.cli.main import main\n"
        "code = main(['socket', 'talk', '127.0.0.1:1', '--timeout', '5'])\n"
        f"print(code, *(name for name in {heavy!r} if name in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, env=environment(), text=True
    )
    assert done.stdout.split() == ["3"]


def test_main_returns_instead_of_leaving():
    assert main(["schema", "--nonsense"]) == 2

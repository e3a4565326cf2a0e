"""The README's five things to try do what it says they print."""

import re
import shlex
from pathlib import Path

import pytest

from tests.kit.cli import run_cli

README = Path(__file__).resolve().parents[1] / "README.md"
BLOCKS = re.findall(
    r"```console\n\$ workbench (.*?)\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL
)


def test_there_are_five():
    assert len(BLOCKS) == 5


@pytest.mark.parametrize(("command", "printed"), BLOCKS, ids=[" ".join(c.split()[:3]) for c, _ in BLOCKS])
def test_a_thing_to_try_prints_what_the_readme_says(command, printed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command, comments=True)
    _, _, code = command.partition("  # ")
    done = run_cli(*words)
    assert done.returncode == int(code or 0), done.stderr
    for line in printed.splitlines():
        assert line in done.stdout, f"{line!r} is not in what it printed"
    saved = re.search(r"--transcript (\S+)", command)
    if saved:
        assert "goodbye" in (tmp_path / saved[1]).read_text(encoding="utf-8")


def test_the_picture_is_there():
    (name,) = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    picture = README.parent / name
    assert picture.stat().st_size > 10_000
    assert picture.read_bytes().startswith(b"\x89PNG")

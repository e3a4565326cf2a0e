"""Help: for everything, from the same data that the parser reads, as wide as the terminal."""

import pytest

from tests.cli.terminal import Terminal
from workbench.cli.arguments import Argument, Verb
from workbench.cli.help import verb_help
from workbench.cli.nouns import NOUNS, Noun


def test_help_lists_every_noun(terminal: Terminal):
    for word in ("--help", "-h"):
        said = terminal(word)
        assert said.code == 0
        assert all(f"\n  {noun.name} " in said.out for noun in NOUNS)


@pytest.mark.parametrize("noun", [noun.name for noun in NOUNS if noun.module])
def test_every_noun_and_verb_has_help(terminal: Terminal, noun: str):
    said = terminal(noun, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"Usage: workbench {noun}")
    for line in said.out.partition("Verbs:\n")[2].splitlines():
        if not line.startswith("  "):
            break
        if line.startswith("   "):
            continue
        verb = line.split()[0]
        said = terminal(noun, verb, "--help", "--nonsense")
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith(f"Usage: workbench {noun} {verb} ")
        assert "--json" in said.out


def test_no_line_of_help_is_wider_than_the_terminal(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "60")
    for words in (("--help",), ("socket", "--help"), ("socket", "talk", "--help")):
        lines = terminal(*words).out.splitlines()
        # Examples stay in one piece, to be copied.
        assert all(
            len(line) <= 60 for line in lines if not line.startswith("  workbench") and "|" not in line
        )


def test_what_may_be_left_out_and_what_may_be_repeated_is_shown():
    arguments = (
        Argument("PLACE", "where"),
        Argument("MORE", "others", many=True, needed=False),
        Argument("--an-option-with-a-long-name", "folded below", "VALUE"),
    )
    verb = Verb("do", "do it", "thing.do/1", arguments, lambda _parsed, _output: 0, "  workbench thing do")
    shown = verb_help(Noun("thing", "things", ""), verb).decode()
    assert shown.startswith("Usage: workbench thing do PLACE [MORE ...] [OPTIONS]\n\nDo it.\n")
    assert "\n  --an-option-with-a-long-name VALUE\n" in shown
    assert shown.endswith("\n  workbench thing do\n")

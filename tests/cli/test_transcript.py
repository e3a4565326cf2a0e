"""`workbench transcript`: the verbs are there, and what they are told is read strictly."""

import pytest

from tests.cli.terminal import Terminal

VERBS = ("show", "search", "export", "compare", "replay")


def test_the_noun_lists_its_verbs(terminal: Terminal):
    said = terminal("transcript", "--help")
    assert said.code == 0
    assert all(f"  {verb}" in said.out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_needs_a_file(terminal: Terminal, verb: str):
    said = terminal("transcript", verb, "--json")
    assert said.code == 2
    assert "FILE" in said.document["failure"]["what"]


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (("show", "x", "--from", "-1"), "-1"),
        (("show", "x", "--from", "4294967296"), "4294967296"),
        (("show", "x", "--count", "0"), "0"),
        (("search", "x", "--direction", "up"), "up"),
        (("search", "x", "--regex", "("), None),
        (("export", "x", "y", "--format", "doc"), "doc"),
        (("replay", "x", "127.0.0.1:9", "--speed", "fast"), "fast"),
        (("replay", "x", "127.0.0.1:"), None),
    ],
)
def test_a_mistake_is_marked_before_a_file_is_opened(
    terminal: Terminal, words: tuple[str, ...], marked: str | None
):
    said = terminal("transcript", *words, "--json")
    failure = said.document["failure"]
    assert (said.code, failure["kind"]) == (2, "LocalMisuse")
    if marked is not None:
        assert failure["input"][failure["at"]["start"] : failure["at"]["end"]] == marked

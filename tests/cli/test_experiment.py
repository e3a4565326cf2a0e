"""`workbench experiment list`, and the ways to ask for the wrong thing."""

import pytest

from tests.cli.terminal import Terminal
from workbench.experiments.card import all_cards

IDS = [card.id for card in all_cards()]


def test_the_experiments_are_listed_for_people(terminal: Terminal):
    said = terminal("experiment", "list")
    assert said.code == 0
    assert [line.partition(" ")[0] for line in said.out.splitlines()] == IDS
    assert "The other half stays open" in said.out


def test_the_experiments_are_listed_for_programs(terminal: Terminal):
    said = terminal("experiment", "list", "--json")
    assert said.code == 0
    listed = said.document["experiments"]
    assert [entry["id"] for entry in listed] == IDS
    half_close = next(entry for entry in listed if entry["id"] == "half-close")
    assert half_close["panel"] == "sockets"
    assert half_close["rows"] == ["C5.1"]
    assert half_close["question"].endswith("?")


def test_the_right_answer_is_not_given_away(terminal: Terminal):
    assert "right" not in terminal("experiment", "list", "--json").document["experiments"][0]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["run"], "which experiment?"),
        (["run", "--all", "half-close"], "--all means every experiment"),
        (["run", "half-closed"], "there is no experiment 'half-closed'"),
        (["run", "half-close", "--timeout", "0"], "--timeout"),
        (["run", "half-close", "--transcript", "talk.doc"], "--transcript"),
        (["play", "half-close"], "experiment has no verb 'play'"),
    ],
)
def test_wrong_usage_is_told_and_nothing_is_played(argv: list[str], said: str, terminal: Terminal):
    plain = terminal("experiment", *argv)
    assert plain.code == 2
    assert plain.out == ""
    assert said in plain.err
    document = terminal("experiment", *argv, "--json").document
    assert document["ok"] is False
    assert document["failure"]["kind"] == "LocalMisuse"
    assert said in document["failure"]["what"]

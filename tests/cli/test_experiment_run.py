"""`workbench experiment run`: exit codes, documents and what a person reads."""

import json
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.process import children_of, is_alive, running
from tests.cli.terminal import Terminal
from tests.cli.waiting import wait_for
from tests.experiments.samples import SAMPLE, card
from tests.kit.cli import run_cli
from workbench.experiments import card as cards
from workbench.experiments import needs
from workbench.experiments.card import all_cards

BLUNT = SAMPLE.replace('equals = "hello\\r\\n"', 'contains = "o"')
"""A card that also passes when it is broken."""


# Each card is played twice, and many wait for something that does not come: a minute, nearly all of it idle.
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_all_experiments_go_as_they_should():
    done = run_cli("experiment", "run", "--all", "--json", timeout=200)
    assert done.returncode == 0, done.stderr
    document = checked(done.json)
    assert document["ok"] is True
    assert document["lab"] == "private"
    played = document["experiments"]
    assert [entry["id"] for entry in played] == [one.id for one in all_cards()]
    possible = [entry for entry in played if "skipped" not in entry]
    assert len(possible) >= len(played) - 1, "an IPv6 of its own is all that a machine of the tests may lack"
    for entry in possible:
        assert (entry["passed"], entry["broken_fails"], entry["broken"]) == (True, True, False)
        assert all(step["ok"] for step in entry["steps"])
        assert all(expectation["ok"] for expectation in entry["expectations"])


def test_of_many_those_that_can_not_be_played_here_are_left_out_with_the_reason(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(needs, "NEEDS", {"ipv6": needs.Need("wings", lambda: False)})
    words = ("experiment", "run", "two-families", "half-close")
    said = terminal(*words)
    assert (said.code, said.out.splitlines()[0]) == (
        0,
        "- two-families: not played: this machine has not wings",
    )
    skipped, played = terminal(*words, "--json").document["experiments"]
    assert (skipped["skipped"], skipped["passed"]) == ("this machine has not wings", None)
    assert played["passed"] is True
    alone = terminal("experiment", "run", "two-families", "--json")
    assert (alone.code, alone.document["failure"]["kind"]) == (5, "LocalFault")


def test_one_is_played_as_it_is_written(terminal: Terminal):
    document = terminal("experiment", "run", "half-close", "--json").document
    assert "lab" not in document, "it brings its own server"
    (entry,) = document["experiments"]
    assert (entry["passed"], entry["broken_fails"]) == (True, None)
    answer = next(one for one in entry["expectations"] if one["that"] == "answer.text")
    assert (answer["seen"], answer["expected"], answer["ok"]) == ("“still\\r\\n”", "“still\\r\\n”", True)
    assert [step["do"] for step in entry["steps"]][:3] == ["listen", "connect", "accept"]


def test_one_is_played_with_its_broken_part_alone(terminal: Terminal):
    said = terminal("experiment", "run", "half-close", "--broken", "--json")
    assert said.code == 0, "it failed, as it should"
    (entry,) = said.document["experiments"]
    assert (entry["passed"], entry["broken_fails"], entry["broken"]) == (None, True, True)
    assert not all(one["ok"] for one in entry["expectations"])


def test_several_are_played_in_both_modes(terminal: Terminal):
    said = terminal("experiment", "run", "half-close", "empty-datagram", "--both")
    assert said.code == 0
    assert [line.partition(" in ")[0] for line in said.out.splitlines()] == [
        "+ half-close: passed",
        "+ half-close: broken, failed",
        "+ empty-datagram: passed",
        "+ empty-datagram: broken, failed",
    ]


def test_a_person_reads_question_steps_evidence_and_explanation(terminal: Terminal):
    said = terminal("experiment", "run", "half-close")
    assert said.code == 0
    order = [
        "What can still arrive at the",
        "  3) whatever the server still wants to send",
        "+ The client finishes: it will send no more (FIN).",
        "    “still\\r\\n”, then the end: ",
        "+ The text of the answer: “still\\r\\n”.",
        "Right is 3) whatever the server still wants to send",
        "A TCP connection is two one-way streams",
        "RFC 9293 3.6.1",
    ]
    places = [said.out.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_a_person_reads_what_the_broken_part_did(terminal: Terminal):
    said = terminal("experiment", "run", "half-close", "--broken")
    assert "! The text of the answer: nothing, but expected was “still\\r\\n”." in said.out
    assert "It failed, as it must: " in said.out
    assert "Right is" not in said.out


def test_one_that_can_not_fail_is_an_answer_that_says_no(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cards, "find_card", lambda _id: card(BLUNT))
    said = terminal("experiment", "run", "sample", "--both", "--json")
    assert said.code == 1
    assert (said.document["ok"], said.document["failure"]["kind"]) == (False, "Refused")
    (entry,) = said.document["experiments"]
    assert (entry["passed"], entry["broken_fails"]) == (True, False)
    plain = terminal("experiment", "run", "sample", "--both")
    assert plain.code == 1
    assert "! sample: broken, passed" in plain.out
    assert "not as it should be: sample" in plain.err


def test_one_that_fails_is_an_answer_that_says_no(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        cards, "find_card", lambda _id: card(SAMPLE.replace('equals = "hello', 'equals = "hallo'))
    )
    said = terminal("experiment", "run", "sample", "--json")
    assert said.code == 1
    (entry,) = said.document["experiments"]
    assert (entry["passed"], entry["broken_fails"]) == (False, None)
    plain = terminal("experiment", "run", "sample")
    assert plain.code == 1
    assert "! The text of the answer: “hello\\r\\n”, but expected was “hallo\\r\\n”." in plain.out


def test_a_deadline_that_passes_is_seen_as_one(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    text = SAMPLE.replace('text = "hello\\r\\n"', 'text = "hello"', 1)
    monkeypatch.setattr(cards, "find_card", lambda _id: card(text))
    said = terminal("experiment", "run", "sample", "--timeout", "0.1", "--json")
    assert said.code == 1
    (entry,) = said.document["experiments"]
    assert entry["steps"][-1]["failure"]["kind"] == "TooSlow"
    assert entry["expectations"][0]["seen"] is None


def test_the_transcript_is_written_when_it_passed_and_when_it_did_not(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    for name, text, code in (
        ("good", SAMPLE, 0),
        ("bad", SAMPLE.replace('equals = "hello', 'equals = "x'), 1),
    ):
        monkeypatch.setattr(cards, "find_card", lambda _id, text=text: card(text))
        file = tmp_path / f"{name}.jsonl"
        assert terminal("experiment", "run", "sample", "--transcript", str(file), "--json").code == code
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        assert len(lines) > 10


def test_ctrl_c_ends_it_and_its_lab():
    with running("experiment", "run", "--all") as verb:
        assert verb.line().startswith(f"+ {all_cards()[0].id}: passed".encode())
        (lab,) = children_of(verb.child.pid)
        verb.stop()
        assert verb.wait() == 130
        wait_for(lambda: not is_alive(lab))

"""`workbench socket deaths` and `workbench socket fill` as people and programs use them.

What they take is workbench.cli.socket_flow_arguments, what they do workbench.cli.socket_flow.
"""

import json
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from workbench.cli.socket_flow_arguments import REMEDIES as WORDS
from workbench.panels.sockets.flow.controller import FlowController
from workbench.protocols.deaths.columns import read_columns
from workbench.protocols.flow import pipe
from workbench.protocols.flow.values import REMEDIES
from workbench.transcript.recorder import Transcript

FEW = ("socket", "deaths", "--death", "rst", "--death", "fin", "--call", "send", "--call", "recv")
SMALL = ("socket", "fill", "--octets", "200000", "--piece", "4096")


@pytest.mark.covers("C2.13")
def test_deaths_are_told_and_compared(terminal: Terminal, tmp_path: Path):
    document = checked(run_cli(*FEW, "--json").json)
    told = {(cell["death"], cell["call"]): cell["symbol"] for cell in document["columns"][0]["cells"]}
    assert told == {
        ("rst", "send"): "ECONNRESET",
        ("rst", "recv"): "ECONNRESET",
        ("fin", "send"): "",
        ("fin", "recv"): "EOF",
    }
    assert document["differences"] == []
    document["columns"][0]["system"]["os"] = "Plan 9"
    document["columns"][0]["cells"][0]["symbol"] = "EHUNGUP"
    path = tmp_path / "room3.json"
    path.write_text(json.dumps(document))
    said = terminal(*FEW, "--compare", str(path))
    assert "fin: at once: recv (EOF); told nothing: send\n" in said.out
    assert "differs: rst, send: here: ECONNRESET, room3: EHUNGUP\n" in said.out
    # What the terminal has written the window takes too.
    controller = FlowController(Transcript)
    controller.take(path.read_text(), "room 3")
    assert controller.state.columns == tuple(
        column.__class__(column.system, column.cells, "room 3") for column in read_columns(path.read_text())
    )
    controller.close()


def test_what_deaths_is_told_wrong_is_refused(terminal: Terminal, tmp_path: Path):
    for words in (("--death", "meteor"), ("--call", "pray")):
        failure = checked(terminal("socket", "deaths", *words, "--json").document)["failure"]
        assert failure["kind"] == "LocalMisuse"
        assert "one of " in failure["try"]
    path = tmp_path / "x.json"
    assert terminal("socket", "deaths", "--compare", str(path)).code == 5
    path.write_text('{"schema": ')
    said = terminal("socket", "deaths", "--compare", str(path))
    assert said.code == 2
    assert "line 1, column 12" in said.err
    late = checked(terminal(*FEW[:4], "--timeout", "0.001", "--json").document)
    assert late["failure"]["kind"] == "TooSlow"


@pytest.mark.covers("C3.38")
def test_a_pipe_freezes_and_every_octet_has_its_place(terminal: Terminal, tmp_path: Path):
    document = checked(terminal(*SMALL, "--json", "--transcript", str(tmp_path / "talk.txt")).document)
    assert (document["end"], document["echoed"], document["sha256"]) == ("frozen", 0, None)
    assert document["frozen_at"] == document["handed_over"] > 30_000
    assert "both write and neither reads" in document["stall"]
    for way in ("to_server", "to_client"):
        assert document["stations"][way]["adds_up"]
    assert "pipe.frozen" in (tmp_path / "talk.txt").read_text()


@pytest.mark.covers("C3.39")
@pytest.mark.parametrize("remedy", ["read", "both"])
def test_a_remedy_frees_it(terminal: Terminal, remedy: str):
    document = checked(terminal(*SMALL, "--remedy", remedy, "--json").document)
    assert (document["end"], document["echoed"], document["read_by_server"]) == ("equal", 200_000, 200_000)
    assert document["sha256"]["sent"] == document["sha256"]["echoed"]


def test_a_deadline_cuts_it(terminal: Terminal):
    said = terminal(*SMALL, "--remedy", "deadline", "--deadline", "0.1")
    assert said.code == 0
    assert said.out.startswith("cut: gave up")
    assert said.err.startswith("frozen: both write")


def test_an_echo_that_lies_is_no_success(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pipe, "pattern", lambda start, stop: bytes(stop - start))
    monkeypatch.setattr(pipe.PipeRun, "_next_piece", lying(pipe.PipeRun._next_piece))
    said = terminal("socket", "fill", "--octets", "1000", "--json")
    document = checked(said.document)
    assert said.code == 4
    assert document["end"] == "different"
    assert document["failure"]["kind"] == "PeerMisbehaved"


def lying(real):
    def next_piece(self, size: int) -> bytes:
        data = real(self, size)
        self._sent_hash.update(b"one more")
        return data

    return next_piece


def test_what_fill_is_told_wrong_is_refused(terminal: Terminal):
    for words in (("--octets", "0"), ("--octets", "-1"), ("--piece", "99999999"), ("--remedy", "hope")):
        assert terminal("socket", "fill", *words).code == 2
    assert terminal(*SMALL, "--timeout", "0.001").code == 3
    assert set(WORDS) == {"none", *(remedy for remedy, *_ in REMEDIES)}

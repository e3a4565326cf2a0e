"""`workbench socket gopher` as people and programs use it (workbench.cli.gopher, workbench.cli.gopher_ask)."""

import hashlib
import socket

import pytest

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer

NOBODY = "nonexistant.example.invalid"


def test_a_menu_is_listed_and_told_as_a_document(terminal: Terminal):
    document = checked(run_cli("socket", "gopher", "lab:gopher", "--json").json)
    assert (document["ok"], document["kind"], document["complete"], document["lab"]) == (
        True,
        "menu",
        True,
        "private",
    )
    assert [item["type"] for item in document["items"]] == list("ii0179h3")
    assert document["end"]["kind"] == "FIN"
    assert document["sent"] == {"octets": 2, "hex": "0d0a"}
    assert [rung["state"] for rung in document["phases"]] == ["done"] * 7
    assert sum(read["octets"] for read in document["reads"]) == document["body"]["octets"]
    said = terminal("socket", "gopher", "lab:gopher")
    assert "menu  Stars  /stars\n" in said.out
    assert "menu: " in said.err


def test_small_reads_are_more_rows_of_the_same_octets(terminal: Terminal):
    big = terminal("socket", "gopher", "lab:gopher", "/stars", "--json").document
    small = terminal("socket", "gopher", "lab:gopher", "/stars", "--read", "16", "--json").document
    assert small["read_count"] > big["read_count"]
    assert {read["octets"] for read in small["reads"][:3]} == {16}
    # Each run has a Lab of its own, so the port in the items may have another length.
    assert [item["text"] for item in small["items"]] == [item["text"] for item in big["items"]]


def test_a_text_and_octets_come_as_they_are(terminal: Terminal):
    assert (
        terminal("socket", "gopher", "lab:gopher", "/stars/vega").out == "Vega - a summer's zenith\r\n.\r\n"
    )
    document = terminal("socket", "gopher", "lab:gopher/9/octets.bin", "--json").document
    assert document["body"]["sha256"] == hashlib.sha256(bytes(range(256)) * 8).hexdigest()
    assert document["kind"] == "binary"
    found = terminal("socket", "gopher", "lab:gopher", "/search", "--search", "blue", "--json").document
    assert [item["text"] for item in found["items"]] == ["Rigel"]


def nobody_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system knows no name, and nobody outside is asked."""
    real = socket.getaddrinfo

    def getaddrinfo(host: object, *more: object, **named: object) -> object:
        if host == NOBODY and not named.get("flags"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real("" if host == NOBODY else host, *more, **named)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.covers("C1.17")
def test_a_failure_is_one_line_and_an_exit_code_never_a_traceback(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    nobody_is_called_so(monkeypatch)
    said = terminal("socket", "gopher", f"{NOBODY}:70")
    assert said.code == 1
    assert "Traceback" not in said.err
    notes = [line for line in said.err.splitlines() if line.startswith("workbench: ")]
    assert len(notes) == 1
    assert notes[0].startswith(f"workbench: resolve: {NOBODY}: ")
    assert said.out == ""
    # And as a process of its own, with a port that nobody listens on.
    done = run_cli("socket", "gopher", f"127.0.0.1:{free_port()}")
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr
    assert "workbench: connect: " in done.stderr


@pytest.mark.covers("C1.16")
def test_a_name_that_does_not_exist_fails_in_resolving_with_its_symbol(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    nobody_is_called_so(monkeypatch)
    said = terminal("socket", "gopher", f"{NOBODY}:70", "--json")
    document = said.document
    failure = document["failure"]
    assert said.code == 1
    assert (failure["stage"], failure["errno"], failure["kind"]) == ("resolve", "EAI_NONAME", "Refused")
    assert failure["try"]
    assert not [event for event in document["events"] if event["event"].startswith("connect")]
    assert [rung["state"] for rung in document["phases"]][2:4] == ["failed", "not reached"]


@pytest.mark.parametrize(
    ("arguments", "code", "stage"),
    [
        (("lab:gopher", "/nowhere"), 1, "answer"),
        (("http://h/",), 2, "input"),
        (("lab:gopher", "a\tb"), 2, "input"),
        (("lab:gopher", "/x", "--terminator", "cr"), 2, "input"),
        (("lab:gopher", "/x", "--type", "00"), 2, "input"),
        ((f"127.0.0.1:{free_port()}",), 3, "connect"),
    ],
)
def test_every_way_to_fail_has_its_code_and_stage(
    terminal: Terminal, arguments: tuple, code: int, stage: str
):
    said = terminal("socket", "gopher", *arguments, "--json")
    assert (said.code, checked(said.document)["failure"]["stage"]) == (code, stage)
    assert "Traceback" not in said.err


def test_through_a_relay_that_cuts_it_says_what_is_missing(terminal: Terminal):
    said = terminal(
        "socket", "gopher", "lab:gopher", "/readme", "--relay", "cut-after=20,direction=to-client", "--json"
    )
    document = said.document
    assert document["complete"] is False
    assert document["body"]["octets"] == 20


def test_a_server_that_says_nothing_is_given_up_while_receiving(terminal: Terminal):
    with scripted_peer([("stall",)]) as peer:
        said = terminal("socket", "gopher", str(peer), "/x", "--timeout", "1", "--json")
    assert (said.code, checked(said.document)["failure"]["stage"]) == (3, "receive")

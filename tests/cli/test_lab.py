"""`workbench lab start|list`: services that run as long as somebody wants them, and the catalogue.

Covers workbench.cli.lab_start and workbench.cli.lab_list, which are one conversation with the Lab seen from outside.
"""

import os
import signal
import socket

import pytest

from tests.cli.documents import checked
from tests.cli.process import children_of, is_alive, running
from tests.cli.terminal import Terminal
from tests.cli.waiting import wait_for
from tests.kit.cli import run_cli
from workbench.cli import lab_access
from workbench.lab.catalogue import SERVICES


def dial(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), 10)


def test_a_service_runs_until_the_input_ends():
    with running("lab", "start", "echo", "--json") as verb:
        started = verb.document()
        assert (started["event"], started["name"], started["lab"]) == ("started", "echo", "private")
        with dial(started["address"]) as client:
            client.sendall(b"x")
            assert client.recv(1) == b"x"
        (lab,) = children_of(verb.child.pid)
        assert verb.child.stdin is not None
        verb.child.stdin.close()
        assert verb.document() == {"schema": "lab.start/1", "event": "ended", "by": "input"}
        assert verb.wait() == 0
        wait_for(lambda: not is_alive(lab))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_kept_it_runs_until_a_signal(number: signal.Signals, code: int):
    with running("lab", "start", "echo", "--keep", "--json") as verb:
        address = verb.document()["address"]
        assert verb.child.stdin is not None
        verb.child.stdin.close()
        with dial(address) as client:
            client.sendall(b"x")
            assert client.recv(1) == b"x"
        (lab,) = children_of(verb.child.pid)
        verb.stop(number)
        assert verb.document()["by"] == "signal"
        assert verb.wait() == code
        wait_for(lambda: not is_alive(lab))


def test_switches_are_turned_and_every_service_is_started_when_none_is_named():
    switches = ["--switch", "transform=upper,delay_ms=1", "--switch", "one_byte"]
    with running("lab", "start", "echo", *switches, "--json") as verb:
        started = verb.document()
        assert started["switches"] == {"transform": "upper", "delay_ms": 1, "one_byte": True}
        with dial(started["address"]) as client, client.makefile("rb") as answer:
            client.sendall(b"abc")
            assert answer.read(3) == b"ABC"
    with running("lab", "start", "--json") as verb:
        assert [verb.document()["name"] for _ in SERVICES] == [service.name for service in SERVICES]


def test_other_verbs_join_it_and_the_list_shows_what_runs():
    with running("lab", "start", "echo", "--json") as verb:
        address = verb.document()["address"]
        done = run_cli("socket", "talk", "lab:echo", "--send", "x", "--expect", "x", "--json")
        document = checked(done.json)
        assert (document["lab"], document["address"]) == ("joined", address)
        listed = checked(run_cli("lab", "list", "--json").json)
        assert listed["lab"] == "joined"
        (echo,) = listed["running"]
        assert (echo["name"], echo["address"], echo["octets_received"]) == ("echo", address, 1)
        assert f"running: echo at {address}" in run_cli("lab", "list").stdout


def test_the_catalogue_needs_no_lab(terminal: Terminal):
    said = terminal("lab", "list", "--json")
    assert said.code == 0
    document = said.document
    assert [service["name"] for service in document["services"]] == [service.name for service in SERVICES]
    assert (document["lab"], document["running"]) == ("none", [])
    said = terminal("lab", "list")
    assert all(service.teaches in said.out for service in SERVICES)
    assert "cut_after" in said.out


def test_what_a_dead_lab_left_behind_is_no_lab(terminal: Terminal, own_home):
    runtime = own_home / "runtime"
    runtime.mkdir(mode=0o700, parents=True)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(runtime / "lab.sock"))
    said = terminal("lab", "list", "--json")
    assert (said.code, said.document["lab"]) == (0, "none")


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (("ehco",), "ehco"),
        (("echo", "--switch", "delay_ms=x"), "x"),
        (("echo", "--switch", "delay_mss=1"), "delay_mss"),
        (("echo", "--switch", "delay_ms=1,"), ""),
        (("echo", "--switch", 'transform="upper'), '"'),
    ],
)
def test_a_mistake_is_marked_and_nothing_is_started(terminal: Terminal, words: tuple[str, ...], marked: str):
    said = terminal("lab", "start", *words, "--json")
    assert said.code == 2
    failure = said.document["failure"]
    assert failure["input"][failure["at"]["start"] : failure["at"]["end"]] == marked


def test_switches_need_a_service(terminal: Terminal):
    assert terminal("lab", "start", "--switch", "reset", "--json").code == 2


def test_a_lab_that_dies_is_a_lost_link():
    with running("lab", "start", "echo", "--json") as verb:
        verb.document()
        (lab,) = children_of(verb.child.pid)
        os.kill(lab, signal.SIGKILL)
        document = verb.document()
        assert (document["ok"], document["failure"]["kind"]) == (False, "LinkLost")
        assert verb.wait() == 3


def test_the_ports_of_the_book_are_asked_for_or_the_refusal_told():
    with running("lab", "start", "echo", "--book-ports", "--json") as verb:
        document = verb.document()
        if document.get("event") == "started":
            assert document["address"] == "127.0.0.1:7"
        else:
            assert document["failure"]["errno"] in ("EACCES", "EADDRINUSE", "EPERM")
            assert verb.wait() == 5


def test_for_people_it_is_a_line_a_service(terminal: Terminal):
    done = run_cli("lab", "start", "echo", "udp-echo")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["lab:echo", "tcp"], ["lab:udp-echo", "udp"]]
    assert "2 services run until this verb ends" in done.stderr
    assert "1 service runs until" in run_cli("lab", "start", "echo").stderr


def test_an_early_process_that_nobody_wants_is_ended():
    lab_access.begin_early()
    assert children_of(os.getpid())
    lab_access.begin_early()
    lab_access.end_early()
    lab_access.end_early()
    assert not children_of(os.getpid())

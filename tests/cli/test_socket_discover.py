"""`workbench socket discover` as people and programs use it (its arguments and workbench.cli.socket_discover_run)."""

import pytest

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from tests.kit.ports import free_port
from workbench.cli.arguments import CommandLine, parse
from workbench.cli.socket_discover import DISCOVER
from workbench.cli.socket_discover_run import read_plan
from workbench.protocols.discovery.values import Txt

QUICK = ("--for", "0.5", "--times", "0")


@pytest.mark.covers("C5.22")
def test_services_are_told_as_a_document():
    document = checked(run_cli("socket", "discover", "mdns", "lab:mdns", *QUICK, "--json").json)
    assert (document["ok"], document["language"], document["preset"], document["lab"]) == (
        True,
        "mdns",
        "search",
        "private",
    )
    assert document["group"].startswith("224.0.0.251:")
    assert [
        (p["name"], p["type"], p["addresses"], p["port"]) for p in sorted(document["peers"], key=str)
    ] == [
        ("Anvil printer", "_ipp._tcp", ["127.0.0.21"], 631),
        ("Book shelf", "_http._tcp", ["127.0.0.22"], 8080),
    ]
    assert all(peer["state"] == "here" and peer["age_ms"] > 0 for peer in document["peers"])
    assert document["oddities"] == []
    assert document["heard"] == 2


def test_devices_are_listed_for_people(terminal: Terminal):
    said = terminal("socket", "discover", "ssdp", "lab:ssdp", "--preset", "discover", *QUICK)
    assert said.code == 0
    assert "urn:schemas-upnp-org:device:Printer:1  127.0.0.22:631  heard from 127.0.0.22:" in said.out
    assert "2 peers in 239.255.255.250:" in said.err
    assert "joined 239.255.255.250 on 127.0.0.1" in said.err


def test_a_search_that_finds_nobody_has_its_exit_code(terminal: Terminal):
    place = f"239.255.1.1:{free_port()}"
    said = terminal("socket", "discover", "group", place, "--for", "0.1", "--times", "0", "--json")
    document = checked(said.document)
    assert said.code == 3
    assert (document["ok"], document["peers"], document["sent"]) == (False, [], 1)
    assert document["failure"]["kind"] == "TooSlow"
    listened = terminal(
        "socket", "discover", "group", place, "--preset", "discover", "--for", "0.1", "--times", "0"
    )
    assert listened.code == 0


def test_an_announcement_says_how_often_it_was_said(terminal: Terminal):
    place = f"239.255.1.1:{free_port()}"
    said = terminal(
        *(
            "socket",
            "discover",
            "mdns",
            place,
            "--preset",
            "announce",
            "--name",
            "My page",
            "--type",
            "_x._tcp",
        ),
        *("--for", "0.3", "--times", "0,0.2", "--txt", "path=/", "--json"),
    )
    document = checked(said.document)
    assert (document["ok"], document["sent"], document["peers"]) == (True, 2, [])
    # Two announcements and the goodbye.
    assert [event["event"] for event in document["events"]].count("sent") == 3


def test_the_transcript_is_kept(terminal: Terminal, tmp_path):
    place = f"239.255.1.1:{free_port()}"
    file = tmp_path / "talk.txt"
    terminal(
        *("socket", "discover", "group", place, "--preset", "announce", "--name", "anvil"),
        *("--for", "0.05", "--times", "0", "--transcript", str(file)),
    )
    assert "anvil goodbye" in file.read_text()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("smoke",), "no language of groups"),
        (("mdns", "127.0.0.1:5353"), "no address of a group"),
        (("mdns", "--what", "http"), "no type of service"),
        (("mdns", "--preset", "shout"), "no preset"),
        (("mdns", "--times", "0,0.1"), "at least 0.2 s after"),
        (("mdns", "--preset", "announce", "--type", "http"), "no type of service"),
        (("group", "--txt", "nonsense"), "no NAME=VALUE"),
        (("mdns", "--interface", "nonsense"), "no network interface"),
        (("mdns", "--interface", "192.0.2.77"), "this leaves the machine"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_sent(
    given: tuple[str, ...], words: str, terminal: Terminal
):
    said = terminal("socket", "discover", *given)
    assert said.code == 2
    assert words in said.err
    assert said.out == ""


def test_a_command_line_is_a_plan():
    argv = (
        "socket",
        "discover",
        "ssdp",
        "--what",
        "urn:x",
        "--agree",
        "--no-goodbye",
        "--txt",
        "A=b",
        "--port",
        "9",
    )
    plan = read_plan(parse(DISCOVER, CommandLine(argv), 2))
    assert (plan.target.host, plan.target.port, plan.what) == ("239.255.255.250", 1900, "urn:x")
    assert (plan.agreed, plan.goodbye, plan.identity.txt, plan.identity.port) == (
        True,
        False,
        (Txt("A", "b"),),
        9,
    )

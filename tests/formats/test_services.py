"""Names and numbers of services: our extract, this system's table, the two joined, searched and checked."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import assets
from workbench.errors import LocalMisuse
from workbench.formats.services import (
    RESOURCE,
    TRANSPORTS,
    Directory,
    check_port,
    is_service_name,
    read_services,
    unknown,
)

BUNDLED = read_services(assets.read_text(RESOURCE), "IANA")
ALONE = Directory((), BUNDLED)
"""As on a machine without /etc/services."""


def test_every_line_of_the_extract_is_read_and_none_stands_twice():
    lines = [line for line in assets.read_text(RESOURCE).splitlines() if line and line[0] != "#"]
    entries = sum(len(line.split()[1].partition("/")[2].split(",")) for line in lines)
    assert len(BUNDLED) == entries > 250
    assert len({(s.port, s.transport) for s in BUNDLED}) == len(BUNDLED)
    assert all(s.what for s in BUNDLED)
    assert [s.port for s in BUNDLED] == sorted(s.port for s in BUNDLED)


@pytest.mark.covers("C1.8")
def test_names_and_numbers_are_found_both_ways_without_a_table_of_the_system():
    gopher = ALONE.named("gopher", "tcp")
    assert gopher is not None
    assert gopher.port == 70
    assert str(gopher) == "gopher → 70/tcp"
    assert ALONE.at(70, "tcp") == gopher
    syslog, shell = ALONE.at(514, "udp"), ALONE.at(514, "tcp")
    assert syslog is not None
    assert shell is not None
    assert (syslog.name, shell.name) == ("syslog", "shell")
    assert [s.name for s in ALONE.find("514")] == ["shell", "syslog"]
    assert [s.name for s in ALONE.find("514/udp")] == ["syslog"]
    with pytest.raises(LocalMisuse) as caught:
        ALONE.find("70000")
    assert caught.value.what == "ports end at 65535"
    assert caught.value.caret() == "70000\n^^^^^"


@pytest.mark.parametrize(
    ("name", "transport", "port"),
    [("http", "tcp", 80), ("domain", "udp", 53), ("time", "udp", 37), ("gopher", "tcp", 70)],
)
def test_a_name_means_what_the_system_says(name: str, transport: str, port: int):
    found = ALONE.named(name.upper(), transport)
    assert found is not None
    assert found.port == port
    try:
        assert socket.getservbyname(name, transport) == port
    except OSError:
        # A slim container's table has not this name; ours has.
        assert found.sources == ("IANA",)


def test_a_name_of_another_transport_is_told_from_one_that_nobody_knows():
    assert ALONE.named("http", "udp") is None
    assert unknown(ALONE, "http", "udp").advice == "http is known for TCP only; its port is 80"
    assert "did you mean" in unknown(ALONE, "gopherr", "tcp").advice
    assert unknown(ALONE, "qqqqqqqq", "tcp").advice == "write the port as a number"


def test_the_systems_table_wins_and_ours_says_what_for():
    system = read_services("web 80/tcp myname # ours\nrare 4711/udp\n", "system")
    both = Directory(system, BUNDLED)
    at80 = both.at(80, "tcp")
    assert at80 is not None
    assert (at80.name, at80.sources) == ("web", ("system", "IANA"))
    assert set(at80.aliases) >= {"myname", "http", "www"}
    assert "RFC 9110" in at80.what
    assert both.named("http", "tcp") == at80
    rare = both.named("rare", "udp")
    assert rare is not None
    assert rare.sources == ("system",)
    assert both.is_listed(4711)
    assert not ALONE.is_listed(4711)
    assert len(both) == len(ALONE) + 1


def test_lines_that_are_none_hide_no_others():
    text = "# only a remark\nodd\nodd 99999/tcp\nodd x/tcp\nodd 5/nonsense\n\nfine\t7/tcp,udp sink # yes\n-x 5/tcp\n"
    assert [(s.name, s.port, s.transport, s.aliases, s.what) for s in read_services(text, "x")] == [
        ("fine", 7, "tcp", ("sink",), "yes"),
        ("fine", 7, "udp", ("sink",), "yes"),
    ]


@given(st.text(max_size=200))
def test_any_text_is_a_table(text: str):
    for service in read_services(text, "x"):
        assert 0 <= service.port <= 65535
        assert service.transport in TRANSPORTS


def test_the_search_puts_exact_names_first_then_beginnings_then_purposes():
    found = [s.name for s in ALONE.find("http", "tcp")]
    assert found[0] == "http"
    assert found.index("https") < len(found)
    purposes = [s.name for s in ALONE.find("mailbox")]
    assert {"imap", "pop3", "imaps"} <= set(purposes)
    assert ALONE.find("nothing like it") == ()
    assert {s.transport for s in ALONE.find("", "udp")} == {"udp"}


@pytest.mark.parametrize(("text", "port"), [("0", 0), ("1", 1), ("65535", 65535), ("0080", 80)])
def test_ports_are_read(text: str, port: int):
    assert check_port(text) == port


@pytest.mark.parametrize("text", ["", "-1", "65536", "9" * 5000, "8o", "８０", "1.5", " 1"])
def test_what_is_no_port_is_a_mistake_with_a_place(text: str):
    with pytest.raises(LocalMisuse) as caught:
        check_port(text)
    assert caught.value.start is not None
    assert caught.value.advice


@given(st.text(max_size=12))
def test_only_ports_are_ports(text: str):
    try:
        port = check_port(text)
    except LocalMisuse:
        return
    assert 0 <= port <= 65535
    assert int(text) == port


@pytest.mark.parametrize(
    ("text", "is_name"), [("http", True), ("x11-6", True), ("80", False), ("", False), ("a b", False)]
)
def test_names_are_told_from_numbers(text: str, is_name: bool):
    assert is_service_name(text) is is_name

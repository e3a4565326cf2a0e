"""Privileged, ephemeral and free ports, also as a user who is not root."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.cli import CHECKOUT
from workbench.errors import LocalFault
from workbench.formats.services import Directory, Service
from workbench.wire.faults import first_open_port
from workbench.wire.port_names import load_directory
from workbench.wire.port_ranges import DYNAMIC, Ranges, may_bind, port_ranges, suggest_port, warning_about

NOBODY = 65_534
"""A user and a group that own nothing."""


def test_the_ranges_are_this_systems(tmp_path: Path):
    file = tmp_path / "range"
    file.write_text("20000\t30000\n")
    ranges = port_ranges(str(file))
    assert (ranges.low, ranges.high, ranges.is_told) == (20000, 30000, True)
    assert ranges.first_open == first_open_port()
    elsewhere = port_ranges(str(tmp_path / "none"))
    assert (elsewhere.low, elsewhere.high) == DYNAMIC
    assert not elsewhere.is_told


@pytest.mark.covers("C1.10")
def test_ports_that_the_system_lends_lie_within_its_range_and_differ():
    ranges = port_ranges()
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = server.getsockname()
        with socket.create_connection(place) as first, socket.create_connection(place) as second:
            lent = [first.getsockname()[1], second.getsockname()[1]]
            for client in (first, second):
                guest, peer = server.accept()
                guest.close()
                assert peer == client.getsockname()
    assert lent[0] != lent[1]
    assert all(ranges.is_ephemeral(port) for port in lent)


def test_each_port_has_a_kind():
    ranges = Ranges(1024, 32768, 60999)
    kinds = {
        0: "none",
        1: "privileged",
        1023: "privileged",
        1024: "for any program",
        32768: "ephemeral",
        61000: "for any program",
    }
    assert {port: ranges.words(port) for port in kinds} == kinds
    assert "capability" in warning_about(80, ranges)
    assert "below 1024" in warning_about(80, ranges)
    assert "32768 to 60999" in warning_about(40000, ranges)
    assert warning_about(8080, ranges) == warning_about(0, ranges) == ""
    assert not Ranges(0, 1, 2).is_privileged(1)


@pytest.mark.covers("C1.8")
def test_a_suggested_port_is_listed_nowhere_above_1024_outside_the_range_and_free():
    directory, ranges = load_directory(), port_ranges()
    for _ in range(20):
        port = suggest_port(directory, ranges)
        assert port > 1024
        assert not directory.is_listed(port)
        assert not ranges.is_ephemeral(port)
        assert port < DYNAMIC[0]
        with socket.create_server(("127.0.0.1", port)):
            obstacle = may_bind(port)
        assert obstacle is not None
        assert obstacle.errno_name == "EADDRINUSE"


def test_where_nothing_is_free_that_is_said():
    everything = [Service(port, "tcp", f"s{port}") for port in range(65536)]
    with pytest.raises(LocalFault, match="no free port"):
        suggest_port(Directory((), everything), port_ranges())


def test_an_address_that_is_not_ours_can_not_be_bound():
    obstacle = may_bind(0, "198.51.100.77")
    assert obstacle is not None
    assert obstacle.errno_name == "EADDRNOTAVAIL"
    assert may_bind(0, "127.0.0.1", "udp") is None


def test_the_threshold_is_read_from_the_system(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workbench.wire.port_ranges.first_open_port", lambda: 4000)
    assert port_ranges().is_privileged(3999)
    assert "below 4000" in warning_about(3999, port_ranges())


DROPPED = f"""
import os
from workbench.cli.main import main
# What is imported and read later belongs to root: both are done before root is given up.
main(["socket", "ports", "7777", "--json"])
main(["socket", "listen", "127.0.0.1:0", "--timeout", "0.01", "--json"])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid({NOBODY})
    os.setuid({NOBODY})
main(["socket", "ports", "80", "--json"])
main(["socket", "listen", "127.0.0.1:80", "--count", "1", "--json"])
"""


@pytest.mark.covers("C1.9")
@pytest.mark.skipif(
    sys.platform != "linux" or first_open_port() <= 80, reason="port 80 is open to anybody here"
)
def test_who_is_not_root_is_told_why_port_80_is_refused_and_given_a_port_that_works():
    child = [sys.executable, "-c", DROPPED]
    done = subprocess.run(child, capture_output=True, text=True, timeout=60, check=False, cwd=CHECKOUT)
    told, refused = [json.loads(line) for line in done.stdout.splitlines()][-2:]
    port, threshold = told["port"], told["ranges"]["first_open"]
    assert port["kind"] == "privileged"
    assert port["can_listen"] is False
    assert port["obstacle"]["errno"] == "EACCES"
    sentence = f"port 80 is privileged: here only an administrator may listen below {threshold}"
    assert sentence in port["obstacle"]["what"]
    assert "Don't run a server as root" in port["warning"]
    assert refused["failure"]["errno"] == "EACCES"
    assert sentence in refused["failure"]["what"]
    offered = int(re.findall(r"port (\d+) is free", refused["failure"]["try"])[0])
    for free in (told["free"], offered):
        assert free >= threshold
        with socket.create_server(("127.0.0.1", free)):
            pass

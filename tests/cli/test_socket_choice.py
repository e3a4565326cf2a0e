"""`workbench socket transport`, `datagram` and `machine`: documents against their schemas, exit codes.

workbench.cli.socket_choice_arguments and workbench.cli.socket_datagram are tested here too.
"""

import socket
from typing import Any

import pytest

from tests.cli.documents import checked
from tests.kit.cli import run_cli as run


def told(*words: str, code: int = 0) -> Any:
    done = run("socket", *words, "--json")
    assert done.returncode == code, done
    return checked(done.json)


@pytest.mark.covers("C1.12")
def test_needs_lead_to_a_transport_and_everything_counted_is_there():
    document = told("transport", "--need", "ordered", "--need", "small")
    assert document["advice"] == "tcp"
    assert [each["id"] for each in document["transports"]][:2] == ["tcp", "quic"]
    first = document["transports"][0]
    assert first["points"] == sum(each["points"] for each in first["judged"]) == 3
    assert document["rule"].startswith("Counted so")


def test_without_a_need_all_of_them_are_listed():
    assert len(told("transport")["known"]) == 15
    assert "ordered" in run("socket", "transport").stdout


def test_what_none_gives_is_a_no_and_a_need_that_there_is_not_a_mistake():
    document = told("transport", "--need", "integrity", "--need", "many", code=1)
    assert document["failure"]["stage"] == "choice"
    assert document["is_whole"] is False
    failure = told("transport", "--need", "speed", code=2)["failure"]
    assert failure["kind"] == "LocalMisuse"


@pytest.mark.covers("C1.12")
def test_one_octet_beyond_the_limit_is_refused_by_its_symbol():
    document = told("datagram", "65507", "--try")
    assert document["tried"]["outcome"] == "whole"
    assert document["tried"]["came"] == 65507
    assert document["lab"] == "private"
    refused = told("datagram", "65508", "--try", code=1)
    assert refused["failure"]["errno"] == "EMSGSIZE"
    assert "did not split it for you" in refused["failure"]["what"]
    assert refused["packets"] == 0


def test_a_size_is_judged_without_sending():
    document = told("datagram", "1473")
    assert (document["packets"], document["word"]) == (2, "fragments")
    assert [mark["is_within"] for mark in document["marks"]] == [False, False, False, True]
    assert told("datagram", "1452", "--ipv6")["packets"] == 1
    for wrong in ("65536", "x", "-1"):
        told("datagram", wrong, code=2)


def test_the_machine_tells_its_names_with_the_way_to_each():
    document = told("machine")
    assert document["name"] == socket.gethostname()
    assert document["steps"][0]["call"] == "gethostname()"
    given = told("machine", "--name", "localhost")
    assert given["reach"] == "this machine"
    assert any("every other machine would call itself" in each for each in given["warnings"])
    assert "warning" in run("socket", "machine", "--name", "localhost").stderr

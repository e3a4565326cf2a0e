"""Who reaches a port of this machine, pair by pair; with workbench.wire.reverse_name and workbench.wire.probe."""

import socket
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.ports import free_port
from workbench.transcript.recorder import Transcript
from workbench.wire.interfaces import Interface, OwnAddress
from workbench.wire.probe import read_error
from workbench.wire.reach import Place, Seen, look_around, places_of
from workbench.wire.reverse_name import Claimed, claimed_name

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is this machine's on Linux alone")

LO = Interface(1, "lo", ("UP", "LOOPBACK"), addresses=(OwnAddress("127.0.0.1", 8),))
"""Tests stay on loopback: what a machine has besides is left out."""


async def seen_at(port: int, transport: str = "tcp") -> dict[str, Seen]:
    transcript = Transcript()
    rows = await look_around(port, transport, places_of((LO,)), transcript)
    assert sum(event.name == "reach.tested" for event in transcript.events()) == len(rows)
    transcript.close()
    return {row.place.host: row for row in rows}


@pytest.mark.covers("C3.6", "C5.31")
async def test_a_server_on_one_address_is_reached_there_alone():
    with socket.create_server(("127.0.0.1", free_port())) as server:
        port = server.getsockname()[1]
        rows = await seen_at(port)
        assert rows["127.0.0.1"].reached is True
        assert [(rows[host].reached, rows[host].word) for host in ("127.0.0.2", "127.0.0.3")] == [
            (False, "refused")
        ] * 2
        # The pair is free for another server, the wildcard is not: it holds the pair that is taken.
        assert rows["127.0.0.2"].free
        assert (rows["0.0.0.0"].free, rows["0.0.0.0"].why_not) == (False, "EADDRINUSE")
        assert rows["0.0.0.0"].reached is None
        with socket.create_server(("127.0.0.2", port)):
            rows = await seen_at(port)
            assert (rows["127.0.0.2"].reached, rows["127.0.0.2"].free) == (True, False)


async def test_a_server_on_all_addresses_is_reached_by_each():
    with socket.create_server(("0.0.0.0", free_port())) as server:
        rows = await seen_at(server.getsockname()[1])
    assert [rows[f"127.0.0.{last}"].reached for last in (1, 2, 3)] == [True] * 3
    assert not any(row.free for row in rows.values())


async def test_nobody_is_there():
    with socket.create_server(("127.0.0.1", free_port())) as server:
        port = server.getsockname()[1]
    rows = await seen_at(port)
    assert not any(row.reached for row in rows.values())
    assert all(row.free for row in rows.values())


async def test_datagrams_too():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", free_port()))
        rows = await seen_at(server.getsockname()[1], "udp")
        assert server.recv(10) == b""
    assert rows["127.0.0.1"].reached is True
    assert (rows["127.0.0.2"].reached, rows["127.0.0.2"].word) == (False, "refused")


def test_the_places_are_what_can_be_called_and_the_wildcards():
    eth = Interface(2, "eth0", ("UP",), addresses=(OwnAddress("192.0.2.2", 24), OwnAddress("fe80::1", 64)))
    down = Interface(3, "eth1", ("BROADCAST",), addresses=(OwnAddress("198.51.100.1", 24),))
    assert places_of((eth, down, LO)) == (
        Place("127.0.0.1", "lo"),
        Place("127.0.0.2", "lo"),
        Place("127.0.0.3", "lo"),
        Place("192.0.2.2", "eth0"),
        Place("fe80::1%eth0", "eth0"),
        Place("0.0.0.0", ""),
        Place("::", ""),
    )


async def test_a_name_is_believed_only_if_it_leads_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "gethostbyaddr", lambda _address: ("localhost", [], []))
    assert await claimed_name("127.0.0.1") == Claimed("localhost", "leads back")
    assert await claimed_name("127.0.0.77") == Claimed("localhost", "leads elsewhere")
    monkeypatch.setattr(socket, "gethostbyaddr", lambda _address: ("no..name", [], []))
    assert await claimed_name("127.0.0.1") == Claimed("no..name", "leads nowhere")

    def nobody(_address: str) -> None:
        raise socket.herror(1, "Unknown host")

    monkeypatch.setattr(socket, "gethostbyaddr", nobody)
    assert await claimed_name("127.0.0.1") == Claimed("", "no name")


@given(st.binary(max_size=64))
def test_any_octets_of_the_error_queue_are_an_answer_or_nothing(data: bytes):
    found = read_error(data, 33434)
    assert (found is None) == (len(data) < 16)

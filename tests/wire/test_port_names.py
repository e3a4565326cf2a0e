"""Hosts and services looked up apart: two events, two kinds of failure, said by workbench.wire.explain_addresses."""

import socket
from pathlib import Path

import pytest

from workbench.errors import LinkLost, LocalMisuse, Refused
from workbench.formats.target import Target, parse_target
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import open_datagram
from workbench.wire.dial import dial
from workbench.wire.listen import listen
from workbench.wire.port_names import addresses_of, find_port, load_directory


@pytest.fixture
def transcript():
    made = Transcript()
    yield made
    made.close()


def names(transcript: Transcript) -> list[str]:
    return [event.name for event in transcript.events()]


@pytest.mark.covers("C2.4")
async def test_a_service_that_nobody_knows_fails_at_its_own_stage_and_the_host_was_fine(
    transcript: Transcript,
):
    target = parse_target("localhost:nosuch", services=True)
    with pytest.raises(Refused) as caught:
        await dial(target, transcript)
    assert caught.value.stage == "service"
    assert "'nosuch' for TCP" in caught.value.what
    assert names(transcript) == ["resolve.started", "resolve.complete", "service.failed", "failed"]


@pytest.mark.covers("C2.4")
async def test_a_host_that_nobody_knows_fails_before_its_service_is_looked_up(transcript: Transcript):
    target = Target("tcp", "localhost", None, "", "", "", "http")._replace(host="no..name")
    with pytest.raises(LinkLost) as caught:
        await dial(target, transcript)
    assert caught.value.stage == "resolve"
    assert "service.complete" not in names(transcript)


@pytest.mark.covers("C2.5")
@pytest.mark.parametrize(
    ("service", "transport", "port"),
    [("http", "tcp", 80), ("domain", "udp", 53), ("time", "udp", 37), ("gopher", "tcp", 70)],
)
async def test_a_service_means_its_port_before_anybody_is_called(
    transcript: Transcript, service: str, transport: str, port: int
):
    channel = transcript.open("x", transport)
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    target = parse_target(f"127.0.0.1:{service}", services=True)
    assert target.port is None
    (address,) = await addresses_of(target, channel, kind=kind)
    assert address.text == f"127.0.0.1:{port}"
    assert transcript[len(transcript) - 1].values["port"] == port


@pytest.mark.covers("C2.5")
async def test_a_service_of_another_transport_is_refused_without_relying_on_errno(transcript: Transcript):
    with pytest.raises(OSError, match="service/proto not found") as system:
        socket.getservbyname("http", "udp")
    assert system.value.errno is None
    with pytest.raises(Refused) as caught:
        await find_port("http", "udp", transcript.open("x", "udp"))
    assert caught.value.errno_name == ""
    assert caught.value.advice == "http is known for TCP only; its port is 80"
    with pytest.raises(Refused):
        await open_datagram(transcript, remote=parse_target("127.0.0.1:http", services=True))


async def test_a_connection_is_made_by_the_services_name(
    transcript: Transcript, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    listener = await listen(Target("tcp", "127.0.0.1", 0), transcript)
    table = tmp_path / "services"
    table.write_text(f"ours {listener.port}/tcp\n")
    monkeypatch.setattr("workbench.wire.port_names.port_directory", lambda: load_directory(str(table)))
    stream = await dial(parse_target("127.0.0.1:ours", services=True), transcript)
    assert stream.channel is not None
    guest = await listener.accept(timeout_s=15)
    await guest.aclose()
    await stream.aclose()
    await listener.aclose()


def test_without_a_table_of_the_system_ours_is_enough(tmp_path: Path):
    alone = load_directory(str(tmp_path / "none"))
    assert not alone.has_system
    http = alone.named("http", "tcp")
    assert http is not None
    assert http.port == 80
    assert http.sources == ("IANA",)


def test_a_name_stands_for_a_port_only_where_it_can_be_looked_up():
    with pytest.raises(LocalMisuse, match="a port is a number here; http is 80"):
        parse_target("localhost:http")
    target = parse_target("[::1]:HTTP", services=True)
    assert (target.host, target.port, target.service) == ("::1", None, "http")
    assert str(target) == "[::1]:http"
    assert parse_target(str(target), services=True) == target
    assert target != parse_target("[::1]:80", services=True)
    with pytest.raises(LocalMisuse):
        parse_target("localhost:no such", services=True)
    with pytest.raises(LocalMisuse):
        parse_target("localhost:8o!", services=True)

"""A pulled cable: the peer's system hears nothing any more, and only its own clocks tell it so."""

import socket
import sys

import pytest

from workbench.errors import LocalFault
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.listen import listen
from workbench.wire.unplug import unplug

LOOPBACK = parse_target("127.0.0.1:0", listening=True)
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux filters one socket")


@linux
async def test_nothing_arrives_and_nothing_is_acknowledged() -> None:
    transcript = Transcript()
    async with (
        await listen(LOOPBACK, transcript) as listener,
        await dial(parse_target(listener.address), transcript) as client,
        await listener.accept() as server,
    ):
        client.options.set("USER_TIMEOUT", 100)
        server.unplug()
        await client.send(b"hello?")
        # The system repeats itself, hears nothing, and gives up: the read is told, as an end.
        assert await client.read(timeout_s=10) == b""
        assert client.end is not None
        assert client.end.kind == "timeout"
        assert (
            client.end.sentence == "the connection was lost: the peer answered none of our packets any more"
        )
        queues = server.queues()
        assert queues is not None
        assert queues.unread == 0
        assert server.end is None
    assert [event.name for event in transcript.events() if event.name == "unplugged"] == ["unplugged"]
    transcript.close()


@linux
async def test_a_plugged_connection_outlives_the_same_patience() -> None:
    transcript = Transcript()
    async with (
        await listen(LOOPBACK, transcript) as listener,
        await dial(parse_target(listener.address), transcript) as client,
        await listener.accept() as server,
    ):
        client.options.set("USER_TIMEOUT", 100)
        await client.send(b"hello?")
        assert await server.read_exactly(6) == b"hello?"
        assert client.end is None
    transcript.close()


def test_another_system_says_that_it_can_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with socket.socket() as sock, pytest.raises(LocalFault):
        unplug(sock)


@linux
def test_a_socket_that_is_closed_has_no_cable() -> None:
    sock = socket.socket()
    sock.close()
    with pytest.raises(LocalFault):
        unplug(sock)

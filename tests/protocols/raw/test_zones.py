"""The guarded places of a server: an exception costs one client, and is kept."""

import asyncio
import os
import socket
from contextlib import asynccontextmanager, suppress

import pytest

from tests.kit.ports import free_port
from workbench.formats.target import parse_target
from workbench.protocols.raw.limits import Limits
from workbench.protocols.raw.serve import Reply, Server
from workbench.protocols.raw.zones import MAX_FAULTS, Injection, Thrown, Zones
from workbench.transcript.recorder import Transcript
from workbench.wire.listen import listen


@asynccontextmanager
async def serving(reply: Reply, **named):
    transcript = Transcript()
    # A port that nobody else is given when the server has left it.
    place = parse_target(f"127.0.0.1:{free_port()}", listening=True)
    server = Server(await listen(place, transcript), reply, **named)
    task = asyncio.create_task(server.serve())
    try:
        yield server, transcript
    finally:
        await server.aclose()
        await task
        transcript.close()


async def ask(server: Server, data: bytes, *, finish: bool = True) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.listener.port)
    writer.write(data)
    if finish:
        writer.write_eof()
    try:
        return await reader.read()
    except ConnectionResetError:
        return b"reset"
    finally:
        writer.close()
        with suppress(ConnectionResetError):
            await writer.wait_closed()


async def until(holds) -> None:
    while not holds():  # noqa: ASYNC110 - a server's counts have no event of their own
        await asyncio.sleep(0.001)


def sockets_at(port: int) -> int:
    """Descriptors of this process that are sockets bound to a port of ours: the system's word."""
    found = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            fd = os.dup(int(name))
        except OSError:
            continue
        try:
            with socket.socket(fileno=fd) as sock:
                found += sock.family == socket.AF_INET and sock.getsockname()[1] == port
        except OSError:
            os.close(fd)
    return found


@pytest.mark.covers("C3.12")
@pytest.mark.parametrize("zone", ["accept", "handle", "close"])
async def test_the_second_of_three_fails_in_a_zone_and_the_others_are_served(zone):
    async with serving(Reply("echo")) as (server, transcript):
        assert await ask(server, b"one") == b"one"
        server.zones.injection = Injection(zone)
        second = await ask(server, b"two", finish=zone == "close")
        assert second != b"two" if zone != "close" else second == b"two"
        assert await ask(server, b"three") == b"three"
        await until(lambda: not server.links)
        assert (server.zones.served, server.zones.failed) == (2, 1)
        (fault,) = server.zones.faults
        assert (fault.client, fault.zone) == (2, zone)
        assert issubclass(Thrown, ValueError)
        assert "Traceback" in fault.traceback
        assert "thrown on purpose" in fault.traceback
        assert server.open_sockets == 1
        assert "serve.failed" in [event.name for event in transcript.events()]


async def test_being_cancelled_is_no_fault_and_passes_through():
    transcript = Transcript()
    server = Server(
        await listen(parse_target("127.0.0.1:0", listening=True), transcript), Reply("echo"), keep_open=True
    )
    server.zones.injection = Injection("close", None)
    task = asyncio.create_task(server.serve())
    reader, writer = await asyncio.open_connection("127.0.0.1", server.listener.port)
    writer.write(b"x")
    assert await reader.readexactly(1) == b"x"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not server.zones.faults
    assert not server.links
    writer.close()
    await writer.wait_closed()
    await server.listener.aclose()
    transcript.close()


@pytest.mark.covers("C3.13")
async def test_a_hundred_clients_with_a_failing_handler_leave_the_listener_alone():
    async with serving(Reply("echo")) as (server, _):
        server.zones.injection = Injection("handle", None)
        before = sockets_at(server.listener.port)
        for _ in range(4):
            await asyncio.gather(*(ask(server, b"x", finish=False) for _ in range(25)))
        await until(lambda: not server.links)
        assert server.zones.failed == 100
        assert server.open_sockets == 1
        assert sockets_at(server.listener.port) == before


def test_faults_are_kept_up_to_a_bound_and_counted_on():
    zones = Zones()
    for number in range(MAX_FAULTS + 5):
        zones.caught(Thrown("x"), number, "peer", "handle")
    assert len(zones.faults) == MAX_FAULTS
    assert zones.faults[-1].client == MAX_FAULTS + 4


@pytest.mark.covers("C3.11")
async def test_a_graceful_stop_waits_for_three_clients_and_refuses_a_fourth():
    async with serving(Reply("echo")) as (server, transcript):
        port = server.listener.port
        clients = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        await until(lambda: len(server.links) == 3)
        await server.finish()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        # The three are served on; each ends when it likes.
        for number, (reader, writer) in enumerate(clients):
            assert server.open_sockets == 3 - number
            writer.write(b"still")
            writer.write_eof()
            assert await reader.read() == b"still"
            writer.close()
            await writer.wait_closed()
            await until(lambda left=2 - number: len(server.links) == left)
        assert server.open_sockets == 0
        again = await listen(parse_target(f"127.0.0.1:{port}", listening=True), transcript)
        await again.aclose()


@pytest.mark.covers("C3.11")
async def test_a_hard_stop_ends_three_at_once_and_the_port_is_free():
    async with serving(Reply("echo")) as (server, transcript):
        port = server.listener.port
        clients = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        await until(lambda: len(server.links) == 3)
        async with asyncio.timeout(60):
            await server.aclose()
        for reader, writer in clients:
            assert await reader.read() == b""
            writer.close()
            await writer.wait_closed()
        again = await listen(parse_target(f"127.0.0.1:{port}", listening=True), transcript)
        await again.aclose()


@pytest.mark.covers("C3.40")
async def test_one_at_a_time_lets_the_second_wait_unread_and_all_at_once_does_not():
    async with serving(Reply("echo")) as (server, transcript):
        server.one_at_a_time = True
        port = server.listener.port
        first_reader, first = await asyncio.open_connection("127.0.0.1", port)
        first.write(b"a")
        assert await first_reader.readexactly(1) == b"a"
        second_reader, second = await asyncio.open_connection("127.0.0.1", port)
        second.write(b"b")
        await until(lambda: len(server.waiting) == 1)
        # Connected, and sent; but whoever answers first is the first again.
        first.write(b"c")
        assert await first_reader.readexactly(1) == b"c"
        (number,) = server.waiting
        assert server.links[number].received == 0
        first.close()
        await first.wait_closed()
        assert await second_reader.readexactly(1) == b"b"
        assert not server.waiting
        (turn,) = [e for e in transcript.events() if e.name == "serve.turn" and e.channel == number]
        assert turn.values["waited_ms"] > 0
        server.one_at_a_time = False
        third_reader, third = await asyncio.open_connection("127.0.0.1", port)
        third.write(b"d")
        assert await third_reader.readexactly(1) == b"d"
        for writer in (second, third):
            writer.close()
            await writer.wait_closed()


@pytest.mark.covers("C5.6")
async def test_a_client_that_types_stays_and_a_silent_one_is_dropped():
    async with serving(Reply("echo"), limits=Limits(idle_s=0.6)) as (server, transcript):
        loop = asyncio.get_running_loop()
        started = loop.time()
        silent_reader, silent = await asyncio.open_connection("127.0.0.1", server.listener.port)
        typing_reader, typing = await asyncio.open_connection("127.0.0.1", server.listener.port)
        silence = asyncio.create_task(silent_reader.read())
        while not silence.done():
            typing.write(b".")
            assert await typing_reader.readexactly(1) == b"."
            await asyncio.wait((silence,), timeout=0.1)
        assert await silence == b""
        # Not before its time; how long after depends on what else this machine does.
        assert loop.time() - started >= 0.58
        typing.write(b"still here")
        assert await typing_reader.readexactly(10) == b"still here"
        (told,) = [event for event in transcript.events() if event.name == "limit.passed"]
        assert told.values["limit"] == "idle"
        for writer in (silent, typing):
            writer.close()
            await writer.wait_closed()

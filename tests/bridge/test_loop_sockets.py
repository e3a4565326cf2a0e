"""Sockets, child processes and signals on the Qt loop, as on asyncio's own."""

import asyncio
import gc
import os
import signal
import socket
import sys

import pytest
from PySide6.QtCore import QSocketNotifier, QTimer
from shiboken6 import Shiboken

ROUND_TRIPS = 5000


def notifiers():
    return [thing for thing in Shiboken.getAllValidWrappers() if isinstance(thing, QSocketNotifier)]


def tcp_pair():
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        theirs, _ = server.accept()
    for sock in (ours, theirs):
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ours, theirs


class Echo:
    """One end that sends back what comes, by add_reader alone."""

    def __init__(self, loop, sock):
        self.loop, self.sock = loop, sock
        loop.add_reader(sock, self.on_readable)

    def on_readable(self):
        data = self.sock.recv(65536)
        if data:
            self.sock.send(data)
        else:
            self.loop.remove_reader(self.sock)


class Caller:
    """One end that asks and waits, by add_reader alone."""

    def __init__(self, loop, sock):
        self.loop, self.sock, self.answer = loop, sock, None
        loop.add_reader(sock, self.on_readable)

    def on_readable(self):
        answer, self.answer = self.answer, None
        answer.set_result(self.sock.recv(65536))

    async def ask(self, data):
        self.answer = self.loop.create_future()
        self.sock.send(data)
        return await self.answer


async def test_five_thousand_echoes_over_tcp_and_no_reference_lost(app):
    """PySide6 6.12 on Python 3.11 aborts after some hundred of them: each loses a reference to None."""
    loop = asyncio.get_running_loop()
    ours, theirs = tcp_pair()
    Echo(loop, theirs)
    caller = Caller(loop, ours)
    await caller.ask(b"first")
    gc.collect()
    before = sys.getrefcount(None)
    for number in range(ROUND_TRIPS):
        data = number.to_bytes(64, "big")
        assert await caller.ask(data) == data
    gc.collect()
    if sys.version_info < (3, 12):
        assert abs(sys.getrefcount(None) - before) < 500
    for sock in (ours, theirs):
        loop.remove_reader(sock)
        sock.close()
    assert loop.counts().files == 0


async def test_one_notifier_serves_all_files_and_goes_with_the_loop(app):
    loop = asyncio.get_running_loop()
    pairs = [socket.socketpair() for _ in range(50)]
    before = notifiers()
    seen = asyncio.Queue()
    for ours, _ in pairs:
        loop.add_reader(ours, lambda sock: seen.put_nowait((sock, sock.recv(10))), ours)
    assert notifiers() == before
    assert len(before) == 1
    for ours, theirs in pairs:
        theirs.send(b"x")
        assert await seen.get() == (ours, b"x")
    for ours, theirs in pairs:
        assert loop.remove_reader(ours)
        assert not loop.remove_reader(ours)
        ours.close()
        theirs.close()


async def test_a_reader_and_a_writer_of_one_file_are_apart(app):
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    readable, writable = loop.create_future(), loop.create_future()

    def on_writable():
        loop.remove_writer(ours)
        writable.set_result(None)

    def on_readable():
        loop.remove_reader(ours)
        readable.set_result(ours.recv(10))

    loop.add_reader(ours, on_readable)
    loop.add_writer(ours, on_writable)
    await writable
    assert not readable.done()
    theirs.send(b"now")
    assert await readable == b"now"
    ours.close()
    theirs.close()


async def test_a_reader_replaced_from_a_slot_is_the_one_that_is_called(app):
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    called = loop.create_future()

    def second():
        loop.remove_reader(ours)
        called.set_result(ours.recv(10))

    loop.add_reader(ours, called.set_result, "the first one")
    QTimer.singleShot(0, lambda: (loop.add_reader(ours, second), theirs.send(b"x")))
    assert await called == b"x"
    ours.close()
    theirs.close()


async def test_sock_methods(app):
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        with socket.socket() as ours:
            ours.setblocking(False)
            accepting = asyncio.create_task(loop.sock_accept(server))
            await loop.sock_connect(ours, server.getsockname())
            theirs, _ = await accepting
            with theirs:
                receiving = asyncio.create_task(read_all(loop, theirs))
                await loop.sock_sendall(ours, bytes(3_000_000))
                ours.shutdown(socket.SHUT_WR)
                assert await receiving == 3_000_000


async def read_all(loop, sock):
    total, buffer = 0, bytearray(65536)
    while count := await loop.sock_recv_into(sock, buffer):
        total += count
    return total


async def test_datagrams_even_of_no_octets(app):
    loop = asyncio.get_running_loop()
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as theirs,
    ):
        for sock in (ours, theirs):
            sock.setblocking(False)
            sock.bind(("127.0.0.1", 0))
        await loop.sock_sendto(ours, b"", theirs.getsockname())
        assert await loop.sock_recvfrom(theirs, 100) == (b"", ours.getsockname())


async def test_streams_and_servers(app):
    async def upper(reader, writer):
        while line := await reader.readline():
            writer.write(line.upper())
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(upper, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"one\ntwo\n")
    writer.write_eof()
    assert await reader.read() == b"ONE\nTWO\n"
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()


async def test_a_refused_connection_is_told(app):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*reserved.getsockname())


async def test_a_child_process_is_spoken_with_and_its_end_is_told(app):
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import sys; print(input()[::-1]); sys.exit(7)",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await child.communicate(b"olleh\n")
    assert out == b"hello\n"
    assert child.returncode == 7


async def test_a_child_process_can_be_killed_while_it_is_awaited(app):
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE
    )
    waiting = asyncio.create_task(child.wait())
    await asyncio.sleep(0)
    child.kill()
    assert await waiting == -signal.SIGKILL


async def test_a_signal_is_handled_on_the_loop_while_qt_waits(app):
    loop = asyncio.get_running_loop()
    caught = loop.create_future()
    loop.add_signal_handler(signal.SIGUSR1, caught.set_result, "caught")
    loop.call_later(0.01, os.kill, os.getpid(), signal.SIGUSR1)
    assert await caught == "caught"
    assert loop.remove_signal_handler(signal.SIGUSR1)

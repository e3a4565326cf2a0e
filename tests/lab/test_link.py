"""The link: lines in both directions over descriptors, bounded, and never blocking."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator

import pytest

from tests.lab.houses import SOON_S, until
from workbench.errors import PeerMisbehaved
from workbench.lab import link as link_module
from workbench.lab.link import Link


class Ear:
    """What a link told."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.ends: list[object] = []

    def link(self, read_fd: int, write_fd: int, limit: int = 100) -> Link:
        return Link(
            read_fd,
            write_fd,
            limit=limit,
            speaker="the other",
            on_line=self.lines.append,
            on_end=self.ends.append,
        )


@contextlib.contextmanager
def socket_pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


async def test_lines_arrive_and_leave():
    ear = Ear()
    with socket_pair() as (ours, theirs):
        link = ear.link(ours.fileno(), ours.fileno())
        link.resume()
        link.send(b"to you\n")
        theirs.sendall(b"one\ntw")
        await until(lambda: ear.lines == [b"one"])
        theirs.sendall(b"o\n")
        await until(lambda: ear.lines == [b"one", b"two"])
        assert theirs.recv(100) == b"to you\n"
        link.close()
        link.close()
        assert not link.is_open
    assert ear.ends == []


async def test_the_other_sides_end_is_told_once():
    ear = Ear()
    with socket_pair() as (ours, theirs):
        link = ear.link(ours.fileno(), ours.fileno())
        link.resume()
        theirs.close()
        await until(lambda: ear.ends)
        link.send(b"too late\n")
        assert not link.is_open
    assert ear.ends == [None]


async def test_a_line_beyond_the_bound_ends_the_link():
    ear = Ear()
    with socket_pair() as (ours, theirs):
        link = ear.link(ours.fileno(), ours.fileno())
        link.resume()
        theirs.sendall(b"x" * 101)
        await until(lambda: ear.ends)
    assert isinstance(ear.ends[0], PeerMisbehaved)
    assert ear.lines == []


async def test_nothing_more_is_told_after_close_in_the_middle_of_a_batch():
    ear = Ear()
    with socket_pair() as (ours, theirs):
        link = ear.link(ours.fileno(), ours.fileno())

        def close_at_once(line: bytes) -> None:
            ear.lines.append(line)
            link.close()

        link._on_line = close_at_once
        link.resume()
        theirs.sendall(b"one\ntwo\nthree\n")
        await until(lambda: ear.lines)
    assert ear.lines == [b"one"]


async def test_a_pause_holds_lines_back_and_resume_brings_them():
    ear = Ear()
    with socket_pair() as (ours, theirs):
        link = ear.link(ours.fileno(), ours.fileno())
        link.resume()
        link.pause()
        theirs.sendall(b"one\n")
        for _ in range(5):
            await asyncio.sleep(0)
        assert ear.lines == []
        link.resume()
        await until(lambda: ear.lines == [b"one"])
        link.close()


async def test_what_the_system_does_not_take_waits_and_leaves_in_order():
    ear = Ear()
    lines = [b"%06d %s\n" % (number, b"x" * 1000) for number in range(1000)]
    with socket_pair() as (ours, theirs):
        link = ear.link(ours.fileno(), ours.fileno())
        for line in lines:
            link.send(line)
        theirs.setblocking(False)
        got = bytearray()
        async with asyncio.timeout(SOON_S):
            while len(got) < sum(map(len, lines)):
                got += await asyncio.get_running_loop().sock_recv(theirs, 65536)
        assert bytes(got) == b"".join(lines)
        link.close()


async def test_a_side_that_never_reads_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(link_module, "MAX_WAITING", 100_000)
    ear = Ear()
    with socket_pair() as (ours, _theirs):
        link = ear.link(ours.fileno(), ours.fileno())
        for _ in range(10_000):
            link.send(b"x" * 1000)
            if ear.ends:
                break
        assert isinstance(ear.ends[0], BlockingIOError)
        assert not link.is_open


async def test_writing_to_somebody_who_is_gone_is_an_end():
    ear = Ear()
    with socket_pair() as (ours, theirs):
        link = ear.link(ours.fileno(), ours.fileno())
        theirs.close()
        link.send(b"hello\n")
        assert isinstance(ear.ends[0], BrokenPipeError)


async def test_an_input_that_epoll_does_not_take_is_read_to_its_end():
    ear = Ear()
    read_fd, write_fd = os.open(os.devnull, os.O_RDONLY), os.open(os.devnull, os.O_WRONLY)
    try:
        ear.link(read_fd, write_fd).resume()
        await until(lambda: ear.ends)
        assert ear.ends == [None]
    finally:
        os.close(read_fd)
        os.close(write_fd)


async def test_a_descriptor_gets_its_mode_back():
    with socket_pair() as (ours, _theirs):
        assert os.get_blocking(ours.fileno())
        link = Ear().link(ours.fileno(), ours.fileno())
        assert not os.get_blocking(ours.fileno())
        link.close()
        assert os.get_blocking(ours.fileno())

"""Echo by UDP, and the switches that all UDP services have (RFC 862)."""

import asyncio
import socket
import time

import pytest

from tests.lab.houses import SOON_S, Datagrams, Served, datagrams_to, serving, until
from workbench.lab import udp_service


async def test_each_datagram_comes_back_by_itself():
    async with serving("udp-echo") as served, datagrams_to(served) as client:
        for data in (b"one", b"", b"\x00" * 1000, b"two"):
            client.send(data)
            assert await client.receive() == data
        assert served.figures.seen == 4


async def test_the_largest_datagram_comes_back():
    largest = bytes(range(256)) * 255 + b"x" * 227
    assert len(largest) == 65_507
    async with serving("udp-echo") as served, datagrams_to(served) as client:
        client.send(largest)
        assert await client.receive() == largest


async def test_it_answers_by_ipv6_too():
    async with serving("udp-echo") as served:
        if served.also_port is None:
            pytest.skip("this machine has no ::1")
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect(("::1", served.also_port))
            client = Datagrams(sock)
            client.send(b"six")
            assert await client.receive() == b"six"


async def test_many_clients_one_after_the_other_are_all_answered():
    def ask(number: int) -> bytes:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(SOON_S)
            sock.connect((served.host, served.port))
            sock.send(b"%d" % number)
            return sock.recv(100)

    async with serving("udp-echo") as served:
        # More than the wire keeps channels for.
        answers = await asyncio.to_thread(lambda: [ask(number) for number in range(1100)])
        assert answers == [b"%d" % number for number in range(1100)]


async def test_a_client_that_is_gone_before_the_answer_disturbs_nobody():
    async with serving("udp-echo", delay_ms=30) as served:
        for _ in range(20):
            async with datagrams_to(served) as gone:
                gone.send(b"x")
        async with datagrams_to(served) as client:
            client.send(b"y")
            assert await client.receive() == b"y"


async def test_the_first_datagrams_can_stay_unanswered():
    async with serving("udp-echo", drop_first=2) as served, datagrams_to(served) as client:
        for number in range(3):
            client.send(b"%d" % number)
        assert await client.receive() == b"2"
        assert served.figures.seen == 3


async def test_answers_can_come_twice():
    async with serving("udp-echo", copies=2) as served, datagrams_to(served) as client:
        client.send(b"x")
        assert [await client.receive(), await client.receive()] == [b"x", b"x"]


async def test_delayed_answers_do_not_wait_for_each_other():
    async with serving("udp-echo", delay_ms=300) as served, datagrams_to(served) as client:
        began = time.monotonic()
        for number in range(10):
            client.send(b"%d" % number)
        for number in range(10):
            assert await client.receive() == b"%d" % number
        assert 0.29 <= time.monotonic() - began < 2.5


async def test_of_too_many_delayed_answers_the_last_are_lost(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(udp_service, "MAX_DELAYED", 3)
    async with serving("udp-echo", delay_ms=400) as served, datagrams_to(served) as client:
        for number in range(10):
            client.send(b"%d" % number)
        await until(lambda: served.figures.seen == 10)
        assert [await client.receive() for _ in range(3)] == [b"0", b"1", b"2"]
        assert await client.is_quiet()


async def test_stopping_drops_what_is_delayed():
    served: Served
    async with serving("udp-echo", delay_ms=600_000) as served, datagrams_to(served) as client:
        client.send(b"x")
        await until(lambda: served.figures.seen == 1)

"""The machines that answer a broadcast, asked by the standard library's sockets."""

import socket

import pytest

from tests.lab.houses import serving
from workbench.jobs.offload import in_thread


def ask(port: int, count: int) -> list[tuple[bytes, str]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.settimeout(5)
        sock.sendto(b"who is there?", ("127.255.255.255", port))
        return [(data, source[0]) for data, source in (sock.recvfrom(100) for _ in range(count))]


@pytest.mark.covers("C5.20")
async def test_each_of_two_on_one_port_gets_the_datagram_and_answers_by_its_own_address():
    async with serving("beacon", machines=2) as served:
        answers = await in_thread(ask, served.port, 2)
        assert sorted(answers) == [
            (b"I am here: anvil", "127.0.0.11"),
            (b"I am here: bellows", "127.0.0.12"),
        ]
        assert served.figures.seen == 2


async def test_delay_and_deafness_are_switches_of_it():
    async with serving("beacon", machines=1, drop_first=1, delay_ms=1, copies=2) as served:
        with pytest.raises(TimeoutError):
            await in_thread(_ask_in_vain, served.port)
        assert await in_thread(ask, served.port, 2) == [(b"I am here: anvil", "127.0.0.11")] * 2


def _ask_in_vain(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.settimeout(0.2)
        sock.sendto(b"?", ("127.255.255.255", port))
        sock.recv(100)

"""Time as a conversation, by TCP and UDP, honest and lying (RFC 868)."""

import time

import pytest

from tests.kit.turned_clock import START_WALL_NS, TurnedClock
from tests.lab.houses import client_of, datagrams_to, serving
from workbench.lab.catalogue import find_service
from workbench.lab.services.time_ import time_answer
from workbench.lab.switches import turn

SINCE_1900 = 2_208_988_800


def answer(**switches: object) -> bytes:
    return time_answer(turn(find_service("time").switches, switches, service="time"), TurnedClock())


def test_the_answer_counts_seconds_since_1900():
    assert int.from_bytes(answer(), "big") == START_WALL_NS // 10**9 + SINCE_1900


@pytest.mark.parametrize(
    ("switches", "octets"),
    [
        ({"fixed_s": 0}, "83aa7e80"),
        ({"fixed_s": 2_085_978_495}, "ffffffff"),
        ({"fixed_s": 2_085_978_496}, "00000000"),
        ({"fixed_s": 0, "lie_by_s": 1}, "83aa7e81"),
        ({"fixed_s": 0, "lie_by_s": -1}, "83aa7e7f"),
        ({"fixed_s": 0, "octets": 3}, "83aa7e"),
        ({"fixed_s": 0, "octets": 0}, ""),
        ({"fixed_s": 0, "octets": 8}, "83aa7e8000000000"),
    ],
)
def test_it_lies_as_it_is_told(switches: dict[str, object], octets: str):
    assert answer(**switches).hex() == octets
    assert len(answer(**switches)) == switches.get("octets", 4)


@pytest.mark.parametrize("lie_by_s", [-(2**32), 2**32])
def test_the_largest_lie_comes_out_as_the_truth(lie_by_s: int):
    assert answer(lie_by_s=lie_by_s) == answer()


@pytest.mark.parametrize("lie_by_s", [0, 7200])
async def test_by_tcp_it_speaks_first_and_finishes(lie_by_s: int):
    async with serving("time", lie_by_s=lie_by_s) as served, client_of(served) as client:
        data = await client.rest()
        assert len(data) == 4
        assert abs(int.from_bytes(data, "big") - SINCE_1900 - lie_by_s - time.time()) < 5


@pytest.mark.parametrize("question", [b"", b"what time is it?"])
async def test_by_udp_any_datagram_is_the_question(question: bytes):
    async with serving("udp-time", fixed_s=0) as served, datagrams_to(served) as client:
        client.send(question)
        assert await client.receive() == bytes.fromhex("83aa7e80")

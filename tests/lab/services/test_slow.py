"""Slow: octet by octet, each after its interval."""

import time

from tests.lab.houses import client_of, serving
from workbench.lab.catalogue import find_service


def test_by_default_it_is_one_octet_a_second():
    switches = {switch.name: switch for switch in find_service("slow").switches}
    assert switches["interval_ms"].default == 1000


async def test_its_text_comes_unasked_octet_by_octet():
    async with serving("slow", interval_ms=20, text="abcde") as served, client_of(served) as client:
        began = time.monotonic()
        pieces = [await client.some() for _ in range(5)]
        assert pieces == [b"a", b"b", b"c", b"d", b"e"]
        assert time.monotonic() - began >= 0.07


async def test_then_it_echoes_at_the_same_pace_to_the_clients_end():
    async with serving("slow", interval_ms=5, text="") as served, client_of(served) as client:
        await client.send(b"xyz")
        client.finish()
        assert await client.rest() == b"xyz"

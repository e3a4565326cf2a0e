"""Silent: connected, and never answered."""

import asyncio

import pytest

from tests.lab.houses import client_of, serving, until


async def test_it_reads_everything_and_says_nothing():
    async with serving("silent") as served, client_of(served) as client:
        await client.send(b"hello?\r\n")
        await until(lambda: served.figures.octets_received == 8)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.reader.read(1), 0.1)


async def test_a_client_who_finishes_is_left_too():
    async with serving("silent") as served, client_of(served) as client:
        client.finish()
        assert await client.rest() == b""


async def test_it_can_read_nothing_at_all():
    async with serving("silent", reads="nothing") as served, client_of(served) as client:
        await client.send(b"hello?\r\n")
        await until(lambda: served.figures.clients == 1)
        client.finish()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.reader.read(1), 0.1)
        assert served.figures.octets_received == 0

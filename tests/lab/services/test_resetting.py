"""Resetting: the end is a RST."""

import pytest

from tests.lab.houses import client_of, serving, until


async def test_the_first_octet_is_answered_by_a_reset():
    async with serving("resetting") as served, client_of(served) as client:
        await client.send(b"x")
        with pytest.raises(ConnectionResetError):
            await client.rest()


async def test_it_can_read_some_octets_before():
    async with serving("resetting", after=5) as served, client_of(served) as client:
        await client.send(b"1234")
        await until(lambda: served.figures.octets_received == 4)
        assert served.figures.clients == 1
        await client.send(b"56")
        with pytest.raises(ConnectionResetError):
            await client.rest()


async def test_it_can_reset_at_once_and_also_a_client_who_says_nothing():
    async with serving("resetting", after=0) as served, client_of(served) as client:
        with pytest.raises(ConnectionResetError):
            await client.rest()
    async with serving("resetting") as served, client_of(served) as client:
        client.finish()
        with pytest.raises(ConnectionResetError):
            await client.rest()

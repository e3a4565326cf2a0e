"""Flood: very much without a line end."""

from tests.lab.houses import client_of, serving, until
from workbench.lab.catalogue import find_service


def test_by_default_it_is_a_gibibyte():
    switches = {switch.name: switch for switch in find_service("flood").switches}
    assert switches["total"].default == 2**30


async def test_so_many_octets_come_unasked_without_any_line_end():
    async with serving("flood", total=1_000_001) as served, client_of(served) as client:
        data = await client.rest()
        assert len(data) == 1_000_001
        assert b"\n" not in data
        assert b"\r" not in data


async def test_a_client_that_leaves_in_the_middle_ends_its_own_flood():
    async with serving("flood") as served:
        async with client_of(served) as client:
            await client.exactly(1_000_000)
        await until(lambda: served.figures.clients == 0)

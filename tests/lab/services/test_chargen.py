"""The character generator as a conversation (RFC 864)."""

import asyncio

import pytest

from tests.lab.houses import client_of, serving, until


def lines(first: int, count: int) -> bytes:
    """The pattern of RFC 864, written down a second time in another way."""
    ring = "".join(chr(code) for code in range(32, 127))
    return b"".join(
        "".join(ring[(start + place) % 95] for place in range(72)).encode() + b"\r\n"
        for start in range(first, first + count)
    )


async def test_the_alphabet_moves_on_by_one_a_line():
    async with serving("chargen") as served, client_of(served) as client:
        assert await client.exactly(74 * 3000) == lines(0, 3000)
        await client.close()
        await until(lambda: served.figures.clients == 0)


@pytest.mark.parametrize("limit", [0, 1, 74, 62_567, 62_568 + 7])
async def test_a_limit_ends_it_at_any_octet(limit: int):
    async with serving("chargen", limit=limit) as served, client_of(served) as client:
        assert await client.rest() == lines(0, 900)[:limit]


async def test_what_the_client_sends_is_thrown_away():
    async with serving("chargen", rate=10_000) as served, client_of(served) as client:
        await client.send(b"x" * 3_000_000)
        await until(lambda: served.figures.octets_received == 3_000_000)


async def test_a_client_that_does_not_read_stalls_it_and_reading_moves_it_again():
    async with serving("chargen") as served, client_of(served) as client:
        client.reader._transport.pause_reading()  # type: ignore[attr-defined]
        await until(lambda: served.figures.octets_sent > 0)
        before = -1
        while before != served.figures.octets_sent:
            before = served.figures.octets_sent
            await asyncio.sleep(0.1)
        client.reader._transport.resume_reading()  # type: ignore[attr-defined]
        await client.exactly(100_000)
        await until(lambda: served.figures.octets_sent > before)


async def test_the_clients_half_close_does_not_end_it():
    async with serving("chargen", rate=100_000) as served, client_of(served) as client:
        client.finish()
        await client.exactly(20_000)
        assert served.figures.clients == 1

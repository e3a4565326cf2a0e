"""Discard as a conversation (RFC 863)."""

from tests.lab.houses import client_of, serving, until


async def test_everything_is_taken_and_nothing_answered():
    async with serving("discard") as served, client_of(served) as client:
        await client.send(b"x" * 5_000_000)
        client.finish()
        assert await client.rest() == b""
        assert served.figures.octets_received == 5_000_000
        await until(lambda: served.figures.clients == 0)

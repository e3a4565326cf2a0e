"""The ticker: lines at intervals, and a leaving that only a send tells."""

import re

import pytest

from tests.lab.houses import client_of, serving, until


async def test_lines_come_unasked_and_hold_the_time():
    async with serving("ticker", interval_ms=10) as served, client_of(served) as client:
        lines = [await client.line() for _ in range(3)]
    for line in lines:
        assert re.fullmatch(rb"\d\d:\d\d:\d\d\.\d{6}Z\r\n", line)
    assert lines == sorted(lines) or lines[0].startswith(b"23:59")


@pytest.mark.covers("C5.34")
async def test_it_notices_that_the_client_has_gone_when_it_next_sends():
    async with serving("ticker", interval_ms=50) as served:
        async with client_of(served) as client:
            for _ in range(3):
                await client.line()
            assert served.figures.clients == 1
        await until(lambda: served.figures.clients == 0)
        # One line more may be taken: the answer to it is what tells.
        assert served.figures.octets_sent >= 4 * len(b"00:00:00.000000Z\r\n")

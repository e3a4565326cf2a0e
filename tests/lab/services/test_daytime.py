"""Daytime as a conversation (RFC 867)."""

import datetime

import pytest

from tests.lab.houses import client_of, serving
from workbench.lab.services.daytime import daytime_line


@pytest.mark.parametrize(
    ("unix_s", "line"),
    [
        (0, b"Thursday, January 1, 1970 00:00:00-UTC\r\n"),
        (383247463, b"Monday, February 22, 1982 17:37:43-UTC\r\n"),
        (-2208988800, b"Monday, January 1, 1900 00:00:00-UTC\r\n"),
        (2085978496, b"Thursday, February 7, 2036 06:28:16-UTC\r\n"),
    ],
)
def test_a_moment_is_written_in_the_suggested_form(unix_s: int, line: bytes):
    assert daytime_line(unix_s) == line


def parsed(line: bytes) -> float:
    text = line.decode().removesuffix("-UTC\r\n")
    moment = datetime.datetime.strptime(text, "%A, %B %d, %Y %H:%M:%S")
    return moment.replace(tzinfo=datetime.UTC).timestamp()


@pytest.mark.parametrize("lie_by_s", [0, -86_400, 3600])
async def test_it_speaks_first_once_and_finishes(lie_by_s: int):
    async with serving("daytime", lie_by_s=lie_by_s) as served, client_of(served) as client:
        line = await client.rest()
        now = datetime.datetime.now(datetime.UTC).timestamp()
        assert line.count(b"\r\n") == 1
        assert abs(parsed(line) - now - lie_by_s) < 5

"""Junk: many lines, all of them hostile, always the same."""

from tests.lab.houses import client_of, serving
from workbench.lab.catalogue import find_service
from workbench.lab.services.junk import NASTY, junk_line


def test_by_default_there_are_a_hundred_thousand():
    switches = {switch.name: switch for switch in find_service("junk").switches}
    assert switches["lines"].default == 100_000


def test_no_line_holds_another():
    assert all(b"\n" not in nasty for nasty in NASTY)
    assert junk_line(7).startswith(b"000007 ")


def test_the_attacks_that_a_view_must_survive_are_all_there():
    everything = b"".join(NASTY)
    for octets in (
        b"\x1b[2J",
        b"\x1b]0;",
        b"\x1b]52;",
        b"\x9b",
        b"\x00",
        b"\x07",
        b"\r",
        b"\x08",
        b"\xff\xfe",
    ):
        assert octets in everything
    for character in "\u202e\u2066\u2069\u200b\u200d\ufeff\u2028\u2029\u0085":
        assert character.encode() in everything


async def test_so_many_lines_come_and_the_last_one_is_whole():
    async with serving("junk", lines=1234) as served, client_of(served) as client:
        data = await client.rest()
        assert data == b"".join(map(junk_line, range(1234)))

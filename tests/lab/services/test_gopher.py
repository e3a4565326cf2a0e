"""Gopher as a conversation (RFC 1436): menus, texts, octets, errors, and every way to be wrong.

The service is workbench.lab.services.gopher.service, what it has stands in workbench.lab.services.gopher.tree, and its
switches in workbench.lab.line_switches.
"""

import pytest

from tests.lab.houses import client_of, serving


async def asked(line: bytes, *, finish: bool = False, **switches: object) -> bytes:
    async with serving("gopher", **switches) as served, client_of(served) as client:
        await client.send(line)
        if finish:
            client.finish()
        return await client.rest()


@pytest.mark.parametrize("line", [b"\r\n", b"/\r\n", b"\n"])
async def test_the_root_is_a_menu_whose_items_lead_back_here(line: bytes):
    async with serving("gopher") as served, client_of(served) as client:
        await client.send(line)
        lines = (await client.rest()).split(b"\r\n")
    assert lines[-2:] == [b".", b""]
    fields = [each.split(b"\t") for each in lines[:-2]]
    assert all(len(each) == 4 for each in fields)
    assert [each[0][:1] for each in fields] == [b"i", b"i", b"0", b"1", b"7", b"9", b"h", b"3"]
    assert {tuple(each[2:]) for each in fields if each[1]} == {(b"127.0.0.1", str(served.port).encode())}


async def test_a_text_has_its_dots_doubled_and_one_at_its_end():
    body = await asked(b"/readme\r\n")
    assert b"\r\n..and a line" in body
    assert body.endswith(b"\r\n.\r\n")
    assert not (await asked(b"/readme\r\n", dot=False)).endswith(b".\r\n.\r\n")


async def test_octets_are_as_they_are():
    assert await asked(b"/octets.bin\r\n") == bytes(range(256)) * 8


async def test_a_search_has_its_words_behind_a_tab():
    assert b"0Vega\t/stars/vega\t" in await asked(b"/search\tzenith\r\n")
    assert b"nothing is called comet" in await asked(b"/search\tcomet\r\n")
    assert (await asked(b"/search\r\n")).startswith(b"3a search needs words")


async def test_what_is_not_there_is_one_item_of_error():
    body = await asked(b"/nowhere\r\n")
    assert body.startswith(b"3there is no '/nowhere' here\t")
    assert body.count(b"\r\n") == 2


async def test_a_line_without_an_end_is_answered_once_the_client_finishes():
    assert (await asked(b"/stars/vega", finish=True)).startswith(b"Vega - a summer's")


async def test_one_server_takes_a_bare_line_feed_and_another_does_not():
    assert (await asked(b"/stars/vega\n")).startswith(b"Vega")
    assert (await asked(b"/stars/vega\n", strict=True)).startswith(b"3a line ends with CR LF")
    assert (await asked(b"/stars/vega\r\n", strict=True)).startswith(b"Vega")


async def test_it_can_be_wrong():
    assert await asked(b"\r\n", lie="no-answer") == b""
    assert b"no tab at all" in await asked(b"\r\n", lie="odd-lines")
    assert b"\n" not in await asked(b"\r\n", lie="long-line")
    assert len(await asked(b"/readme\r\n", cut_after=20)) == 20
    with pytest.raises(ConnectionResetError):
        await asked(b"/readme\r\n", cut_after=20, reset=True)


async def test_the_endless_one_goes_on_until_the_client_goes():
    async with serving("gopher", lie="endless") as served, client_of(served) as client:
        await client.send(b"\r\n")
        assert len(await client.exactly(1 << 20)) == 1 << 20


async def test_a_line_without_an_end_is_not_kept_for_ever():
    async with serving("gopher") as served, client_of(served) as client:
        await client.send(b"x" * 6000)
        assert await client.rest() == b""

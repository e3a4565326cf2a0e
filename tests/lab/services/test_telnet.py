"""The Lab's Telnet server: it negotiates, says what it made of the answers, and repeats lines (RFC 854)."""

import subprocess

import pytest

from tests.lab.houses import client_of, serving

ASKED = bytes.fromhex("fffb01 fffb03 fffd18 fffd1f")


async def test_it_negotiates_first_and_then_speaks():
    async with serving("telnet") as served, client_of(served) as client:
        assert await client.exactly(len(ASKED)) == ASKED
        assert (await client.line()).startswith(b"Telnet of the Lab")
        await client.send(b"hello\r\n")
        assert await client.line() == b"you typed: hello\r\n"
        await client.send(b"bye\r\n")
        assert await client.rest() == b"goodbye\r\n"


async def test_it_says_what_it_made_of_each_answer_and_asks_no_more():
    async with serving("telnet") as served, client_of(served) as client:
        await client.exactly(len(ASKED))
        await client.line()
        await client.send(bytes.fromhex("fffd01 fffc1f fffb18"))
        assert await client.line() == b"[you say DO ECHO]\r\n"
        assert await client.line() == b"[you say WONT NAWS]\r\n"
        assert await client.line() == b"[you say WILL TERMINAL-TYPE]\r\n"
        assert await client.exactly(6) == bytes.fromhex("fffa1801fff0")
        await client.send(bytes.fromhex("fffa180078fff0"))
        assert await client.line() == b"[you sent parameters of TERMINAL-TYPE: 00 78]\r\n"
        # An echo was agreed on: what is typed comes back at once, octet 255 twice.
        await client.send(b"a\xff\xff\r\n")
        assert await client.line() == b"a\xff\xff\r\n"
        assert await client.line() == b"you typed: a\xff\xff\r\n"


@pytest.mark.parametrize("cut", range(1, 7))
async def test_commands_may_be_cut_anywhere(cut: int):
    answer = bytes.fromhex("fffd01fffc1f")
    async with serving("telnet") as served, client_of(served) as client:
        await client.exactly(len(ASKED))
        await client.line()
        await client.send(answer[:cut])
        await client.send(answer[cut:])
        assert await client.line() == b"[you say DO ECHO]\r\n"
        assert await client.line() == b"[you say WONT NAWS]\r\n"


async def test_it_can_ask_for_nothing_for_odd_things_and_leave_in_the_middle():
    async with serving("telnet", asks="nothing") as served, client_of(served) as client:
        assert (await client.line()).startswith(b"Telnet")
    async with serving("telnet", asks="odd") as served, client_of(served) as client:
        assert await client.line() == b"\xff\n"
        assert (await client.line()).startswith(bytes.fromhex("fffdc8 fffac8ffff00fff0 ffff"))
    async with serving("telnet", asks="half") as served, client_of(served) as client:
        assert (await client.rest()).endswith(b"\r\n\xff\xfb")
    async with serving("telnet", asks="endless") as served, client_of(served) as client:
        assert len(await client.line()) > 100_000


async def test_a_line_is_not_kept_for_ever():
    async with serving("telnet", asks="nothing") as served, client_of(served) as client:
        await client.line()
        await client.send(b"x" * 100_000 + b"\r\n")
        assert len(await client.line()) < 600


@pytest.mark.real("curl")
async def test_curl_negotiates_with_it():
    import asyncio

    async with serving("telnet") as served:
        process = await asyncio.create_subprocess_exec(
            *("curl", "--silent", "--max-time", "10", "--telnet-option", "TTYPE=vt100"),
            f"telnet://{served.host}:{served.port}",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        out, _ = await asyncio.wait_for(process.communicate(b"BYE\r\n"), 15)
    assert b"[you say WILL TERMINAL-TYPE]" in out
    assert b"goodbye" in out

"""Servers that one click makes, each talked to by the standard library's streams."""

import asyncio
import time

import pytest

from tests.protocols.raw.test_zones import ask, serving, until
from workbench.formats.rfc868 import encode_time
from workbench.protocols.raw.presets import BY_NAME, LIE_S, PRESETS, counted
from workbench.protocols.raw.serve import Reply


@pytest.mark.covers("C1.20")
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"Hello\n", "You entered 5 characters, in 5 octets."),
        ("héllo\r\n".encode(), "You entered 5 characters, in 6 octets."),
        (b"a\xff\n", "That was 2 octets, and no UTF-8 from octet 1 on."),
        (b"x", "You entered 1 character, in 1 octet."),
    ],
)
async def test_the_greeter_speaks_first_counts_and_ends(said, answer):
    async with serving(Reply("none", preset="greet")) as (server, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.listener.port)
        host, port = writer.get_extra_info("sockname")
        assert (
            await reader.readuntil(b"something: ") == f"Welcome, {host}:{port}.\r\nSay something: ".encode()
        )
        writer.write(said)
        if b"\n" not in said:
            writer.write_eof()
        assert await reader.read() == f"{answer}\r\n".encode()
        writer.close()
        await writer.wait_closed()


async def test_each_client_of_the_greeter_has_a_conversation_of_its_own():
    async with serving(Reply("none", preset="greet")) as (server, transcript):
        answers = await asyncio.gather(*(ask(server, b"x" * n + b"\n") for n in range(1, 6)))
        await until(lambda: not server.links)
        assert [b"You entered %d character" % n in answer for n, answer in enumerate(answers, 1)] == [
            True
        ] * 5
        assert len(transcript.channels) == 6


async def test_capitals_discard_drop_and_a_time_that_lies():
    async with serving(Reply("none", preset="upper")) as (server, _):
        assert await ask(server, "groß 1\n".encode()) == "GROß 1\n".encode()
        server.reply = Reply("none", preset="discard")
        assert await ask(server, b"x" * 1000) == b""
        server.reply = Reply("none", preset="drop")
        assert await ask(server, b"", finish=False) == b""
        server.reply = Reply("none", preset="lying-time")
        before = int(time.time())
        told = int.from_bytes(await ask(server, b""))
        zero = int.from_bytes(encode_time(0))
        assert before <= told - zero - LIE_S <= int(time.time())


async def test_the_character_generator_goes_on_until_the_client_leaves():
    async with serving(Reply("none", preset="chargen")) as (server, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.listener.port)
        data = await reader.readexactly(74 * 96)
        lines = data.split(b"\r\n")
        assert lines[0] == bytes(range(0x20, 0x20 + 72))
        assert lines[1] == bytes(range(0x21, 0x21 + 72))
        assert lines[95] == lines[0]
        writer.transport.abort()
        await until(lambda: not server.links)


async def test_the_slow_echo_sends_one_octet_at_a_time(monkeypatch):
    monkeypatch.setattr("workbench.protocols.raw.presets.SLOW_S", 0.01)
    async with serving(Reply("none", preset="slow")) as (server, transcript):
        assert await ask(server, b"abc") == b"abc"
        sizes = [e.size for e in transcript.events() if e.kind == "bytes" and e.direction.value == "sent"]
        assert sizes == [1, 1, 1]


def test_every_preset_says_what_it_does():
    assert len(BY_NAME) == len(PRESETS)
    assert all(preset.title and preset.what for preset in PRESETS)
    assert counted(b"") == "You entered 0 characters, in 0 octets."

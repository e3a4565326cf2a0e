"""The chat as a conversation of many."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from tests.lab.houses import Client, Served, client_of, resident_kib, serving, until
from workbench.lab.registry import Registry
from workbench.lab.services.chat import MAX_LINE, Member
from workbench.lab.supervisor import Lab
from workbench.settings.places import Places

LINES = 6000
"""Of 1 KiB each: what the system holds between a server and a client that does not read is 2 to 4 MiB."""


@contextlib.asynccontextmanager
async def member(served: Served, name: bytes) -> AsyncIterator[Client]:
    async with client_of(served) as client:
        assert await client.line() == b"* welcome; what is your name?\r\n"
        await client.send(name + b"\r\n")
        assert (await client.line()).startswith(b"* hello " + name)
        yield client


async def test_what_one_says_the_others_hear():
    async with serving("chat") as served, member(served, b"anna") as anna:
        async with member(served, b"bert") as bert:
            assert await anna.line() == b"* bert joins\r\n"
            await bert.send(b"hello\r\n\r\nwho is here?\n")
            assert await anna.line() == b"bert: hello\r\n"
            assert await anna.line() == b"bert: who is here?\r\n"
            await anna.send(b"me\r\n")
            # The one who spoke did not hear it: the next thing bert gets is anna's answer.
            assert await bert.line() == b"anna: me\r\n"
        assert await anna.line() == b"* bert leaves\r\n"


async def test_one_may_hear_oneself():
    async with serving("chat", hear_yourself=True) as served, member(served, b"anna") as anna:
        await anna.send(b"echo?\n")
        assert await anna.line() == b"anna: echo?\r\n"


async def test_the_room_is_listed_on_entering_and_on_request():
    async with serving("chat") as served, member(served, b"bert"), client_of(served) as client:
        await client.line()
        await client.send(b"anna\n")
        assert await client.line() == b"* hello anna; here are bert\r\n"
        await client.send(b"/names\n")
        assert await client.line() == b"* here are anna, bert\r\n"


async def test_quitting_is_answered_and_then_ended():
    async with serving("chat") as served, member(served, b"anna") as anna:
        await anna.send(b"/quit\n")
        assert await anna.rest() == b"* goodbye\r\n"
        await anna.close()
        await until(lambda: served.figures.clients == 0)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (b"", b"a name has 1 to 20 characters"),
        (b"x" * 21, b"a name has 1 to 20 characters"),
        (b"an na", b"a name has no spaces"),
        (b"*", b"a name has no spaces, controls, stars"),
        (b"a:b", b"a name has no spaces"),
        (b"\x1b[31m", b"a name has no spaces, controls"),
        ("a\u202eb".encode(), b"a name has no spaces, controls"),
        (b"\xff\xfe", b"a name has no spaces"),
        (b"ANNA", b"ANNA is here already"),
    ],
)
async def test_a_name_that_will_not_do_is_asked_again(name: bytes, problem: bytes):
    async with serving("chat") as served, member(served, b"anna"), client_of(served) as client:
        await client.line()
        await client.send(name + b"\r\n")
        answer = await client.line()
        assert answer.startswith(b"* " + problem)
        assert answer.endswith(b"; what is your name?\r\n")
        await client.send("zoë\r\n".encode())
        assert (await client.line()).startswith("* hello zoë".encode())


async def test_a_name_is_free_again_when_its_owner_is_gone_however_it_went():
    async with serving("chat") as served:
        for _ in range(3):
            async with member(served, b"anna") as anna:
                await anna.reset()
            await until(lambda: served.figures.clients == 0)


async def test_a_line_too_long_is_cut():
    async with serving("chat") as served, member(served, b"anna") as anna, member(served, b"bert") as bert:
        await anna.line()
        await bert.send(b"x" * 100_000 + b"\nnext\n")
        assert await anna.line() == b"bert: " + b"x" * MAX_LINE + b"\r\n"
        assert await anna.line() == b"bert: next\r\n"


def said(first: int, count: int) -> bytes:
    """Lines of 1,000 octets with numbers, as the loud one says them."""
    return b"".join(b"%06d %s\n" % (number, b"x" * 1000) for number in range(first, first + count))


async def talk(loud: Client, quick: Client, lines: int) -> None:
    """Have one talk and another listen, so that it is known to be said, in batches below the shortest queue."""
    for first in range(0, lines, 50):
        await loud.send(said(first, 50))
        heard = await quick.exactly(50 * len(b"loud: 000000 \r\n" + b"x" * 1000))
        assert heard == b"".join(b"loud: " + line + b"\r\n" for line in said(first, 50).splitlines())


async def test_a_slow_member_loses_lines_and_is_told_and_the_others_lose_nothing():
    async with (
        serving("chat", queue_lines=60) as served,
        member(served, b"slow") as slow,
        member(served, b"quick") as quick,
        member(served, b"loud") as loud,
    ):
        assert await quick.line() == b"* loud joins\r\n"
        slow.reader._transport.pause_reading()  # type: ignore[attr-defined]
        await talk(loud, quick, LINES)
        slow.reader._transport.resume_reading()  # type: ignore[attr-defined]
        heard = bytearray()
        async with asyncio.timeout(60):
            while b"lines were dropped: you read too slowly\r\n" not in heard:
                heard += await slow.some()
        *lines, last = bytes(heard).splitlines()[2:]
        assert lines == [b"loud: " + line for line in said(0, len(lines)).splitlines()]
        assert last == b"* %d lines were dropped: you read too slowly" % (LINES - len(lines))
        await loud.send(b"again\n")
        assert await slow.line() == b"loud: again\r\n"


async def test_a_room_full_of_members_who_never_read_costs_no_memory(places: Places):
    lab = Lab(places)
    try:
        target = (await lab.start("chat")).target
        served = Served(target.host, target.port or 0, Registry(lambda: None), None)
        async with contextlib.AsyncExitStack() as stack:
            for number in range(10):
                deaf = await stack.enter_async_context(member(served, b"deaf%d" % number))
                deaf.reader._transport.pause_reading()  # type: ignore[attr-defined]
            loud = await stack.enter_async_context(member(served, b"loud"))
            quick = await stack.enter_async_context(member(served, b"quick"))
            await loud.line()
            assert lab.pid is not None
            before = resident_kib(lab.pid)
            await talk(loud, quick, 2 * LINES)
            after = resident_kib(lab.pid)
        # Ten queues of a hundred lines are 1 MiB; the lines themselves, kept for ten members, would be 60.
        assert after - before < 8 * 1024
    finally:
        await lab.aclose()


async def test_a_queue_tells_what_was_dropped_after_what_was_kept():
    listener = Member("anna", 2)
    for number in range(5):
        listener.tell(b"%d" % number)
    assert [await listener.next_line() for _ in range(2)] == [b"0", b"1"]
    assert await listener.next_line() == b"* 3 lines were dropped: you read too slowly\r\n"
    listener.tell(b"5")
    listener.leave()
    assert [await listener.next_line(), await listener.next_line()] == [b"5", None]

"""A connection read as a file: what waits in the buffer, who owns the connection, and whose error a late one is."""

import asyncio

import pytest

from tests.protocols.calls.desks import PAIR, answer, answers, desk_with, look
from workbench.errors import LocalMisuse
from workbench.protocols.calls.desk import Desk

PEEKING = (*PAIR, "c.setblocking no")
"""c looks without waiting at what b's file sends."""


def held(desk: Desk, name: str = "f1") -> int:
    return next(view.held for view in desk.views() if view.name == name)


@pytest.mark.covers("C1.19")
async def test_octets_wait_in_the_buffer_until_flush():
    async with desk_with(*PEEKING, "b.makefile rw") as desk:
        outcome = await desk.type('f1.write "x\\r\\n"')
        assert (outcome.accepted, outcome.offered, held(desk)) == (0, 3, 3)
        assert "wait in the buffer" in outcome.remark
        assert await answers(desk, "c.recv") == ["EAGAIN"]
        outcome = await desk.type("f1.flush")
        assert (outcome.accepted, held(desk)) == (3, 0)
        assert await answers(desk, "c.recv") == ["b'x\\r\\n'"]


@pytest.mark.covers("C1.19")
async def test_by_line_and_without_a_buffer_nothing_waits():
    async with desk_with(*PEEKING, "b.makefile w 1", "b.makefile wb 0") as desk:
        assert await answers(desk, 'f1.write "half"', "c.recv") == ["4", "EAGAIN"]
        assert await answers(desk, 'f1.write " line\\n"', "c.recv") == ["6", "b'half line\\n'"]
        assert await answers(desk, 'f2.write "at once"', "c.recv") == ["7", "b'at once'"]
        assert held(desk, "f2") == 0
        refused = await desk.type("b.makefile rw 0")
        assert (refused.raised, refused.said) == ("ValueError", "unbuffered streams must be binary")
        # The file that was not made owns nothing.
        assert look(desk, "b").holders == ("b", "f1", "f2")


@pytest.mark.covers("C1.19")
async def test_the_text_layer_translates_newlines():
    async with desk_with(*PAIR, "b.makefile r", 'c.send "x\\r\\ny\\n"', "c.close") as desk:
        outcome = await desk.type("f1.readline")
        assert (outcome.result, "newline translated" in outcome.remark) == ("'x\\n'", True)
        assert await answers(desk, "f1.readline", "f1.readline") == ["'y\\n'", "''"]


@pytest.mark.covers("C2.7")
async def test_a_file_is_for_streams():
    async with desk_with(*PAIR, "u = socket INET DGRAM") as desk:
        with pytest.raises(LocalMisuse, match="datagrams have borders"):
            await desk.type("u.makefile")
        assert (await desk.type("b.makefile")).is_ok


@pytest.mark.covers("C2.15")
async def test_a_file_outlives_its_socket_and_the_peer_waits_for_both():
    async with desk_with(*PEEKING, "f1 = b.makefile rw", 'c.send "one\\ntwo\\n"') as desk:
        assert look(desk, "b").holders == ("b", "f1")
        outcome = await desk.type("b.close")
        assert "f1" in outcome.remark
        assert "the peer notices nothing" in outcome.remark
        assert await answers(desk, "f1.readline", "c.recv") == ["'one\\n'", "EAGAIN"]
        assert await answers(desk, 'f1.write "late"', "f1.flush", "c.recv") == ["4", "None", "b'late'"]
        assert await answers(desk, "f1.close", "c.recv") == ["None", "b''"]
    # The socket stands beside its file: its end is written on the socket, and the file reads on.
    async with desk_with(
        *PAIR, "f1 = b.makefile rw", 'f1.write "ask\\n"', "f1.flush", "b.shutdown WR"
    ) as desk:
        assert await answers(desk, "c.recv", "c.recv") == ["b'ask\\n'", "b''"]
        assert await answers(desk, 'c.send "answer\\n"', "b.close", "f1.readline") == [
            "7",
            "None",
            "'answer\\n'",
        ]


@pytest.mark.covers("C2.16")
async def test_a_late_error_belongs_to_the_write_whose_octets_it_concerns():
    reset = ("c.setsockopt SOL_SOCKET SO_LINGER 1,0", "c.close")
    async with desk_with(*PAIR, "f1 = b.makefile w", *reset) as desk:
        write = await desk.type('f1.write "to the dead"')
        assert write.is_ok
        flush = await desk.type("f1.flush")
        assert flush.errno == "ECONNRESET"
        assert flush.concerns == (write.number,)
        assert f"belongs to octets that call {write.number} wrote at " in flush.remark
        assert held(desk) == len("to the dead")
        closing = await desk.type("f1.close")
        assert (closing.errno, closing.concerns) == ("EPIPE", (write.number,))


@pytest.mark.covers("C5.7b")
async def test_a_file_reads_no_more_after_a_timeout():
    async with desk_with(*PAIR, "b.settimeout 0.05", "b.makefile rb", 'c.send "half"') as desk:
        assert await answers(desk, "f1.readline") == ["TimeoutError"]
        again = await desk.type("f1.readline")
        assert (again.raised, again.said) == ("OSError", "cannot read from timed out object")
        assert "reads no more" in again.sentence


async def test_a_read_that_waits_is_cancelled_and_the_file_lives_on():
    async with desk_with(*PAIR, "b.makefile r") as desk:
        reading = asyncio.create_task(desk.type("f1.readline"))
        while not desk.files["f1"].is_busy:  # noqa: ASYNC110 - that a call began has no event of its own
            await asyncio.sleep(0)
        with pytest.raises(LocalMisuse, match="waits already"):
            await desk.type("f1.readline")
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert desk.outcomes[-1].is_cancelled
        await desk.type('c.send "on\\n"')
        assert answer(await desk.type("f1.readline")) == "'on\\n'"


async def test_a_desk_ends_while_a_file_waits():
    async with desk_with(*PAIR, "b.makefile r") as desk:
        reading = asyncio.create_task(desk.type("f1.readline"))
        while not desk.files["f1"].is_busy:  # noqa: ASYNC110 - that a call began has no event of its own
            await asyncio.sleep(0)
    assert (await reading).is_cancelled


async def test_calls_of_a_closed_file_and_of_the_wrong_mode_are_answered_by_python():
    async with desk_with(*PAIR, "b.makefile r") as desk:
        assert (await desk.type('f1.write "x"')).raised == "io.UnsupportedOperation"
        assert (await desk.type("b.makefile q")).raised == "ValueError"
        assert await answers(desk, "f1.close", "f1.readline") == ["None", "ValueError"]


async def test_unflushed_octets_are_thrown_away_with_the_desk():
    async with desk_with(*PAIR, "b.makefile w", 'f1.write "never"') as desk:
        assert held(desk) == 5
    assert desk.files["f1"].file.closed


@pytest.mark.covers("C1.20")
async def test_closing_the_file_alone_ends_nothing_and_closing_both_does():
    async with desk_with(*PEEKING, "f1 = b.makefile rw") as desk:
        assert await answers(desk, "f1.close", "c.recv", "b.close", "c.recv") == [
            "None",
            "EAGAIN",
            "None",
            "b''",
        ]

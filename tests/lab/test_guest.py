"""The common switches, tried on echo, and how a conversation with a client ends."""

import asyncio
import socket
import time

import pytest

from tests.lab.houses import SOON_S, client_of, serving, until


async def test_each_answer_waits_for_its_delay():
    async with serving("echo", delay_ms=60) as served, client_of(served) as client:
        for _ in range(2):
            began = time.monotonic()
            await client.send(b"x")
            assert await client.exactly(1) == b"x"
            assert time.monotonic() - began >= 0.05


async def test_the_rate_limits_what_is_sent():
    async with serving("echo", rate=2000) as served, client_of(served) as client:
        began = time.monotonic()
        await client.send(b"x" * 500)
        assert await client.exactly(500) == b"x" * 500
        assert 0.2 <= time.monotonic() - began < SOON_S


@pytest.mark.parametrize("cut_after", [0, 1, 3])
async def test_the_connection_is_cut_after_so_many_octets_with_fin(cut_after: int):
    async with serving("echo", cut_after=cut_after) as served, client_of(served) as client:
        if cut_after:
            await client.send(b"hello")
        assert await client.rest() == b"hello"[:cut_after]


async def test_the_cut_counts_all_answers_of_a_conversation_and_each_conversation_anew():
    async with serving("echo", cut_after=4) as served:
        for _ in range(2):
            async with client_of(served) as client:
                await client.send(b"abc")
                assert await client.exactly(3) == b"abc"
                await client.send(b"def")
                assert await client.rest() == b"d"


@pytest.mark.parametrize("cut_after", [0, 3])
async def test_the_cut_can_be_a_reset(cut_after: int):
    async with serving("echo", cut_after=cut_after, reset=True) as served, client_of(served) as client:
        if cut_after:
            await client.send(b"hello")
            assert await client.exactly(3) == b"hel"
        with pytest.raises(ConnectionResetError):
            await client.rest()


async def test_a_reset_can_stand_for_every_end():
    async with serving("daytime", reset=True) as served, client_of(served) as client:
        with pytest.raises(ConnectionResetError):
            await client.rest()


@pytest.mark.parametrize("name", ["discard", "silent"])
async def test_a_service_that_never_answers_cuts_after_what_it_has_read(name: str):
    async with serving(name, cut_after=5) as served, client_of(served) as client:
        await client.send(b"1234")
        await until(lambda: served.figures.octets_received == 4)
        assert served.figures.clients == 1
        await client.send(b"5")
        assert await client.rest() == b""


async def test_octet_by_octet_arrives_in_pieces():
    async with serving("echo", one_byte=True) as served, client_of(served) as client:
        await client.send(b"hello")
        pieces = [await client.some()]
        while sum(map(len, pieces)) < 5:
            pieces.append(await client.some())
        assert b"".join(pieces) == b"hello"
        assert len(pieces) > 1


async def test_frozen_it_reads_nothing_and_the_sender_stalls():
    async with serving("echo", freeze=True) as served:
        loop = asyncio.get_running_loop()
        with socket.create_connection((served.host, served.port)) as sock:
            sock.setblocking(False)
            # Buffers on both sides fill up first: some megabytes.
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(loop.sock_sendall(sock, b"x" * 50_000_000), 0.3)
            assert served.figures.octets_received == 0


async def test_more_clients_than_allowed_wait_until_one_leaves():
    async with serving("echo", connections=1) as served, client_of(served) as first:
        await first.send(b"1")
        assert await first.exactly(1) == b"1"
        async with client_of(served) as second:
            await second.send(b"2")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(second.reader.read(1), 0.15)
            await first.close()
            # A cancelled read of asyncio's streams loses nothing.
            assert await second.exactly(1) == b"2"


async def test_the_clients_half_close_is_answered_to_the_last_octet():
    async with serving("echo") as served, client_of(served) as client:
        await client.send(b"x" * 300_000)
        client.finish()
        assert len(await client.rest()) == 300_000


async def test_a_client_who_still_sends_gets_the_answer_before_any_reset():
    async with serving("daytime") as served, client_of(served) as client:
        # Octets that nobody reads would make the system reset the connection when it is closed.
        await client.send(b"x" * 10_000)
        assert (await client.rest()).endswith(b"UTC\r\n")


async def test_a_client_who_never_finishes_does_not_keep_the_place_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workbench.lab.guest.LINGER_S", 0.5)
    async with serving("daytime") as served, client_of(served) as client:
        await client.line()
        assert served.figures.clients == 1
        await until(lambda: served.figures.clients == 0)


async def test_clients_who_reset_at_any_moment_disturb_nobody():
    async with serving("echo") as served, client_of(served) as honest:
        for number in range(50):
            async with client_of(served) as rude:
                if number % 2:
                    await rude.send(b"x" * 100_000)
                await rude.reset()
        await honest.send(b"still here")
        assert await honest.exactly(10) == b"still here"
        await until(lambda: served.figures.clients == 1)


async def test_a_client_who_never_reads_stalls_itself_alone():
    async with serving("echo") as served, client_of(served) as greedy, client_of(served) as honest:
        greedy.reader._transport.pause_reading()  # type: ignore[attr-defined]
        greedy.writer.write(b"x" * 30_000_000)
        await honest.send(b"hello")
        assert await honest.exactly(5) == b"hello"
        await asyncio.sleep(0.1)
        # What it took in is what the buffers between us hold; the rest waits at the client's side.
        assert served.figures.octets_received < 25_000_000
        greedy.writer.transport.abort()


async def test_five_hundred_clients_one_after_the_other_are_all_served():
    def visit(number: int) -> bytes:
        with socket.create_connection((served.host, served.port), SOON_S) as sock:
            sock.sendall(b"%d" % number)
            sock.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: sock.recv(100), b""))

    async with serving("echo") as served:
        answers = await asyncio.to_thread(lambda: [visit(number) for number in range(500)])
        assert answers == [b"%d" % number for number in range(500)]
        await until(lambda: served.figures.clients == 0)
        assert served.figures.seen == 500


async def test_a_hundred_clients_at_once_are_all_served():
    async def one(number: int) -> bool:
        async with client_of(served) as client:
            await client.send(b"%d" % number)
            client.finish()
            return await client.rest() == b"%d" % number

    async with serving("echo") as served:
        assert all(await asyncio.gather(*map(one, range(100))))


async def test_a_fault_of_ours_costs_one_conversation_and_is_printed(capsys, monkeypatch: pytest.MonkeyPatch):
    from workbench.lab.services import echo

    async with serving("echo", transform="upper") as served:
        with monkeypatch.context() as patched:
            patched.setattr(echo, "transformed", lambda _data, _how: 1 / 0)
            async with client_of(served) as unlucky:
                await unlucky.send(b"x")
                with pytest.raises(ConnectionResetError):
                    await unlucky.rest()
        async with client_of(served) as client:
            await client.send(b"x")
            assert await client.exactly(1) == b"X"
    assert "ZeroDivisionError" in capsys.readouterr().err

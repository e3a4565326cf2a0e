"""Where the Lab's proxies lead, and where they don't."""

import asyncio
import contextlib

import pytest

from tests.kit.scripted_peer import scripted_peer
from workbench.errors import Refused
from workbench.lab.guest import Guest
from workbench.lab.services.tunnel import carry, reach
from workbench.lab.switches import TCP_SWITCHES, turn
from workbench.transcript.recorder import Transcript
from workbench.wire import memory


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "LOCALHOST"])
async def test_this_machine_is_reached_by_any_of_its_names(host: str):
    with scripted_peer([("wait_eof",)], host="0.0.0.0") as peer:
        stream = await reach(host, peer.port)
        await stream.aclose()


@pytest.mark.parametrize("host", ["192.0.2.1", "::2", "evil.test", "", "2130706433", "127.0.0.1.evil.test"])
async def test_nothing_else_is(host: str):
    with pytest.raises(Refused, match="this machine only"):
        await reach(host, 80)


@pytest.mark.parametrize("turns", range(12))
async def test_a_tunnel_that_is_cancelled_while_it_ends_keeps_no_connection(turns: int):
    with contextlib.closing(Transcript()) as transcript:
        client, inside = memory.pair(transcript)
        outside, server = memory.pair(transcript)
        carrying = asyncio.create_task(
            carry(Guest(inside, turn(TCP_SWITCHES, {}, service="a proxy")), outside)
        )
        async with client, inside, server:
            await asyncio.sleep(0)
            await client.finish()
            await server.finish()
            for _ in range(turns):
                await asyncio.sleep(0)
            carrying.cancel()
            await asyncio.wait((carrying,))
            assert not outside.is_open

"""The relay's sweep: a conversation under TLS, cut after every single octet, looked at from both sides."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest

from tests.wire.tls.sides import client, server
from workbench.errors import LinkLost, WorkbenchError
from workbench.formats.target import parse_target
from workbench.lab.relay.engine import Relay
from workbench.lab.relay.switches import TCP_SWITCHES
from workbench.lab.switches import turn
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.dial import dial
from workbench.wire.ends import End
from workbench.wire.listen import Listener, listen
from workbench.wire.tls.handshake import start_tls
from workbench.wire.tls.setup import TlsSetup

ANYWHERE = parse_target("127.0.0.1:0", listening=True)
SLACK = 12
"""Signatures, and with them the whole, differ by some octets from one handshake to the next."""
DEADLINE_S = 20.0
PARTS = 16
"""Tests that share one sweep: each has its own limit of time."""

Outcome = End | WorkbenchError
"""How it ended for one side."""


class Seen(NamedTuple):
    """One conversation. sent, received: record octets of the client."""

    client: Outcome
    server: Outcome
    sent: bytes
    received: bytes


class House:
    """An echo under TLS, and conversations with it through relays."""

    def __init__(self, listener: Listener, version: str) -> None:
        self._listener = listener
        self._server = server(max_version=version)
        self._client = client()

    async def conversation(self, **switches: object) -> Seen:
        """Have one, over a relay with these switches, and say how it was for both sides."""
        transcript = Transcript()
        turned = turn(TCP_SWITCHES, switches, service="the relay")
        async with await listen(ANYWHERE, transcript) as before:
            relay = Relay(parse_target(self._listener.address), turned, transcript)
            relaying = asyncio.create_task(relay.serve([before]))
            serving = asyncio.create_task(self._echo(self._server))
            try:
                async with asyncio.timeout(DEADLINE_S):
                    plain = await dial(parse_target(before.address), transcript)
                    ours = await talked(plain, self._client)
                    assert not plain.is_open
                    return Seen(
                        ours,
                        await serving,
                        *(_all(plain.channel.stream(way)) for way in (Direction.SENT, Direction.RECEIVED)),
                    )
            finally:
                for task in (relaying, serving):
                    task.cancel()
                await asyncio.gather(relaying, serving, return_exceptions=True)
                transcript.close()

    async def _echo(self, setup: TlsSetup) -> Outcome:
        async with await self._listener.accept() as plain:
            try:
                stream = await start_tls(plain, setup, timeout_s=DEADLINE_S)
                async with stream:
                    while data := await stream.read():
                        await stream.send(data)
                    await stream.finish()
                    assert stream.end is not None
                    return stream.end
            except WorkbenchError as failure:
                return failure


async def talked(plain, setup: TlsSetup) -> Outcome:
    """The client's side: a word, the end of our half, and all that comes."""
    async with plain:
        try:
            async with await start_tls(plain, setup, timeout_s=DEADLINE_S) as stream:
                await stream.send(b"hello")
                await stream.finish()
                heard = b""
                while data := await stream.read():
                    heard += data
                assert b"hello".startswith(heard)
                assert stream.end is not None
                return stream.end
        except WorkbenchError as failure:
            return failure


def _all(stream) -> bytes:
    return stream.read(0, len(stream))


@contextlib.asynccontextmanager
async def house(version: str) -> AsyncIterator[House]:
    transcript = Transcript()
    async with await listen(ANYWHERE, transcript) as listener:
        yield House(listener, version)
    transcript.close()


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("direction", ["to-client", "to-server"])
@pytest.mark.parametrize("part", range(PARTS))
async def test_wherever_it_is_cut_both_sides_say_so(version: str, direction: str, part: int):
    # The loop's debugging takes five times as long as the nearly eight thousand conversations themselves.
    asyncio.get_running_loop().set_debug(False)
    async with house(version) as at:
        whole = await at.conversation()
        assert isinstance(whole.client, End)
        assert isinstance(whole.server, End)
        assert whole.client.kind == whole.server.kind == "close_notify"
        records = whole.received if direction == "to-client" else whole.sent
        failed_in_handshake = cut_off = 0
        for cut in range(part, len(records) + SLACK, PARTS):
            seen = await at.conversation(cut_after=cut, direction=direction)
            for outcome in (seen.client, seen.server):
                if isinstance(outcome, WorkbenchError):
                    assert isinstance(outcome, LinkLost), (cut, outcome)
                    assert outcome.stage in ("tls", "send"), (cut, outcome)
                    failed_in_handshake += outcome.stage == "tls"
                else:
                    assert outcome.kind in ("truncated", "RST", "close_notify"), (cut, outcome)
            # Who was cut off must not believe that this was all.
            victim = seen.client if direction == "to-client" else seen.server
            if isinstance(victim, End) and victim.kind == "close_notify":
                assert len(seen.received if direction == "to-client" else seen.sent) <= cut
            else:
                cut_off += 1
        assert failed_in_handshake > len(records) / PARTS / 4
        assert cut_off > (len(records) - SLACK) / PARTS - 2

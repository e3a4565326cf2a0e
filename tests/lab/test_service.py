"""What all that accept connections have in common: nothing is left open, whenever they are ended."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from workbench.formats.target import Target
from workbench.lab.guest import Guest
from workbench.lab.relay.engine import Relay
from workbench.lab.relay.switches import TCP_SWITCHES as RELAY_SWITCHES
from workbench.lab.service import TcpService
from workbench.lab.switches import TCP_SWITCHES, turn
from workbench.protocols.raw.serve import Reply, Server
from workbench.transcript.recorder import Transcript
from workbench.wire.listen import Listener, listen
from workbench.wire.stream import Stream

Serve = Callable[[Listener, Transcript], Coroutine[Any, Any, None]]


class Patient(TcpService):
    """Reads to the end."""

    async def converse(self, guest: Guest) -> None:
        await guest.discard()


def by_service(listener: Listener, _: Transcript) -> Coroutine[Any, Any, None]:
    return Patient(turn(TCP_SWITCHES, {}, service="patient")).serve([listener])


def by_relay(listener: Listener, transcript: Transcript) -> Coroutine[Any, Any, None]:
    itself = Target("tcp", "127.0.0.1", listener.port)
    return Relay(itself, turn(RELAY_SWITCHES, {}, service="the relay"), transcript).serve([listener])


def by_hand(listener: Listener, _: Transcript) -> Coroutine[Any, Any, None]:
    return Server(listener, Reply("none")).serve()


@pytest.mark.parametrize("serve", [by_service, by_relay, by_hand])
async def test_a_client_that_was_accepted_last_is_closed_too(serve: Serve, monkeypatch: pytest.MonkeyPatch):
    """Its task is cancelled before its first step, so nothing in that task can do it."""
    accepted: list[Stream] = []
    with contextlib.closing(Transcript()) as transcript:
        async with await listen(Target("tcp", "127.0.0.1", 0), transcript) as listener:
            accept = listener.accept

            async def accept_and_be_cancelled() -> Stream:
                accepted.append(await accept())
                serving.cancel()
                return accepted[-1]

            monkeypatch.setattr(listener, "accept", accept_and_be_cancelled)
            serving = asyncio.create_task(serve(listener, transcript))
            _, writer = await asyncio.open_connection("127.0.0.1", listener.port)
            await asyncio.wait((serving,))
            writer.close()
            assert [stream.is_open for stream in accepted] == [False]

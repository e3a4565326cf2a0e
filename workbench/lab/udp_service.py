"""What all UDP services share: receiving, the common switches, and no answer that could begin a loop."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

from workbench.clock import SYSTEM, Clock
from workbench.errors import WorkbenchError
from workbench.lab.switches import Turned
from workbench.wire.datagram import Datagram, Received

PAUSE_AFTER_FAULT_S = 0.01
MAX_DELAYED = 1024
"""Delayed datagrams that may wait at once; more are lost, as datagrams are."""


class UdpService:
    """Base of a UDP service; a subclass writes `answer`.

    Args:
        turned: its switches.
        clock: for services that tell the time.
        own: ports on which this Lab answers datagrams, see below.
    """

    takes_streams = False
    """Whether it is bound to the same port of TCP, too; serve() is given registry.Pair then."""

    host = ""
    """The one address of loopback that it is bound to by itself; "" for both."""
    bind: Any = None
    """Opens its sockets, where they are not one a address."""

    def __init__(self, turned: Turned, *, clock: Clock = SYSTEM, own: set[int] | None = None) -> None:
        self.turned = turned
        self.clock = clock
        self.seen = 0
        self._own = own if own is not None else set()
        self._waiting = 0
        self._unanswered = turned.count("drop_first")

    def answer(self, received: Received) -> bytes | None:
        """The answer to one datagram; b"" is an answer of no octets, None is none."""
        raise NotImplementedError

    async def serve(self, datagrams: Sequence[Datagram]) -> None:
        """Answer datagrams until cancelled; then every socket is closed."""
        try:
            async with asyncio.TaskGroup() as work:
                for datagram in datagrams:
                    work.create_task(self._listen(datagram, work), name=f"datagrams {datagram.address}")
        finally:
            for datagram in datagrams:
                await datagram.aclose()

    async def _listen(self, datagram: Datagram, work: asyncio.TaskGroup) -> None:
        while datagram.is_open:
            try:
                received = await datagram.receive()
            except WorkbenchError:
                # News of an earlier answer that found nobody; a real fault would repeat at once, so take a breath.
                await asyncio.sleep(PAUSE_AFTER_FAULT_S)
                continue
            self.seen += 1
            answer = self._answer_to(received)
            if answer is None:
                continue
            delay_s = self.turned.count("delay_ms") / 1000
            if not delay_s:
                await self._send(datagram, answer, received.source)
            elif self._waiting < MAX_DELAYED:
                self._waiting += 1
                work.create_task(self._send_later(delay_s, datagram, answer, received.source))

    def _answer_to(self, received: Received) -> bytes | None:
        # Two echo services that are made to talk to each other never stop (CERT CA-1996-01): a datagram that comes
        # from one of our own ports, or claims to, gets no answer.
        if int(received.source.rpartition(":")[2]) in self._own:
            return None
        if self._unanswered:
            self._unanswered -= 1
            return None
        return self.answer(received)

    async def _send(self, datagram: Datagram, answer: bytes, source: str) -> None:
        try:
            for _ in range(self.turned.count("copies")):
                await datagram.send(answer, source)
        except WorkbenchError as error:
            print(f"{datagram.address}: no answer to {source}: {error}", file=sys.stderr)

    async def _send_later(self, delay_s: float, datagram: Datagram, answer: bytes, source: str) -> None:
        try:
            await asyncio.sleep(delay_s)
            await self._send(datagram, answer, source)
        finally:
            self._waiting -= 1

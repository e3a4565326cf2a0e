"""The connection: one command, its answer, within the deadline, the stage named when it goes wrong."""

import asyncio
from collections.abc import Callable

from workbench.errors import LinkLost, Refused
from workbench.protocols.pop.machine import Lines, PopMachine
from workbench.protocols.pop.values import Command, Reply
from workbench.wire.dialogue import answered_within, hung_up, staged
from workbench.wire.stream import Stream

SETTLE_WITHIN_S = 3.0
"""For the rest of an answer that somebody gave up on; a large letter may take longer than to connect again."""
_ADVICE = {
    "IN-USE": "another session has the mailbox open; it has to end before",
    "LOGIN-DELAY": "the server wants a pause between two logins",
    "SYS/TEMP": "try again later: the server calls this a passing trouble",
    "SYS/PERM": "the server's people have to mend this",
    "AUTH": "the user or the password is wrong",
}
"""Response codes of RFC 2449 section 8.1 and RFC 3206 section 3."""


class Control:
    """A machine and its stream.

    Args:
        stream: connected; read and written by nobody else. Its owner closes it by aclose().
        timeout_s: for each reply, and for how long the lines of an answer may stand still.
    """

    def __init__(self, stream: Stream, timeout_s: float) -> None:
        self.stream = stream
        self.timeout_s = timeout_s
        self.machine = PopMachine()

    async def greeting(self) -> Reply:
        """What the server says first. Raises: Refused, LinkLost, TooSlow, PeerMisbehaved."""
        with staged("greeting"):
            reply = await self._reply()
        if not reply.ok:
            raise said_no(reply, None, "greeting")
        return reply

    async def ask(self, command: Command, stage: str) -> Reply:
        """Send a command and return the first line of its answer, whatever it says.

        Raises: LocalMisuse: it can't be sent; LinkLost: the connection ended; TooSlow; PeerMisbehaved.
        """
        with staged(stage):
            await self._settle()
            octets = self.machine.send(command)
            await self.stream.send(octets.data, secret=octets.secret, timeout_s=self.timeout_s)
            return await self._reply()

    async def done(self, command: Command, stage: str) -> Reply:
        """Send a command and return its yes. Raises: as ask(); Refused: -ERR."""
        reply = await self.ask(command, stage)
        if not reply.ok:
            raise said_no(reply, command, stage)
        return reply

    async def lines(self, command: Command, stage: str, hear: Callable[[bytes], object]) -> Reply:
        """Send a command, hand the lines that follow its yes to `hear` piece by piece. Raises: as done()."""
        reply = await self.done(command, stage)
        with staged(stage):
            while True:
                while (found := self.machine.next()) is None:
                    await self._read(self.timeout_s)
                if isinstance(found, Lines):
                    hear(found.data)
                    if found.done:
                        return reply

    async def _settle(self) -> None:
        """Hear the rest of an answer that somebody gave up on, so that no later command gets it.

        Raises: LinkLost: it has no end in time; the connection is of no use any more.
        """
        command = self.machine.pending
        if command is None:
            return
        try:
            async with asyncio.timeout(min(SETTLE_WITHIN_S, self.timeout_s)):
                while self.machine.pending is not None:
                    if self.machine.next() is None:
                        await self._read(None)
        except TimeoutError as error:
            await self.stream.aclose()
            raise LinkLost(
                f"the rest of {command.verb} did not come: what the server says next could be anything's answer",
                advice="connect again",
            ) from error
        self.stream.channel.fact("pop.settled", command=command.verb)

    async def aclose(self) -> None:
        """Close the connection. Idempotent."""
        await self.stream.aclose()

    async def _reply(self) -> Reply:
        async with answered_within(self.timeout_s, self._asked):
            while (found := self.machine.next()) is None:
                await self._read(None)
        assert isinstance(found, Reply)
        return found

    async def _read(self, timeout_s: float | None) -> None:
        data = await self.stream.read(timeout_s=timeout_s)
        self.machine.receive(data)
        if not data:
            raise hung_up(self.stream, self._asked)

    @property
    def _asked(self) -> str:
        return self.machine.pending.verb if self.machine.pending else ""


def said_no(reply: Reply, command: Command | None, stage: str) -> Refused:
    """-ERR as the failure it is."""
    return Refused(
        f"the server says no to {command.verb}" if command is not None else "the server says no",
        stage=stage,
        reply=str(reply),
        advice=_ADVICE.get(reply.code, ""),
        source="RFC 1939 section 3",
    )

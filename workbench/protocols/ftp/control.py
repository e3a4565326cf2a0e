"""The control connection: one command, its replies, each within the deadline, the stage named when it goes wrong."""

import asyncio

from workbench.errors import Committed, LinkLost, Refused
from workbench.protocols.ftp.machine import CLOSING_DOWN, FtpMachine
from workbench.protocols.ftp.values import Answered, Command, Reply
from workbench.wire.dialogue import answered_within, hung_up, staged
from workbench.wire.stream import Stream

SETTLE_WITHIN_S = 3.0
"""A server whose transfer was given up says so at once, or not at all."""


class Control:
    """A machine and its stream.

    Args:
        stream: connected; read and written by nobody else. Its owner closes it by aclose().
        timeout_s: for each reply as a whole, and for sending.
    """

    def __init__(self, stream: Stream, timeout_s: float) -> None:
        self.stream = stream
        self.timeout_s = timeout_s
        self.machine = FtpMachine()
        self._waiting: list[Answered] = []

    async def greeting(self) -> Reply:
        """What the server says first. Raises: Refused, LinkLost, TooSlow, PeerMisbehaved."""
        with staged("greeting"):
            reply = await self._reply()
            while reply.kind == 1:
                reply = await self._reply()
        if reply.kind != 2:
            raise said_no(reply, None, "greeting")
        return reply

    async def ask(self, command: Command, stage: str) -> Reply:
        """Send a command and return the first reply to it, of whatever kind.

        Raises: LocalMisuse: it can't be sent; LinkLost: the connection ended, or the server closes down (421); TooSlow;
            PeerMisbehaved.
        """
        await self.settle()
        with staged(stage):
            octets = self.machine.send(command)
            await self.stream.send(octets.data, secret=octets.secret, timeout_s=self.timeout_s)
            return await self._reply()

    async def done(self, command: Command, stage: str) -> Reply:
        """Send a command and return its last reply, which is a yes (2xx) or wants more (3xx).

        Raises: as ask(); Refused: 4xx or 5xx.
        """
        reply = await self.ask(command, stage)
        while reply.kind == 1:
            reply = await self.last(stage)
        if reply.kind in (4, 5):
            raise said_no(reply, command, stage)
        return reply

    async def last(self, stage: str) -> Reply:
        """The next reply to the command that is going on. Raises: LinkLost, TooSlow, PeerMisbehaved."""
        with staged(stage):
            return await self._reply()

    async def settle(self) -> None:
        """Hear how a command ended that somebody gave up on, so that no later one gets its reply.

        Raises: LinkLost: the server doesn't say; the connection is of no use any more.
        """
        if not self.machine.owes_reply() or self.machine.pending is None:
            return
        command = self.machine.pending
        try:
            async with asyncio.timeout(min(SETTLE_WITHIN_S, self.timeout_s)):
                while self.machine.owes_reply():
                    reply = await self._reply()
        except TimeoutError as error:
            await self.stream.aclose()
            raise LinkLost(
                f"the server never said how {command.verb} ended: what it says next could be anything's answer",
                stage="reply",
                advice="connect again",
            ) from error
        self.stream.channel.fact("ftp.settled", command=command.verb, reply=str(reply))

    async def aclose(self) -> None:
        """Close the connection. Idempotent."""
        await self.stream.aclose()

    async def _reply(self) -> Reply:
        asked = self.machine.pending
        verb = asked.verb if asked else ""
        committed: Committed = "maybe" if asked else "no"
        async with answered_within(self.timeout_s, verb, committed=committed):
            while not self._waiting:
                data = await self.stream.read()
                self._waiting += self.machine.receive(data)
                if not data:
                    raise hung_up(self.stream, verb, committed=committed)
        reply = self._waiting.pop(0).reply
        if reply.code == CLOSING_DOWN:
            raise LinkLost(
                "the server closes the connection",
                reply=str(reply),
                committed="maybe",
                advice="connect again; some servers allow few connections, or short pauses",
                source="RFC 959 section 5.4",
            )
        return reply


def said_no(reply: Reply, command: Command | None, stage: str) -> Refused:
    """A 4xx or 5xx as the failure it is."""
    temporary = reply.kind == 4
    return Refused(
        f"the server says no to {command.verb}" if command is not None else "the server says no",
        stage=stage,
        reply=str(reply),
        advice="try again later: the server calls this a passing trouble" if temporary else "",
        source="RFC 959 section 4.2.1",
    )

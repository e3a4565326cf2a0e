"""The connection: one command, its reply, within the deadline, the stage named when it goes wrong."""

import contextlib

from workbench.errors import Committed, LinkLost, PeerMisbehaved, Refused, TooSlow
from workbench.protocols.smtp.machine import CLOSING_DOWN, SmtpMachine
from workbench.protocols.smtp.values import Command, Reply
from workbench.wire.dialogue import answered_within, hung_up, staged
from workbench.wire.stream import Stream

LATE = "the letter was sent whole, and whether the server took it is not known: it may be on its way"


class Control:
    """A machine and its stream.

    Args:
        stream: connected; read and written by nobody else. Its owner closes it by aclose().
        timeout_s: for each reply as a whole, and for each wait while sending.
    """

    def __init__(self, stream: Stream, timeout_s: float) -> None:
        self.stream = stream
        self.timeout_s = timeout_s
        self.machine = SmtpMachine()

    async def greeting(self) -> Reply:
        """What the server says first. Raises: Refused, LinkLost, TooSlow, PeerMisbehaved."""
        with staged("greeting"):
            reply = await self._reply()
        if reply.kind != 2:
            raise said_no(reply, None, "greeting")
        return reply

    async def ask(self, command: Command, stage: str) -> Reply:
        """Send a command and return its reply, whatever it says.

        Raises: LocalMisuse: it can't be sent; LinkLost: the connection ended, or the server closes down (421); TooSlow;
            PeerMisbehaved.
        """
        with staged(stage):
            octets = self.machine.send(command)
            await self.stream.send(octets.data, secret=octets.secret, timeout_s=self.timeout_s)
            return await self._reply()

    async def done(self, command: Command, stage: str) -> Reply:
        """Send a command and return its reply, which is a yes. Raises: as ask(); Refused: 4xx or 5xx."""
        reply = await self.ask(command, stage)
        if reply.kind in (4, 5):
            raise said_no(reply, command, stage)
        return reply

    async def send(self, piece: bytes) -> None:
        """Send a piece of the letter. Raises: LinkLost, TooSlow; nothing is committed then."""
        with staged("letter"):
            try:
                await self.stream.send(piece, timeout_s=self.timeout_s)
            except (LinkLost, TooSlow) as failure:
                # RFC 5321 section 4.1.1.4: without its last dot no server may deliver a letter.
                failure.committed = "no"
                raise

    async def early(self) -> Reply | None:
        """What the server said while it was hearing the letter; None for nothing."""
        with contextlib.suppress(LinkLost, TooSlow, PeerMisbehaved), staged("letter"):
            return await self._reply()
        return None

    async def aclose(self) -> None:
        """Close the connection. Idempotent."""
        await self.stream.aclose()

    async def _reply(self) -> Reply:
        machine = self.machine
        asked = machine.pending
        verb = _named(asked) if asked else ""
        committed = _committed(asked)
        advice = LATE if committed == "maybe" else ""
        try:
            async with answered_within(self.timeout_s, verb, committed=committed, advice=advice):
                while (answered := machine.next()) is None:
                    data = await self.stream.read()
                    machine.receive(data)
                    if not data:
                        raise hung_up(self.stream, verb, committed=committed, advice=advice)
        except PeerMisbehaved as failure:
            # Whatever it says instead of an answer: it has the letter.
            failure.committed = committed
            raise
        reply = answered.reply
        if reply.code == CLOSING_DOWN and machine.state == "closing":
            raise LinkLost(
                "the server closes the connection",
                reply=str(reply),
                advice="try again later; some servers allow few connections, or short pauses",
                source="RFC 5321 section 3.8",
            )
        return reply


def said_no(reply: Reply, command: Command | None, stage: str) -> Refused:
    """A 4xx or 5xx as the failure it is."""
    temporary = reply.kind == 4
    return Refused(
        f"the server says no to {_named(command)}" if command is not None else "the server says no",
        stage=stage,
        reply=str(reply),
        advice="try again later: the server calls this a passing trouble" if temporary else "",
        source="RFC 5321 section 4.2.1",
    )


def _named(command: Command) -> str:
    return {"": "the login", ".": "the letter"}.get(command.verb, command.verb)


def _committed(asked: Command | None) -> Committed:
    """Only the end of a letter changes anything at the server."""
    return "maybe" if asked is not None and asked.verb == "." else "no"

"""The connection: one command, its reply, within the deadline, the stage named when it goes wrong."""

import asyncio
import contextlib
from collections.abc import Iterator

from workbench.errors import Committed, LinkLost, PeerMisbehaved, Refused, TooSlow, WorkbenchError
from workbench.protocols.smtp.machine import CLOSING_DOWN, SmtpMachine
from workbench.protocols.smtp.values import Command, Reply
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
        try:
            async with asyncio.timeout(self.timeout_s):
                while (answered := machine.next()) is None:
                    data = await self.stream.read()
                    machine.receive(data)
                    if not data:
                        raise self._ended(asked)
        except PeerMisbehaved as failure:
            # Whatever it says instead of an answer: it has the letter.
            failure.committed = _committed(asked)
            raise
        except TimeoutError as error:
            if isinstance(error, TooSlow):
                raise
            raise TooSlow(
                f"no whole answer to {_named(asked)} within {self.timeout_s:g} s",
                committed=_committed(asked),
                advice=LATE if _committed(asked) == "maybe" else "",
            ) from error
        reply = answered.reply
        if reply.code == CLOSING_DOWN and machine.state == "closing":
            raise LinkLost(
                "the server closes the connection",
                reply=str(reply),
                advice="try again later; some servers allow few connections, or short pauses",
                source="RFC 5321 section 3.8",
            )
        return reply

    def _ended(self, asked: Command | None) -> WorkbenchError:
        end = self.stream.end
        where = f"before it answered {_named(asked)}" if asked else "before it said anything whole"
        return LinkLost(
            f"the server ended the connection {where}: {end.sentence if end else 'it is gone'}",
            errno_name="ECONNRESET" if end is not None and end.kind == "RST" else "",
            committed=_committed(asked),
            advice=LATE if _committed(asked) == "maybe" else "",
        )


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


def _named(command: Command | None) -> str:
    if command is None:
        return "our call"
    return {"": "the login", ".": "the letter"}.get(command.verb, command.verb)


def _committed(asked: Command | None) -> Committed:
    """Only the end of a letter changes anything at the server."""
    return "maybe" if asked is not None and asked.verb == "." else "no"


@contextlib.contextmanager
def staged(stage: str) -> Iterator[None]:
    """A failure within happened in this stage."""
    try:
        yield
    except (LinkLost, TooSlow, PeerMisbehaved, Refused) as failure:
        if failure.stage != "tls":
            failure.stage = stage
        raise

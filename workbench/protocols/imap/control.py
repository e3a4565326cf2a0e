"""The connection: one command, all that the server says until it has ended it, the stage named when it goes wrong."""

import asyncio
from collections.abc import Callable

from workbench.errors import LinkLost, PeerMisbehaved, Refused
from workbench.protocols.imap.codec import MAX_LETTER
from workbench.protocols.imap.machine import ImapMachine
from workbench.protocols.imap.values import Command, Data, GoAhead, Octets, Response, Status
from workbench.wire.dialogue import answered_within, hung_up, staged
from workbench.wire.stream import Stream

MAX_UNTAGGED = 250_000
"""Responses to one command: more letters than anybody lists at once; a server may else talk for ever."""
YIELD_EVERY = 64
"""Responses, before the others get their turn: so many take about 3 ms to read."""

SETTLE_WITHIN_S = 3.0
"""For the rest of an answer that somebody gave up on; a large letter may take longer than to connect again."""

Hear = Callable[[Data | Status], object]
Answer = Callable[[GoAhead], "Octets"]


class Control:
    """A machine and its stream.

    Args:
        stream: connected; read and written by nobody else. Its owner closes it by aclose().
        timeout_s: how long the server may be silent; for what is not asked with `patient` it is for the whole answer.
        hear: told everything without a tag, asked for or not.
    """

    def __init__(self, stream: Stream, timeout_s: float, hear: Hear) -> None:
        self.stream = stream
        self.timeout_s = timeout_s
        self.machine = ImapMachine()
        self._hear = hear
        self._bye = ""

    async def greeting(self) -> Status:
        """What the server says first. Raises: Refused, LinkLost, TooSlow, PeerMisbehaved."""
        with staged("greeting"):
            async with answered_within(self.timeout_s, ""):
                response = await self._next()
        assert isinstance(response, Status)
        self._hear(response)
        if response.condition == "BYE":
            raise Refused("the server greets and hangs up", stage="greeting", reply=str(response))
        return response

    async def ask(
        self,
        command: Command,
        stage: str,
        *,
        hear: Hear | None = None,
        answer: Answer | None = None,
        patient: bool = False,
    ) -> Status:
        """Send a command and return how the server ended it.

        Args:
            hear: told what came without a tag meanwhile, beside the owner.
            answer: what to say to a "+"; without it a "+" is for the command's own pieces alone.
            patient: the answer may be long: time counts anew with everything that comes.

        Raises: LocalMisuse: it can't be sent; LinkLost: the connection ended; TooSlow; PeerMisbehaved.
        """
        with staged(stage):
            await self._settle()
            pieces = self.machine.send(command)
            await self._send(pieces.pop(0))
            async with answered_within(self.timeout_s, command.verb, is_patient=patient):
                return await self._ended(command, pieces, hear, answer, patient)

    async def done(
        self, command: Command, stage: str, *, hear: Hear | None = None, patient: bool = False
    ) -> Status:
        """Send a command and return its OK. Raises: as ask(); Refused: NO or BAD."""
        status = await self.ask(command, stage, hear=hear, patient=patient)
        if status.condition != "OK":
            raise said_no(status, command, stage)
        return status

    async def _settle(self) -> None:
        """Hear how a command ended that somebody gave up on, so that no later one gets its responses.

        Raises: LinkLost: the server doesn't say; the connection is of no use any more.
        """
        command = self.machine.pending
        if command is None:
            return
        reader = self.machine.reader
        limit, reader.limit = reader.limit, MAX_LETTER
        try:
            async with asyncio.timeout(min(SETTLE_WITHIN_S, self.timeout_s)):
                while self.machine.pending is not None:
                    response = await self._next()
                    if not isinstance(response, GoAhead):
                        self._hear(response)
        except TimeoutError as error:
            await self.stream.aclose()
            raise LinkLost(
                f"the server never said how {command.verb} ended: what it says next could be anything's answer",
                advice="connect again",
            ) from error
        finally:
            reader.limit = limit
        self.stream.channel.fact("imap.settled", command=command.verb)

    async def aclose(self) -> None:
        """Close the connection. Idempotent."""
        await self.stream.aclose()

    async def _ended(
        self, command: Command, pieces: list[Octets], hear: Hear | None, answer: Answer | None, patient: bool
    ) -> Status:
        count = 0
        while True:
            response = await self._next(patient=patient)
            match response:
                case GoAhead():
                    if pieces:
                        await self._send(pieces.pop(0))
                    elif answer is not None:
                        await self._send(answer(response))
                    else:
                        raise PeerMisbehaved(
                            'the server says "+", and nothing is to follow', data=response.text
                        )
                case Status(tag) if tag:
                    self._hear(response)
                    return response
                case Status() | Data():
                    if isinstance(response, Status) and response.condition == "BYE":
                        self._bye = str(response)
                    self._hear(response)
                    if hear is not None:
                        hear(response)
            count += 1
            if count > MAX_UNTAGGED:
                raise PeerMisbehaved(f"{command.verb} does not end within {MAX_UNTAGGED:,} responses")
            if count % YIELD_EVERY == 0:
                await asyncio.sleep(0)

    async def _send(self, octets: Octets) -> None:
        await self.stream.send(octets.data, secret=octets.secret, timeout_s=self.timeout_s)

    async def _next(self, *, patient: bool = False) -> Response:
        machine = self.machine
        while (response := machine.next()) is None:
            data = await self.stream.read(timeout_s=self.timeout_s if patient else None)
            machine.receive(data)
            if not data:
                asked = machine.pending
                raise hung_up(self.stream, asked.verb if asked else "", reply=self._bye)
        return response


def said_no(status: Status, command: Command, stage: str) -> Refused:
    """NO or BAD as the failure it is."""
    verdict = "says no to" if status.condition == "NO" else "does not understand"
    return Refused(
        f"the server {verdict} {command.verb}",
        stage=stage,
        reply=str(status),
        source="RFC 9051 section 7.1",
    )

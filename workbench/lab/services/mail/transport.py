"""What Twisted's protocols take for a transport: a client of the Lab, its switches at work, turned by the Lab's loop.

A protocol is fed what the client sent; what it writes is gathered and goes out through the guest, who delays, cuts and
counts. TLS is ours: a protocol that calls startTLS() gets the plaintext of the wire's TLS from there on, and what came
before the handshake and was not read is thrown away.
"""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from zope.interface import alsoProvides, implementer

from workbench.lab.guest import Guest
from workbench.lab.services.mail.library import ConnectionDone, Failure, ISSLTransport, ITLSTransport
from workbench.wire.stream import Stream

ROOM = 64 * 1024
"""Octets that are gathered before they go out, while a long answer is being made."""

Secure = Callable[[Stream], Awaitable[Stream]]


@implementer(ITLSTransport)
class Transport:
    """One client, for one protocol.

    Args:
        secure: puts a stream under TLS.

    Attributes: disconnecting, connected: as Twisted's protocols ask for them. is_securing: STARTTLS was said.
    """

    def __init__(self, guest: Guest, secure: Secure) -> None:
        self._guest = guest
        self._secure = secure
        self._out = bytearray()
        self._news = asyncio.Event()
        self._producer: Any = None
        self._is_reset = False
        self.disconnecting = False
        self.connected = 1
        self.is_securing = False

    # ---- what a protocol calls

    def write(self, data: bytes) -> None:
        """Gather octets."""
        self._out += data
        self._news.set()

    def writeSequence(self, pieces: Any) -> None:
        """Gather several."""
        self.write(b"".join(pieces))

    def loseConnection(self, *_reason: object) -> None:
        """End it once all is out."""
        self.disconnecting = True
        self._news.set()

    def abortConnection(self) -> None:
        """End it by RST, whatever is still to go out."""
        self._is_reset = True
        self._out.clear()
        self.loseConnection()

    def startTLS(self, _context: object, *_more: object) -> None:
        """Go on under TLS once all is out."""
        self.is_securing = True
        self._news.set()

    def registerProducer(self, producer: Any, _streaming: bool) -> None:
        """Ask this one for octets as long as it has some."""
        self._producer = producer
        self._news.set()

    def unregisterProducer(self) -> None:
        """It has no more."""
        self._producer = None

    def getPeer(self) -> Any:
        """Where the client is."""
        return _address(self._guest.address)

    def getHost(self) -> Any:
        """Where we are."""
        return _address(self._guest.stream.local)

    # ---- what turns it

    def be_secure(self) -> None:
        """TLS is on, from the beginning or by now."""
        alsoProvides(self, ISSLTransport)

    async def run(self, protocol: Any) -> None:
        """Hand over what comes until one side ends it. Raises: as the guest; what the handshake raises."""
        reading: asyncio.Task[bytes] | None = None
        try:
            protocol.makeConnection(self)
            while True:
                await self._settle(protocol)
                if self.disconnecting:
                    break
                if self.is_securing:
                    await self._begin_tls(protocol)
                    continue
                reading = reading or asyncio.create_task(self._guest.read(), name="mail/read")
                self._news.clear()
                if await self._first(reading):
                    data, reading = reading.result(), None
                    if not data:
                        break
                    protocol.dataReceived(data)
        finally:
            if reading is not None:
                reading.cancel()
                await asyncio.wait((reading,))
            self.connected = 0
            protocol.connectionLost(Failure(ConnectionDone()))
        if self._is_reset:
            self._guest.abort()

    async def _first(self, reading: "asyncio.Task[bytes]") -> bool:
        """Wait for the client, or for something that was written besides; whether it was the client."""
        news = asyncio.create_task(self._news.wait(), name="mail/news")
        try:
            await asyncio.wait((reading, news), return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
            await asyncio.wait((news,))
        return reading.done()

    async def _settle(self, protocol: Any) -> None:
        """Let out all that there is, and all that is still being made."""
        while True:
            if self._producer is not None:
                self._producer.resumeProducing()
            is_busy = self._producer is not None or getattr(protocol, "blocked", None) is not None
            if self._out and (len(self._out) >= ROOM or not is_busy):
                data = bytes(self._out)
                self._out.clear()
                await self._guest.answer(data)
            elif not is_busy:
                return
            else:
                await asyncio.sleep(0)

    async def _begin_tls(self, protocol: Any) -> None:
        self._guest.stream = await self._secure(self._guest.stream)
        self.is_securing = False
        # What was gathered of a line before the handshake may be anybody's.
        protocol._buffer = b""
        self.be_secure()


def _address(text: str) -> Any:
    host, _, port = text.rpartition(":")
    return SimpleNamespace(host=host.strip("[]"), port=int(port) if port.isdigit() else 0, type="TCP")


class Unhurried:
    """Mixed into Twisted's protocols: no timers, which would need a reactor, and no line is heard before TLS is on."""

    transport: Any

    def setTimeout(self, _seconds: object) -> None:
        """The Lab's clients may take their time."""

    def resetTimeout(self) -> None:
        """As above."""

    def lineReceived(self, line: bytes) -> Any:
        """Take a line; what Twisted's parsers stumble over is answered, and the conversation goes on."""
        if self.transport.is_securing:
            return None
        try:
            return super().lineReceived(line)  # type: ignore[misc]  # of the protocol it is mixed into
        except (ValueError, TypeError, AttributeError, LookupError):
            self.not_understood()
        return None

    def not_understood(self) -> None:
        """Say so."""
        raise NotImplementedError

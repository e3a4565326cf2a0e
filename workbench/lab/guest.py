"""One client of a Lab service, seen from the service, with the common switches at work.

A service reads and answers as if all were well; delays, slow rates, cuts and resets happen here. Nothing is queued:
answer() returns when the system has taken the octets, so a client that does not read stalls its own conversation only.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from workbench.errors import LinkLost, TooSlow, WorkbenchError
from workbench.lab.switches import Turned
from workbench.wire.ends import HalfState
from workbench.wire.stream import Stream

READ_AT_MOST = 65_536
LINGER_S = 1.0
"""After the last answer we go on reading for so long: closing over unread octets would send RST, and the client's
system would throw away what it has not read yet (RFC 1122 section 4.2.2.13)."""
LINGER_OCTETS = 4 * 1024 * 1024
_ONE_BYTE_PAUSE_S = 0.001
_RATE_STEPS = 20
"""A limited rate is sent in so many pieces a second: smooth to the eye, cheap for the machine."""


class Cut(LinkLost):
    """The switch cut_after took effect; the service need not do anything about it."""


class GuestLine(NamedTuple):
    """One line without its end. too_long: there was more of it, and it was thrown away."""

    text: bytes
    too_long: bool = False


class Guest:
    """A connected client.

    Args:
        stream: the connection; the guest closes it.
        turned: the service's switches.
    """

    def __init__(self, stream: Stream, turned: Turned) -> None:
        self.stream = stream
        self.address = stream.peer
        self._delay_s = turned.count("delay_ms") / 1000
        self._rate = turned.count("rate")
        self._one_byte = turned.flag("one_byte")
        self._cut_after = turned.maybe("cut_after")
        self._reset = turned.flag("reset")
        self._freeze = turned.flag("freeze")
        self._plain = not (self._rate or self._one_byte or self._delay_s) and self._cut_after is None
        self._counted = 0
        self._line = bytearray()

    # ---- reading

    async def read(self, limit: int = READ_AT_MOST) -> bytes:
        """What the client sent, at least one octet; b"" once it has finished or reset. Frozen: never returns."""
        if self._freeze:
            await asyncio.get_running_loop().create_future()
        return await self.stream.read(limit)

    async def read_line(self, limit: int) -> GuestLine | None:
        """The next line, LF or CRLF taken off, at most `limit` octets of it; None at the end."""
        too_long = False
        while True:
            found = self._line.find(b"\n")
            if found >= 0:
                text = bytes(self._line[: min(found, limit + 1)])
                del self._line[: found + 1]
                break
            if len(self._line) > limit + 1:
                too_long = True
                # Keep enough to tell that it was too long, and its beginning; forget the rest as it comes.
                del self._line[limit + 1 :]
            data = await self.read(READ_AT_MOST)
            if not data:
                if not self._line:
                    return None
                text = bytes(self._line)
                self._line.clear()
                break
            self._line += data
        text = text.removesuffix(b"\r")
        return GuestLine(text[:limit], too_long or len(text) > limit)

    async def discard(self) -> int:
        """Read to the client's end and throw everything away; returns how many octets that were."""
        count = 0
        while data := await self.read():
            count += len(data)
        return count

    @asynccontextmanager
    async def discarding(self) -> AsyncIterator[None]:
        """Throw away what the client sends as long as the block runs."""
        task = asyncio.create_task(self.discard(), name=f"discard {self.address}")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    # ---- answering

    async def answer(self, data: bytes) -> None:
        """Send octets as the switches say; an empty answer is no answer.

        Raises: Cut once as many octets were sent as cut_after allows; LinkLost when the client is gone.
        """
        if self._plain:
            await self.stream.send(data)
            return
        if self._delay_s and data:
            await asyncio.sleep(self._delay_s)
        await self._send(self._until_cut(data))
        self.check_cut()

    def count(self, octets: int) -> None:
        """Count octets towards cut_after for a service that never answers. Raises: Cut."""
        self._counted += octets
        self.check_cut()

    def check_cut(self) -> None:
        """Raises: Cut when the switch says that this connection has had enough."""
        if self._cut_after is not None and self._counted >= self._cut_after:
            raise Cut(f"cut after {self._counted} octets", stage="lab")

    def _until_cut(self, data: bytes) -> bytes:
        if self._cut_after is None:
            return data
        data = data[: max(0, self._cut_after - self._counted)]
        self._counted += len(data)
        return data

    async def _send(self, data: bytes) -> None:
        if not self._one_byte and not self._rate:
            await self.stream.send(data)
            return
        size = 1 if self._one_byte else max(1, self._rate // _RATE_STEPS)
        loop = asyncio.get_running_loop()
        due = loop.time()
        for place in range(0, len(data), size):
            piece = data[place : place + size]
            await self.stream.send(piece)
            due += len(piece) / self._rate if self._rate else _ONE_BYTE_PAUSE_S
            await asyncio.sleep(max(0.0, due - loop.time()))

    # ---- ending

    async def leave(self) -> None:
        """End the conversation in good order: finish, let the client finish too, give the socket back."""
        if self._reset:
            self.stream.abort()
            return
        await self.stream.finish()
        await self._linger(LINGER_S)
        await self.stream.aclose()

    async def cut(self) -> None:
        """End it in the middle: FIN, or RST if the switch says so, whatever is still on its way."""
        if self._reset:
            self.stream.abort()
            return
        await self.stream.finish()
        # What is here already is read, so that the client sees the FIN and not the RST that unread octets cause.
        await self._linger(0.0)
        await self.stream.aclose()

    def abort(self) -> None:
        """RST, at once."""
        self.stream.abort()

    async def _linger(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        count = 0
        while self.stream.receiving is HalfState.OPEN and count < LINGER_OCTETS:
            try:
                data = await self.stream.read(READ_AT_MOST, timeout_s=max(0.0, until - loop.time()))
            except TooSlow:
                return
            except WorkbenchError:
                # Somebody else reads still (a task being cancelled): nothing left for us to wait for.
                return
            if not data:
                # The service has closed the stream itself: nothing more comes, however its halves stand.
                return
            count += len(data)

"""A connection that may be put under TLS while somebody reads it.

Strategy. Whoever reads carries the upgrade out, between two reads: nobody else takes octets from the stream meanwhile,
and a handshake that fails ends the reader as any other lost connection does. Whoever asks for it waits for the outcome.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import LinkLost, LocalMisuse, TooSlow, WorkbenchError
from workbench.protocols.raw.limits import UNLIMITED, Limits, passed
from workbench.protocols.raw.talk import Secure
from workbench.protocols.raw.tls_report import TlsReport, tls_report
from workbench.transcript.records import Direction
from workbench.wire.ends import HalfState
from workbench.wire.stream import Stream

if TYPE_CHECKING:
    from workbench.wire.tls.values import Handshake

HANDSHAKE_WITHIN_S = 30.0
_PLAINTEXT = "tls"
"""The transcript's layer of what TLS protects (wire.tls.values.LAYER, not imported: talking in clear is quicker)."""
_LOOK_S = 0.001
"""What waits in the system is there at once."""


class _Asked(NamedTuple):
    secure: Secure
    first: bytes
    drain: bool
    timeout_s: float
    outcome: "asyncio.Future[None]"


class Link:
    """One connection, in clear or under TLS.

    Attributes:
        stream: the one to read and send by; an upgrade replaces it.
        report: what the handshake came to, also one that failed; None before there was any.
        on_read, on_sent: told of what read() returned, and that send() has sent.
        heard_s: when the last octets arrived, by the loop's clock; at first when it was made.
    """

    def __init__(self, stream: Stream, limits: Limits = UNLIMITED) -> None:
        self.stream = stream
        self.limits = limits
        self.heard_s = asyncio.get_running_loop().time()
        self.on_read: Callable[[bytes], object] | None = None
        self.on_sent: Callable[[], object] | None = None
        self.report: TlsReport | None = None
        self._clear: tuple[int, int] | None = None
        self._asked: _Asked | None = None
        self._reader: asyncio.Task[object] | None = None

    @property
    def handshake(self) -> "Handshake | None":
        """What was agreed; None in clear."""
        return getattr(self.stream, "handshake", None)

    @property
    def sent(self) -> int:
        """Octets that the conversation sent: plaintext, not the records around it."""
        return self._passed(Direction.SENT)

    @property
    def received(self) -> int:
        """Octets that the conversation received, as `sent`."""
        return self._passed(Direction.RECEIVED)

    async def read(self) -> bytes:
        """As Stream.read; an upgrade that was asked for is carried out first.

        Raises: as Stream.read, and as `protect`; TooSlow when the limit for silence has passed.
        """
        idle_s = self.limits.idle_s
        while True:
            if self._asked is not None:
                await self._carry_out(self._asked)
            task = self._reader = asyncio.current_task()
            try:
                data = await self.stream.read(timeout_s=idle_s)
                self.heard_s = asyncio.get_running_loop().time()
                if self.on_read is not None:
                    self.on_read(data)
                return data
            except TooSlow as slow:
                if idle_s is None:
                    raise
                raise passed("idle", idle_s, self.stream) from slow
            except asyncio.CancelledError:
                # Ours, so that the upgrade begins; not one that somebody else asked for as well.
                if self._asked is None or task is None or task.uncancel():
                    raise
            finally:
                self._reader = None

    async def send(self, data: bytes) -> None:
        """As Stream.send. Raises: as that; TooSlow when the limit for a peer that takes nothing has passed."""
        stall_s = self.limits.stall_s
        try:
            await self.stream.send(data, timeout_s=stall_s)
        except TooSlow as slow:
            if stall_s is None:
                raise
            raise passed("stall", stall_s, self.stream) from slow
        if self.on_sent is not None:
            self.on_sent()

    @property
    def idle_left_s(self) -> float | None:
        """Seconds until its silence is too long; None without that limit, or once the peer has ended."""
        if self.limits.idle_s is None or self.stream.receiving is not HalfState.OPEN:
            return None
        return max(0.0, self.heard_s + self.limits.idle_s - asyncio.get_running_loop().time())

    async def protect(self, secure: Secure, *, timeout_s: float = HANDSHAKE_WITHIN_S) -> None:
        """Put it under TLS now; for whoever reads, before or between two reads.

        Raises: what `secure` raises; the connection then is of no use any more.
        """
        channel = self.stream.channel
        self._clear = self._plain(Direction.SENT), self._plain(Direction.RECEIVED)
        first = len(channel.transcript)
        try:
            self.stream = await secure(self.stream, timeout_s)
        finally:
            self.report = tls_report(channel.transcript, channel.number, first)

    async def upgrade(
        self, secure: Secure, *, first: bytes = b"", drain: bool = True, timeout_s: float = HANDSHAKE_WITHIN_S
    ) -> None:
        """Have the reader put it under TLS, and return once it is.

        Args:
            first: sent in clear before, while nobody reads any more: the peer's hello may follow at once.
            drain: what has arrived in clear and was not read is discarded and named (RFC 3207 section 6). Not for a
                server whose client has said hello already.

        Raises: LocalMisuse: there is TLS already, or no whole connection; else what `secure` raises.
        """
        if self.handshake is not None or self._clear is not None:
            raise LocalMisuse("this connection is under TLS already", stage="tls")
        if self._asked is not None:
            raise LocalMisuse("TLS is being started already", stage="tls")
        stream = self.stream
        if (
            not stream.is_open
            or HalfState.OPEN is not stream.sending
            or HalfState.OPEN is not stream.receiving
        ):
            raise LocalMisuse(
                "TLS needs both halves of a connection, and one has ended",
                stage="tls",
                advice="connect again, and start TLS before either side finishes",
            )
        outcome = asyncio.get_running_loop().create_future()
        self._asked = _Asked(secure, first, drain, timeout_s, outcome)
        if self._reader is not None:
            self._reader.cancel()
        await outcome

    async def aclose(self) -> None:
        """Close the stream; an upgrade that nobody carried out is told so. Idempotent."""
        asked, self._asked = self._asked, None
        if asked is not None and not asked.outcome.done():
            asked.outcome.set_exception(LinkLost("the connection ended before TLS began", stage="tls"))
        await self.stream.aclose()

    async def _carry_out(self, asked: _Asked) -> None:
        outcome = asked.outcome
        try:
            if outcome.cancelled():
                return
            if asked.drain:
                await self._drain()
            if asked.first:
                await self.stream.send(asked.first)
            await self.protect(asked.secure, timeout_s=asked.timeout_s)
        except WorkbenchError as failure:
            if not outcome.done():
                outcome.set_exception(failure)
            raise
        except asyncio.CancelledError:
            outcome.cancel()
            raise
        finally:
            self._asked = None
        if not outcome.done():
            outcome.set_result(None)

    async def _drain(self) -> None:
        """Take what waits in the system, so that the handshake finds it unread and names it."""
        waiting = self.stream.queues()
        if waiting is not None and waiting.unread:
            with suppress(TooSlow):
                # One more than there is: a read that times out keeps what it has.
                await self.stream.read_exactly(waiting.unread + 1, timeout_s=_LOOK_S)

    def _plain(self, direction: Direction) -> int:
        return len(self.stream.channel.stream(direction))

    def _passed(self, direction: Direction) -> int:
        if self._clear is None:
            return self._plain(direction)
        before = self._clear[0 if direction is Direction.SENT else 1]
        return before + len(self.stream.channel.stream(direction, _PLAINTEXT))

"""The stream of plaintext over TLS: the same calls as a plain Stream, each half with its own close_notify.

Contract, beyond Stream's: finish() sends close_notify and leaves the peer's half open, as RFC 8446 section 6.1 has it;
an end of the connection without the peer's close_notify is the end "truncated", since anybody on the way can make it.
A fatal alert of the peer raises Refused, a record that is wrong raises PeerMisbehaved. Record octets are recorded by
the plain stream below, plaintext here as layer "tls": sent once its records were taken, received once decrypted.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from OpenSSL import SSL

from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, TooSlow
from workbench.formats.quantity import duration_s
from workbench.wire.ends import PEER_FINISHED, WE_CLOSED, End, HalfState
from workbench.wire.stream import READ_AT_MOST, Stream, cut_ranges
from workbench.wire.tls.failure import reason_of, refused_by_alert
from workbench.wire.tls.values import LAYER, Handshake
from workbench.wire.tls.watch import Watch

if TYPE_CHECKING:
    from workbench.wire.tls.setup import TlsSetup

FEED_AT_MOST = 64 * 1024
"""Record octets given to OpenSSL at a time, and plaintext: the quickest of those measured."""
RECORD = 16 * 1024
"""Plaintext of one record at most (RFC 8446 section 5.1): asking OpenSSL for more gets no more."""
CLOSE_WITHIN_S = 0.2
"""A peer that takes nothing any more is not owed our close_notify."""

MAX_IDLE_OCTETS = 256 * 1024
"""Of records in a row that carry nothing for us. Tickets and new keys take some hundred; a peer that negotiates or
changes keys without end takes them all, and costs itself less than us."""
MAX_ANSWERS = 64 * 1024
"""Octets of answers that a peer asks for (a new key of ours, a refusal) and does not take."""

CLOSE_NOTIFY = End("close_notify", "peer", "the peer finished: it sends no more (close_notify)")
TRUNCATED = End(
    "truncated",
    "peer",
    "the connection ended without close_notify: whether this was all, nobody can tell",
)


class TlsSession(NamedTuple):
    """A session to resume with the setup that made it. Keep it after the stream was closed in good order."""

    session: SSL.Session
    handshake: Handshake


async def send_records(connection: SSL.Connection, below: Stream) -> None:
    """Send what OpenSSL has to say. Raises: as Stream.send."""
    while True:
        try:
            records = connection.bio_read(READ_AT_MOST)
        except SSL.WantReadError:
            return
        await below.send(records)


class TlsStream(Stream):
    """One connection under TLS. Made by start_tls; its owner calls aclose(), which closes the plain one too.

    Attributes: handshake: what was agreed; below: the plain stream.
    """

    def __init__(
        self, below: Stream, setup: "TlsSetup", connection: SSL.Connection, watch: Watch, handshake: Handshake
    ) -> None:
        # The same socket, channel and addresses; what a plain stream knows of its socket holds here as well.
        vars(self).update(vars(below))
        self.below = below
        self.setup = setup
        self.handshake = handshake
        self.sending = HalfState.OPEN
        self.receiving = HalfState.OPEN
        self.end = None
        self._connection = connection
        self._watch = watch
        self._buffer = bytearray()
        self._is_reading = False
        self._send_turn = asyncio.Lock()
        self._is_spoiled = False
        self._idle = 0
        self._answers = bytearray()
        self._answering: asyncio.Task[None] | None = None

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The secrets so far, a line each, in the format of NSS's key log; to be shown on request only."""
        return tuple(self._watch.keylog)

    def session(self) -> TlsSession | None:
        """What lets a later connection resume; in TLS 1.3 it comes after the handshake, so ask after reading."""
        session = self._connection.get_session()
        return TlsSession(session, self.handshake) if session is not None else None

    # ---- receiving

    async def _receive(self, limit: int, timeout_s: float | None) -> bytes:
        if self._is_reading:
            raise LocalMisuse("this stream is being read already", stage="receive")
        self._is_reading = True
        wait_s = self.timeout_s if timeout_s is None else timeout_s
        # For plaintext: records that carry none must not put it off.
        deadline = None if wait_s is None else asyncio.get_running_loop().time() + wait_s
        try:
            while self.receiving is HalfState.OPEN and self.is_open:
                data = await self._decrypted(min(limit, READ_AT_MOST))
                if data is None:
                    break
                if data:
                    self._idle = 0
                    self.channel.received(data, layer=LAYER)
                    return data
                records = await self._records(deadline, wait_s)
                if not records:
                    self._cut_off()
                    break
                self._idle += len(records)
                self._connection.bio_write(records)
            return b""
        finally:
            self._is_reading = False

    async def _records(self, deadline: float | None, wait_s: float | None) -> bytes:
        """The next octets from below. Raises: TooSlow when the deadline is over."""
        if deadline is None or wait_s is None:
            return await self.below.read(FEED_AT_MOST)
        left = deadline - asyncio.get_running_loop().time()
        if left > 0 or wait_s <= 0:
            with suppress(TooSlow):
                return await self.below.read(FEED_AT_MOST, timeout_s=max(left, 0.0))
        raise TooSlow(f"nothing arrived within {duration_s(wait_s)}", stage="receive", committed="maybe")

    async def _decrypted(self, limit: int) -> bytes | None:
        """Plaintext that is here; b"" when more records are needed, None when TLS has ended."""
        pieces: list[bytes] = []
        room = limit
        try:
            while room:
                piece = self._connection.recv(min(room, RECORD))
                pieces.append(piece)
                room -= len(piece)
        except SSL.WantReadError:
            if not pieces:
                # A new key was agreed, or a ticket came: what OpenSSL answers goes out while we wait for more.
                self._answer()
                if self._idle > MAX_IDLE_OCTETS:
                    self._give_up("sends records without end that carry nothing")
                if len(self._answers) > MAX_ANSWERS:
                    self._give_up("asks for answers that it does not take")
        except SSL.ZeroReturnError:
            if not pieces:
                self.receiving = HalfState.FINISHED
                self._ends(CLOSE_NOTIFY)
                return None
        except SSL.Error as error:
            if not pieces:
                await self._broken(error)
        return b"".join(pieces)

    def _answer(self) -> None:
        """Have a task of its own send what OpenSSL answers of itself: a peer that takes nothing until it is read must
        not keep us from reading.
        """
        with suppress(SSL.WantReadError):
            while True:
                self._answers += self._connection.bio_read(READ_AT_MOST)
        if not self._answers:
            return
        if self._answering is not None and self._answering.done():
            # A fault of ours there, a full disk, is told here.
            self._answering.result()
            self._answering = None
        if self._answering is None:
            self._answering = asyncio.create_task(self._send_answers(), name="tls/answer")

    async def _send_answers(self) -> None:
        # Who sends data meanwhile takes the answers along, in order.
        async with self._send_turn:
            # One that is gone, or that we have closed meanwhile, needs no answer.
            with suppress(LinkLost, TooSlow, LocalMisuse):
                await self._flush()

    def _give_up(self, why: str) -> NoReturn:
        """Be done with a peer that plays a game. Raises: PeerMisbehaved."""
        self.receiving = HalfState.RESET
        self.sending = HalfState.RESET
        self._is_spoiled = True
        raise PeerMisbehaved(
            f"the peer {why}: {self._idle:,} octets of TLS in a row",
            stage="tls",
            committed="maybe",
            advice="it negotiates, or changes its keys, again and again",
            source="RFC 8446 section 4.6.3",
        )

    def _cut_off(self) -> None:
        """The connection below ended, and no close_notify had come."""
        end = self.below.end
        self.receiving = self.below.receiving
        if self.below.sending is HalfState.RESET:
            self.sending = HalfState.RESET
        self._ends(TRUNCATED if end is None or end.kind == PEER_FINISHED.kind else end)

    async def _broken(self, error: SSL.Error) -> None:
        self.receiving = HalfState.RESET
        self.sending = HalfState.RESET
        if (alert := self._watch.fatal_from_peer) is not None:
            raise refused_by_alert(alert, "the connection") from error
        # The alert says what we think of the peer's record; one that is gone need not hear it.
        with suppress(LinkLost, TooSlow):
            await self._flush()
        self._is_spoiled = True
        raise PeerMisbehaved(
            f"a TLS record is wrong: {reason_of(error) or type(error).__name__}",
            stage="tls",
            committed="maybe",
            advice="it was changed on its way, or the peer lost count",
            source="RFC 8446 section 5.2",
        ) from error

    def _ends(self, end: End) -> None:
        if self.end is None:
            self.end = end
            self.channel.fact("tls.end", kind=end.kind, by=end.by, sentence=end.sentence)

    # ---- sending

    async def send(
        self, data: bytes, *, timeout_s: float | None = None, secret: Sequence[tuple[int, int]] = ()
    ) -> None:
        """Encrypt all of `data` and hand it to the system; as Stream.send.

        Raises: LinkLost, TooSlow, LocalMisuse. After a TooSlow or a cancellation half a record may be on its way: the
            sending half is then lost.
        """
        async with self._send_turn:
            for place in range(0, len(data), FEED_AT_MOST):
                self._check_sending()
                piece = data if len(data) <= FEED_AT_MOST else bytes(data[place : place + FEED_AT_MOST])
                self._encrypt(piece)
                await self._flush(timeout_s)
                stop = place + len(piece)
                self.channel.sent(piece, layer=LAYER, secret=cut_ranges(secret, place, stop))

    async def send_once(self, data: bytes) -> int:
        """As send: of a record nobody can take a part."""
        await self.send(data)
        return len(data)

    def _check_sending(self) -> None:
        if (alert := self._watch.fatal_from_peer) is not None:
            raise refused_by_alert(alert, "the connection")
        super()._check_sending()

    def _encrypt(self, piece: bytes) -> None:
        try:
            taken = 0
            while taken < len(piece):
                taken += self._connection.send(piece[taken:] if taken else piece)
        except SSL.Error as error:
            self.sending = HalfState.RESET
            raise LinkLost("TLS takes no more: the connection has failed", stage="send") from error

    async def _flush(self, timeout_s: float | None = None) -> None:
        if self._is_spoiled:
            return
        try:
            while records := self._outgoing():
                await self.below.send(records, timeout_s=timeout_s)
        except (asyncio.CancelledError, LinkLost, TooSlow):
            # Part of a record may be out: anything sent behind it would be garbage to the peer.
            self._is_spoiled = True
            self.sending = HalfState.RESET
            raise

    def _outgoing(self) -> bytes:
        """The next records to be sent, answers before what OpenSSL said after them; b"" when there are none."""
        answers, self._answers = bytes(self._answers), bytearray()
        try:
            return answers + self._connection.bio_read(READ_AT_MOST)
        except SSL.WantReadError:
            return answers

    async def _stop_answering(self) -> None:
        task, self._answering = self._answering, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    # ---- ending

    async def finish(self) -> None:
        """Finish the sending half (close_notify); the peer may go on sending. Harmless when finished already."""
        async with self._send_turn:
            if not self.is_open or self.sending is not HalfState.OPEN:
                return
            try:
                self._connection.shutdown()
                await self._flush()
            except (SSL.Error, LinkLost, TooSlow):
                self.sending = HalfState.RESET
                self.channel.fact("tls.finish.failed")
                return
            self.sending = HalfState.FINISHED
            self.channel.fact("tls.finished")

    def abort(self) -> None:
        """Reset the connection below (RST), without close_notify."""
        if not self.is_open:
            return
        self._keep_session()
        self.sending = self.receiving = HalfState.RESET
        # A task that sends answers finds the connection below gone, and ends by itself.
        self.below.abort()
        self.end = self.end or self.below.end
        self._closed = True

    async def aclose(self) -> None:
        """Send close_notify if it is still to come and can be sent at once; close the plain stream. Idempotent."""
        if not self.is_open:
            return
        if self.receiving is HalfState.OPEN and self.end is None:
            self.end = WE_CLOSED
        if self._send_turn.locked() and self._answering is not None:
            await self._stop_answering()
        if not self._send_turn.locked() and not self._is_spoiled:
            try:
                async with asyncio.timeout(CLOSE_WITHIN_S):
                    await self.finish()
            except TimeoutError:
                self.sending = HalfState.RESET
        await self._stop_answering()
        self._keep_session()
        if self.below.end is None:
            # The end that TLS has seen is the end; closing must not record another one.
            self.below.end = self.end if self.end is not WE_CLOSED else None
        await self.below.aclose()
        self._closed = True

    async def truncate(self) -> None:
        """Close the plain stream without close_notify: what an attacker on the way could do too; idempotent."""
        self._is_spoiled = True
        await self.aclose()

    def _keep_session(self) -> None:
        # OpenSSL silently spoils the session of a connection that is freed without shutdown; this one may be resumed.
        self._connection.set_shutdown(SSL.SENT_SHUTDOWN | SSL.RECEIVED_SHUTDOWN)

    @property
    def is_open(self) -> bool:
        """Whether aclose() or abort() is still to come, here or below."""
        return not self._closed and self.below.is_open

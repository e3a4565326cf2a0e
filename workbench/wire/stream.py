"""A stream of octets over a connected socket, each half with its own state, every octet recorded.

Contract. An end is a value: read() returns b"" and `end` says how the receiving half ended; only sending into a dead
connection raises. Octets are recorded when the system took or gave them, so the transcript is what really passed.
One reader and one writer at a time. A read that times out or is cancelled loses nothing.
"""

import asyncio
import fcntl
import socket
import struct
import termios
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic

from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved
from workbench.formats.errno_words import symbol_of
from workbench.transcript.recorder import Channel
from workbench.wire.addresses import address_text
from workbench.wire.ends import PEER_FINISHED, PEER_RESET, WE_CLOSED, WE_RESET, End, HalfState
from workbench.wire.faults import translated
from workbench.wire.options import Options
from workbench.wire.pace import Pace
from workbench.wire.readiness import Readiness
from workbench.wire.tcpinfo import Queues, TcpInfo, read_queues, read_tcp_info
from workbench.wire.unplug import unplug

READ_AT_MOST = 256 * 1024
"""Octets per system call: more per turn of the loop opens gaps in the window's heartbeat (measured)."""
YIELD_AFTER = 4 * READ_AT_MOST
"""A peer faster than us would keep the loop here for ever: after this many octets the others get their turn."""
TURN_S = 0.002
"""Or after this long, where the reader has much to do with them: a mebibyte takes 5 ms to decrypt."""
_SEND_AT_MOST = 1024 * 1024
_LINGER_ABORT = struct.pack("ii", 1, 0)


class Stream:
    """One connection. Made by dial, listen and memory.pair; the creator owns it and calls aclose().

    Args:
        sock: connected and non-blocking.
        channel: where everything is recorded.
        peer: the other side's address where it is known already; else the system is asked.
        timeout_s: for every read and send that names none; None waits for ever.
    """

    def __init__(
        self, sock: socket.socket, channel: Channel, *, peer: str = "", timeout_s: float | None = None
    ) -> None:
        self._sock = sock
        self.channel = channel
        self.timeout_s = timeout_s
        self.options = Options(sock, channel)
        self.local = address_text(sock.getsockname())
        self.peer = peer or address_text(_peer_name(sock))
        self.sending = HalfState.OPEN
        self.receiving = HalfState.OPEN
        self.end: End | None = None
        self._ready = Readiness(sock)
        self._pace = Pace(channel)
        self._buffer = bytearray()
        self._since_yield = 0
        self._turn_ends_s = monotonic() + TURN_S
        self._is_reading = False
        self._send_turn = asyncio.Lock()
        self._closed = False
        self._gone = asyncio.Event()
        channel.named(local=self.local, peer=self.peer)

    @property
    def is_open(self) -> bool:
        """Whether aclose() or abort() is still to come."""
        return not self._closed

    @property
    def descriptor(self) -> int:
        """The number under which the system knows the socket, for whoever waits for it; -1 once it is closed."""
        return self._sock.fileno()

    def tcp_info(self) -> TcpInfo | None:
        """What Linux knows of the connection now; None for other kinds, other systems, and once it is closed."""
        return read_tcp_info(self._sock)

    def queues(self) -> Queues | None:
        """What waits in the system in both directions; None once it is closed."""
        return read_queues(self._sock)

    def waits(self) -> tuple[float | None, float | None]:
        """Since when, by the loop's clock, a read waits for octets, and a send for room; None where none waits."""
        return self._ready.reading_since_s, self._ready.writing_since_s

    def unplug(self) -> None:
        """Let nothing that is sent to us arrive any more, as if the cable were pulled; the peer is not told.

        Raises: LocalFault: this system can't.
        """
        unplug(self._sock)
        self.channel.fact("unplugged")

    async def wait_closed(self) -> None:
        """Return once aclose() or abort() was called, by whomever."""
        await self._gone.wait()

    # ---- receiving

    async def read(self, limit: int = READ_AT_MOST, *, timeout_s: float | None = None) -> bytes:
        """Return what has arrived, at least one octet, at most `limit`; b"" when the receiving half has ended.

        Raises: TooSlow when nothing arrives in time (the stream goes on); LocalMisuse when someone is reading already.
        """
        if self._buffer:
            data = bytes(self._buffer[:limit])
            del self._buffer[:limit]
            return data
        return await self._receive(limit, timeout_s)

    async def read_until(self, separator: bytes, *, limit: int, timeout_s: float | None = None) -> bytes:
        """Return all up to and including the separator; what is left at the end where none comes any more.

        Args:
            limit: octets, the separator included.
            timeout_s: for each wait, not for the whole.

        Raises: PeerMisbehaved when `limit` octets hold no separator; TooSlow.
        """
        searched = 0
        while True:
            found = self._buffer.find(separator, max(0, searched - len(separator) + 1))
            if 0 <= found <= limit - len(separator):
                stop = found + len(separator)
                break
            if len(self._buffer) >= limit:
                raise PeerMisbehaved(
                    f"no {separator!r} within {limit} octets", stage="receive", data=bytes(self._buffer)
                )
            searched = len(self._buffer)
            data = await self._receive(min(READ_AT_MOST, limit), timeout_s)
            if not data:
                stop = len(self._buffer)
                break
            self._buffer += data
        taken = bytes(self._buffer[:stop])
        del self._buffer[:stop]
        return taken

    async def read_exactly(self, count: int, *, timeout_s: float | None = None) -> bytes:
        """Return `count` octets; fewer only when the receiving half ended before (then `end` is set)."""
        while len(self._buffer) < count:
            data = await self._receive(min(READ_AT_MOST, count - len(self._buffer)), timeout_s)
            if not data:
                break
            self._buffer += data
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def take_buffered(self) -> bytes:
        """What has arrived and waits for the next read(), taken away; b"" where nothing does."""
        data = bytes(self._buffer)
        self._buffer.clear()
        return data

    async def _receive(self, limit: int, timeout_s: float | None) -> bytes:
        if self._is_reading:
            raise LocalMisuse("this stream is being read already", stage="receive")
        self._is_reading = True
        try:
            while self.receiving is HalfState.OPEN and not self._closed:
                if self.channel.is_behind:
                    await self._pace.room()
                    continue
                try:
                    data = self._sock.recv(min(limit, READ_AT_MOST))
                except (BlockingIOError, InterruptedError):
                    wait_s = self.timeout_s if timeout_s is None else timeout_s
                    await self._ready.readable(wait_s)
                    self._begin_turn()
                    continue
                except OSError as error:
                    self._lost(error)
                    self.receiving = HalfState.RESET
                    return b""
                if not data:
                    self._peer_finished()
                    return b""
                self.channel.received(data)
                self._since_yield += len(data)
                if self._since_yield >= YIELD_AFTER or monotonic() >= self._turn_ends_s:
                    # Octets are safe here: a cancellation at this point must not lose them.
                    try:
                        await asyncio.sleep(0)
                    except asyncio.CancelledError:
                        self._buffer += data
                        raise
                    self._begin_turn()
                return data
            return b""
        finally:
            self._is_reading = False

    def _begin_turn(self) -> None:
        self._since_yield = 0
        self._turn_ends_s = monotonic() + TURN_S

    def _peer_finished(self) -> None:
        # After a reset that a send() was told of, reading finds what was queued and then an end that is no FIN.
        was_reset = self.end is not None and self.end.kind == "RST"
        self.receiving = HalfState.RESET if was_reset else HalfState.FINISHED
        self._ended(PEER_FINISHED)

    def _ended(self, end: End) -> None:
        if self.end is None:
            self.end = end
            self.channel.fact("end", kind=end.kind, by=end.by, sentence=end.sentence)

    def _lost(self, error: OSError) -> None:
        """The system says that the connection is dead: write down how, once."""
        self.sending = HalfState.RESET
        if isinstance(error, ConnectionResetError | BrokenPipeError):
            self._ended(PEER_RESET)
            return
        symbol = symbol_of(error)
        sentence = f"the connection was lost: {translated(error, 'receive').what}"
        self._ended(End("timeout" if symbol == "ETIMEDOUT" else "lost", "peer", sentence))

    # ---- sending

    async def send(
        self, data: bytes, *, timeout_s: float | None = None, secret: Sequence[tuple[int, int]] = ()
    ) -> None:
        """Hand all of `data` to the system. That it took them does not say that the peer got them.

        Args:
            timeout_s: for each wait until the system takes more.
            secret: ranges of `data` that views and exports mask.

        Raises: LinkLost when the connection is dead; TooSlow when the peer takes no more; LocalMisuse after finish().
        """
        async with self._send_turn:
            view = memoryview(data)
            place = 0
            while place < len(view):
                self._check_sending()
                if self.channel.is_behind:
                    await self._pace.room()
                    continue
                try:
                    taken = self._sock.send(view[place : place + _SEND_AT_MOST])
                except (BlockingIOError, InterruptedError):
                    await self._ready.writable(self.timeout_s if timeout_s is None else timeout_s)
                    continue
                except OSError as error:
                    self._lost(error)
                    raise translated(error, "send", where=self.peer, committed=True) from error
                piece = data if taken == len(data) else bytes(view[place : place + taken])
                self.channel.sent(piece, secret=cut_ranges(secret, place, place + taken))
                place += taken
                if place < len(view):
                    # A large payload must leave the others their turn even when the peer takes all at once.
                    await asyncio.sleep(0)

    async def send_once(self, data: bytes) -> int:
        """Offer `data` to the system in one call, and return how much of it was taken: 0 where there is no room now.

        Under TLS a record goes whole or not at all, so there all of it is sent.

        Raises: as send.
        """
        async with self._send_turn:
            self._check_sending()
            try:
                taken = self._sock.send(data)
            except (BlockingIOError, InterruptedError):
                return 0
            except OSError as error:
                self._lost(error)
                raise translated(error, "send", where=self.peer, committed=True) from error
            self.channel.sent(data if taken == len(data) else bytes(data[:taken]))
            return taken

    def _check_sending(self) -> None:
        if self._closed or self.sending is HalfState.FINISHED:
            raise LocalMisuse("this side has finished sending already", stage="send")
        if self.sending is HalfState.RESET:
            raise LinkLost(
                "the connection was reset", stage="send", errno_name="ECONNRESET", committed="maybe"
            )

    # ---- ending

    async def finish(self) -> None:
        """Finish the sending half (FIN); the peer may go on sending. Harmless when it is finished already."""
        async with self._send_turn:
            if self._closed or self.sending is not HalfState.OPEN:
                return
            try:
                self._sock.shutdown(socket.SHUT_WR)
            except OSError as error:
                # The peer reset before us (ENOTCONN). The next read is told how it ended, and records that.
                self.sending = HalfState.RESET
                self.channel.fact("finish.failed", errno=symbol_of(error))
                return
            self.sending = HalfState.FINISHED
            self.channel.fact("finish.sent")

    def abort(self) -> None:
        """Reset the connection (RST) and give the socket back; what was on its way is lost, both ways."""
        if self._closed:
            return
        with suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ABORT)
        self.sending = self.receiving = HalfState.RESET
        if self.end is None:
            self._ended(WE_RESET)
        else:
            self.channel.fact("reset.sent")
        self._release()

    async def aclose(self) -> None:
        """Give the socket back; idempotent. Octets that nobody read make the system send RST: they are counted."""
        if self._closed:
            return
        unread = len(self._buffer) + _unread(self._sock)
        if self.receiving is HalfState.OPEN:
            self._ended(WE_CLOSED)
        if self.sending is HalfState.OPEN:
            self.sending = HalfState.FINISHED
        self.channel.fact("close", unread=unread)
        self._release()

    def _release(self) -> None:
        self._closed = True
        self._ready.close()
        self._pace.close()
        self._sock.close()
        self._gone.set()

    def detach(self) -> socket.socket:
        """The socket itself, for a library that insists on its own; this stream is over, and records nothing more."""
        sock = self._sock.dup()
        sock.setblocking(False)
        self.channel.fact("detached")
        self.sending = self.receiving = HalfState.FINISHED
        self._release()
        return sock

    async def __aenter__(self) -> "Stream":
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()


def _peer_name(sock: socket.socket) -> object:
    try:
        return sock.getpeername()
    except OSError:
        # A peer that reset before we looked: accept() gave us a connection that is gone already.
        return ""


def _unread(sock: socket.socket) -> int:
    """Octets that the system holds for us and nobody read."""
    try:
        return int(struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.FIONREAD, b"\0\0\0\0"))[0])
    except OSError:
        return 0


def cut_ranges(ranges: Sequence[tuple[int, int]], start: int, stop: int) -> tuple[tuple[int, int], ...]:
    """The parts of `ranges` that lie between start and stop, counted from start."""
    return tuple((max(a, start) - start, min(b, stop) - start) for a, b in ranges if a < stop and b > start)

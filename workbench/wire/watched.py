"""A socket that somebody else waits for: every call on it is made by hand, answers at once and is recorded.

A Stream waits by itself; here the waiting is what is looked at (select, poll and their kin), so this one never waits.
Its descriptor has a number of its own, away from those that the system gives out next: a number that is still watched
after closing must not become somebody else's socket in the meantime.
"""

import fcntl
import os
import socket
import struct
from contextlib import suppress

from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.errno_words import symbol_of
from workbench.formats.target import Target
from workbench.transcript.recorder import Channel, Transcript
from workbench.wire.addresses import address_text
from workbench.wire.ends import PEER_FINISHED, PEER_RESET, WE_CLOSED, WE_RESET, End
from workbench.wire.faults import translated
from workbench.wire.listen import bind_address
from workbench.wire.stream import Stream

FIRST_NUMBER = 600
"""Descriptors from here on: above what a busy window holds, below the 1024 where select() ends."""
TAKE_AT_MOST = 65_536
LOOPBACK = "127.0.0.1"
_LINGER_ABORT = struct.pack("ii", 1, 0)


class Watched:
    """One socket. Its owner calls close().

    descriptor: the number to wait for; it stays the same when the socket is closed. end: how receiving ended.
    """

    def __init__(
        self, sock: socket.socket, channel: Channel, *, peer: str = "", number: int = FIRST_NUMBER
    ) -> None:
        sock.setblocking(False)
        self._sock = _renumbered(sock, number)
        self.channel = channel
        self.descriptor = self._sock.fileno()
        self.is_listener = bool(self._sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
        self.local = address_text(self._sock.getsockname())
        self.peer = peer
        self.end: End | None = None
        self.has_finished = False
        channel.named(local=self.local, peer=peer)

    @property
    def is_open(self) -> bool:
        """Whether close() or abort() is still to come."""
        return self._sock.fileno() >= 0

    def take(self, limit: int = TAKE_AT_MOST) -> bytes | None:
        """What is there to read: octets, b"" at the end (see `end`), None when nothing is (EAGAIN)."""
        try:
            data = self._sock.recv(limit)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError as error:
            self._ended(_lost(error))
            return b""
        if data:
            self.channel.received(data)
        else:
            self._ended(PEER_FINISHED)
        return data

    def take_urgent(self) -> bytes:
        """The urgent octet (RFC 9293 section 3.8.5); b"" when there is none."""
        try:
            data = self._sock.recv(1, socket.MSG_OOB)
        except OSError:
            return b""
        self.channel.fact("urgent.received", octet=data.hex())
        return data

    def send(self, data: bytes) -> int:
        """Hand octets to the system; how many it took. Raises: LinkLost."""
        try:
            taken = self._sock.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError as error:
            raise translated(error, "send", where=self.peer, committed=True) from error
        self.channel.sent(data[:taken])
        return taken

    def send_urgent(self, octet: bytes) -> None:
        """Send one octet with the urgent pointer on it. Raises: LinkLost, LocalMisuse."""
        if len(octet) != 1:
            raise LocalMisuse("one octet can be urgent", stage="send")
        try:
            self._sock.send(octet, socket.MSG_OOB)
        except OSError as error:
            raise translated(error, "send", where=self.peer, committed=True) from error
        self.channel.fact("urgent.sent", octet=octet.hex())

    def finish(self) -> None:
        """Finish our half (FIN)."""
        try:
            self._sock.shutdown(socket.SHUT_WR)
        except OSError as error:
            self.channel.fact("finish.failed", errno=symbol_of(error))
            return
        self.has_finished = True
        self.channel.fact("finish.sent")

    def accept(self) -> "Watched | None":
        """The next connection of a listener; None when none waits. Raises: LocalFault."""
        try:
            sock, sockaddr = self._sock.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return None
        except OSError as error:
            raise translated(error, "accept", where=self.local) from error
        peer = address_text(sockaddr)
        channel = self.channel.transcript.open(f"{self.local} ← {peer}", self.channel.layer)
        channel.fact("accept.complete", local=self.local, peer=peer)
        return Watched(sock, channel, peer=peer)

    def abort(self) -> None:
        """Reset the connection (RST) and give the socket back."""
        if self.is_open:
            with suppress(OSError):
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ABORT)
            self._ended(WE_RESET)
            self._sock.close()

    def close(self) -> None:
        """Give the socket back. Idempotent."""
        if self.is_open:
            if self.is_listener:
                self.channel.fact("listen.closed", address=self.local)
            else:
                self._ended(WE_CLOSED)
            self._sock.close()

    def _ended(self, end: End) -> None:
        if self.end is None:
            self.end = end
            self.channel.fact("end", kind=end.kind, by=end.by, sentence=end.sentence)


def pair(
    transcript: Transcript, near: str, far: str, *, number: int = FIRST_NUMBER
) -> tuple[Watched, Watched]:
    """A TCP connection of this machine with itself: the end to watch, and the end of its peer.

    Args:
        near, far: what their channels are called.
        number: the first descriptor that the watched end may have.

    Raises: LocalFault.
    """
    try:
        with socket.create_server((LOOPBACK, 0), backlog=1) as listener:
            theirs = socket.create_connection(listener.getsockname())
            ours, place = listener.accept()
    except OSError as error:
        raise translated(error, "connect", where=LOOPBACK) from error
    peer = address_text(place)
    return (
        Watched(ours, transcript.open(near, "tcp"), peer=peer, number=number),
        Watched(theirs, transcript.open(far, "tcp"), peer=address_text(theirs.getpeername())),
    )


def adopt(stream: Stream) -> Watched:
    """The connection of a stream, which is over then."""
    channel, peer = stream.channel, stream.peer
    return Watched(stream.detach(), channel, peer=peer)


async def listen_by_hand(target: Target, transcript: Transcript) -> Watched:
    """A listening TCP socket.

    Raises: LocalFault (port in use, permission), LocalMisuse (no address of this machine), Refused (no such name).
    """
    channel = transcript.open(target.text or str(target), "tcp")
    address = await bind_address(target, channel, socket.SOCK_STREAM)
    sock = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address.sockaddr)
        sock.listen()
    except OSError as error:
        sock.close()
        failure = translated(error, "bind", where=address.text, port=target.port)
        channel.fact("listen.failed", address=address.text, errno=failure.errno_name, sentence=failure.what)
        raise failure from error
    watched = Watched(sock, channel)
    channel.fact("listen.complete", address=watched.local, backlog=socket.SOMAXCONN)
    return watched


class Crowd:
    """Many descriptors of which one has something to tell: what the ways of waiting are measured with.

    One silent pair under many numbers does as well as many pairs, since each number is looked at by itself. Nothing is
    said on it, and nothing recorded: it is a measure, no conversation.
    """

    def __init__(self, count: int) -> None:
        self._pairs = [socket.socketpair() for _ in range(2)]
        self.numbers: list[int] = []
        silent, talking = self._pairs[0][0], self._pairs[1][0]
        try:
            for _ in range(count - 1):
                self.numbers.append(fcntl.fcntl(silent, fcntl.F_DUPFD_CLOEXEC, 0))
            self.numbers.append(fcntl.fcntl(talking, fcntl.F_DUPFD_CLOEXEC, 0))
        except OSError as error:
            self.close()
            raise LocalFault(
                f"this system gives no {count} descriptors to one program", stage="measure"
            ) from error
        self._pairs[1][1].send(b"!")

    def close(self) -> None:
        """Give all of them back."""
        for number in self.numbers:
            os.close(number)
        self.numbers.clear()
        for one, other in self._pairs:
            one.close()
            other.close()


class Silence:
    """A place of this machine where nobody answers, not even with a refusal: a listener whose queue is full.

    place: "HOST:PORT". The system drops every further call, as a firewall would.
    """

    def __init__(self, host: str = "127.0.0.2") -> None:
        self._sockets = [socket.socket()]
        try:
            self._sockets[0].bind((host, 0))
            self._sockets[0].listen(0)
            self.place = address_text(self._sockets[0].getsockname())
            for _ in range(4):
                filler = socket.socket()
                self._sockets.append(filler)
                filler.setblocking(False)
                filler.connect_ex(self._sockets[0].getsockname())
        except OSError as error:
            self.close()
            raise translated(error, "bind", where=host) from error

    def close(self) -> None:
        """Give it back. Idempotent."""
        for sock in self._sockets:
            sock.close()
        self._sockets.clear()


def _renumbered(sock: socket.socket, number: int) -> socket.socket:
    """The same socket under a higher number, where the system has one."""
    try:
        descriptor = fcntl.fcntl(sock, fcntl.F_DUPFD_CLOEXEC, number)
    except OSError:
        # A limit of 256 descriptors is the rule on some systems: then any number must do.
        return sock
    other = socket.socket(fileno=descriptor)
    other.setblocking(False)
    sock.close()
    return other


def _lost(error: OSError) -> End:
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return PEER_RESET
    return End("lost", "peer", f"the connection was lost: {translated(error, 'receive').what}")

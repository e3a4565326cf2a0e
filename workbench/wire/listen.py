"""Waiting for connections: a listener whose every accepted stream records into a channel of its own."""

import asyncio
import errno
import socket
from collections.abc import Sequence

from workbench.errors import LinkLost, LocalMisuse, WorkbenchError
from workbench.formats.target import Target
from workbench.transcript.recorder import Channel, Transcript
from workbench.wire.addresses import Address, address_text
from workbench.wire.faults import translated
from workbench.wire.options import Options, Setting, apply
from workbench.wire.port_names import addresses_of
from workbench.wire.readiness import Readiness
from workbench.wire.stream import Stream
from workbench.wire.tcpinfo import read_tcp_info
from workbench.wire.unix_socket import (
    Credentials,
    bind_failure,
    file_identity,
    peer_credentials,
    remove_file,
)

BACKLOG = 128
"""Connections the system completes before we accept them; Linux cuts it at net.core.somaxconn."""
_PASSING = {errno.ECONNABORTED, errno.EPROTO, errno.EINTR}


class Listener:
    """A listening socket. Made by listen; its owner calls aclose().

    address: as a person types it. port: None for a Unix socket, whose file aclose() removes.
    """

    def __init__(self, sock: socket.socket, channel: Channel, title: str) -> None:
        self._sock = sock
        self._title = title
        self._ready = Readiness(sock)
        self._closed = False
        self.channel = channel
        self.options = Options(sock, channel)
        self.address = address_text(sock.getsockname())
        self._path: str = sock.getsockname() if sock.family == socket.AF_UNIX else ""
        self._file = file_identity(self._path) if self._path else None
        self.port: int | None = None if self._path else sock.getsockname()[1]
        channel.named(local=self.address)

    async def accept(self, *, timeout_s: float | None = None) -> Stream:
        """The next connection.

        Raises: TooSlow after timeout_s; LinkLost once this listener is closed; LocalFault when this machine is out
            of descriptors (the connection then stays in the queue).
        """
        while not self._closed:
            try:
                sock, sockaddr = self._sock.accept()
            except (BlockingIOError, InterruptedError):
                await self._ready.readable(timeout_s, "nobody connected")
                continue
            except OSError as error:
                if error.errno in _PASSING:
                    # The client was gone again before we looked: nothing to tell but that.
                    self.channel.fact("accept.failed", errno=errno.errorcode.get(error.errno, ""))
                    continue
                raise translated(error, "accept", where=self.address) from error
            sock.setblocking(False)
            if not self._path:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            who = peer_credentials(sock)
            peer = address_text(sockaddr) or _described(who)
            channel = self.channel.transcript.open(
                f"{self._title or self.address} ← {peer}", self.channel.layer
            )
            channel.fact("accept.complete", local=self.address, peer=peer)
            if who is not None:
                channel.fact("peer.credentials", **who._asdict())
            # A client that reset meanwhile has no name any more for the system; accept() still told it.
            return Stream(sock, channel, peer=peer)
        raise LinkLost("this listener is closed", stage="accept")

    @property
    def descriptor(self) -> int:
        """The number under which the system knows the socket, for whoever waits for it; -1 once it is closed."""
        return self._sock.fileno()

    @property
    def is_closed(self) -> bool:
        """Whether aclose() was called."""
        return self._closed

    def waiting(self) -> int | None:
        """Connections that the system has completed and nobody accepted yet; None where it does not tell."""
        info = read_tcp_info(self._sock)
        # Of a listening socket Linux tells the length of its queue in this place (tcp_get_info in net/ipv4/tcp.c).
        return info.unacked if info is not None and info.state == "LISTEN" else None

    async def aclose(self) -> None:
        """Stop listening; accepted streams live on. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self.channel.fact("listen.closed", address=self.address)
        self._ready.close()
        self._sock.close()
        remove_file(self._path, self._file)
        # accept() waits in another task: let it see that the listener is closed before the caller goes on.
        await asyncio.sleep(0)

    async def __aenter__(self) -> "Listener":
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()


async def listen(
    target: Target,
    transcript: Transcript,
    *,
    title: str = "",
    backlog: int = BACKLOG,
    settings: Sequence[Setting] = (),
) -> Listener:
    """Bind and listen by TCP or on a Unix socket. Port 0 takes a free port: see the listener's address.

    SO_REUSEADDR is set, so that a port whose last connections are in TIME_WAIT can be had again at once.

    Args:
        settings: options, set before the socket is bound; accepted connections inherit most of them.

    Raises: LocalFault (port in use, permission, a socket file left behind), LocalMisuse (not an address of this
        machine), Refused (no such name).
    """
    layer = "unix" if target.scheme == "unix" else "tcp"
    channel = transcript.open(title or target.text or str(target), layer)
    address = await bind_address(target, channel, socket.SOCK_STREAM)
    sock = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        if address.family != socket.AF_UNIX:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        apply(sock, settings)
        sock.bind(address.sockaddr)
        sock.listen(backlog)
    except WorkbenchError:
        sock.close()
        raise
    except OSError as error:
        sock.close()
        special = bind_failure(error, address.sockaddr) if address.family == socket.AF_UNIX else None
        failure = special or translated(error, "bind", where=address.text, port=target.port)
        channel.fact("listen.failed", address=address.text, errno=failure.errno_name, sentence=failure.what)
        raise failure from error
    listener = Listener(sock, channel, title)
    channel.fact("listen.complete", address=listener.address, backlog=backlog)
    listener.options.record(settings)
    return listener


def _described(who: Credentials | None) -> str:
    """A peer whose socket has no name: most clients of a Unix socket."""
    return f"process {who.pid}" if who is not None else "unnamed"


async def bind_address(target: Target, channel: Channel, kind: socket.SocketKind) -> Address:
    """The first address of the target that a socket of ours can be bound to."""
    if target.scheme == "unix" and kind == socket.SOCK_STREAM:
        return Address(socket.AF_UNIX, target.path)
    if target.scheme not in ("tcp", "udp") or (target.port is None and not target.service):
        raise LocalMisuse(
            f"{target} is no address that a socket can listen on",
            text=target.text,
            start=0,
            end=len(target.text),
            stage="bind",
            advice="use HOST:PORT or [V6]:PORT, where port 0 takes a free one; or unix:PATH, for a stream",
        )
    return (await addresses_of(target, channel, kind=kind))[0]

"""Waiting for connections: a listener whose every accepted stream records into a channel of its own."""

import asyncio
import errno
import socket

from workbench.errors import LinkLost, LocalMisuse
from workbench.formats.target import Target
from workbench.transcript.recorder import Channel, Transcript
from workbench.wire.addresses import Address, address_text
from workbench.wire.faults import translated
from workbench.wire.readiness import Readiness
from workbench.wire.resolve import resolve
from workbench.wire.stream import Stream

BACKLOG = 128
"""Connections the system completes before we accept them; Linux cuts it at net.core.somaxconn."""
_PASSING = {errno.ECONNABORTED, errno.EPROTO, errno.EINTR}


class Listener:
    """A listening socket. Made by listen; its owner calls aclose()."""

    def __init__(self, sock: socket.socket, channel: Channel, title: str) -> None:
        self._sock = sock
        self._title = title
        self._ready = Readiness(sock)
        self._closed = False
        self.channel = channel
        self.address = address_text(sock.getsockname())
        self.port: int = sock.getsockname()[1]
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
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            peer = address_text(sockaddr)
            channel = self.channel.transcript.open(f"{self._title or self.address} ← {peer}", "tcp")
            channel.fact("accept.complete", local=self.address, peer=peer)
            # A client that reset meanwhile has no name any more for the system; accept() still told it.
            return Stream(sock, channel, peer=peer)
        raise LinkLost("this listener is closed", stage="accept")

    async def aclose(self) -> None:
        """Stop listening; accepted streams live on. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self.channel.fact("listen.closed", address=self.address)
        self._ready.close()
        self._sock.close()
        # accept() waits in another task: let it see that the listener is closed before the caller goes on.
        await asyncio.sleep(0)

    async def __aenter__(self) -> "Listener":
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()


async def listen(
    target: Target, transcript: Transcript, *, title: str = "", backlog: int = BACKLOG
) -> Listener:
    """Bind and listen by TCP. Port 0 takes a free port: see the listener's address.

    SO_REUSEADDR is set, so that a port whose last connections are in TIME_WAIT can be had again at once.

    Raises: LocalFault (port in use, permission), LocalMisuse (not an address of this machine), Refused (no such name).
    """
    channel = transcript.open(title or target.text or str(target), "tcp")
    address = await bind_address(target, channel, socket.SOCK_STREAM)
    sock = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address.sockaddr)
        sock.listen(backlog)
    except OSError as error:
        sock.close()
        failure = translated(error, "bind", where=address.text, port=target.port)
        channel.fact("listen.failed", address=address.text, errno=failure.errno_name, sentence=failure.what)
        raise failure from error
    listener = Listener(sock, channel, title)
    channel.fact("listen.complete", address=listener.address, backlog=backlog)
    return listener


async def bind_address(target: Target, channel: Channel, kind: socket.SocketKind) -> Address:
    """The first address of the target that a socket of ours can be bound to."""
    if target.scheme not in ("tcp", "udp") or target.port is None:
        raise LocalMisuse(
            f"{target} is no address that a socket can listen on",
            text=target.text,
            start=0,
            end=len(target.text),
            stage="bind",
            advice="use HOST:PORT or [V6]:PORT; port 0 takes a free one",
        )
    return (await resolve(target.host, target.port, channel, kind=kind))[0]

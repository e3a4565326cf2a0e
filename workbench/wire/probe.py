"""UDP probes whose answers are ICMP errors, without root: Linux hands them back with the datagram that they are about.

Each probe has a TTL and a port of its own (as traceroute counts them), so that an answer is known by the port it was
sent to. IP_RECVERR puts the errors into a queue of the socket, which is read with MSG_ERRQUEUE (ip(7), recv(2)).
"""

import asyncio
import errno
import socket
import struct
import sys
import time
from typing import Final, NamedTuple

from workbench.errors import LocalFault
from workbench.transcript.recorder import Channel
from workbench.wire.addresses import Address, address_text
from workbench.wire.faults import translated

_IP_RECVERR: Final = 11
_IPV6_RECVERR: Final = 25
"""linux/in.h, linux/in6.h; Python has no names for them."""
_ERROR: Final = struct.Struct("=IBBBBII")
"""linux/errqueue.h, sock_extended_err: errno, origin, type, code, pad, info, data; the router's address follows."""
_V4_PLACE: Final = struct.Struct("=HH4s")
_V6_PLACE: Final = struct.Struct("=HHI16s")
BY_ICMP, BY_ICMP6 = 2, 3
BY_US: Final = 1
_PENDING: Final = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EPROTO, errno.EACCES)
MAX_IN_A_ROW: Final = 256
"""Answers taken in one go: a flood must not hold the loop."""
ROOM: Final = 512
"""Octets for one error: the structure, an address, and what a kernel may put beside."""


class Echoed(NamedTuple):
    """One answer. port: of the probe it is about. address: who answered, "" where this machine itself did.

    kind, code: of the ICMP message. arrived_ns: by the monotonic clock, when it was read.
    """

    port: int
    address: str
    kind: int
    code: int
    errno: int
    origin: int
    arrived_ns: int


def can_probe() -> bool:
    """Whether this system hands errors back to who has no root."""
    return sys.platform.startswith("linux")


class ProbeSocket:
    """Sends probes to one address and collects what comes back. Its owner calls close().

    Args:
        target: the port in it is left out of account.

    Raises: LocalFault: this system has no error queue, or not this kind of address.
    """

    def __init__(self, target: Address, channel: Channel) -> None:
        if not can_probe():
            raise LocalFault(
                "only Linux hands routers' answers to who is not root",
                stage="connect",
                advice="use the system's own traceroute",
            )
        self._target = target
        self._is_v6 = target.family == socket.AF_INET6
        try:
            self._sock = socket.socket(target.family, socket.SOCK_DGRAM)
        except OSError as error:
            raise translated(error, "connect", where=target.host) from error
        self._sock.setblocking(False)
        if self._is_v6:
            self._sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
        else:
            self._sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] | None = None
        self._loop.add_reader(self._sock.fileno(), self._on_readable)
        self._reading = True
        self._channel = channel
        channel.fact("probe.open", local=address_text(self._sock.getsockname()))
        channel.named(peer=target.host)

    def send(self, ttl: int, port: int, data: bytes) -> int:
        """Send one probe; returns the time by the monotonic clock, in nanoseconds.

        Raises: LinkLost, LocalFault, LocalMisuse: the system does not send it; the errno says why.
        """
        level, option = (
            (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS)
            if self._is_v6
            else (socket.IPPROTO_IP, socket.IP_TTL)
        )
        place = (self._target.sockaddr[0], port, *self._target.sockaddr[2:])
        for last in (False, True):
            try:
                self._sock.setsockopt(level, option, ttl)
                sent_ns = time.monotonic_ns()
                self._sock.sendto(data, place)
                break
            except OSError as error:
                # An error about an earlier probe is told once by the next call, and is in the queue besides.
                if last or error.errno not in _PENDING:
                    raise translated(error, "send", where=self._target.host) from error
        self._channel.sent(data)
        return sent_ns

    def answers(self) -> list[Echoed]:
        """All that has come back by now. Answers of the target's own program are taken away, and are Echoed too."""
        found: list[Echoed] = []
        for _ in range(MAX_IN_A_ROW):
            try:
                _, ancillary, _, place = self._sock.recvmsg(ROOM, ROOM, socket.MSG_ERRQUEUE)
            except (BlockingIOError, InterruptedError):
                break
            found += [
                echoed
                for level, kind, data in ancillary
                if (level, kind) in ((socket.IPPROTO_IP, _IP_RECVERR), (socket.IPPROTO_IPV6, _IPV6_RECVERR))
                and (echoed := read_error(data, int(place[1]) if place else 0)) is not None
            ]
        return found + self._datagrams()

    async def wait(self, timeout_s: float) -> None:
        """Return when something has come back, or after timeout_s."""
        waiter = self._waiter = self._loop.create_future()
        if not self._reading:
            self._loop.add_reader(self._sock.fileno(), self._on_readable)
            self._reading = True
        timer = self._loop.call_later(max(0.0, timeout_s), _wake, waiter)
        try:
            await waiter
        finally:
            timer.cancel()
            self._waiter = None

    def close(self) -> None:
        """Give the socket back."""
        if self._reading:
            self._loop.remove_reader(self._sock.fileno())
            self._reading = False
        self._sock.close()

    def _datagrams(self) -> list[Echoed]:
        """A server at the probed port answered: the target is reached, by no ICMP message."""
        found: list[Echoed] = []
        for _ in range(MAX_IN_A_ROW):
            try:
                _, place = self._sock.recvfrom(ROOM)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                # The pending error of the socket; it stands in the queue as well.
                continue
            found.append(Echoed(int(place[1]), str(place[0]), -1, -1, 0, 0, time.monotonic_ns()))
        return found

    def _on_readable(self) -> None:
        if self._waiter is not None:
            _wake(self._waiter)
        else:
            # Nobody waits: unlike a busy socket, errors that are not read would wake us for ever.
            self._loop.remove_reader(self._sock.fileno())
            self._reading = False


def read_error(data: bytes, port: int) -> Echoed | None:
    """What stands in the queue with one probe; None where it is too short to be one."""
    if len(data) < _ERROR.size:
        return None
    number, origin, kind, code, _, _, _ = _ERROR.unpack_from(data)
    rest, address = data[_ERROR.size :], ""
    if origin == BY_ICMP and len(rest) >= _V4_PLACE.size:
        family, _, packed = _V4_PLACE.unpack_from(rest)
        address = socket.inet_ntop(socket.AF_INET, packed) if family == socket.AF_INET else ""
    elif origin == BY_ICMP6 and len(rest) >= _V6_PLACE.size:
        family, _, _, packed = _V6_PLACE.unpack_from(rest)
        address = socket.inet_ntop(socket.AF_INET6, packed) if family == socket.AF_INET6 else ""
    return Echoed(port, address, kind, code, number, origin, time.monotonic_ns())


def _wake(waiter: "asyncio.Future[None]") -> None:
    if not waiter.done():
        waiter.set_result(None)

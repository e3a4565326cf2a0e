"""Groups that a UDP socket hears, and the datagrams that the system had no room for."""

import socket
import struct
import sys
from contextlib import suppress
from typing import Final

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.transcript.recorder import Channel
from workbench.wire.faults import translated

_SO_RXQ_OVFL: Final = 40
"""asm-generic/socket.h; Python has no name for it. With each datagram comes how many were dropped so far."""
_IP_MULTICAST_ALL: Final = 49
_IPV6_MULTICAST_ALL: Final = 29
"""linux/in.h and in6.h: unless it is off, a socket hears the groups that any program of this machine has joined."""
_COUNT: Final = struct.Struct("=I")


class Membership:
    """The groups of one UDP socket, as `datagram.membership` (RFC 1112, RFC 3493 section 5.2).

    Args:
        sock: the owner closes it, and leaves all groups by that.
        channel: where joining and leaving is recorded.
    """

    def __init__(self, sock: socket.socket, channel: Channel) -> None:
        self._sock = sock
        self._channel = channel
        self._groups: dict[tuple[str, str], tuple[int, int, bytes]] = {}

    @property
    def groups(self) -> tuple[str, ...]:
        """Those that are heard now, in order of joining."""
        return tuple(group for group, _ in self._groups)

    def join(self, group: str, interface: str = "") -> None:
        """Hear what is sent to a group.

        Args:
            group: 224.0.0.0 to 239.255.255.255, or an address that begins with ff.
            interface: of IPv4 its address, of IPv6 its name; "" leaves it to the system's routes.

        Raises: LocalMisuse: no group, or of the other kind of address; LocalFault, LinkLost: the system says no.
        """
        level, add, drop, request = _request(self._sock.family, group, interface)
        try:
            self._sock.setsockopt(level, add, request)
            _hear_own_groups_only(self._sock, level)
        except OSError as error:
            failure = _refused(error, group)
            self._channel.fact(
                "multicast.failed", group=group, errno=failure.errno_name, sentence=failure.what
            )
            raise failure from error
        self._groups[group, interface] = (level, drop, request)
        self._channel.fact("multicast.joined", group=group, interface=interface)

    def send_by(self, interface: str) -> None:
        """Send to groups by this interface: of IPv4 its address, of IPv6 its name.

        Raises: LocalMisuse: there is none; LocalFault, LinkLost: the system says no.
        """
        try:
            if self._sock.family == socket.AF_INET:
                self._sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
            else:
                number = socket.if_nametoindex(interface)
                self._sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, number)
        except OSError as error:
            raise LocalMisuse(
                f"there is no network interface {interface[:40]!r}",
                stage="bind",
                advice="of IPv4 give its address, of IPv6 its name; ip address shows them",
            ) from error

    def leave(self, group: str, interface: str = "") -> None:
        """Hear a group no more. Raises: LocalMisuse: it was not joined."""
        joined = self._groups.pop((group, interface), None)
        if joined is None:
            raise LocalMisuse(f"the group {group[:60]} was not joined", stage="bind")
        try:
            self._sock.setsockopt(*joined)
        except OSError as error:
            raise _refused(error, group) from error
        self._channel.fact("multicast.left", group=group, interface=interface)


def check_group(group: str) -> socket.AddressFamily:
    """The family of a group's address. Raises: LocalMisuse: it is none."""
    return _packed(group)[0]


def _hear_own_groups_only(sock: socket.socket, level: int) -> None:
    """Else a group that was left is heard for as long as anybody else here has joined it (ip(7))."""
    if sys.platform.startswith("linux"):
        number = _IP_MULTICAST_ALL if level == socket.IPPROTO_IP else _IPV6_MULTICAST_ALL
        # An old kernel does not know it for IPv6.
        with suppress(OSError):
            sock.setsockopt(level, number, 0)


def watch_overflow(sock: socket.socket) -> int:
    """Have the system count what it drops; returns the room that recvmsg needs for that, 0 where it does not count."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_RXQ_OVFL, 1)
    except OSError:
        return 0
    return socket.CMSG_SPACE(_COUNT.size)


def overflow_count(ancillary: list[tuple[int, int, bytes]]) -> int:
    """The count that came with a datagram, of all dropped since the socket was made; 0 where none came."""
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, _SO_RXQ_OVFL) and len(data) >= _COUNT.size:
            return int(_COUNT.unpack_from(data)[0])
    return 0


def _packed(group: str) -> tuple[socket.AddressFamily, bytes]:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            packed = socket.inet_pton(family, group)
        except (OSError, ValueError):
            continue
        if packed[0] >> 4 == 14 if family == socket.AF_INET else packed[0] == 0xFF:
            return family, packed
    raise LocalMisuse(
        f"{group[:60]} is no address of a group",
        text=group,
        start=0,
        end=len(group),
        advice="groups are 224.0.0.0 to 239.255.255.255, and IPv6 addresses that begin with ff",
        source="RFC 5771, RFC 4291 section 2.7",
    )


def _request(family: int, group: str, interface: str) -> tuple[int, int, int, bytes]:
    """What setsockopt takes: level, the options to join and to leave, and the structure."""
    kind, packed = _packed(group)
    if kind != family:
        raise LocalMisuse(
            f"this socket can't hear {group}: IPv4 and IPv6 don't mix",
            stage="bind",
            advice="bind it to an address of the same kind as the group, like 0.0.0.0:PORT or [::]:PORT",
        )
    try:
        if kind == socket.AF_INET:
            own = socket.inet_aton(interface or "0.0.0.0")
            return socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.IP_DROP_MEMBERSHIP, packed + own
        number = socket.if_nametoindex(interface) if interface else 0
    except OSError as error:
        raise LocalMisuse(
            f"there is no network interface {interface[:40]!r}",
            stage="bind",
            advice="of IPv4 give its address, of IPv6 its name; ip address shows them",
        ) from error
    request = packed + struct.pack("@I", number)
    return socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, socket.IPV6_LEAVE_GROUP, request


def _refused(error: OSError, group: str) -> WorkbenchError:
    return translated(error, "bind", where=f"group {group}")

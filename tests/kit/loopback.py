"""No test talks to a machine other than this one: an address outside loopback fails the test that used it.

An audit hook sees every connect, send and look-up of this process, whatever library makes it. Child processes are not
watched; ours get loopback addresses from their tests. Names are allowed only when they need no name server.
"""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

LOCAL_NAMES = frozenset({"", "localhost", "localhost.", "ip6-localhost", socket.gethostname().lower()})
"""Names that the system answers from its own files."""

_caught: list[str] = []
_installed: list[bool] = []


class OutsideNetwork(BaseException):
    """A test was about to leave the machine. Not an Exception: no handler of ours may answer it."""


def is_local(host: object) -> bool:
    """Say whether an address or name stands for this machine without asking anyone."""
    if host is None:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if text.lower() in LOCAL_NAMES or _is_impossible(text):
        return True
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return _is_short_loopback(text)
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    # Connecting to the wildcard address means this machine.
    return address.is_loopback or address.is_unspecified


def _is_impossible(name: str) -> bool:
    """Whether no question to a name server can hold this (RFC 1035 section 2.3.4): the system refuses it."""
    labels = name.removesuffix(".").split(".")
    return not all(1 <= len(label) <= 63 for label in labels)


def pytest_configure() -> None:
    """Install the hook once: an audit hook can't be taken away again."""
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_audit)


@pytest.fixture(autouse=True)
def loopback_only(nothing_left: None) -> Iterator[None]:
    """Fail the test if it, or a library it used, tried to leave the machine and swallowed our objection."""
    _caught.clear()
    yield
    if _caught:
        caught = "\n  ".join(_caught)
        _caught.clear()
        pytest.fail(f"tests stay on loopback, but this one tried:\n  {caught}", pytrace=False)


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if not event.startswith("socket."):
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        # Unix sockets have a path, others (netlink, vsock) no host in text; sendmsg may have no address at all.
        is_inet = isinstance(address, tuple) and address and isinstance(address[0], str | bytes)
        if is_inet and not _is_group_on_loopback(args[0], address[0]):
            _judge(event, address[0])
    elif event in ("socket.gethostbyname", "socket.gethostbyaddr"):
        _judge(event, args[0])
    elif event == "socket.getnameinfo":
        _judge(event, args[0][0])
    elif event == "socket.getaddrinfo" and not _is_numeric_only():
        _judge(event, args[0])


def _is_group_on_loopback(sock: socket.socket, host: str | bytes) -> bool:
    """Say whether the host is a group, and the socket sends to groups by the loopback interface alone."""
    try:
        group = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    if not group.is_multicast:
        return False
    if group.version == 4:
        chosen = sock.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, 4)
        return ipaddress.ip_address(chosen).is_loopback
    number = sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF)
    return number > 0 and socket.if_indextoname(number) == "lo"


def _judge(event: str, host: object) -> None:
    if not is_local(host):
        _caught.append(f"{event} {host!r}")
        raise OutsideNetwork(f"{event} {host!r}: tests stay on loopback")


def _is_numeric_only() -> bool:
    """AI_NUMERICHOST asks nobody. The audit event doesn't carry the flag: it stands in socket.getaddrinfo's frame."""
    flags = sys._getframe(2).f_locals.get("flags", 0)
    return isinstance(flags, int) and bool(flags & socket.AI_NUMERICHOST)


def _is_short_loopback(text: str) -> bool:
    """The old notations of inet_aton: 127.1, 0x7f000001, 2130706433."""
    try:
        packed = socket.inet_aton(text)
    except (OSError, ValueError):
        return False
    return packed[0] == 127

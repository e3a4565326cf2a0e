"""Socket addresses as values and as text."""

import socket
from typing import Any, NamedTuple


class Address(NamedTuple):
    """One place a socket can go to: the family, and what Python's socket calls take.

    For AF_INET sockaddr is (host, port), for AF_INET6 (host, port, flowinfo, scope_id), for AF_UNIX a path.
    """

    family: socket.AddressFamily
    sockaddr: Any

    @property
    def text(self) -> str:
        """As a person types it: "127.0.0.1:80", "[::1]:80", "unix:/run/x.sock"."""
        return address_text(self.sockaddr)

    @property
    def host(self) -> str:
        """The numeric host; the path for AF_UNIX."""
        return str(self.sockaddr[0]) if isinstance(self.sockaddr, tuple) else str(self.sockaddr)


def address_text(sockaddr: Any) -> str:
    """What getsockname() or recvfrom() returned, as a person types it; "" for an unnamed socket."""
    if isinstance(sockaddr, tuple):
        host, port = sockaddr[0], sockaddr[1]
        scope = sockaddr[3] if len(sockaddr) == 4 else 0
        if ":" not in host:
            return f"{host}:{port}"
        if scope and "%" not in host:
            host = f"{host}%{scope}"
        return f"[{host}]:{port}"
    if isinstance(sockaddr, bytes):
        # Linux's abstract names begin with a NUL and have no file; @ stands for it, as ss writes them.
        sockaddr = sockaddr.replace(b"\0", b"@", 1).decode("utf-8", "backslashreplace")
    return f"unix:{sockaddr}" if sockaddr else ""


def has_ipv6_loopback() -> bool:
    """Whether a socket of ours can be bound to ::1."""
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True

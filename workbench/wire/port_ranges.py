"""Which ports this system keeps for administrators and which it lends to clients, and free ports between the two.

Linux says both thresholds (ip(7)); elsewhere they are the tradition's 1024 and RFC 6335's dynamic range.
"""

import random
import socket
from typing import Final, NamedTuple

from workbench.errors import LocalFault, WorkbenchError
from workbench.formats.ports import MAX_PORT
from workbench.formats.services import Directory
from workbench.wire.addresses import address_text
from workbench.wire.faults import first_open_port, translated

RANGE_FILE: Final = "/proc/sys/net/ipv4/ip_local_port_range"
DYNAMIC: Final = (49_152, 65_535)
"""RFC 6335 section 6: never assigned to a service."""
FIRST_SUGGESTED: Final = 1025
"""Above what is privileged by tradition, even where this system lets anybody have less."""
TRIES: Final = 200


class Ranges(NamedTuple):
    """first_open: the lowest port that any user may take; low, high: from which the system lends ports to clients.

    is_told: whether the system itself said so.
    """

    first_open: int
    low: int
    high: int
    is_told: bool = True

    def is_ephemeral(self, port: int) -> bool:
        """Whether the system may lend it to a client."""
        return self.low <= port <= self.high

    def is_privileged(self, port: int) -> bool:
        """Whether only an administrator may listen there."""
        return 0 < port < self.first_open

    def words(self, port: int) -> str:
        """What kind of port it is: "privileged", "ephemeral", "for any program", "none"."""
        if port == 0:
            return "none"
        if self.is_privileged(port):
            return "privileged"
        return "ephemeral" if self.is_ephemeral(port) else "for any program"


def port_ranges(range_file: str = RANGE_FILE) -> Ranges:
    """The ranges of this system, read now: an administrator may have changed them."""
    try:
        with open(range_file, encoding="ascii") as file:
            low, high = (int(word) for word in file.read(100).split())
    except (OSError, ValueError):
        return Ranges(first_open_port(), *DYNAMIC, is_told=False)
    return Ranges(first_open_port(), low, high)


def may_bind(port: int, host: str = "127.0.0.1", transport: str = "tcp") -> WorkbenchError | None:
    """What would stop a server at a numeric address and port, found out by binding and letting go; None for nothing."""
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=kind, flags=socket.AI_NUMERICHOST)[0]
        with socket.socket(family, kind) as sock:
            if family == socket.AF_INET6:
                # Each family by itself: else :: would be the wildcard of both.
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            if transport == "tcp":
                # As a listener of ours does: what is in TIME_WAIT does not count as taken.
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(place)
            if transport == "tcp":
                sock.listen(1)
    except OSError as error:
        return translated(error, "bind", where=address_text((host, port)), port=port)
    return None


def warning_about(port: int, ranges: Ranges) -> str:
    """What a person should know before listening at a port; "" for nothing."""
    if ranges.is_privileged(port):
        return (
            f"privileged port: only an administrator may listen below {ranges.first_open}. Don't run a server as root "
            "for it: give the program the capability CAP_NET_BIND_SERVICE, have the socket opened for it "
            "(socket activation), or redirect the port to a higher one"
        )
    if ranges.is_ephemeral(port):
        return (
            f"the system lends the ports {ranges.low} to {ranges.high} to clients: this one may be taken "
            "when a server wants it"
        )
    return ""


def suggest_port(directory: Directory, ranges: Ranges, host: str = "127.0.0.1") -> int:
    """A port that no known service uses, above 1024, outside the range lent to clients, and free now by TCP and UDP.

    It is chosen at random: who asks twice is not given what somebody else was just told.

    Raises: LocalFault: none was found.
    """
    first = max(FIRST_SUGGESTED, ranges.first_open)
    for _ in range(TRIES):
        port = random.randint(first, MAX_PORT)
        if ranges.is_ephemeral(port) or port >= DYNAMIC[0] or directory.is_listed(port):
            continue
        if _is_free(port, host):
            return port
    raise LocalFault(
        f"no free port was found in {TRIES} tries",
        stage="bind",
        advice="write 0, and the system chooses one",
    )


def _is_free(port: int, host: str) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(family, kind) as sock:
            try:
                sock.bind((host, port))
            except OSError:
                return False
    return True

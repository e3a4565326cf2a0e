"""Ports that nobody has, for programs that must be told theirs and for places where nobody may listen.

A port that the system gave us and that we let go may be given to anyone the next moment. So these lie below the range
from which systems give; each process begins at a place of its own, and gives none twice before all are used up.
"""

import os
import socket
from itertools import count

FIRST, LAST = 12_000, 32_000
"""Above the ports of known servers, below the range of Linux (32768) and of RFC 6335 (49152)."""
STEP = 12_361
"""The golden part of the range: processes whose ids are near each other begin far from each other."""

OWN_GROUP = f"239.254.{os.getpid() >> 8 & 255}.{os.getpid() & 255}"
"""A multicast group that no other process of tests joins: of a group, all sockets of a machine hear who joins it."""

_next = count(os.getpid() * STEP)


def free_port() -> int:
    """A port that neither TCP nor UDP has in use at any address of this machine, and that nobody else is given."""
    for _ in range(LAST - FIRST):
        port = FIRST + next(_next) % (LAST - FIRST)
        if all(_is_free(kind, port) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)):
            return port
    raise OSError(f"no port from {FIRST} to {LAST} is free")


def _is_free(kind: socket.SocketKind, port: int) -> bool:
    families = [socket.AF_INET, socket.AF_INET6] if socket.has_dualstack_ipv6() else [socket.AF_INET]
    for family in families:
        with socket.socket(family, kind) as asked:
            try:
                asked.bind(("", port))
            except OSError:
                return False
    return True

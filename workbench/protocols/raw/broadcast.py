"""Datagrams to everybody: which addresses mean that, how often they may be sent, and who may be answered.

A broadcast costs every machine of a network a moment, so there is a limit that nobody can take away, only choose
below a ceiling; an answer goes to the one who asked; and what leaves this machine is asked about by whoever has a
person to ask.
"""

import ipaddress
from collections.abc import Callable
from typing import Final, Literal

from workbench.errors import LocalMisuse
from workbench.wire.broadcasts import Network, networks

Reach = Literal["one", "broadcast", "group"]
PER_S: Final = 5.0
"""As often as a person presses a button."""
MOST_PER_S: Final = 50.0
MOST: Final = 1000
"""Datagrams to everybody in one session: a search that needs more is no search."""


def reach(host: str, known: Callable[[], tuple[Network, ...]] = networks) -> Reach:
    """Whom a numeric address means: one machine, everybody of a network, or the members of a group."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return "one"
    if address.is_multicast:
        return "group"
    if address.version == 4 and str(address) in {
        "255.255.255.255",
        *(network.address for network in known()),
    }:
        return "broadcast"
    return "one"


def stays_here(host: str) -> bool:
    """Whether what is sent there stays on this machine by itself; to a group it does by the loopback interface only."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def check_answer(host: str) -> None:
    """Raises: LocalMisuse: an answer would go to everybody."""
    if reach(host) != "one":
        raise LocalMisuse(
            f"an answer goes to the one who asked, never to everybody ({host})",
            stage="send",
            advice="had every machine answered so, each answer would be a question to all the others",
            source="RFC 1122 section 3.2.1.3, RFC 8085 section 5.1.1",
        )


class Limiter:
    """How often something may be sent to everybody.

    Args:
        per_s: between 0.1 and MOST_PER_S. now: a clock in seconds.

    Attributes: passed, dropped: counts.
    """

    def __init__(self, now: Callable[[], float], per_s: float = PER_S, most: int = MOST) -> None:
        self.per_s = min(max(per_s, 0.1), MOST_PER_S)
        self.passed = 0
        self.dropped = 0
        self._most = most
        self._now = now
        self._room = max(1.0, self.per_s)
        self._at = now()

    def take(self) -> bool:
        """Whether one more may go now; otherwise it is counted as dropped."""
        now = self._now()
        self._room = min(max(1.0, self.per_s), self._room + (now - self._at) * self.per_s)
        self._at = now
        if self._room < 1 or self.passed >= self._most:
            self.dropped += 1
            return False
        self._room -= 1
        self.passed += 1
        return True

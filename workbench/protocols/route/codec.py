"""What routers and hosts say by ICMP, as words: RFC 792 and RFC 1812 for IPv4, RFC 4443 for IPv6."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from workbench.protocols.route.values import Verdict

ANSWERED: Final = -1
"""Stands for type and code where a server at the probed port answered with a datagram."""


class Meaning(NamedTuple):
    """word: as it is shown; verdict: what it says of the way; what: one sentence; source: the document."""

    word: str
    verdict: Verdict
    what: str
    source: str


_PASSED: Final = "the TTL was used up at this router, which threw the probe away and says so"
_ALL: Final = "it arrived: the host says that nothing listens at that port, which is what was hoped for"
_BAN: Final = "a rule of the administrator forbids it"

V4: Final[Mapping[tuple[int, int], Meaning]] = {
    (11, 0): Meaning("time exceeded", "passed on", _PASSED, "RFC 792 page 6"),
    (11, 1): Meaning("fragments too late", "odd", "a part of the probe never came", "RFC 792 page 6"),
    (3, 0): Meaning(
        "network unreachable", "unreachable", "this router knows no way to the network", "RFC 792 page 4"
    ),
    (3, 1): Meaning(
        "host unreachable", "unreachable", "the last router gets no answer from the host", "RFC 792 page 4"
    ),
    (3, 2): Meaning(
        "protocol unreachable", "reached", "it arrived, and the host speaks no UDP", "RFC 792 page 4"
    ),
    (3, 3): Meaning("port unreachable", "reached", _ALL, "RFC 792 page 4"),
    (3, 4): Meaning("too large", "unreachable", "it fits through the next link in pieces only", "RFC 1191 4"),
    (3, 5): Meaning(
        "source route failed", "unreachable", "the way that was prescribed does not exist", "RFC 792 page 4"
    ),
    (3, 6): Meaning(
        "network unknown", "unreachable", "this router has never heard of it", "RFC 1122 3.2.2.1"
    ),
    (3, 7): Meaning("host unknown", "unreachable", "this router has never heard of it", "RFC 1122 3.2.2.1"),
    (3, 9): Meaning("network prohibited", "prohibited", _BAN, "RFC 1122 3.2.2.1"),
    (3, 10): Meaning("host prohibited", "prohibited", _BAN, "RFC 1122 3.2.2.1"),
    (3, 13): Meaning("prohibited", "prohibited", _BAN, "RFC 1812 5.2.7.1"),
}
V6: Final[Mapping[tuple[int, int], Meaning]] = {
    (3, 0): Meaning("hop limit exceeded", "passed on", _PASSED, "RFC 4443 3.3"),
    (3, 1): Meaning("fragments too late", "odd", "a part of the probe never came", "RFC 4443 3.3"),
    (1, 0): Meaning("no route", "unreachable", "this router knows no way to the network", "RFC 4443 3.1"),
    (1, 1): Meaning("prohibited", "prohibited", _BAN, "RFC 4443 3.1"),
    (1, 2): Meaning(
        "beyond scope", "unreachable", "an address of one link can't be reached from another", "RFC 4443 3.1"
    ),
    (1, 3): Meaning(
        "address unreachable", "unreachable", "the last router gets no answer from it", "RFC 4443 3.1"
    ),
    (1, 4): Meaning("port unreachable", "reached", _ALL, "RFC 4443 3.1"),
    (1, 5): Meaning(
        "source address refused", "prohibited", "the address of ours may not pass here", "RFC 4443 3.1"
    ),
    (1, 6): Meaning("route rejected", "prohibited", "this way is closed on purpose", "RFC 4443 3.1"),
    (2, 0): Meaning("too large", "unreachable", "it does not fit through the next link", "RFC 4443 3.2"),
}
_DATAGRAM: Final = Meaning("a datagram", "reached", "a server listens at that port, and answered", "RFC 768")


def meaning_of(kind: int, code: int, *, is_v6: bool) -> Meaning:
    """What type and code of an answer say; an unknown one is "odd"."""
    if kind == ANSWERED:
        return _DATAGRAM
    found = (V6 if is_v6 else V4).get((kind, code))
    source = "RFC 4443" if is_v6 else "RFC 792"
    return found or Meaning(
        f"type {kind} code {code}", "odd", "an answer that tells nothing about the way", source
    )

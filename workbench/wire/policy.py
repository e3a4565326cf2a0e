"""Which of a name's addresses is tried when: the order, and whether attempts overlap."""

import socket
from collections.abc import Sequence
from typing import Literal, NamedTuple

from workbench.errors import WorkbenchError
from workbench.formats.errno_words import symbol_of
from workbench.transcript.recorder import Channel
from workbench.wire.addresses import Address
from workbench.wire.faults import translated

Policy = Literal["happy", "system", "v4", "v6"]

ATTEMPT_DELAY_S = 0.25
"""Between two attempts: RFC 8305 section 5 recommends 250 ms."""


class PolicyInfo(NamedTuple):
    """title; what: one sentence; source: the document that has it."""

    title: str
    what: str
    source: str


POLICIES: dict[Policy, PolicyInfo] = {
    "happy": PolicyInfo(
        "Happy Eyeballs",
        "families in turn; the next attempt starts when the last failed, or after 250 ms; the first that connects wins",
        "RFC 8305 5",
    ),
    "system": PolicyInfo(
        "system's order",
        "in the order that the system prefers, one after the other: the next when the last one failed",
        "RFC 6724",
    ),
    "v4": PolicyInfo("IPv4 first", "all of IPv4, then all of IPv6, one after the other", "RFC 6724"),
    "v6": PolicyInfo("IPv6 first", "all of IPv6, then all of IPv4, one after the other", "RFC 6724"),
}


def ordered(addresses: Sequence[Address], policy: Policy) -> list[Address]:
    """The same addresses in the order in which they are tried."""
    if policy == "happy":
        return alternating(addresses)
    if policy == "system":
        return list(addresses)
    wanted = socket.AF_INET if policy == "v4" else socket.AF_INET6
    return sorted(addresses, key=lambda address: address.family != wanted)


def head_start_s(policy: Policy) -> float | None:
    """How long an attempt has before the next one starts beside it; None: until it has failed."""
    return ATTEMPT_DELAY_S if policy == "happy" else None


def alternating(addresses: Sequence[Address]) -> list[Address]:
    """The same addresses, families in turn, the first family first (RFC 8305 section 4)."""
    if not addresses:
        return []
    first = [a for a in addresses if a.family == addresses[0].family]
    others = [a for a in addresses if a.family != addresses[0].family]
    mixed: list[Address] = []
    while first or others:
        if first:
            mixed.append(first.pop(0))
        if others:
            mixed.append(others.pop(0))
    return mixed


def check_numeric(host: str, channel: Channel) -> None:
    """Raises: Refused: it is a name, and no name is to be looked up."""
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError) as error:
        found = error if isinstance(error, OSError) else socket.gaierror(socket.EAI_NONAME, "no number")
        failure = translated(found, "resolve", where=host)
        failure.advice = "write the address itself, or allow names to be looked up"
        channel.fact("resolve.failed", host=host, errno=symbol_of(found), sentence=failure.what)
        raise failure from error


def all_failed(failures: Sequence[WorkbenchError]) -> WorkbenchError:
    """One failure for all attempts: the first one's kind and advice, and every attempt in its sentence."""
    first = failures[0]
    if len(failures) == 1:
        return first
    attempts = "; ".join(failure.what for failure in failures)
    first.what = f"none of {len(failures)} addresses could be reached: {attempts}"
    first.args = (first.what,)
    return first

"""What stands in particular replies: places of data connections, paths, sizes, times, features.

Each function takes a reply whose code was looked at already, and raises PeerMisbehaved where its text is none of what
the RFC has.
"""

import re
from ipaddress import ip_address

from workbench.errors import PeerMisbehaved
from workbench.protocols.ftp.values import Place, Reply

_SIX = re.compile(rb"(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})")
_EXTENDED = re.compile(rb"\((.)\1\1(\d{1,5})\1\)", re.DOTALL)
_TIME = re.compile(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,9})?")
_SIZE_SAID = re.compile(rb"\((\d{1,19}) bytes\)")
MAX_SIZE = 2**63 - 1
"""Octets: what a file of Linux can have at most."""
MAX_FEATURES = 256


def read_passive(reply: Reply) -> Place:
    """The place in a 227 (RFC 959 section 4.1.2; RFC 1123 section 4.1.2.6: look for the digits, not the parentheses).

    Raises: PeerMisbehaved.
    """
    found = _SIX.search(b" ".join(reply.lines))
    numbers = [int(part) for part in found.groups()] if found else []
    if not numbers or max(numbers) > 255:
        raise _wrong(reply, "227 names no address", "RFC 959 section 4.1.2")
    port = numbers[4] * 256 + numbers[5]
    if not port:
        raise _wrong(reply, "227 names port 0", "RFC 959 section 4.1.2")
    return Place(".".join(map(str, numbers[:4])), port)


def read_extended_passive(reply: Reply) -> Place:
    """The place in a 229: a port and nothing else (RFC 2428 section 3). Raises: PeerMisbehaved."""
    found = _EXTENDED.search(b" ".join(reply.lines))
    port = int(found[2]) if found else 0
    if not 0 < port < 65_536:
        raise _wrong(reply, "229 names no port", "RFC 2428 section 3")
    return Place("", port)


def is_same_host(one: str, other: str) -> bool:
    """Whether two addresses are the same, however spelled; an IPv4 address within IPv6 is that IPv4 address."""
    try:
        a, b = (ip_address(text.partition("%")[0]) for text in (one, other))
    except ValueError:
        return one == other
    return (getattr(a, "ipv4_mapped", None) or a) == (getattr(b, "ipv4_mapped", None) or b)


def read_path(reply: Reply) -> bytes:
    """The path in a 257: between quotation marks, doubled within (RFC 959 appendix II). Raises: PeerMisbehaved."""
    text = b" ".join(reply.lines)
    start = text.find(b'"')
    place = start + 1
    while start >= 0 and (end := text.find(b'"', place)) >= 0:
        if text[end + 1 : end + 2] != b'"':
            return text[start + 1 : end].replace(b'""', b'"')
        place = end + 2
    raise _wrong(reply, "257 names no path", "RFC 959 appendix II")


def read_size(reply: Reply) -> int:
    """The number of octets in a 213 (RFC 3659 section 4.1). Raises: PeerMisbehaved."""
    text = b" ".join(reply.lines).strip()
    if not text.isdigit() or len(text) > 19 or int(text) > MAX_SIZE:
        raise _wrong(reply, "213 names no size", "RFC 3659 section 4.1")
    return int(text)


def said_size(reply: Reply) -> int | None:
    """The size that some servers say in passing, in the text of a 150; None where there is none."""
    found = _SIZE_SAID.search(b" ".join(reply.lines))
    return int(found[1]) if found and int(found[1]) <= MAX_SIZE else None


def read_time(value: bytes) -> str:
    """A time of RFC 3659 section 2.3 (YYYYMMDDHHMMSS, UTC) as ISO 8601; "" where it is none."""
    found = _TIME.fullmatch(value.strip())
    if found is None:
        return ""
    year, month, day, hour, minute, second = (part.decode() for part in found.groups())
    if not (
        "01" <= month <= "12" and "01" <= day <= "31" and hour < "24" and minute < "60" and second < "61"
    ):
        return ""
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}Z"


def read_features(reply: Reply) -> dict[str, str]:
    """The features of a 211, name to parameters, names in capitals (RFC 2389 section 3.2)."""
    found: dict[str, str] = {}
    for line in reply.lines[1:-1][:MAX_FEATURES]:
        name, _, parameters = line.strip().decode("utf-8", "replace").partition(" ")
        if name:
            found[name.upper()] = parameters.strip()
    return found


def _wrong(reply: Reply, what: str, source: str) -> PeerMisbehaved:
    return PeerMisbehaved(what, reply=str(reply), data=b" ".join(reply.lines), source=source)

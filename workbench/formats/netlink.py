"""The few messages of Linux's rtnetlink that tell of interfaces, addresses and ways: requests and answers, bounded.

Strategy. Only what is shown is read; every length is checked against what is there, and an answer that lies about its
lengths ends the reading without an error: it comes from our own kernel, newer ones may say more than we know.
"""

import struct
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Final, NamedTuple

HEADER: Final = struct.Struct("=IHHII")
"""linux/netlink.h, nlmsghdr: length, type, flags, sequence, port."""
_ATTRIBUTE: Final = struct.Struct("=HH")
_LINK: Final = struct.Struct("=BxHiII")
_ADDRESS: Final = struct.Struct("=BBBBI")
_ROUTE: Final = struct.Struct("=BBBBBBBBI")
_ERROR: Final = struct.Struct("=i")
_UINT: Final = struct.Struct("=I")

NEW_LINK, GET_LINK, NEW_ADDRESS, GET_ADDRESS, NEW_ROUTE, GET_ROUTE = 16, 18, 20, 22, 24, 26
ERROR, DONE = 2, 3
_REQUEST, _DUMP = 0x001, 0x300
INET, INET6 = 2, 10

FLAGS: Final[Mapping[str, int]] = {
    "UP": 0x1,
    "BROADCAST": 0x2,
    "LOOPBACK": 0x8,
    "POINTOPOINT": 0x10,
    "RUNNING": 0x40,
    "NOARP": 0x80,
    "PROMISC": 0x100,
    "MULTICAST": 0x1000,
}
"""linux/if.h."""
_SCOPES: Final = {0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"}


class Message(NamedTuple):
    """One message: its type, and what follows the header."""

    kind: int
    body: bytes


class Link(NamedTuple):
    """An interface. hardware: its address, "" where it has none."""

    number: int
    name: str
    flags: tuple[str, ...]
    mtu: int
    hardware: str


class Assigned(NamedTuple):
    """An address of an interface. scope: the system's word for how far it is good."""

    number: int
    address: str
    prefix: int
    scope: str


class Way(NamedTuple):
    """What the system would do with a packet. router: "" for directly; number: of the interface; source: ours."""

    number: int
    router: str
    source: str
    prefix: int
    is_local: bool


def dump(kind: int, family: int, sequence: int) -> bytes:
    """A request for everything of a kind: GET_LINK or GET_ADDRESS."""
    body = struct.pack("=B15x" if kind == GET_LINK else "=B7x", family)
    return HEADER.pack(HEADER.size + len(body), kind, _REQUEST | _DUMP, sequence, 0) + body


def ask_way(target: str, sequence: int, index: int = 0) -> bytes:
    """A request for the way to one address, which must be numeric and without a zone.

    Args:
        index: of the interface that the zone names; 0 for none.
    """
    packed = ip_address(target).packed
    family = INET if len(packed) == 4 else INET6
    body = _ROUTE.pack(family, 8 * len(packed), 0, 0, 0, 0, 0, 0, 0) + _attribute(1, packed)
    if index:
        body += _attribute(4, _UINT.pack(index))
    return HEADER.pack(HEADER.size + len(body), GET_ROUTE, _REQUEST, sequence, 0) + body


def _attribute(kind: int, data: bytes) -> bytes:
    padded = data + bytes(-len(data) % 4)
    return _ATTRIBUTE.pack(_ATTRIBUTE.size + len(data), kind) + padded


def messages(data: bytes) -> Iterator[Message]:
    """The messages of one read."""
    at = 0
    while at + HEADER.size <= len(data):
        length, kind, _, _, _ = HEADER.unpack_from(data, at)
        if length < HEADER.size or at + length > len(data):
            return
        yield Message(kind, data[at + HEADER.size : at + length])
        at += (length + 3) & ~3


def error_of(message: Message) -> int:
    """The errno of an ERROR message, 0 for an acknowledgement."""
    return -_ERROR.unpack_from(message.body)[0] if len(message.body) >= _ERROR.size else 0


def read_link(body: bytes) -> Link | None:
    """A NEW_LINK message; None where it is too short."""
    if len(body) < _LINK.size:
        return None
    _, _, index, flags, _ = _LINK.unpack_from(body)
    facts = _attributes(body, _LINK.size)
    words = tuple(word for word, bit in FLAGS.items() if flags & bit)
    hardware = facts.get(1, b"")
    shown = ":".join(f"{octet:02x}" for octet in hardware) if any(hardware) else ""
    mtu = _UINT.unpack_from(facts[4])[0] if len(facts.get(4, b"")) >= 4 else 0
    return Link(index, facts.get(3, b"").partition(b"\0")[0].decode("utf-8", "replace"), words, mtu, shown)


def read_address(body: bytes) -> Assigned | None:
    """A NEW_ADDRESS message; None where it is too short or of another family."""
    if len(body) < _ADDRESS.size:
        return None
    _, prefix, _, scope, index = _ADDRESS.unpack_from(body)
    facts = _attributes(body, _ADDRESS.size)
    # Of a point-to-point interface the first is the peer's, the second ours (rtnetlink(7)).
    own = _address(facts.get(2) or facts.get(1, b""))
    return Assigned(index, own, prefix, _SCOPES.get(scope, str(scope))) if own else None


def read_way(body: bytes) -> Way | None:
    """A NEW_ROUTE message that answers `ask_way`; None where it is too short."""
    if len(body) < _ROUTE.size:
        return None
    _, prefix, _, _, _, _, _, kind, _ = _ROUTE.unpack_from(body)
    facts = _attributes(body, _ROUTE.size)
    index = _UINT.unpack_from(facts[4])[0] if len(facts.get(4, b"")) >= 4 else 0
    router = facts.get(5, b"")
    if not router and len(facts.get(18, b"")) > 2:
        # A router of the other family: IPv4 through an IPv6 neighbour (RFC 5549).
        router = facts[18][2:]
    return Way(index, _address(router), _address(facts.get(7, b"")), prefix, kind == 2)


def _attributes(body: bytes, at: int) -> dict[int, bytes]:
    facts: dict[int, bytes] = {}
    while at + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, at)
        if length < _ATTRIBUTE.size or at + length > len(body):
            break
        facts.setdefault(kind & 0x3FFF, body[at + _ATTRIBUTE.size : at + length])
        at += (length + 3) & ~3
    return facts


def _address(packed: bytes) -> str:
    return str(ip_address(packed)) if len(packed) in (4, 16) else ""

"""Names and numbers out of a message's octets, bounded: nothing a stranger writes makes this run long or far.

A compressed name may only point backward, behind everything that it has pointed to so far: then no chain of pointers
can form a loop, and every name ends (RFC 1035 section 4.1.4 says "a prior occurrence").
"""

from typing import NamedTuple

from workbench.errors import PeerMisbehaved

MAX_NAME = 255
"""Octets of a name with its length octets and the root, RFC 1035 section 2.3.4."""
MAX_LABEL = 63
_POINTER = 0xC0
_ESCAPED = frozenset(b'"().;\\@$')


class WireName(NamedTuple):
    """A name as read: in presentation form, where it ends in the message, and where its pointers lead."""

    text: str
    stop: int
    pointers: tuple[int, ...]


class Reader:
    """Reads one message. `data` never grows; a place beyond its end is PeerMisbehaved."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._known: dict[int, tuple[tuple[bytes, ...], int]] = {}

    def number(self, at: int, octets: int, what: str) -> int:
        """An unsigned number in network order. Raises: PeerMisbehaved: the message ends within it."""
        self.need(at, octets, what)
        return int.from_bytes(self.data[at : at + octets], "big")

    def need(self, at: int, octets: int, what: str) -> None:
        """Raises: PeerMisbehaved: fewer octets are left."""
        if at + octets > len(self.data):
            raise self.wrong(at, f"the message ends within {what}", "RFC 1035 section 4.1")

    def wrong(self, at: int, what: str, source: str) -> PeerMisbehaved:
        """A mistake in the message at a place, with the octets there."""
        return PeerMisbehaved(
            f"{what} (octet {at} of {len(self.data)})",
            stage="answer",
            data=self.data[max(0, at - 16) : at + 32],
            source=source,
        )

    def name(self, at: int) -> WireName:
        """The name that begins at a place.

        Raises: PeerMisbehaved: it runs past the end, points forward or to itself, or is longer than 255 octets.
        """
        labels: list[bytes] = []
        pointers: list[int] = []
        size, place, behind, stop = 1, at, at, -1
        while True:
            length = self.number(place, 1, "a name")
            if length & _POINTER == _POINTER:
                target = self.number(place, 2, "a pointer of a name") & 0x3FFF
                stop = stop if stop >= 0 else place + 2
                if target >= behind:
                    raise self.wrong(
                        place, "a compressed name points forward or to itself", "RFC 1035 section 4.1.4"
                    )
                pointers.append(target)
                place = behind = target
                continue
            if length & _POINTER:
                raise self.wrong(
                    place, f"a label of the unknown kind 0x{length & _POINTER:02x}", "RFC 6891 section 5"
                )
            if not length:
                stop = stop if stop >= 0 else place + 1
                return WireName(presentation(labels), stop, tuple(pointers))
            self.need(place + 1, length, "a label of a name")
            size += length + 1
            if size > MAX_NAME:
                raise self.wrong(at, f"a name has more than {MAX_NAME} octets", "RFC 1035 section 2.3.4")
            labels.append(self.data[place + 1 : place + 1 + length])
            place += length + 1


def presentation(labels: list[bytes]) -> str:
    """Labels as zone files write them, with the last dot: "www.lab.test.", "a\\.b.test.", "\\000.test."."""
    return "".join(f"{escaped(label)}." for label in labels) or "."


def escaped(label: bytes) -> str:
    """One label; what is no plain character stands as \\DDD (RFC 1035 section 5.1)."""
    if label.isalnum():
        return label.decode("ascii")
    pieces = []
    for octet in label:
        if octet in _ESCAPED:
            pieces.append("\\" + chr(octet))
        else:
            pieces.append(chr(octet) if 0x20 < octet < 0x7F else f"\\{octet:03d}")
    return "".join(pieces)

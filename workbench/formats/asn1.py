"""ASN.1 in DER, and the BER that is met in the wild: octets to a tree of nodes, each with its range (X.690).

Strategy. Tolerant and bounded: a damaged certificate is looked at because it is damaged. Nothing raises; what is wrong
stands on the node where it is, and what can still be read around it is read. A node holds places, not octets, so that
a tree costs the same for any content, and every value on a screen knows which octets it came from.
Indefinite lengths (BER, in PKCS #7) are read; they carry no fault of their own, since only a certificate must be DER.
"""

from typing import Final, NamedTuple

UNIVERSAL, APPLICATION, CONTEXT, PRIVATE = range(4)

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 1, 2, 3, 4, 5, 6
ENUMERATED, UTF8_STRING, SEQUENCE, SET = 10, 12, 16, 17
NUMERIC_STRING, PRINTABLE_STRING, T61_STRING, IA5_STRING = 18, 19, 20, 22
UTC_TIME, GENERALIZED_TIME, VISIBLE_STRING, UNIVERSAL_STRING, BMP_STRING = 23, 24, 26, 28, 30

MAX_DEPTH: Final = 60
"""Levels below the root: a certificate has about 12; a bomb has as many as it has octets."""
MAX_NODES: Final = 30_000
"""Of one tree: a certificate with ten thousand names has as many and fifty more."""
_MAX_TAG_OCTETS = 4
_MAX_LENGTH_OCTETS = 8
_TYPES_INSIDE = frozenset(
    {
        *(BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID, ENUMERATED, UTF8_STRING, SEQUENCE, SET),
        *(PRINTABLE_STRING, IA5_STRING, UTC_TIME, GENERALIZED_TIME),
    }
)


class Node(NamedTuple):
    """One value: tag, length and contents.

    start, content, stop: places in the octets: of the tag, of the contents, behind all of it (half open).
    kind: the class of the tag; number: its number. children: of a constructed value, or what was found inside a
    string of octets (is_opened then). fault: what is wrong at this very place; "" for nothing.
    """

    start: int
    content: int
    stop: int
    kind: int
    number: int
    is_constructed: bool
    children: tuple["Node", ...] = ()
    fault: str = ""
    is_opened: bool = False

    def is_a(self, number: int, kind: int = UNIVERSAL) -> bool:
        """Whether the tag is this one."""
        return self.number == number and self.kind == kind

    def octets(self, data: bytes) -> bytes:
        """The contents, without tag and length."""
        return data[self.content : self.stop]

    def whole(self, data: bytes) -> bytes:
        """All of it, tag and length included."""
        return data[self.start : self.stop]


def walk(data: bytes, start: int = 0, stop: int | None = None, *, opening: bool = True) -> Node:
    """The first value in `data[start:stop]`; octets behind it are the caller's to notice (Node.stop).

    Args:
        opening: look into strings of octets and bits that hold exactly one well-formed value; such a value stands
            there as their child.

    Never raises: an empty range is a node with a fault.
    """
    return _Walk(data, opening).value(start, len(data) if stop is None else min(stop, len(data)), 0)


def faults(node: Node) -> list[Node]:
    """Every node of the tree that has a fault, in the order of the octets."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.fault:
            found.append(each)
        waiting.extend(reversed(each.children))
    return found


class _Walk:
    def __init__(self, data: bytes, opening: bool) -> None:
        self._data = data
        self._opening = opening
        self._left = MAX_NODES

    def value(self, start: int, limit: int, depth: int) -> Node:
        """One value that begins at start and must end at limit at the latest."""
        self._left -= 1
        kind, number, is_constructed, place, fault = self._tag(start, limit)
        if fault:
            return Node(start, limit, limit, kind, number, False, fault=fault)
        length, content, fault = self._length(place, limit)
        if fault and length is None:
            return Node(start, content, limit, kind, number, is_constructed, fault=fault)
        if length is None:
            return self._indefinite(start, content, limit, depth, kind, number, is_constructed)
        stop = content + length
        if stop > limit:
            has = limit - content
            fault = f"its length says {length:,} octets, and only {has:,} are left here"
            stop = limit
        children: tuple[Node, ...] = ()
        is_opened = False
        if is_constructed:
            children, problem = self._inside(content, stop, depth)
            fault = fault or problem
        elif self._opening and kind == UNIVERSAL and not fault:
            children = self._opened(number, content, stop, depth)
            is_opened = bool(children)
        return Node(start, content, stop, kind, number, is_constructed, children, fault, is_opened)

    def _inside(self, start: int, stop: int, depth: int) -> tuple[tuple[Node, ...], str]:
        """The values between two places, and why not all of them."""
        if depth >= MAX_DEPTH:
            return (), f"more than {MAX_DEPTH} levels deep: what is further in was not looked at"
        children: list[Node] = []
        place = start
        while place < stop:
            if self._left <= 0:
                return tuple(children), f"more than {MAX_NODES:,} values: the rest was not looked at"
            child = self.value(place, stop, depth + 1)
            children.append(child)
            # A fault in the head clips the child to the end: nothing behind it can be told apart.
            place = child.stop if child.stop > place else stop
        return tuple(children), ""

    def _indefinite(
        self, start: int, content: int, limit: int, depth: int, kind: int, number: int, is_constructed: bool
    ) -> Node:
        """Contents up to two octets of zero (X.690 section 8.1.3.6)."""
        if not is_constructed:
            fault = "a primitive value can't have an indefinite length"
            return Node(start, content, limit, kind, number, False, fault=fault)
        children: list[Node] = []
        place, fault = content, "its end, two octets of zero, is missing"
        if depth >= MAX_DEPTH:
            return Node(start, content, limit, kind, number, True, fault=f"more than {MAX_DEPTH} levels deep")
        while place < limit and self._left > 0:
            if self._data[place : place + 2] == b"\0\0" and place + 2 <= limit:
                return Node(start, content, place + 2, kind, number, True, tuple(children))
            child = self.value(place, limit, depth + 1)
            children.append(child)
            place = max(child.stop, place + 1)
        return Node(start, content, limit, kind, number, True, tuple(children), fault)

    def _opened(self, number: int, content: int, stop: int, depth: int) -> tuple[Node, ...]:
        """The one value that a string holds; () where it holds anything else. Guesses only where all of it fits."""
        if number == BIT_STRING and stop > content and self._data[content] == 0:
            content += 1
        elif number != OCTET_STRING:
            return ()
        if stop - content < 2 or depth >= MAX_DEPTH:
            return ()
        first = self._data[content]
        if first & 0xC0 or (first & 0x1F) not in _TYPES_INSIDE:
            return ()
        kept = self._left
        found = self.value(content, stop, depth + 1)
        if found.stop != stop or any(True for _ in faults(found)):
            self._left = kept
            return ()
        return (found,)

    def _tag(self, place: int, limit: int) -> tuple[int, int, bool, int, str]:
        """(class, number, constructed, place behind the tag, fault)."""
        if place >= limit:
            return 0, 0, False, place, "nothing is here, and a value was expected"
        first = self._data[place]
        kind, is_constructed, number = first >> 6, bool(first & 0x20), first & 0x1F
        place += 1
        if number < 0x1F:
            return kind, number, is_constructed, place, ""
        number = 0
        for at in range(place, min(place + _MAX_TAG_OCTETS, limit)):
            number = number << 7 | self._data[at] & 0x7F
            if not self._data[at] & 0x80:
                return kind, number, is_constructed, at + 1, ""
        return kind, number, is_constructed, limit, "its tag does not end"

    def _length(self, place: int, limit: int) -> tuple[int | None, int, str]:
        """(length or None for indefinite or unreadable, place behind it, fault)."""
        if place >= limit:
            return None, limit, "its length is missing: the octets end behind the tag"
        first = self._data[place]
        place += 1
        if first < 0x80:
            return first, place, ""
        if first == 0x80:
            return None, place, ""
        count = first & 0x7F
        if count > _MAX_LENGTH_OCTETS:
            return None, limit, f"its length is written in {count} octets, and no value is that long"
        if place + count > limit:
            return None, limit, "its length is cut off"
        length = int.from_bytes(self._data[place : place + count])
        fault = ""
        if length < 0x80 or self._data[place] == 0:
            fault = "its length is written longer than need be, which DER forbids (X.690 section 10.1)"
        return length, place + count, fault

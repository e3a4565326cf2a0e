"""The structure inspector: a format of Python's struct over octets, field by field, and its errors in words."""

import re
import struct
from collections.abc import Sequence
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.framing.numbers import swap_hint
from workbench.formats.framing.values import octets_of
from workbench.formats.place import mistake

ORDERS: Final = {
    "@": "this machine's order, sizes and alignment",
    "=": "this machine's order, no alignment",
    "<": "little-endian",
    ">": "big-endian",
    "!": "network order: big-endian",
}
CODES: Final = {
    "x": "a pad octet",
    "c": "one octet",
    "b": "signed, 8 bits",
    "B": "unsigned, 8 bits",
    "?": "true or false",
    "h": "signed, 16 bits",
    "H": "unsigned, 16 bits",
    "i": "signed, 32 bits",
    "I": "unsigned, 32 bits",
    "l": "signed, long",
    "L": "unsigned, long",
    "q": "signed, 64 bits",
    "Q": "unsigned, 64 bits",
    "n": "signed, as wide as a pointer",
    "N": "unsigned, as wide as a pointer",
    "P": "a pointer",
    "e": "floating point, 16 bits",
    "f": "floating point, 32 bits",
    "d": "floating point, 64 bits",
    "s": "octets",
    "p": "a string behind its length octet",
}
NATIVE_ONLY: Final = frozenset("nNP")
_ITEM: Final = re.compile(r"\s*(?P<count>\d*)(?P<code>[^\s\d])")
MAX_FIELDS: Final = 1000
MAX_FORMAT: Final = 1000
_SWAPPABLE: Final = {"H": 16, "I": 32, "L": 32, "Q": 64, "h": 16, "i": 32, "l": 32, "q": 64}
Value = int | float | bytes | bool | None


class Item(NamedTuple):
    """A field that a format names: its code (with the count, of s and p) and its place in the octets."""

    code: str
    start: int
    stop: int
    what: str


class Field(NamedTuple):
    """A field and what the octets say. hint: what is odd about it."""

    item: Item
    value: Value
    hint: str = ""


class Known(NamedTuple):
    """A structure that protocols use. names: of its fields."""

    name: str
    format: str
    names: tuple[str, ...]
    source: str


KNOWN: Final = (
    Known("a length of 4 octets", "!I", ("length",), ""),
    Known("UDP header", "!HHHH", ("source port", "destination port", "length", "checksum"), "RFC 768"),
    Known("time since 1900", "!I", ("seconds",), "RFC 868"),
    Known("TLS record header", "!BHH", ("type", "version", "length"), "RFC 8446 section 5.1"),
    Known(
        "DNS header",
        "!HHHHHH",
        ("id", "flags", "questions", "answers", "authority", "additional"),
        "RFC 1035 section 4.1.1",
    ),
    Known(
        "TCP header",
        "!HHIIHHHH",
        (
            "source port",
            "destination port",
            "sequence",
            "acknowledgment",
            "offset and flags",
            "window",
            "checksum",
            "urgent",
        ),
        "RFC 9293 section 3.1",
    ),
    Known(
        "IPv4 header",
        "!BBHHHBBH4s4s",
        (
            "version",
            "service",
            "length",
            "id",
            "fragment",
            "ttl",
            "protocol",
            "checksum",
            "source",
            "destination",
        ),
        "RFC 791 section 3.1",
    ),
    Known(
        "FastCGI record header",
        "!BBHHBx",
        ("version", "type", "id", "length", "padding"),
        "FastCGI 1.0 section 3.3",
    ),
)


def read_format(text: str) -> tuple[str, tuple[Item, ...]]:
    """The order sign of a format ("@" where none is written), and its fields.

    Raises: LocalMisuse with the place of the mistake.
    """
    if len(text) > MAX_FORMAT:
        raise mistake(text, MAX_FORMAT, len(text), "this is too long for a format", "write fewer codes")
    lead = len(text) - len(text.lstrip())
    order = text[lead] if lead < len(text) and text[lead] in ORDERS else "@"
    at = lead + (order != "@" or text[lead : lead + 1] == "@")
    items: list[Item] = []
    before = ""
    while at < len(text.rstrip()):
        found = _ITEM.match(text, at)
        if found is None:
            raise mistake(
                text, at, len(text), "a number without the code behind it", "write it like 4s or 2H"
            )
        count, code = found["count"], found["code"]
        _check_code(text, found.start("code"), code, order)
        number = int(count[:6]) if count else 1
        if len(items) + (number if code not in "sp" else 1) > MAX_FIELDS or number > 100_000:
            raise mistake(text, found.start(), found.end(), f"more than {MAX_FIELDS:,} fields", "write fewer")
        for one in [f"{number}{code}"] if code in "sp" else [code] * number:
            # calcsize counts the alignment before this field too.
            before += one
            stop = struct.calcsize(order + before)
            items.append(Item(one, stop - struct.calcsize(order + one), stop, CODES[code]))
        at = found.end()
    return order, tuple(items)


def _check_code(text: str, at: int, code: str, order: str) -> None:
    if code in ORDERS:
        raise mistake(text, at, at + 1, f"{code} stands at the beginning only", "move it to the front")
    if code not in CODES:
        raise mistake(text, at, at + 1, f"{code!r} is no code of struct", "codes are " + " ".join(CODES))
    if code in NATIVE_ONLY and order != "@":
        raise mistake(
            text, at, at + 1, f"{code} is for this machine's own order only", f"leave the {order} out"
        )


def size_of(items: Sequence[Item]) -> int:
    """Octets of a format's fields."""
    return items[-1].stop if items else 0


def inspect(text: str, data: bytes, at: int = 0) -> tuple[Field, ...]:
    """What octets say by a format, from `at` on.

    Raises: LocalMisuse: the format is wrong, or there are too few octets.
    """
    order, items = read_format(text)
    size = size_of(items)
    if len(data) - at < size:
        missing = size - max(0, len(data) - at)
        what = f"the format needs {octets_of(size)}, and {octets_of(max(0, len(data) - at))} are there"
        raise LocalMisuse(what, text=text, start=0, end=len(text), advice=f"{octets_of(missing)} are missing")
    found = []
    for item in items:
        octets = data[at + item.start : at + item.stop]
        values = struct.unpack(
            order.replace("@", "=") + item.code if item.code[-1] not in "nNPlL" else order + item.code, octets
        )
        value: Value = values[0] if values else None
        found.append(
            Field(item._replace(start=at + item.start, stop=at + item.stop), value, _hint(item, value))
        )
    return tuple(found)


def _hint(item: Item, value: Value) -> str:
    bits = 8 * (item.stop - item.start)
    if item.code in _SWAPPABLE and isinstance(value, int):
        return swap_hint(value, bits)
    return ""


def pack(text: str, values: Sequence[Value]) -> bytes:
    """Values as octets by a format.

    Raises: LocalMisuse: one does not fit, in words, or there are too few or too many.
    """
    order, items = read_format(text)
    wanted = [item for item in items if item.code[-1] != "x"]
    if len(values) != len(wanted):
        what = f"the format has {len(wanted)} fields for values, and {len(values)} are given"
        raise LocalMisuse(what, text=text, start=0, end=len(text), advice="give each field one value")
    for item, value in zip(wanted, values, strict=True):
        try:
            struct.pack(order + item.code, value)
        except (struct.error, OverflowError, TypeError) as error:
            raise LocalMisuse(_in_words(item, value, error), advice=_advice(item)) from error
    codes = "".join(item.code for item in items)
    return struct.pack(order + codes, *values)


def bounds(item: Item) -> tuple[int, int] | None:
    """The least and the greatest number of a field; None where it is no whole number."""
    code, bits = item.code[-1], 8 * (item.stop - item.start)
    if code in "BHILQN":
        return 0, (1 << bits) - 1
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if code in "bhilqn" else None


def _in_words(item: Item, value: Value, error: Exception) -> str:
    limits = bounds(item)
    if limits and isinstance(value, int):
        return f"{value} does not fit into {item.code}, {item.what}: it goes from {limits[0]} to {limits[1]}"
    return f"{value!r} is nothing for {item.code}, {item.what}: {error}"


def _advice(item: Item) -> str:
    wider = {"b": "h", "B": "H", "h": "i", "H": "I", "i": "q", "I": "Q"}.get(item.code)
    return f"{wider} is wider: {CODES[wider]}" if wider else "give it another value"


def suggest(data: bytes) -> tuple[Known, ...]:
    """The known structures that octets may be, the likeliest first."""
    scored = [(score, known) for known in KNOWN if (score := _likelihood(known, data)) > 0]
    return tuple(known for _, known in sorted(scored, key=_first, reverse=True))


def _first(pair: tuple[int, Known]) -> int:
    return pair[0]


def _likelihood(known: Known, data: bytes) -> int:
    size = struct.calcsize(known.format)
    if len(data) < size:
        return 0
    rest = len(data) - size
    values = struct.unpack(known.format, data[:size])
    match known.name:
        case "a length of 4 octets":
            return 9 if values[0] == rest else 1
        case "UDP header":
            return 8 if values[2] == len(data) else 1
        case "TLS record header":
            return 10 if values[0] in range(20, 25) and values[1] in range(0x0301, 0x0305) else 0
        case "DNS header":
            return 6 if 1 <= values[2] <= 4 and max(values[3:]) < 64 and rest else 0
        case "IPv4 header":
            return 10 if values[0] >> 4 == 4 and values[2] == len(data) else 0
        case "TCP header":
            return 4 if 5 <= values[4] >> 12 <= 15 and values[4] >> 12 << 2 <= len(data) else 0
        case "FastCGI record header":
            return 7 if values[0] == 1 and 1 <= values[1] <= 11 and values[3] <= rest else 0
    return 2 if size == len(data) else 0

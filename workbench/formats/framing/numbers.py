"""A number on the wire: its digits, and words of 16, 32 and 64 bits of both orders, signed and unsigned.

`htonl` and its relatives (socket) only swap the octets of a number on machines that keep the lowest octet first; a
number that is written by to_bytes or struct with an order needs none of them.
"""

import sys
from typing import Final, Literal, NamedTuple

from workbench.formats.hextext import parse_hex
from workbench.formats.place import mistake

Order = Literal["big", "little"]
BITS: Final = (16, 32, 64)
LEAST, MOST = -(1 << 63), (1 << 64) - 1
SMALL: Final = 0x10000
"""Lengths, counts and kinds are mostly below; a number that is not, but would be if swapped, looks swapped."""


class Row(NamedTuple):
    """A number in one form. octets: None where it does not fit; then `why`."""

    name: str
    octets: bytes | None
    bits: int = 0
    order: Order | None = None
    signed: bool = False
    why: str = ""

    @property
    def hex(self) -> str:
        """In hexadecimal, as on the wire."""
        return self.octets.hex(" ") if self.octets is not None else ""

    @property
    def binary(self) -> str:
        """Bit by bit, as on the wire."""
        return " ".join(f"{octet:08b}" for octet in self.octets) if self.octets is not None else ""


def read_number(text: str) -> int:
    """A number as people write it: 5, -5, 0x05, 0b101, 0o5.

    Raises: LocalMisuse: it is none, or needs more than 64 bits.
    """
    written = text.strip().replace(",", "")
    try:
        value = int(written, 0) if not written.lstrip("+-").isdecimal() else int(written[:40])
    except ValueError:
        raise mistake(
            text, 0, len(text), f"{text!r} is no number", "write it like 5, -5, 0x05 or 0b101"
        ) from None
    if not LEAST <= value <= MOST:
        what = "a number of more than 64 bits"
        raise mistake(text, 0, len(text), what, f"write one from {LEAST} to {MOST}")
    return value


def rows(value: int, digits: int = 4) -> tuple[Row, ...]:
    """The number in every form. digits: of the ASCII form with leading zeros."""
    found = [_digits("ASCII digits", str(value).encode()), _padded(value, digits)]
    for bits in BITS:
        for order in ("big", "little"):
            found.append(_word(value, bits, order, signed=False))
            found.append(_word(value, bits, order, signed=True))
    return tuple(found)


def _digits(name: str, data: bytes) -> Row:
    return Row(name, data)


def _padded(value: int, digits: int) -> Row:
    name = f"{digits} ASCII digits"
    text = str(value)
    if value < 0 or len(text) > digits:
        return Row(
            name, None, why=f"{text} needs more than {digits} digits" if value >= 0 else "a minus is no digit"
        )
    return Row(name, text.zfill(digits).encode())


def _word(value: int, bits: int, order: Literal["big", "little"] | str, *, signed: bool) -> Row:
    by: Order = "little" if order == "little" else "big"
    name = f"{bits} bits, {'signed' if signed else 'unsigned'}, {by}-endian"
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    if not low <= value <= high:
        return Row(name, None, bits, by, signed, f"only {low:,} to {high:,} fit")
    return Row(name, value.to_bytes(bits // 8, by, signed=signed), bits, by, signed)


class Reading(NamedTuple):
    """What octets mean in one form."""

    name: str
    value: int | None
    why: str = ""


def read_octets(text: str) -> bytes:
    """1 to 8 octets in hexadecimal. Raises: LocalMisuse."""
    data = parse_hex(text)
    if not 1 <= len(data) <= 8:
        raise mistake(text, 0, len(text), f"1 to 8 octets are a number, not {len(data)}", "write 00 00 00 05")
    return data


def readings(data: bytes) -> tuple[Reading, ...]:
    """What the octets mean as a word of either order, signed and not, and as digits."""
    found = [
        Reading(
            f"{'signed' if signed else 'unsigned'}, {order}-endian",
            int.from_bytes(data, "big" if order == "big" else "little", signed=signed),
        )
        for order in ("big", "little")
        for signed in (False, True)
    ]
    is_digits = data.isdigit()
    return (
        *found,
        Reading("ASCII digits", int(data) if is_digits else None, "" if is_digits else "no digits"),
    )


def swapped(value: int, bits: int) -> int:
    """The number that the same octets are in the other order."""
    return int.from_bytes((value & (1 << bits) - 1).to_bytes(bits // 8, "big"), "little")


def swap_hint(value: int, bits: int) -> str:
    """That a number looks as if its octets were swapped; "" where it does not."""
    other = swapped(value, bits)
    if bits <= 16:
        looks = value >= 0x100 and other < 0x100
    else:
        looks = (value & (1 << bits) - 1) >= SMALL and 0 < other < SMALL
    return f"looks byte-swapped: in the other order it is {other:,}" if looks and other else ""


def host_order() -> str:
    """The order of this machine."""
    return sys.byteorder


def network_number(value: int, bits: int = 32) -> int:
    """What htonl (32 bits) and htons (16) make of a number on this machine."""
    return value if sys.byteorder == "big" else swapped(value, bits)


def network_remark(value: int) -> str:
    """What htonl does to it here, and why nobody needs it; "" where it does not fit into 32 bits."""
    if not 0 <= value < 1 << 32:
        return ""
    made = network_number(value)
    if made == value:
        return f"htonl({value:,}) is {made:,} here: a {sys.byteorder}-endian machine keeps it in this order"
    return f"htonl({value:,}) is {made:,} here: this machine is {sys.byteorder}-endian; to_bytes and struct need none"

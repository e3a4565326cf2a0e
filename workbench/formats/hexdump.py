"""Octets as rows of offset, hexadecimal and ASCII, in the layout of `hexdump -C`.

One layout for the window, the terminal and the export: others' tools read it, and `hextext.parse_hexdump`
too. Rows are never squeezed into "*": a reader must be able to point at each octet.

Speed: an export writes hundreds of MiB, so `dump` fills a block of rows column by column with strided slices,
61 assignments for a thousand rows. Measured on two cores: 47 MiB/s in blocks of 16 KiB; one f-string a row 11
MiB/s; blocks that outgrow the processor's cache 27 MiB/s.
"""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

WIDTH: Final = 16
"""Octets a row of `dump`."""

BLOCK: Final = 16 * 1024
"""Octets that `dump` lays out at once; a multiple of WIDTH."""

_DOTTED: Final = bytes(code if 0x20 <= code < 0x7F else 0x2E for code in range(256))


class HexRow(NamedTuple):
    """One row; `hex` has two digits an octet and single spaces, `ascii` one character an octet."""

    offset: int
    hex: str
    ascii: str


def as_ascii(data: bytes) -> str:
    """One character an octet: printable ASCII as it is, all else a dot."""
    return data.translate(_DOTTED).decode("ascii")


def rows(data: bytes, *, offset: int = 0, width: int = WIDTH) -> list[HexRow]:
    """The rows of `data`; the last may be short, none for no octets.

    Args:
        offset: of the first octet, for a slice of something longer.
        width: octets a row, at least 1.
    """
    digits = data.hex(" ")
    letters = as_ascii(data)
    return [
        HexRow(offset + at, digits[3 * at : 3 * (at + width) - 1], letters[at : at + width])
        for at in range(0, len(data), width)
    ]


class _Layout(NamedTuple):
    """What stands around offset, octets and characters. half: blanks more between the eighth octet and the ninth."""

    before: bytes
    half: int
    fence: bytes


_CANONICAL: Final = _Layout(b"", 1, b"|")


def dump(data: bytes, offset: int = 0) -> str:
    """`data` as text, a row a line, with a line end after each; "" for no octets.

    Slices whose length is a multiple of WIDTH can be dumped one by one and joined. Offsets have eight
    hexadecimal digits, more from 4 GiB on.

    Source: the layout of hexdump(1) -C, without its last line.
    """
    return b"".join(_lines(data, offset, _CANONICAL)).decode("ascii")


def marked_dump(mark: str, data: bytes, offset: int = 0) -> bytes:
    """As `dump`, in UTF-8: each row begins with a mark, the octets stand in one group, and nothing fences the text."""
    return b"".join(_lines(data, offset, _Layout(f"{mark} ".encode(), 0, b"")))


def _lines(data: bytes, offset: int, layout: _Layout) -> Iterator[bytes]:
    whole = len(data) - len(data) % WIDTH
    for start in range(0, whole, BLOCK):
        block = data[start : min(start + BLOCK, whole)]
        if f"{offset + start:08x}"[:-8] == f"{offset + start + len(block):08x}"[:-8]:
            yield _block(block, offset + start, layout)
        else:
            # The offset gains a digit within this block: its rows have different lengths.
            for at in range(0, len(block), WIDTH):
                yield _line(block[at : at + WIDTH], offset + start + at, layout)
    if whole < len(data):
        yield _line(data[whole:], offset + whole, layout)


def _line(data: bytes, offset: int, layout: _Layout) -> bytes:
    left, right = data[:8].hex(" "), data[8:].hex(" ")
    digits = f"{left:<{23 + layout.half}} {right}"
    fence = layout.fence.decode()
    return layout.before + f"{offset:08x}  {digits:<48}  {fence}{as_ascii(data)}{fence}\n".encode()


def _block(data: bytes, offset: int, layout: _Layout) -> bytes:
    """Rows of WIDTH octets whose offsets have the same number of digits, filled in column by column."""
    before, half, fence = layout
    count = len(data) // WIDTH
    width = len(f"{offset:08x}")
    empty = before + b" " * (width + 52) + fence + b" " * WIDTH + fence + b"\n"
    lines = bytearray(empty * count)
    stride = len(empty)
    digits = data.hex().encode("ascii")
    letters = data.translate(_DOTTED)
    first = len(before) + width
    for i in range(WIDTH):
        column = first + 2 + 3 * i + (half if i >= WIDTH // 2 else 0)
        lines[column::stride] = digits[2 * i :: 2 * WIDTH]
        lines[column + 1 :: stride] = digits[2 * i + 1 :: 2 * WIDTH]
        lines[first + 52 + len(fence) + i :: stride] = letters[i::WIDTH]
    offsets = struct.pack(f">{count}Q", *range(offset, offset + len(data), WIDTH)).hex().encode("ascii")
    for i in range(width):
        lines[len(before) + i :: stride] = offsets[16 - width + i :: 16]
    return bytes(lines)

"""Where rows of text end in a run of octets: after a line end, or where a row is full.

A line that is longer than a row is cut into pieces of `columns` octets, never inside a character. A row may hold SLACK
octets more when that ends the line, so that a line end does not stand alone. The rule looks at octets only: the same
run is cut at the same places however large the blocks are in which it is read.
"""

import codecs
from itertools import accumulate
from operator import sub

from workbench.formats.charset import encoding_named

SLACK = 4
"""Octets a row may be longer than its columns: CR LF in the widest encoding of two octets each."""

_UNITS = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
_WIDE = frozenset({"gbk", "gb18030", "big5", "shift_jis", "euc_jp", "iso2022_jp", "euc_kr"})
_LONGEST_TAIL = 3
"""Octets that may follow the first one of a character in UTF-8 (RFC 3629 section 3)."""


class RowBreaks:
    """The rule for one encoding and one width.

    Args:
        encoding: one of charset.ENCODINGS.
        columns: octets in a full row, at least 8.
    """

    def __init__(self, encoding: str, columns: int) -> None:
        self.encoding = encoding_named(encoding)
        self.unit = _UNITS.get(self.encoding, 1)
        self.columns = max(8, columns) // self.unit * self.unit
        self.limit = self.columns + SLACK
        self.newline = "\n".encode(self.encoding)

    @property
    def needs_context(self) -> bool:
        """Whether a row can only be read with the octets before it, because the encoding has states or wide pairs."""
        return self.encoding in _WIDE

    @property
    def is_single_octet(self) -> bool:
        """Whether every octet is a character."""
        return self.unit == 1 and not self.needs_context and self.encoding != "utf-8"

    def ends(self, data: bytes, offset: int) -> list[int]:
        """The places in `data` at which complete rows end; what follows the last one is still open.

        Args:
            data: octets from the beginning of a row on.
            offset: of the first one in its stream, which decides how units of two or four octets lie.
        """
        newline_ends, longest = self._newline_ends(data, offset)
        if longest <= self.limit:
            return newline_ends
        found: list[int] = []
        start = 0
        cut_line = self._cut_even_line if self._is_even(data) else self._cut_line
        for end in newline_ends:
            cut_line(data, start, end, offset, found)
            found.append(end)
            start = end
        cut_line(data, start, len(data), offset, found)
        return found

    def _is_even(self, data: bytes) -> bool:
        """Whether every octet is a character, so that a row may end anywhere."""
        return self.is_single_octet or (self.encoding == "utf-8" and data.isascii())

    def _newline_ends(self, data: bytes, offset: int) -> tuple[list[int], int]:
        """Where lines end, and how long the longest is, the open one at the end included."""
        size = len(self.newline)
        if self.unit == 1:
            lengths = [len(line) + size for line in data.split(self.newline)]
            longest = max(lengths)
            if lengths[-1] == longest:
                lengths[-1] -= size  # the open line has no line end
                longest = max(lengths)
            lengths.pop()
            return list(accumulate(lengths)), longest
        found = []
        at = data.find(self.newline)
        while at >= 0:
            if (offset + at) % self.unit == 0:
                found.append(at + size)
                at = data.find(self.newline, at + size)
            else:
                at = data.find(self.newline, at + 1)
        return found, max(map(sub, [*found, len(data)], [0, *found]))

    def _cut_even_line(self, data: bytes, start: int, end: int, offset: int, found: list[int]) -> None:
        pieces = -(-(end - start - self.limit) // self.columns)
        found += range(start + self.columns, start + pieces * self.columns + 1, self.columns)

    def _cut_line(self, data: bytes, start: int, end: int, offset: int, found: list[int]) -> None:
        while end - start > self.limit:
            start = self._cut(data, start, offset)
            found.append(start)

    def _cut(self, data: bytes, start: int, offset: int) -> int:
        """The place at which a full row that begins at `start` ends: at most `columns` octets on."""
        full = start + self.columns
        if self.unit > 1:
            return self._cut_units(data, full, offset)
        if self.encoding == "utf-8":
            cut = full
            while cut > full - _LONGEST_TAIL and data[cut] & 0xC0 == 0x80:
                cut -= 1
            return full if data[cut] & 0xC0 == 0x80 else cut
        if self.needs_context:
            decoder = codecs.getincrementaldecoder(self.encoding)("replace")
            decoder.decode(data[start:full])
            waiting = len(decoder.getstate()[0])
            return full - waiting if waiting < self.columns else full
        return full

    def _cut_units(self, data: bytes, full: int, offset: int) -> int:
        cut = full - (offset + full) % self.unit
        if self.unit == 2:
            high = data[cut + 1] if self.encoding.endswith("le") else data[cut]
            if 0xDC <= high <= 0xDF:  # the second half of a pair stays with the first
                cut -= 2
        return cut

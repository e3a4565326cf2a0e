"""Places in a text: characters to line and column, and to octets of what it was decoded from."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

SPOT = 65_536
"""Characters between two places whose octet is remembered."""
_ONE_OCTET = ("ascii", "latin-1", "cp125", "iso8859", "koi8", "cp437", "cp850", "mac-", "tis-620", "cp866")


class Place(NamedTuple):
    """line and column from 1 on, column in characters; offset in octets from the first one of the source."""

    line: int
    column: int
    offset: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


class Lines:
    """Where the lines of a text begin.

    Args:
        encoding: Python's name of what it was decoded from.
        before: octets that stand before its first character (a byte order mark).
        wrong: the places of the characters that each stand for one octet that meant nothing.
    """

    def __init__(
        self, text: str, encoding: str = "utf-8", before: int = 0, wrong: Sequence[int] = ()
    ) -> None:
        self.text = text
        self._wrong = wrong
        self._excess = len("\ufffd".encode(encoding, "replace")) - 1
        self.starts = array("q", [0])
        self.starts.extend(match.end() for match in re.finditer(r"\r\n?|\n", text))
        self._encoding = encoding
        self._before = before
        self._width = _width(text, encoding)
        self._spots = array("q", [before])

    def __len__(self) -> int:
        return len(self.starts)

    def line_at(self, at: int) -> int:
        """The number of the line that holds this character, from 0 on."""
        return bisect_right(self.starts, at) - 1

    def place(self, at: int) -> Place:
        """Where the character stands."""
        at = max(0, min(at, len(self.text)))
        line = self.line_at(at)
        return Place(line + 1, at - self.starts[line] + 1, self.offset(at))

    def line(self, number: int) -> str:
        """A line without its end."""
        start, stop = self.span(number)
        return self.text[start:stop]

    def span(self, number: int) -> tuple[int, int]:
        """From where to where a line goes, in characters, without its end."""
        start = self.starts[number]
        stop = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        while stop > start and self.text[stop - 1] in "\r\n":
            stop -= 1
        return start, stop

    def offset(self, at: int) -> int:
        """How many octets of the source stand before this character."""
        if self._width:
            return self._before + at * self._width
        spots = self._spots
        while len(spots) <= at // SPOT:
            begin = (len(spots) - 1) * SPOT
            spots.append(spots[-1] + self._octets(begin, begin + SPOT))
        begin = at // SPOT * SPOT
        return spots[at // SPOT] + self._octets(begin, at)

    def _octets(self, start: int, stop: int) -> int:
        size = len(self.text[start:stop].encode(self._encoding, "replace"))
        if self._wrong and self._excess:
            wrong = bisect_left(self._wrong, stop) - bisect_left(self._wrong, start)
            size -= wrong * self._excess
        return size


def _width(text: str, encoding: str) -> int:
    """Octets of every character, where that is one number; else 0."""
    if encoding.startswith("utf-16"):
        return 2 if not text or max(text) <= "\uffff" else 0
    if encoding.startswith("utf-32"):
        return 4
    return 1 if text.isascii() or encoding.startswith(_ONE_OCTET) else 0

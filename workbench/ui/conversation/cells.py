"""One row of octets as what is painted: characters in cells, each knowing its octets.

A character that began in an earlier row or read is completed with the octets before it and stands where it ends; one
that goes on in a later read is announced by a mark. What steers, hides or means nothing is shown as formats.charset
shows it, so a peer's row stays one row. Controls, line ends among them, are spelled as the byte editor spells them
(\\r\\n) in a quiet colour: the pictures of U+2400 are missing in most fonts.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import NamedTuple

from workbench.formats.charset import TextDecoder, visible
from workbench.ui.conversation.breaks import RowBreaks

CONTEXT = 64
"""Octets before a row that are read to know where its first character begins."""
GOES_ON = "⋯"
"""Stands for the beginning of a character whose end a later read brings."""

_ASCII_ALIKE = frozenset({"cp037", "cp500", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "iso2022_jp"})
"""Encodings in which an octet below 0x80 is not always that ASCII character."""

_MARK = len("⟨FF⟩")
_NAMES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
}
_CONTROLS = "".join(map(chr, (*range(0x20), 0x7F)))
_SPELLED = {ord(control): _NAMES.get(control, f"\\x{ord(control):02x}") for control in _CONTROLS}
_PICTURES = {
    0x2421 if control == "\x7f" else 0x2400 + ord(control): _SPELLED[ord(control)] for control in _CONTROLS
}

Before = Callable[[int], bytes]
"""Up to that many octets of the stream that stand before the row."""


class Cells(NamedTuple):
    """A row as it is painted.

    Attributes:
        text: all that is painted.
        starts: for each cell where its text begins in `text`, and a last one where it ends.
        octets: for each cell its first octet in the row, and a last one: the row's size.
        quiet: the cells that are signs of ours (line ends, controls, wrong octets) rather than characters.
    """

    text: str
    starts: tuple[int, ...] | range
    octets: tuple[int, ...] | range
    quiet: frozenset[int]

    def __len__(self) -> int:
        return len(self.octets) - 1

    def cell_of_octet(self, octet: int) -> int:
        """The cell in which an octet of the row stands; the last one behind the end."""
        return max(0, min(bisect_right(self.octets, octet) - 1, len(self) - 1)) if len(self) else 0

    def cell_of_character(self, place: int) -> int:
        """The cell to which a place in `text` belongs."""
        return max(0, min(bisect_right(self.starts, place) - 1, len(self) - 1)) if len(self) else 0

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """The part of `text` that shows octets start to stop."""
        first = bisect_right(self.octets, start) - 1
        last = bisect_left(self.octets, stop)
        return self.starts[max(0, first)], self.starts[min(last, len(self))]


def cells(
    data: bytes, breaks: RowBreaks, *, offset: int = 0, before: Before | None = None, goes_on: bool = False
) -> Cells:
    """The cells of one row.

    Args:
        data: the octets of the row.
        offset: of the first one in its stream.
        before: gives the octets before the row, asked only where they can matter.
        goes_on: the stream brings more octets later, though not in this row: an unfinished character waits for them.
    """
    if data.isascii() and breaks.encoding not in _ASCII_ALIKE and not _is_split(breaks, before):
        return _ascii_cells(data)
    context = b""
    if before is not None and not breaks.is_single_octet:
        context = _context(before(CONTEXT), breaks, offset)
    return _any_cells(data, breaks, context, goes_on)


def _is_split(breaks: RowBreaks, before: Before | None) -> bool:
    if before is None or breaks.is_single_octet:
        return False
    return not before(1).isascii()


def spelled(text: str) -> str:
    """Text that charset.visible made, with the pictures of controls spelled: for where no colour tells them apart."""
    return text if text.isascii() else text.translate(_PICTURES)


def _ascii_cells(data: bytes) -> Cells:
    text = data.decode("ascii")
    places = range(len(data) + 1)
    if text.isprintable():
        return Cells(text, places, places, frozenset())
    quiet = frozenset(place for place, octet in enumerate(data) if octet < 0x20 or octet == 0x7F)
    letters = [_SPELLED[octet] if place in quiet else chr(octet) for place, octet in enumerate(data)]
    starts = tuple(accumulate(map(len, letters), initial=0))
    return Cells("".join(letters), starts, places, quiet)


def _any_cells(data: bytes, breaks: RowBreaks, context: bytes, goes_on: bool) -> Cells:
    decoder = TextDecoder(breaks.encoding)
    decoder.feed(context)
    groups: list[tuple[int, str]] = []
    start = 0
    for place in range(len(data)):
        text = decoder.feed(data[place : place + 1])
        if text:
            _take(groups, start, text)
            start = place + 1
    if start < len(data):
        _take(groups, start, GOES_ON if goes_on else decoder.finish() or GOES_ON)
    return _laid_out(groups, len(data))


def _context(data: bytes, breaks: RowBreaks, offset: int) -> bytes:
    """What has to be read before the row: from a line end on where one is near, else all of it."""
    if breaks.unit > 1:
        return data[(len(data) - offset) % breaks.unit :]
    return data[data.rfind(b"\n") + 1 :]


def _take(groups: list[tuple[int, str]], start: int, text: str) -> None:
    """Add what some octets became: wrong ones a cell each, a mark over a letter in the cell of its letter."""
    while len(text) > _MARK and text[0] == "⟨" and text[_MARK - 1] == "⟩":
        groups.append((start, text[:_MARK]))
        start, text = start + 1, text[_MARK:]
    if groups and unicodedata.category(text[0]) in ("Mn", "Me"):
        start, letter = groups.pop()
        text = letter + text
    groups.append((start, text))


def _laid_out(groups: list[tuple[int, str]], size: int) -> Cells:
    texts = []
    starts = [0]
    quiet = set()
    for number, (_, raw) in enumerate(groups):
        text = visible(raw, keep=_CONTROLS).translate(_SPELLED)
        if text != raw or text[0] == "⟨" or text == GOES_ON:
            quiet.add(number)
        texts.append(text)
        starts.append(starts[-1] + len(text))
    octets = (*(start for start, _ in groups), size)
    return Cells("".join(texts), tuple(starts), octets, frozenset(quiet))

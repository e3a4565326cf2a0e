"""One row of octets as what is painted: characters in cells, each knowing its octets.

A character that began in an earlier row or read is completed with the octets before it and stands where it ends; one
that goes on in a later read is announced by a mark. What steers, hides or means nothing is shown as formats.charset
shows it, so a peer's row stays one row. Controls, line ends among them, are spelled as the byte editor spells them
(\\r\\n) in a quiet colour: the pictures of U+2400 are missing in most fonts.

Speed: a screen has some 6,000 characters and a paint 8 ms. ASCII is cut by regular expression; UTF-8 and encodings of
one octet are decoded in one go and each distinct character is looked at once; only the others are read octet by octet.
"""

import codecs
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from operator import ne
from typing import NamedTuple

from workbench.formats.charset import visible
from workbench.ui.conversation.breaks import RowBreaks

CONTEXT = 64
"""Octets before a row that are read to know where its first character begins."""
GOES_ON = "⋯"
"""Stands for the beginning of a character whose end a later read brings."""
KNOWN_CHARACTERS = 8192
"""Characters remembered; who looks at more has time."""

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
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SPELLED = {ord(control): _NAMES.get(control, f"\\x{ord(control):02x}") for control in _CONTROLS}
_PICTURES = {
    0x2421 if control == "\x7f" else 0x2400 + ord(control): _SPELLED[ord(control)] for control in _CONTROLS
}

_ERRORS = "workbench.cells"


def _mark_octets(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"⟨{octet:02X}⟩" for octet in error.object[error.start : error.end]), error.end


codecs.register_error(_ERRORS, _mark_octets)

Before = Callable[[int], bytes]
"""Up to that many octets of the stream that stand before the row."""

_ASCII_ALIKE = frozenset({"cp037", "cp500", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "iso2022_jp"})
"""Encodings in which an octet below 0x80 is not always that ASCII character."""


class Cells(NamedTuple):
    """A row as it is painted.

    Attributes:
        text: all that is painted.
        starts: for each cell where its text begins in `text`, and a last one where it ends.
        octets: for each cell its first octet in the row, and a last one: the row's size.
        quiet: the cells that are signs of ours (line ends, controls, wrong octets) rather than characters.
    """

    text: str
    starts: Sequence[int]
    octets: Sequence[int]
    quiet: frozenset[int]

    def __len__(self) -> int:
        return len(self.octets) - 1

    def cell_of_octet(self, octet: int) -> int:
        """The cell in which an octet of the row stands; the last one behind the end."""
        return max(0, min(bisect_right(self.octets, octet) - 1, len(self) - 1)) if len(self) else 0

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """The part of `text` that shows octets start to stop."""
        first = bisect_right(self.octets, start) - 1
        last = bisect_left(self.octets, stop)
        return self.starts[max(0, first)], self.starts[min(last, len(self))]

    def cell_text(self, cell: int) -> str:
        """What is painted of one cell."""
        return self.text[self.starts[cell] : self.starts[cell + 1]]


NO_CELLS = Cells("", (0,), (0,), frozenset())


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
    is_split = before is not None and not breaks.is_single_octet and not before(1).isascii()
    if data.isascii() and breaks.encoding not in _ASCII_ALIKE and not is_split:
        return _ascii_cells(data)
    if breaks.is_single_octet:
        text = data.decode(breaks.encoding, "surrogateescape")
        return _laid_out(text, range(len(data) + 1), len(data))
    if breaks.encoding == "utf-8" and not is_split:
        return _utf8_cells(data, goes_on)
    context = _context(before(CONTEXT), breaks, offset) if before is not None else b""
    return _any_cells(data, breaks, context, goes_on)


def spelled(text: str) -> str:
    """Text that charset.visible made, with the pictures of controls spelled: for where no colour tells them apart."""
    return text if text.isascii() else text.translate(_PICTURES)


def _ascii_cells(data: bytes) -> Cells:
    text = data.decode("ascii")
    places = range(len(data) + 1)
    quiet = frozenset(found.start() for found in _CONTROL.finditer(text))
    if not quiet:
        return Cells(text, places, places, quiet)
    letters = list(text)
    for place in quiet:
        letters[place] = _SPELLED[data[place]]
    return Cells("".join(letters), tuple(accumulate(map(len, letters), initial=0)), places, quiet)


def _utf8_cells(data: bytes, goes_on: bool) -> Cells:
    """Wrong octets become surrogates on the way, which no valid UTF-8 holds (RFC 3629 section 3)."""
    text, read = codecs.utf_8_decode(data, "surrogateescape", False)
    if read < len(data) and not goes_on:
        text, read = codecs.utf_8_decode(data, "surrogateescape", True)
    sizes = [1 if c < "\x80" else 2 if c < "\u0800" else 1 if "\udc80" <= c <= "\udcff" else 3 for c in text]
    if len(sizes) and max(text) > "\uffff":
        sizes = [4 if c > "\uffff" else size for c, size in zip(text, sizes, strict=True)]
    octets = list(accumulate(sizes, initial=0))
    if read < len(data):
        text, octets = text + GOES_ON, [*octets, len(data)]
    return _laid_out(text, octets, len(data), is_cut=read < len(data))


def _laid_out(text: str, octets: Sequence[int], size: int, *, is_cut: bool = False) -> Cells:
    """Each character a cell, a mark over a letter in the cell of its letter."""
    shown = list(map(_shown.get, text))
    if None in shown:
        _learn(set(text))
        shown = list(map(_shown.get, text))
    quiet = {place for place, character in enumerate(text) if character in _quiet}
    if is_cut:
        quiet.add(len(text) - 1)
    letters = [letter or "" for letter in shown]
    if not _combining.isdisjoint(text):
        return _with_marks(text, letters, octets, quiet, size)
    starts = list(accumulate(map(len, letters), initial=0))
    return Cells("".join(letters), starts, octets, frozenset(quiet))


def _with_marks(text: str, letters: list[str], octets: Sequence[int], quiet: set[int], size: int) -> Cells:
    """The slow way, for rows that hold marks over letters."""
    groups: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character in _combining and groups and groups[-1][0] not in _quiet:
            groups[-1] += character
        else:
            groups.append(character)
            places.append(place)
    shown = [letters[at] if len(raw) == 1 else _spell(raw) for raw, at in zip(groups, places, strict=True)]
    changed = map(ne, groups, shown)
    still = frozenset(
        n for n, (is_other, at) in enumerate(zip(changed, places, strict=True)) if is_other or at in quiet
    )
    starts = list(accumulate(map(len, shown), initial=0))
    return Cells("".join(shown), starts, [*(octets[place] for place in places), size], still)


_shown: dict[str, str] = {}
_quiet: set[str] = set()
_combining: set[str] = set()


def _learn(characters: Iterable[str]) -> None:
    """How each is shown: once for every character a peer ever sends, within reason."""
    if len(_shown) > KNOWN_CHARACTERS:
        for known in (_shown, _quiet, _combining):
            known.clear()
    for character in characters:
        if character in _shown:
            continue
        if "\udc80" <= character <= "\udcff":
            text = f"⟨{ord(character) - 0xDC00:02X}⟩"
        else:
            text = _spell(character)
        _shown[character] = text
        if _is_mark(character):
            _combining.add(character)
        elif text != character:
            _quiet.add(character)


def _spell(raw: str) -> str:
    return visible(raw, keep=_CONTROLS).translate(_SPELLED)


def _any_cells(data: bytes, breaks: RowBreaks, context: bytes, goes_on: bool) -> Cells:
    """Octet by octet: for encodings whose characters begin no one knows where, and rows that begin inside one."""
    decoder = codecs.getincrementaldecoder(breaks.encoding)(_ERRORS)
    decoder.decode(context)
    groups: list[tuple[int, str]] = []
    start = 0
    for place in range(len(data)):
        text = decoder.decode(data[place : place + 1])
        if text:
            _take(groups, start, text)
            start = place + 1 - len(decoder.getstate()[0])
    if start < len(data):
        _take(groups, max(0, start), GOES_ON if goes_on else decoder.decode(b"", True) or GOES_ON)
    texts = [_spell(raw) for _, raw in groups]
    quiet = frozenset(
        number
        for number, ((_, raw), text) in enumerate(zip(groups, texts, strict=True))
        if text != raw or _is_wrong_octet(raw) or text == GOES_ON
    )
    octets = [*(start for start, _ in groups), len(data)]
    return Cells("".join(texts), list(accumulate(map(len, texts), initial=0)), octets, quiet)


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
    if groups and _is_mark(text[0]) and _bears_marks(groups[-1][1]):
        start, letter = groups.pop()
        text = letter + text
    groups.append((start, text))


def _bears_marks(letter: str) -> bool:
    """Whether a mark that follows is drawn over it: not over a sign of ours."""
    return not _is_wrong_octet(letter) and (_is_mark(letter[0]) or _spell(letter[0]) == letter[0])


def _is_wrong_octet(raw: str) -> bool:
    """Whether this is our ⟨FF⟩: a character of the peer alone is never so long."""
    return len(raw) == _MARK and raw[0] == "⟨" and raw[-1] == "⟩"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")

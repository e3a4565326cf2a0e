"""A body as text: where its lines begin, found in slices, and each line made into characters when it is looked at."""

import asyncio
import codecs
import mmap
import re
import time
from array import array
from typing import Final

from workbench.formats.charset import ENCODINGS, decoded, visible

MAX_LINES: Final = 1_000_000
"""Lines that are shown; a body of line ends alone would cost more memory than itself."""
LONGEST: Final = 1000
"""Octets of one row: a page without line ends is folded, or it could not be looked at."""
TURN_S: Final = 0.004
_CHARSET: Final = re.compile(r"""charset\s*=\s*"?([A-Za-z0-9._:\-]{1,40})""", re.IGNORECASE)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class TextLines:
    """Lines of a body. encoding: by which they are read; whence: who said so; is_cut: there are more than are shown."""

    def __init__(
        self,
        data: "bytes | mmap.mmap",
        starts: "array[int]",
        encoding: str = "utf-8",
        whence: str = "",
        is_cut: bool = False,
    ) -> None:
        self.encoding = encoding
        self.whence = whence
        self.is_cut = is_cut
        self._data = data
        self._starts = starts

    def __len__(self) -> int:
        return max(0, len(self._starts) - 1)

    def line(self, at: int) -> str:
        """One row, safe to show."""
        data = self._data[self._starts[at] : self._starts[at + 1]]
        text = decoded(data, self.encoding)
        return visible(text.rstrip("\r\n").replace("\t", "    "))

    def text(self, first: int, last: int) -> str:
        """Rows as text, for the clipboard."""
        return "\n".join(self.line(at) for at in range(first, min(last + 1, len(self))))


NO_TEXT = TextLines(b"", array("Q"))


def charset_of(content_type: str, data: bytes) -> tuple[str, str]:
    """An encoding of ours, and who says so: a byte order mark, the field, the page itself, or nobody."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, "a byte order mark"
    if (match := _CHARSET.search(content_type)) and (known := _known(match[1])):
        return known, "Content-Type"
    # Of a page: the first kilobyte, as browsers look for it (WHATWG HTML section 13.2.3.2).
    if (match := _CHARSET.search(data[:1024].decode("latin-1"))) and (known := _known(match[1])):
        return known, "the page itself"
    return "utf-8", "nobody: UTF-8 is a guess"


async def read_lines(data: "bytes | mmap.mmap", content_type: str, encoding: str = "") -> TextLines:
    """Find the lines of a body; other tasks get their turn meanwhile. encoding: a person's choice, "" for none."""
    whence = "you"
    if not encoding:
        encoding, whence = charset_of(content_type, data[:1024])
    step = 4 if encoding.startswith("utf-32") else 2 if encoding.startswith("utf-16") else 1
    end = "\n".encode(encoding)
    starts = array("Q", [0])
    place, size = 0, len(data)
    turn_ends = time.monotonic() + TURN_S
    while place < size and len(starts) <= MAX_LINES:
        found = data.find(end, place, place + LONGEST)
        while step > 1 and found >= 0 and found % step:
            found = data.find(end, found + 1, place + LONGEST)
        place = found + step if found >= 0 else _folded(data, min(size, place + LONGEST), step)
        starts.append(place)
        if not len(starts) % 1000 and time.monotonic() >= turn_ends:
            await asyncio.sleep(0)
            turn_ends = time.monotonic() + TURN_S
    return TextLines(data, starts, encoding, whence, place < size)


def _folded(data: "bytes | mmap.mmap", place: int, step: int) -> int:
    """A place at or before this one that cuts no character of UTF-8 or of wide ones."""
    if step > 1 or place >= len(data):
        return place - place % step if place < len(data) else place
    for back in range(4):
        if data[place - back] & 0xC0 != 0x80:
            return place - back
    return place


def _known(name: str) -> str:
    try:
        wanted = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    if wanted in ("iso8859-1", "ascii"):
        # What browsers read by this label (WHATWG Encoding section 4.2).
        wanted = "cp1252"
    return next((known for known in ENCODINGS if codecs.lookup(known).name == wanted), "")

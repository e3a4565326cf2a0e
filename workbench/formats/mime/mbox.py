"""Files of many letters (mbox): where each begins, found while the file is read once; letters cut out when asked for.

A letter begins with a line `From ` at the file's beginning or behind an empty line (RFC 4155); any other is text that
somebody forgot to quote, and counted. Quoted lines lose one `>`, however many there are (mboxrd; for one `>` mboxo is
the same). Content-Length is not believed: files that were edited have wrong ones.
"""

import re
from typing import NamedTuple, Protocol

from workbench.formats.mime.values import Pausing

BLOCK = 1024 * 1024
"""Octets read at a time: about 1 ms."""
MAX_LETTERS = 1_000_000
_QUOTED = re.compile(rb"^>(>*From )", re.M)
_DATED = re.compile(rb"From \S.*\d{2}:\d{2}")


class Source(Protocol):
    """Something that is read from any place: a file's descriptor or octets in memory."""

    def read(self, start: int, stop: int) -> bytes:
        """The octets of a range; fewer only at the end."""
        ...

    @property
    def size(self) -> int:
        """How many octets there are."""
        ...


class HeldOctets:
    """Octets in memory as a source."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size(self) -> int:
        """How many."""
        return len(self._data)

    def read(self, start: int, stop: int) -> bytes:
        """A range."""
        return self._data[start:stop]


class Slot(NamedTuple):
    """Where a letter of an mbox stands: its From line at `start`, its octets in [letter, stop)."""

    start: int
    letter: int
    stop: int


class Mbox(NamedTuple):
    """What an mbox holds. unquoted: lines `From ` within letters that nobody quoted. has_more: there were more than
    MAX_LETTERS.
    """

    slots: tuple[Slot, ...]
    unquoted: int = 0
    has_more: bool = False


def looks_like_mbox(head: bytes) -> bool:
    """Whether a file that begins like this is an mbox."""
    return _DATED.match(head) is not None


def indexing(source: Source) -> Pausing[Mbox]:
    """Find all letters. Pauses after each block. Raises: what the source raises."""
    index = _Index()
    at, held = 0, b""
    while at < source.size and not index.is_full:
        block = source.read(at, at + BLOCK)
        if not block:
            break
        at += len(block)
        data = held + block
        # Whole lines, as long as they are no longer than a block.
        cut = data.rfind(b"\n") + 1 if at < source.size else len(data)
        if cut == 0 and len(data) > BLOCK:
            cut = len(data)
        index.take(data[:cut])
        held = data[cut:]
        yield
    return index.mbox(at)


class _Index:
    """Takes an mbox, some lines at a time."""

    def __init__(self) -> None:
        self._base = 0
        self._starts: list[tuple[int, int]] = []
        self._ends: list[int] = []
        self._unquoted = 0
        self._empty = 0
        """Octets of the last line if it was empty."""
        self._is_line_start = True

    @property
    def is_full(self) -> bool:
        return len(self._starts) >= MAX_LETTERS

    def take(self, lines: bytes) -> None:
        """The next ones, all of them whole but perhaps the first and the last of the file."""
        if self._is_line_start and lines.startswith(b"From "):
            self._from_line(lines, 0)
        place = lines.find(b"\nFrom ") + 1
        while place and not self.is_full:
            self._from_line(lines, place)
            place = lines.find(b"\nFrom ", place) + 1
        self._empty = _empty_line(lines, len(lines), self._is_line_start)
        self._base += len(lines)
        self._is_line_start = lines.endswith(b"\n")

    def _from_line(self, lines: bytes, place: int) -> None:
        at = self._base + place
        empty = _empty_line(lines, place, self._is_line_start) if place else self._empty
        if at and not empty:
            self._unquoted += 1
            return
        if self._starts:
            self._ends.append(at - empty)
        line_end = lines.find(b"\n", place) + 1 or len(lines)
        self._starts.append((at, self._base + line_end))

    def mbox(self, size: int) -> Mbox:
        """What was found. size: octets of the file."""
        ends = [*self._ends, size - self._empty]
        slots = tuple(
            Slot(start, letter, max(letter, stop))
            for (start, letter), stop in zip(self._starts, ends, strict=False)
        )
        return Mbox(slots, self._unquoted, self.is_full)


def _empty_line(lines: bytes, stop: int, is_line_start: bool) -> int:
    """Octets of the empty line that ends at `stop`; 0 where the line is not empty."""
    before = lines[max(0, stop - 3) : stop]
    if before.endswith(b"\n\n") or (stop == 1 and is_line_start and before == b"\n"):
        return 1
    return 2 if before == b"\n\r\n" or (stop == 2 and is_line_start and before == b"\r\n") else 0


def letter_at(source: Source, slot: Slot) -> bytes:
    """A letter's octets, its quoted lines as they were written."""
    data = source.read(slot.letter, slot.stop)
    return _QUOTED.sub(rb"\1", data) if b">From " in data else data


def head_at(source: Source, slot: Slot, at_most: int = 16_384) -> bytes:
    """The beginning of a letter, for a list."""
    return source.read(slot.letter, min(slot.stop, slot.letter + at_most))

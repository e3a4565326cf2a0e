"""The selected octets of a hex view as a value, and how keys and clicks change it."""

from enum import Enum
from typing import NamedTuple

LONGEST_WORD = 4096
"""A double click takes at most this many octets at either side of the place."""


class Step(Enum):
    """What a key asks the cursor to do."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    PAGE_UP = "page up"
    PAGE_DOWN = "page down"
    ROW_START = "row start"
    ROW_END = "row end"
    FIRST = "first"
    LAST = "last"


class Selection(NamedTuple):
    """Octets from `anchor` to `cursor`, both included and in either order; without an anchor only a place.

    cursor is None as long as nobody has pointed at anything.
    """

    anchor: int | None = None
    cursor: int | None = None

    @property
    def range(self) -> tuple[int, int]:
        """Half open; empty where nothing is selected."""
        if self.cursor is None:
            return 0, 0
        if self.anchor is None:
            return self.cursor, self.cursor
        return min(self.anchor, self.cursor), max(self.anchor, self.cursor) + 1

    def at(self, offset: int, *, extend: bool = False) -> "Selection":
        """The octet there, or everything from the anchor to it."""
        if extend and self.cursor is not None:
            return Selection(self.cursor if self.anchor is None else self.anchor, offset)
        return Selection(offset, offset)

    def moved(self, step: Step, *, extend: bool, size: int, columns: int, page: int) -> "Selection":
        """After a key; `size` octets in rows of `columns`, `page` rows on a screen. Stays within what there is."""
        if size <= 0:
            return self
        if self.cursor is None:
            return self.at(size - 1 if step is Step.LAST else 0)
        target = _target(step, self.cursor, size, columns, page)
        return self.at(min(max(target, 0), size - 1), extend=extend)

    def within(self, size: int) -> "Selection":
        """The same where there are only `size` octets."""
        if self.cursor is None or self.cursor < size:
            return self
        return Selection()


def between(start: int, stop: int) -> Selection:
    """The octets from start to stop, half open; only the place when empty."""
    return Selection(start, stop - 1) if stop > start else Selection(None, start)


def _target(step: Step, cursor: int, size: int, columns: int, page: int) -> int:
    column = cursor % columns
    row_start = cursor - column
    last_row = (size - 1) // columns * columns
    down = {Step.DOWN: columns, Step.PAGE_DOWN: columns * page}
    up = {Step.UP: columns, Step.PAGE_UP: columns * page}
    if step in down:
        # From the last row there is no way down; into it one keeps the column if the row is that long.
        return cursor if row_start == last_row else min(cursor + down[step], last_row + column)
    if step in up:
        return cursor if row_start == 0 else max(cursor - up[step], column)
    return {
        Step.LEFT: cursor - 1,
        Step.RIGHT: cursor + 1,
        Step.ROW_START: row_start,
        Step.ROW_END: row_start + columns - 1,
        Step.FIRST: 0,
        Step.LAST: size - 1,
    }[step]


def word_around(before: bytes, after: bytes) -> tuple[int, int]:
    """How far the word at a place reaches: (octets before it, octets from it on).

    Args:
        before: what stands before the place, up to LONGEST_WORD.
        after: what stands from the place on; its first octet decides the kind: letters and digits, other printing
            characters, spaces and controls, or the octets above 0x7F.
    """
    kind = _kind(after[0])
    back = next((n for n, octet in enumerate(reversed(before)) if _kind(octet) != kind), len(before))
    forth = next((n for n, octet in enumerate(after) if _kind(octet) != kind), len(after))
    return back, forth


def _kind(octet: int) -> str:
    if octet >= 0x80:
        return "high"
    if octet <= 0x20 or octet == 0x7F:
        return "blank"
    character = chr(octet)
    return "word" if character.isalnum() or character in "_-" else "mark"

"""Framings that change the data so that their end can't occur in it: the backslash, and the dots of SMTP."""

import re
from dataclasses import dataclass
from typing import Final

from workbench.formats.framing.decoder import Break, Flowing
from workbench.formats.framing.values import (
    MAX_ESCAPES,
    MAX_MESSAGE,
    Broken,
    Mark,
    Remark,
    Wire,
    written_wholly,
)

_SPECIAL: Final = re.compile(rb"[\\\n]")
_DOTTED: Final = re.compile(rb"(?:\A|(?<=\r\n))\.")
_BACKSLASH, _LF, _CR, _DOT = 0x5C, 0x0A, 0x0D, 0x2E
DOTS: Final = "RFC 5321 section 4.5.2"


# The backslash ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Backslashed:
    """Lines; a line end in the data stands behind a backslash, and a backslash is doubled."""

    title: str = "Lines with backslash"

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """How many octets the escapes add."""
        added = data.count(b"\\") + data.count(b"\n")
        if not added:
            return ()
        first = _SPECIAL.search(data)
        at = first.start() if first else 0
        return (Remark("escaped", f"{added} of its octets are escaped, so {added} more travel", at, 1),)

    def encode(self, data: bytes) -> Wire:
        """Escaped, and a LF behind it."""
        if data.count(b"\\") + data.count(b"\n") > MAX_ESCAPES:
            return written_wholly(data.replace(b"\\", b"\\\\").replace(b"\n", b"\\\n"), b"\n", "LF")
        marks: list[Mark] = []
        wire = bytearray()
        at = 0
        for found in _SPECIAL.finditer(data):
            start = len(wire)
            wire += data[at : found.start()]
            if len(wire) > start:
                marks.append(Mark(start, len(wire), "data", "the message"))
            wire += b"\\" + found[0]
            marks.append(Mark(len(wire) - 2, len(wire), "escape", "an octet behind a backslash is data"))
            at = found.end()
        start = len(wire)
        wire += data[at:]
        if len(wire) > start:
            marks.append(Mark(start, len(wire), "data", "the message"))
        marks.append(Mark(len(wire), len(wire) + 1, "marker", "LF"))
        return Wire(bytes(wire) + b"\n", tuple(marks))

    def decoder(self, limit: int = MAX_MESSAGE) -> "BackslashDecoder":
        """Undoes it."""
        return BackslashDecoder(limit)


class BackslashDecoder(Flowing):
    """Two states: in the message, and behind a backslash."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._escaped = False

    def _take(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            if self._escaped:
                at = self._behind_backslash(data, at)
                continue
            found = _SPECIAL.search(data, at)
            stop = found.start() if found else len(data)
            self._keep(data[at:stop], self._taken + at)
            at = stop + 1
            if found is None:
                return
            if found[0] == b"\n":
                self._flush(self._taken + at)
            else:
                self._escaped = True

    def _behind_backslash(self, data: bytes, at: int) -> int:
        if data[at] not in (_BACKSLASH, _LF):
            what = f"a backslash before {data[at : at + 1]!r}: only a backslash or LF may follow one"
            raise Break(Broken(what, self._taken + at, b"\\" + data[at : at + 1]))
        self._keep(data[at : at + 1], self._taken + at)
        self._escaped = False
        return at + 1

    def _where(self) -> tuple[str, int, int | None]:
        if self._escaped:
            return "behind a backslash", len(self._out), 2
        return ("in a message", len(self._out), 1) if self._out else ("before a message", 0, 1)


# The dots of SMTP ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DotStuffed:
    """Lines up to one that is a dot alone; a dot that begins a line is doubled (RFC 5321 section 4.5.2)."""

    title: str = "Dots (SMTP)"

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """A last line without an end, bare line ends, and which dots are doubled."""
        found = []
        if data and not data.endswith(b"\r\n"):
            what = "the last line has no CR LF: one is added, and the receiver gets it too"
            found.append(Remark("line-end-added", what, len(data), 0))
        bare = re.search(rb"(?<!\r)\n|\r(?!\n)", data)
        if bare:
            what = "a bare CR or LF is no line end here, and mail servers may take it for one"
            found.append(Remark("bare-lf", what, bare.start(), 1))
        dots = len(_DOTTED.findall(data))
        if dots:
            first = _DOTTED.search(data)
            assert first is not None
            what = f"{dots} of its lines begin with a dot, which travels twice"
            found.append(Remark("escaped", what, first.start(), 1))
        return tuple(found)

    def encode(self, data: bytes) -> Wire:
        """Stuffed, with the line that is a dot behind it."""
        if data and not data.endswith(b"\r\n"):
            data += b"\r\n"
        if data.count(b"\r\n.") > MAX_ESCAPES:
            return written_wholly(_DOTTED.sub(b"..", data), b".\r\n", "a line that is a dot")
        marks: list[Mark] = []
        wire = bytearray()
        at = 0
        for found in _DOTTED.finditer(data):
            if found.start() > at:
                marks.append(Mark(len(wire), len(wire) + found.start() - at, "data", "the message"))
            wire += data[at : found.start()] + b"."
            marks.append(Mark(len(wire) - 1, len(wire), "escape", "a dot that the receiver takes away"))
            at = found.start()
        if len(data) > at:
            marks.append(Mark(len(wire), len(wire) + len(data) - at, "data", "the message"))
        wire += data[at:]
        marks.append(Mark(len(wire), len(wire) + 3, "marker", "a line that is a dot"))
        return Wire(bytes(wire) + b".\r\n", tuple(marks))

    def decoder(self, limit: int = MAX_MESSAGE) -> "DotDecoder":
        """Undoes it."""
        return DotDecoder(limit)


class DotDecoder(Flowing):
    """Five states, by what the line has brought so far."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._state = "at the beginning of a line"

    def _take(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            match self._state:
                case "in a line":
                    at = self._run(data, at)
                case "behind a CR":
                    at = self._behind_cr(data, at)
                case "behind a dot that begins a line":
                    at = self._behind_dot(data, at)
                case "behind a dot and a CR":
                    at = self._behind_dot_cr(data, at)
                case _:
                    self._state = "in a line"
                    if data[at] == _DOT:
                        self._state = "behind a dot that begins a line"
                        at += 1

    def _run(self, data: bytes, at: int) -> int:
        found = data.find(b"\r", at)
        stop = len(data) if found < 0 else found + 1
        self._keep(data[at:stop], self._taken + at)
        if found >= 0:
            self._state = "behind a CR"
        return stop

    def _behind_cr(self, data: bytes, at: int) -> int:
        if data[at] == _LF:
            self._keep(b"\n", self._taken + at)
            self._state = "at the beginning of a line"
            return at + 1
        self._state = "in a line"
        return at

    def _behind_dot(self, data: bytes, at: int) -> int:
        if data[at] == _CR:
            self._state = "behind a dot and a CR"
            return at + 1
        # Whatever stands there, the dot was stuffed (RFC 5321 section 4.5.2).
        self._state = "in a line"
        return at

    def _behind_dot_cr(self, data: bytes, at: int) -> int:
        if data[at] == _LF:
            self._state = "at the beginning of a line"
            self._flush(self._taken + at + 1)
            return at + 1
        self._keep(b"\r", self._taken + at - 1)
        self._state = "behind a CR"
        return at

    def _where(self) -> tuple[str, int, int | None]:
        awaited = {"behind a dot and a CR": 1, "behind a dot that begins a line": 2}.get(self._state, 3)
        if self._state == "behind a CR":
            awaited = 4
        return self._state, len(self._out), awaited

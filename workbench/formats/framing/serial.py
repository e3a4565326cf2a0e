"""Framings of serial lines, where messages are binary: SLIP (RFC 1055) and COBS (Cheshire and Baker, 1999)."""

import re
from dataclasses import dataclass
from typing import Final

from workbench.formats.framing.decoder import Break, Flowing
from workbench.formats.framing.values import (
    MAX_ESCAPES,
    MAX_MESSAGE,
    Broken,
    Ending,
    Mark,
    Part,
    Remark,
    Wire,
    write_marks,
    written_wholly,
)

_END, _ESC, _ESC_END, _ESC_ESC = 0xC0, 0xDB, 0xDC, 0xDD
_SLIP_SPECIAL: Final = re.compile(rb"[\xc0\xdb]")
_MEANT: Final = {_ESC_END: b"\xc0", _ESC_ESC: b"\xdb"}
_WRITTEN: Final = {b"\xc0": b"\xdb\xdc", b"\xdb": b"\xdb\xdd"}
FULL_GROUP: Final = 254
"""Octets without a zero that one code octet of COBS can announce."""


@dataclass(frozen=True)
class Slip:
    """END around each packet; END and ESC within it are escaped (RFC 1055)."""

    title: str = "SLIP"

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """An empty packet, and what the escapes add."""
        if not data:
            return (Remark("empty", "an empty packet is no packet: a receiver skips it"),)
        found = _SLIP_SPECIAL.search(data)
        if found is None:
            return ()
        added = len(_SLIP_SPECIAL.findall(data))
        what = f"{added} of its octets are escaped, so {added} more travel"
        return (Remark("escaped", what, found.start(), 1),)

    def encode(self, data: bytes) -> Wire:
        """The packet between two ENDs: the first one ends whatever noise came before."""
        if data.count(b"\xc0") + data.count(b"\xdb") > MAX_ESCAPES:
            written = data.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc")
            return written_wholly(written, b"\xc0", "END", start=b"\xc0")
        parts: list[tuple[bytes, Part, str]] = [(b"\xc0", "marker", "END")]
        at = 0
        for found in _SLIP_SPECIAL.finditer(data):
            parts.append((data[at : found.start()], "data", "the packet"))
            parts.append((_WRITTEN[found[0]], "escape", "two octets for one"))
            at = found.end()
        parts += [(data[at:], "data", "the packet"), (b"\xc0", "marker", "END")]
        return write_marks(tuple(parts))

    def decoder(self, limit: int = MAX_MESSAGE) -> "SlipDecoder":
        """Undoes it."""
        return SlipDecoder(limit)


class SlipDecoder(Flowing):
    """Two states: in a packet, and behind an ESC."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._escaped = False

    def _take(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            if self._escaped:
                meant = _MEANT.get(data[at])
                if meant is None:
                    what = f"ESC before {data[at]:02x}: only dc or dd may follow it"
                    raise Break(Broken(what, self._taken + at, bytes((_ESC, data[at])), "RFC 1055"))
                self._keep(meant, self._taken + at)
                self._escaped = False
                at += 1
                continue
            found = _SLIP_SPECIAL.search(data, at)
            stop = found.start() if found else len(data)
            self._keep(data[at:stop], self._taken + at)
            at = stop + 1
            if found is not None:
                self._special(data[stop], self._taken + at)

    def _special(self, octet: int, stop: int) -> None:
        if octet == _ESC:
            self._escaped = True
        elif self._out:
            self._flush(stop)

    def _where(self) -> tuple[str, int, int | None]:
        if self._escaped:
            return "behind an ESC", len(self._out), 2
        return ("in a packet", len(self._out), 1) if self._out else ("between packets", 0, 2)

    def _ended(self) -> Ending:
        if not self._out and not self._escaped:
            return Ending("complete", "the stream ended between two packets")
        return super()._ended()


@dataclass(frozen=True)
class Cobs:
    """Zero ends a packet; zeros within it become counts of the octets up to the next one."""

    title: str = "COBS"

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """What the counts add: one octet in 254 at most."""
        added = len(self.encode(data).data) - len(data)
        return (Remark("counted", f"{added} octets travel beside the message, whatever is in it"),)

    def encode(self, data: bytes) -> Wire:
        """The packet in groups that begin with their count, and a zero behind it."""
        marks: list[Mark] = []
        wire = bytearray()
        groups = data.split(b"\0")
        for number, group in enumerate(groups):
            while len(group) >= FULL_GROUP:
                _group(wire, marks, group[:FULL_GROUP])
                group = group[FULL_GROUP:]
                if not group and number == len(groups) - 1:
                    break
            else:
                _group(wire, marks, group)
        marks.append(Mark(len(wire), len(wire) + 1, "marker", "zero"))
        return Wire(bytes(wire) + b"\0", tuple(marks))

    def decoder(self, limit: int = MAX_MESSAGE) -> "CobsDecoder":
        """Undoes it."""
        return CobsDecoder(limit)


def _group(wire: bytearray, marks: list[Mark], group: bytes) -> None:
    marks.append(
        Mark(len(wire), len(wire) + 1, "length", f"the next count or the end is {len(group) + 1} octets away")
    )
    wire.append(len(group) + 1)
    if group:
        marks.append(Mark(len(wire), len(wire) + len(group), "data", "the packet"))
    wire += group


class CobsDecoder(Flowing):
    """Counts down each group; a zero is put between two groups unless the first was full."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._left = 0
        self._zero = False
        self._has_begun = False

    def _take(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            at = self._group(data, at) if self._left else self._count(data, at)

    def _count(self, data: bytes, at: int) -> int:
        code = data[at]
        place = self._taken + at
        if code == 0:
            if self._has_begun:
                self._has_begun = self._zero = False
                self._flush(place + 1)
            return at + 1
        if self._zero:
            self._keep(b"\0", place)
        self._has_begun = True
        self._left, self._zero = code - 1, code <= FULL_GROUP
        return at + 1

    def _group(self, data: bytes, at: int) -> int:
        stop = min(len(data), at + self._left)
        zero = data.find(b"\0", at, stop)
        self._keep(data[at : stop if zero < 0 else zero], self._taken + at)
        if zero >= 0:
            left = self._left - (zero - at)
            what = f"a zero where {left} more octets of the group were announced"
            raise Break(Broken(what, self._taken + zero, b"\0"))
        self._left -= stop - at
        return stop

    def _where(self) -> tuple[str, int, int | None]:
        if self._left:
            return "in a group", len(self._out), self._left + 1
        return (
            ("before a count or the end", len(self._out), 1) if self._has_begun else ("before a packet", 0, 2)
        )

    def _ended(self) -> Ending:
        if not self._has_begun:
            return Ending("complete", "the stream ended between two packets")
        return super()._ended()

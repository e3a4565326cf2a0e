"""The adjustable marker: one that does not occur in this message is chosen, and sent ahead of it.

The marker line, the message, LF, the marker line again. MIME does the same: the Content-Type names a boundary that was
chosen so that no line of the parts begins with it (RFC 2046 section 5.1.1): a header there, a line here.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.framing.decoder import Break, Held
from workbench.formats.framing.markers import MAX_MARKER
from workbench.formats.framing.values import MAX_MESSAGE, Broken, Remark, Wire, octets_of, write_marks

MAX_CANDIDATES: Final = 1000
"""Tries before we say that something is wrong with the generator: a random marker of 8 octets never needs a second."""
BOUNDARIES: Final = "RFC 2046 section 5.1.1"
_MARKER: Final = re.compile(rb"[!-~]{1,70}\Z")


class Choice(NamedTuple):
    """A marker, and the candidates that were refused because they occur in the data, with their places."""

    marker: bytes
    refused: tuple[tuple[bytes, int], ...]


def random_marker() -> bytes:
    """Sixteen hexadecimal digits nobody could foresee: whoever writes the message must not be able to end it early."""
    return b"=_" + secrets.token_hex(8).encode()


def choose_marker(data: bytes, candidate: Callable[[], bytes] = random_marker) -> Choice:
    """The first candidate that does not occur in the data.

    Raises: LocalMisuse: a candidate can't stand in a line, or none of MAX_CANDIDATES is free.
    """
    refused: list[tuple[bytes, int]] = []
    for _ in range(MAX_CANDIDATES):
        marker = candidate()
        if not _MARKER.match(marker):
            raise LocalMisuse(
                f"{marker!r} is no marker: it has 1 to {MAX_MARKER} printable octets", source=BOUNDARIES
            )
        at = data.find(marker)
        if at < 0:
            return Choice(marker, tuple(refused))
        refused.append((marker, at))
    raise LocalMisuse(f"each of {MAX_CANDIDATES:,} markers occurs in the data", advice="make markers longer")


@dataclass(frozen=True)
class Chosen:
    """A marker of its own for each message.

    candidate: makes markers to try.
    """

    candidate: Callable[[], bytes] = random_marker
    title: str = "Chosen marker (MIME's way)"

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """That the whole message must be at hand."""
        return (Remark("needs-all", "the whole message must be there before its first octet can be sent"),)

    def encode(self, data: bytes) -> Wire:
        """The marker line, the message, LF, the marker line."""
        choice = choose_marker(data, self.candidate)
        tried = "".join(
            f"; {marker.decode('ascii')} occurs at octet {at}" for marker, at in choice.refused[:3]
        )
        line = choice.marker + b"\n"
        return write_marks(
            (
                (line, "marker", f"the marker, which does not occur in the message{tried}"),
                (data, "data", "the message"),
                (b"\n" + line, "marker", "LF and the marker: the end"),
            )
        )

    def decoder(self, limit: int = MAX_MESSAGE) -> "ChosenDecoder":
        """Reads the marker, then up to it."""
        return ChosenDecoder(limit)


class ChosenDecoder(Held):
    """Two states: in the marker line, and in the message."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._end = b""
        self._scanned = 0

    def _take(self, data: bytes) -> None:
        try:
            super()._take(data)
        finally:
            self._scanned = max(0, len(self._held) - len(self._end) + 1) if self._end else 0

    def _step(self) -> bool:
        return self._message() if self._end else self._line()

    def _line(self) -> bool:
        found = self._held.find(b"\n", self._at, self._at + MAX_MARKER + 1)
        line = bytes(self._held[self._at : found]) if found >= 0 else self._peek(MAX_MARKER + 1)
        for at, octet in enumerate(line):
            if not 0x21 <= octet <= 0x7E or at == MAX_MARKER:
                what = f"the marker line is no marker: 1 to {MAX_MARKER} printable octets and LF"
                raise Break(Broken(what, self._place + at, line[: at + 1], BOUNDARIES))
        if found < 0:
            return False
        if not line:
            raise Break(Broken("the marker line is empty", self._place, b"\n", BOUNDARIES))
        self._end = b"\n" + line + b"\n"
        self._at = found + 1
        self._scanned = self._at
        return True

    def _message(self) -> bool:
        size = len(self._end)
        last = self._at + self.limit + size
        found = self._held.find(self._end, max(self._at, self._scanned), last)
        if found < 0:
            self._scanned = max(self._at, len(self._held) - size + 1)
            if len(self._held) >= last:
                what = f"the marker did not come back within the limit of {octets_of(self.limit)}"
                raise self._too_long(self._place + self.limit, self._end, what)
            return False
        data = bytes(self._held[self._at : found])
        self._at = self._scanned = found + size
        self._end = b""
        self._emit(data, self._place)
        return True

    def _where(self) -> tuple[str, int, int | None]:
        if self._end:
            return f"in a message, before {self._end.strip().decode('ascii')}", self._left, 1
        return ("in the marker line", self._left, 1) if self._left else ("before a marker line", 0, 4)

"""Framings by an end: the end of the connection, a line end, NUL, or any octets that a person chooses."""

from dataclasses import dataclass

from workbench.errors import LocalMisuse
from workbench.formats.framing.decoder import Break, Decoder, Held
from workbench.formats.framing.values import (
    MAX_ESCAPES,
    MAX_MESSAGE,
    Ending,
    Message,
    Part,
    Remark,
    Wire,
    octets_of,
    write_marks,
)
from workbench.formats.quantity import count

MAX_MARKER = 70
"""Octets of a marker: as many as a boundary of MIME may have (RFC 2046 section 5.1.1)."""
NAMES = {b"\n": "LF", b"\r\n": "CR LF", b"\0": "NUL"}


def name_of(marker: bytes) -> str:
    """How a marker is called: "CR LF", or its octets."""
    text = marker.decode("latin-1")
    return NAMES.get(marker) or (f"“{text}”" if text.isascii() and text.isprintable() else marker.hex(" "))


@dataclass(frozen=True)
class UntilClose:
    """One message a connection; closing is its end."""

    title: str = "Until close"

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """That nobody can tell half of it from all."""
        return (Remark("until-close", "a receiver can't tell half of it from all of it"),)

    def encode(self, data: bytes) -> Wire:
        """Itself."""
        return write_marks(((data, "data", "the message"),))

    def decoder(self, limit: int = MAX_MESSAGE) -> "UntilCloseDecoder":
        """Takes all until the end."""
        return UntilCloseDecoder(limit)


class UntilCloseDecoder(Decoder):
    """Everything is one message."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        super().__init__(limit)
        self._out = bytearray()

    def _take(self, data: bytes) -> None:
        room = self.limit - len(self._out)
        self._out += data[:room]
        if len(data) > room:
            raise self._too_long(self._taken + room)

    def _where(self) -> tuple[str, int, int | None]:
        return "in the message", len(self._out), None

    def _ended(self) -> Ending:
        sentence = "the connection was closed; whether that was all, nobody can tell"
        return Ending("unknown", sentence, (Message(bytes(self._out), 0, self._taken),))


@dataclass(frozen=True)
class Marked:
    """Each message is followed by a marker.

    tolerant: of LF: one CR before it belongs to the end too.
    """

    marker: bytes
    title: str = ""
    tolerant: bool = False

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """The marker inside the data."""
        found = inside(data, self.marker)
        name = name_of(self.marker)
        if found:
            at, times = found
            seen = f"the receiver sees {times + 1} messages"
            what = f"{name} stands in the message itself, {count(times, 'time')}: {seen}"
            return (Remark("marker-in-data", what, at, len(self.marker)),)
        if self.tolerant and data.endswith(b"\r"):
            what = "the CR at the end of the message is taken for a part of the line end"
            return (Remark("marker-in-data", what, len(data) - 1, 1),)
        if self.marker == b"\r\n" and b"\n" in data:
            what = "a bare LF in the message: many receivers take it for a line end (RFC 9112 section 2.2)"
            return (Remark("bare-lf", what, data.index(b"\n"), 1),)
        return ()

    def encode(self, data: bytes) -> Wire:
        """The message and the marker, as they are: a marker inside is a remark, for a person may want just that."""
        name = name_of(self.marker)
        parts: list[tuple[bytes, Part, str]] = []
        done = 0
        for at in places(data, self.marker):
            stop = min(at + len(self.marker), len(data))
            parts.append((data[done:at], "data", "the message"))
            parts.append(
                (data[at:stop], "mistaken", f"{name} in the message: the receiver takes it for the end")
            )
            done = stop
        parts += [(data[done:], "data", "the message"), (self.marker, "marker", name)]
        return write_marks(tuple(parts))

    def decoder(self, limit: int = MAX_MESSAGE) -> "MarkedDecoder":
        """Reads up to the marker."""
        return MarkedDecoder(self.marker, limit, tolerant=self.tolerant)


class MarkedDecoder(Held):
    """Searches for the marker; what was searched is not searched again."""

    def __init__(self, marker: bytes, limit: int = MAX_MESSAGE, *, tolerant: bool = False) -> None:
        super().__init__(limit)
        if not marker:
            raise LocalMisuse("a marker has at least one octet")
        self._marker = marker
        self._tolerant = tolerant
        self._scanned = 0

    def _step(self) -> bool:
        size = len(self._marker)
        # A marker that begins behind the limit is none any more: the message was too long before.
        spare = 1 if self._tolerant else 0
        last = self._at + self.limit + spare + size
        found = self._held.find(self._marker, max(self._at, self._scanned), last)
        if found < 0:
            self._scanned = max(self._at, len(self._held) - size + 1)
            if len(self._held) >= last:
                raise self._line_too_long()
            return False
        data = bytes(self._held[self._at : found])
        if self._tolerant and data.endswith(b"\r"):
            data = data[:-1]
        if len(data) > self.limit:
            raise self._line_too_long()
        self._notice(data)
        self._at = found + size
        self._scanned = self._at
        self._emit(data, self._place)
        return True

    def _take(self, data: bytes) -> None:
        try:
            super()._take(data)
        finally:
            # Held has moved its beginning to 0.
            self._scanned = max(0, len(self._held) - len(self._marker) + 1)

    def _line_too_long(self) -> Break:
        what = f"no {name_of(self._marker)} within the limit of {octets_of(self.limit)}"
        return self._too_long(self._place + self.limit, self._peek(min(40, self.limit)), what)

    def _notice(self, data: bytes) -> None:
        if self._marker == b"\r\n" and b"\n" in data:
            what = "a bare LF is no end of a line here: CR LF is"
            self._remark(Remark("bare-lf", what, self._place + data.index(b"\n"), 1))
        elif self._marker == b"\n" and not self._tolerant and data.endswith(b"\r"):
            what = "the line ends with CR LF: the CR stays in the message"
            self._remark(Remark("cr-kept", what, self._place + len(data) - 1, 1))

    def _where(self) -> tuple[str, int, int | None]:
        if not self._left:
            return "before a message", 0, 1
        return f"in a message, before its {name_of(self._marker)}", self._left, 1

    def _ended(self) -> Ending:
        ending = super()._ended()
        if ending.word == "incomplete" and self._marker == b"\r\n" and b"\n" in self._held:
            return ending._replace(sentence="lines end with a bare LF here, and CR LF was awaited")
        return ending


def inside(data: bytes, marker: bytes) -> tuple[int, int] | None:
    """Where the receiver would see the marker before the true end, and how often; None where it would not."""
    first = (data + marker).find(marker)
    if first == len(data):
        return None
    return first, (data + marker).count(marker) - 1 or 1


def places(data: bytes, marker: bytes) -> list[int]:
    """Where in the data the receiver would see the marker; the first MAX_ESCAPES of them."""
    sent = data + marker
    found: list[int] = []
    at = sent.find(marker)
    while at < len(data) and len(found) < MAX_ESCAPES:
        found.append(at)
        at = sent.find(marker, at + len(marker))
        if at < 0:
            break
    return found

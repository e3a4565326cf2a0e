"""A chunked body: octets to data, with every chunk's size and the place of what is wrong (RFC 9112 section 7.1).

Ours and not h11's, for two reasons: a server that sends chunks of one octet costs h11 ten times as much, half a second
of a mebibyte, and h11 forgets sizes, extensions and places. h11 is the oracle of the tests.
"""

import re
from typing import Final, NoReturn

from workbench.protocols.http.head import broken, text_of
from workbench.protocols.http.values import Chunks, Field

MAX_LINE: Final = 4096
"""Octets of the line before a chunk, extensions included."""
MAX_TRAILERS: Final = 16 * 1024
MAX_TOLD: Final = 1000
MAX_EXTENSIONS: Final = 1000
_LINE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(;[^\x00-\x08\x0a-\x1f\x7f]*)?\Z")
_TRAILER: Final = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([^\x00\r]*)\Z")
_SECTION: Final = "RFC 9112 section 7.1"
_MORE: Final = "more octets than the chunk's size says"


class ChunkReader:
    """Octets, cut anywhere, to the data of a chunked body.

    Args:
        at: place of the first octet in the answer.

    Attributes: is_over: the last chunk, its trailers and the empty line have come; count: of chunks with data.
    """

    def __init__(self, at: int) -> None:
        self.is_over = False
        self.count = 0
        self._at = at
        self._left = 0
        """Octets of the chunk that are still to come."""
        self._state = "size"
        self._rest = b""
        self._sizes: list[int] = []
        self._extensions: list[str] = []
        self._trailers: list[Field] = []
        self._trailer_octets = 0
        self._pieces: list[bytes] = []

    @property
    def told(self) -> Chunks:
        """How the body was cut so far."""
        return Chunks(self.count, tuple(self._sizes), tuple(self._extensions), tuple(self._trailers))

    @property
    def within(self) -> str:
        """Where it stands, for the sentence about a body that was cut off."""
        if self._state == "data":
            return f"{self._left:,} octets of chunk {self.count} are missing"
        if self._state == "end":
            return f"the line end behind chunk {self.count} is missing"
        return (
            "the last chunk, of size 0, never came" if self._state == "size" else "the trailers have no end"
        )

    def feed(self, data: bytes) -> tuple[list[bytes], bytes]:
        """The pieces of data in what came, and what stands behind the end of the body.

        Raises: PeerMisbehaved with the place; a failure's pieces are in `salvaged`.
        """
        pieces = self._pieces = []
        data = self._rest + data if self._rest else data
        self._rest = b""
        place, size = 0, len(data)
        while place < size and not self.is_over:
            if self._state == "data":
                stop = min(size, place + self._left)
                pieces.append(data[place:stop])
                self._left -= stop - place
                place = stop
                if not self._left:
                    self._state = "end"
                continue
            end = data.find(b"\n", place, place + MAX_LINE + 1)
            if end < 0:
                self._hold(data, place)
                break
            line = data[place:end]
            self._line(line, place)
            place = end + 1
        self._at += place
        return pieces, data[place:] if self.is_over else b""

    @property
    def salvaged(self) -> list[bytes]:
        """The pieces of the last feed(), also of one that failed."""
        return self._pieces

    def _hold(self, data: bytes, place: int) -> None:
        """A line that has no end yet."""
        self._rest = data[place:]
        if self._state == "end" and self._rest != b"\r":
            self._fail(_MORE, self._rest, place)
        if len(self._rest) > MAX_LINE:
            self._fail(f"a line longer than {MAX_LINE} octets before a chunk", self._rest[:64], place)

    def _line(self, line: bytes, place: int) -> None:
        if not line.endswith(b"\r") and self._state != "trailers":
            # Section 2.2 is lenient for heads alone: two readers that see different chunks can be played off.
            what = "a line ends with a bare LF" if not line or self._state == "size" else _MORE
            self._fail(what, line, place)
        line = line.removesuffix(b"\r")
        if self._state == "size":
            self._size(line, place)
        elif self._state == "end":
            if line:
                self._fail(_MORE, line, place)
            self._state = "size"
        elif not line:
            self.is_over = True
        else:
            self._trailer(line, place)

    def _size(self, line: bytes, place: int) -> None:
        match = _LINE.match(line)
        if match is None:
            self._fail(f"this is no chunk's size: {text_of(line[:40])!r}", line, place)
        self._left = int(match[1], 16)
        if match[2] and len(self._extensions) < MAX_EXTENSIONS:
            self._extensions.append(text_of(match[2][:200]))
        if not self._left:
            self._state = "trailers"
            return
        self.count += 1
        if len(self._sizes) < MAX_TOLD:
            self._sizes.append(self._left)
        self._state = "data"

    def _trailer(self, line: bytes, place: int) -> None:
        self._trailer_octets += len(line)
        if self._trailer_octets > MAX_TRAILERS:
            self._fail(f"the trailers do not end within {MAX_TRAILERS // 1024} KiB", line[:64], place)
        match = _TRAILER.match(line)
        if match is None:
            self._fail("a trailer is no field", line[:64], place)
        start = self._at + place
        self._trailers.append(
            Field(text_of(match[1]), text_of(match[2].strip(b" \t")), start, start + len(line))
        )

    def _fail(self, what: str, data: bytes, place: int) -> NoReturn:
        raise broken(what, data[:64], self._at + place, _SECTION, stage="body")

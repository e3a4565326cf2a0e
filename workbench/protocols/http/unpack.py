"""Files unpacked while they come, step behind step: base64, gzip, zlib, bzip2, xz; bounded as content codings are.

A file may be packed by itself (.gz), which is no Content-Encoding: it is saved as it came, and only who looks into it
unpacks it. zstd and Brotli have no place in Python's library yet; they are named, and said to be missing.
"""

import base64
import binascii
import bz2
import lzma
from collections.abc import Iterator
from typing import Final, NamedTuple, Protocol

from workbench.protocols.http.coding import MAX_DECODED, MAX_RATIO, PIECE, RATIO_FROM, CodingFault, Decoder

_BLANKS: Final = b" \t\r\n"


class Kind(NamedTuple):
    """A step. magic: how its octets begin; why_not: why it can't be taken here, "" where it can."""

    name: str
    what: str
    magic: bytes = b""
    why_not: str = ""


_MISSING: Final = "Python 3.11 to 3.13 has no library for it"
KINDS: Final = (
    Kind("base64", "Base64, in lines or in one (RFC 4648)"),
    Kind("gunzip", "gzip (RFC 1952)", b"\x1f\x8b"),
    Kind("zlib", "deflate with zlib's wrapping or without (RFC 1950, 1951)"),
    Kind("bunzip2", "bzip2", b"BZh"),
    Kind("unxz", "xz", b"\xfd7zXZ\0"),
    Kind("unzstd", "Zstandard (RFC 8878)", b"\x28\xb5\x2f\xfd", _MISSING),
    Kind("unbrotli", "Brotli (RFC 7932)", b"", _MISSING),
)
"""In the order in which they are taken."""
LONGEST_MAGIC: Final = max(len(kind.magic) for kind in KINDS)


def steps_by_sight(begin: bytes) -> tuple[str, ...]:
    """The step that octets which begin so need; none where nothing is recognised, or it can't be taken here."""
    return tuple(
        kind.name for kind in KINDS if kind.magic and not kind.why_not and begin.startswith(kind.magic)
    )


class _Step(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...


class Unpacking:
    """Takes octets as they come, gives what they stand for.

    Args:
        steps: names of KINDS.

    Attributes: came, became: octets.

    Raises: CodingFault: a step is unknown, or can't be taken here.
    """

    def __init__(self, steps: tuple[str, ...], *, limit_octets: int = MAX_DECODED) -> None:
        self.came = 0
        self.became = 0
        self._limit = limit_octets
        self._steps = [_step(name) for name in steps]

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` becomes, in pieces of at most PIECE octets. Raises: CodingFault: damaged, or too large."""
        self.came += len(data)
        for piece in self._through(data, 0):
            self.became += len(piece)
            if self.became > self._limit:
                raise CodingFault(f"only the first {self._limit:,} octets are unpacked to be looked at")
            if self.became > RATIO_FROM and self.became > MAX_RATIO * self.came:
                raise CodingFault(
                    f"{self.came:,} octets became over {MAX_RATIO} times as many, as a bomb does"
                )
            yield piece

    def _through(self, data: bytes, depth: int) -> Iterator[bytes]:
        if depth == len(self._steps):
            yield from (data[at : at + PIECE] for at in range(0, len(data), PIECE))
            return
        for piece in self._steps[depth].feed(data):
            yield from self._through(piece, depth + 1)


def _step(name: str) -> _Step:
    kind = next((kind for kind in KINDS if kind.name == name), None)
    if kind is None or kind.why_not:
        raise CodingFault(
            f"{name[:40]} can't be undone here" + (f": {kind.why_not}" if kind is not None else "")
        )
    if name == "base64":
        return _Base64()
    if name in ("gunzip", "zlib"):
        return Decoder(("gzip" if name == "gunzip" else "deflate",))
    return _Streams(name)


class _Base64:
    """Four characters are three octets; line ends stand anywhere."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        data = self._rest + data.translate(None, _BLANKS)
        whole = len(data) - len(data) % 4
        self._rest = data[whole:]
        try:
            yield base64.b64decode(data[:whole], validate=True)
        except binascii.Error as error:
            raise CodingFault(f"this is no base64: {error}") from error


class _Streams:
    """bzip2 and xz: several streams may follow each other."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._one = self._begun()

    def _begun(self) -> "bz2.BZ2Decompressor | lzma.LZMADecompressor":
        if self._name == "bunzip2":
            return bz2.BZ2Decompressor()
        # What xz itself takes to unpack files of its highest level: 65 MiB.
        return lzma.LZMADecompressor(memlimit=80 * 2**20)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._one.eof:
                if not data:
                    return
                self._one = self._begun()
            try:
                piece = self._one.decompress(data, PIECE)
            except (OSError, lzma.LZMAError, ValueError) as error:
                raise CodingFault(f"the data of {self._name} is damaged: {error}") from error
            if piece:
                yield piece
            data = self._one.unused_data if self._one.eof else b""
            if not self._one.eof and self._one.needs_input:
                return

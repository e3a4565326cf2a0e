"""Content codings undone piece by piece, bounded (RFC 9110 section 8.4): gzip and deflate.

A thousand octets of gzip may stand for a megabyte of zeros. So nothing is undone at once: each call gives a piece of at
most PIECE octets, and the sum is limited both by itself and by how much larger than its source it is. What the limit
stops is named with both sizes, and the octets as they came are kept.
"""

import zlib
from collections.abc import Iterator
from typing import Final

PIECE: Final = 256 * 1024
MAX_DECODED: Final = 64 * 1024 * 1024
"""Octets that a body may become; xmlrpc.client of the standard library stops at 20 MiB, browsers at their memory."""
MAX_RATIO: Final = 200
"""Times larger than what came, once it is past RATIO_FROM: text shrinks to a tenth, a page of spaces to a hundredth."""
RATIO_FROM: Final = 4 * 1024 * 1024
MAX_LAYERS: Final = 5
"""Codings on top of each other; curl allows five since its CVE-2023-23916."""

_GZIP: Final = 16 + zlib.MAX_WBITS
_KNOWN: Final = frozenset({"gzip", "x-gzip", "deflate"})


class CodingFault(Exception):
    """Undoing stopped; str() is a sentence."""


class Decoder:
    """Undoes codings that were applied in this order.

    Attributes: came, became: octets; is_over: every layer's own end has been reached, checksum included.

    Raises: CodingFault: one of them is unknown here, or there are too many.
    """

    def __init__(self, codings: tuple[str, ...], *, limit_octets: int = MAX_DECODED) -> None:
        if len(codings) > MAX_LAYERS:
            raise CodingFault(f"{len(codings)} codings on top of each other; {MAX_LAYERS} are undone at most")
        for name in codings:
            if name not in _KNOWN:
                raise CodingFault(f"{name[:40]!r} is not undone here, only gzip and deflate")
        self.came = 0
        self.became = 0
        self._limit = limit_octets
        self._layers = [_Layer(name) for name in reversed(codings)]

    @property
    def is_over(self) -> bool:
        """Whether the last octet of every layer has come, and its checksum is right."""
        return all(layer.is_over for layer in self._layers)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` becomes, in pieces of at most PIECE octets.

        Raises: CodingFault: it is damaged, or becomes more than the limit allows.
        """
        self.came += len(data)
        for piece in self._through(data, 0):
            self.became += len(piece)
            self._check()
            yield piece

    def _through(self, data: bytes, depth: int) -> Iterator[bytes]:
        if depth == len(self._layers):
            if data:
                yield data
            return
        for piece in self._layers[depth].feed(data):
            yield from self._through(piece, depth + 1)

    def _check(self) -> None:
        came, became = self.came, self.became
        if became > self._limit:
            raise CodingFault(
                f"{came:,} octets became {became:,} and more: undoing stops at {self._limit:,} octets"
            )
        if became > RATIO_FROM and became > MAX_RATIO * came:
            raise CodingFault(
                f"{came:,} octets became {became:,} and more: over {MAX_RATIO} times as many, as a bomb does"
            )


class _Layer:
    """One coding."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._inflate = zlib.decompressobj(_GZIP)
        self._first = b""
        self._began = "gzip" in name
        self.is_over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not self._began:
            data = self._first = self._first + data
            if len(data) < 2:
                return
            self._begin(data)
        while data:
            if self.is_over:
                # RFC 1952 section 2.2: members may follow each other. Anything else is a trailer that nobody promised.
                if self._name == "deflate" or not data.startswith(b"\x1f\x8b"[: len(data)]):
                    raise CodingFault(f"{len(data):,} octets stand behind the end of the {self._name} data")
                self._inflate = zlib.decompressobj(_GZIP)
                self.is_over = False
            piece = self._inflated(data)
            if piece:
                yield piece
            data = self._inflate.unconsumed_tail or self._inflate.unused_data
            self.is_over = self._inflate.eof
            if not piece and not self.is_over and not self._inflate.unconsumed_tail:
                return

    def _inflated(self, data: bytes) -> bytes:
        try:
            return self._inflate.decompress(data, PIECE)
        except zlib.error as error:
            raise CodingFault(f"the {self._name} data is damaged: {error}") from error

    def _begin(self, data: bytes) -> None:
        """Some servers send deflate without zlib's wrapping (RFC 9110 section 8.4.1.2); two octets tell (RFC 1950)."""
        self._began = True
        is_wrapped = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS if is_wrapped else -zlib.MAX_WBITS)

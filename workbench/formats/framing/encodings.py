"""Encodings that keep markers out of the data: base64, quoted-printable, hexadecimal, percent, yEnc; and their price.

Each decodes strictly: what is no such encoding is a mistake with its place, never guessed. Reading the letters of
strangers, where anything must be read somehow, is the business of formats.mime.transfer.
"""

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote_from_bytes

from workbench.errors import LocalMisuse
from workbench.formats.framing.decoder import Break
from workbench.formats.framing.values import (
    MAX_MESSAGE,
    Broken,
    Decodes,
    Ending,
    Framing,
    Message,
    Remark,
    State,
    Wire,
    octets_of,
)

_NO_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/=]")
_NO_HEX: Final = re.compile(rb"[^0-9A-Fa-f]")
_QP_ESCAPE: Final = re.compile(rb"=([0-9A-Fa-f]{2})?")
_PERCENT: Final = re.compile(rb"%([0-9A-Fa-f]{2})?")
_QP_PLAIN: Final = frozenset(range(0x21, 0x7F)) - {0x3D}
_YENC_CRITICAL: Final = frozenset((0x00, 0x0A, 0x0D, 0x3D))
_YENC_OUT: Final = tuple(
    bytes((0x3D, (octet + 42 + 64) % 256))
    if (octet + 42) % 256 in _YENC_CRITICAL
    else bytes(((octet + 42) % 256,))
    for octet in range(256)
)
_YENC_IN: Final = bytes((octet - 42) % 256 for octet in range(256))


class Encoding(NamedTuple):
    """One way to write any octets with few.

    keeps_out: octets that it never makes. encode; decode raises Break with the place in the encoded octets.
    """

    id: str
    title: str
    keeps_out: frozenset[int]
    source: str
    encode: Callable[[bytes], bytes]
    decode: Callable[[bytes], bytes]


def _wrong(what: str, at: int, data: bytes, source: str) -> Break:
    return Break(Broken(what, at, data[at : at + 4], source))


def _from_base64(data: bytes) -> bytes:
    found = _NO_BASE64.search(data)
    if found:
        raise _wrong(f"{found[0]!r} is no letter of base64", found.start(), data, "RFC 4648 section 3.3")
    if len(data) % 4:
        what = f"base64 comes in groups of four, and {len(data) % 4} are left over"
        raise _wrong(what, len(data) - len(data) % 4, data, "RFC 4648 section 4")
    try:
        return binascii.a2b_base64(data, strict_mode=True)
    except binascii.Error:
        at = max(data.find(b"="), 0)
        raise _wrong("the padding is wrong", at, data, "RFC 4648 section 3.2") from None


def _to_base64(data: bytes) -> bytes:
    return binascii.b2a_base64(data, newline=False)


def _to_quoted(data: bytes) -> bytes:
    # A space at the end of a line would be lost on the way (RFC 2045 section 6.7 rule 3); this is one line.
    last = len(data) - 1
    return b"".join(
        bytes((octet,)) if octet in _QP_PLAIN or (octet == 0x20 and at != last) else b"=%02X" % octet
        for at, octet in enumerate(data)
    )


def _from_quoted(data: bytes) -> bytes:
    for at, octet in enumerate(data):
        if octet not in _QP_PLAIN and octet not in (0x20, 0x3D):
            what = f"{bytes((octet,))!r} is written as ={octet:02X} in quoted-printable"
            raise _wrong(what, at, data, "RFC 2045 section 6.7")
    return _unescaped(_QP_ESCAPE, data, "=", "RFC 2045 section 6.7")


def _from_percent(data: bytes) -> bytes:
    return _unescaped(_PERCENT, data, "%", "RFC 3986 section 2.1")


def _unescaped(pattern: re.Pattern[bytes], data: bytes, sign: str, source: str) -> bytes:
    found = bytearray()
    at = 0
    for escape in pattern.finditer(data):
        if escape[1] is None:
            raise _wrong(f"two hexadecimal digits follow a {sign}", escape.start(), data, source)
        found += data[at : escape.start()]
        found.append(int(escape[1], 16))
        at = escape.end()
    return bytes(found + data[at:])


def _to_percent(data: bytes) -> bytes:
    return quote_from_bytes(data, safe="").encode("ascii")


def _to_hex(data: bytes) -> bytes:
    return binascii.hexlify(data)


def _from_hex(data: bytes) -> bytes:
    found = _NO_HEX.search(data)
    if found:
        raise _wrong(f"{found[0]!r} is no hexadecimal digit", found.start(), data, "RFC 4648 section 8")
    if len(data) % 2:
        raise _wrong("half an octet at the end", len(data) - 1, data, "RFC 4648 section 8")
    return binascii.unhexlify(data)


def _to_yenc(data: bytes) -> bytes:
    return b"".join(map(_YENC_OUT.__getitem__, data))


def _from_yenc(data: bytes) -> bytes:
    pieces = data.split(b"=")
    found = [pieces[0]]
    at = len(pieces[0])
    for piece in pieces[1:]:
        if not piece:
            raise _wrong("an = without the octet behind it", at, data, "yEnc 1.3")
        found.append(bytes(((piece[0] - 64) % 256,)) + piece[1:])
        at += 1 + len(piece)
    return b"".join(found).translate(_YENC_IN)


def _but(plain: bytes) -> frozenset[int]:
    return frozenset(range(256)) - frozenset(plain)


_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
ENCODINGS: Final[dict[str, Encoding]] = {
    each.id: each
    for each in (
        Encoding("base64", "Base64", _but(_LETTERS + b"+/="), "RFC 4648 section 4", _to_base64, _from_base64),
        Encoding(
            "quoted-printable",
            "Quoted-printable",
            _but(bytes(range(0x20, 0x7F))),
            "RFC 2045 section 6.7",
            _to_quoted,
            _from_quoted,
        ),
        Encoding("hex", "Hexadecimal", _but(b"0123456789abcdef"), "RFC 4648 section 8", _to_hex, _from_hex),
        Encoding(
            "percent",
            "Percent",
            _but(_LETTERS + b"_.-~%"),
            "RFC 3986 section 2.1",
            _to_percent,
            _from_percent,
        ),
        Encoding("yenc", "yEnc", frozenset((0x00, 0x0A, 0x0D)), "yEnc 1.3", _to_yenc, _from_yenc),
    )
}


def factor(encoding: Encoding, data: bytes) -> float:
    """How many times as many octets travel; 1.0 for none."""
    return len(encoding.encode(data)) / len(data) if data else 1.0


@dataclass(frozen=True)
class Encoded:
    """Messages are encoded before they are framed, and decoded behind the framing."""

    framing: Framing
    encoding: Encoding

    @property
    def title(self) -> str:
        """Both."""
        return f"{self.framing.title}, {self.encoding.title}"

    def remarks(self, data: bytes) -> tuple[Remark, ...]:
        """The price, and what the framing says of the encoded octets."""
        written = self.encoding.encode(data)
        what = (
            f"{octets_of(len(data))} become {len(written):,}: {factor(self.encoding, data):.2f} times as many"
        )
        return (Remark("size", what, 0, len(data)), *self.framing.remarks(written))

    def encode(self, data: bytes) -> Wire:
        """Encoded and framed."""
        wire = self.framing.encode(self.encoding.encode(data))
        return wire._replace(
            marks=tuple(
                mark._replace(part="encoding", label=self.encoding.title) if mark.part == "data" else mark
                for mark in wire.marks
            )
        )

    def decoder(self, limit: int = MAX_MESSAGE) -> "EncodedDecoder":
        """Undoes both. limit: of the encoded octets, which are what a receiver keeps."""
        return EncodedDecoder(self.framing.decoder(limit), self.encoding)


class EncodedDecoder:
    """Decodes what another decoder brings; the first message that is no such encoding breaks it."""

    def __init__(self, inner: Decodes, encoding: Encoding) -> None:
        self._inner = inner
        self._encoding = encoding
        self._broken: Broken | None = None

    @property
    def broken(self) -> Broken | None:
        """Whichever broke first."""
        return self._broken or self._inner.broken

    @property
    def remarks(self) -> list[Remark]:
        """The framing's."""
        return self._inner.remarks

    @property
    def state(self) -> State:
        """The framing's."""
        state = self._inner.state
        return state if self._broken is None else State("broken", 0, None, state.limit)

    def feed(self, data: bytes) -> list[Message]:
        """Take octets, and return the messages they complete."""
        return [] if self._broken is not None else self._decoded(self._inner.feed(data))

    def finish(self) -> Ending:
        """The stream has ended."""
        ending = self._inner.finish()
        if self._broken is None:
            ending = ending._replace(messages=tuple(self._decoded(list(ending.messages))))
        return ending if self._broken is None else Ending("broken", self._broken.what, ending.messages)

    def _decoded(self, messages: list[Message]) -> list[Message]:
        found: list[Message] = []
        for message in messages:
            try:
                found.append(message._replace(data=self._encoding.decode(message.data)))
            except Break as broken:
                inside = broken.broken
                what = f"{inside.what}, octet {inside.at} of the message"
                self._broken = inside._replace(what=what, at=message.start)
                break
        return found


def encoding_named(name: str) -> Encoding:
    """One of ENCODINGS. Raises: LocalMisuse."""
    if name not in ENCODINGS:
        advice = "choose one of: " + ", ".join(ENCODINGS)
        raise LocalMisuse(f"{name!r} is no encoding", text=name, start=0, end=len(name), advice=advice)
    return ENCODINGS[name]

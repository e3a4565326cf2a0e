"""Transfer encodings: what a part's octets are before they travel (RFC 2045 section 6), piece by piece.

Decoding is lenient and says so: characters that are no base64 are left out, missing padding is supplied, `=` that
begins no escape stays. Pieces of about a MiB follow each other, so that an attachment of any size is decoded, hashed or
saved without holding the window.
"""

import binascii
import re
from collections.abc import Iterator

from workbench.formats.mime.defects import Report

SLICE = 1024 * 1024
"""Octets between two pieces: about 4 ms of base64."""
UU_LINES = 2000
"""Lines of uuencode between two pieces."""

IDENTITY = frozenset({"", "7bit", "8bit", "binary"})
UUENCODE = frozenset({"uuencode", "x-uuencode", "uue", "x-uue"})
KNOWN = IDENTITY | UUENCODE | {"base64", "quoted-printable"}

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OTHERS = bytes(each for each in range(256) if each not in _ALPHABET)
_SPACE = b" \t\r\n"
_STRANGE = re.compile(rb"[^A-Za-z0-9+/= \t\r\n]")
_NO_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")
_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?$", re.M)


def decoded(data: bytes, encoding: str, report: Report, start: int = 0) -> Iterator[bytes]:
    """The decoded octets of a body, in pieces.

    Args:
        encoding: in lower case; an unknown one leaves the octets as they are.
        report: takes defects.
        start: where the body begins in the letter, for their places.
    """
    if encoding == "base64":
        return _from_base64(data, report, start)
    if encoding == "quoted-printable":
        return _from_quoted_printable(data, report, start)
    if encoding in UUENCODE:
        return _from_uuencode(data, report, start)
    if encoding not in IDENTITY:
        report("transfer-encoding", start, start, f"there is no transfer encoding {encoding[:40]}")
    return _as_it_is(data)


def _as_it_is(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data), SLICE):
        yield data[at : at + SLICE]


def _from_base64(data: bytes, report: Report, start: int) -> Iterator[bytes]:
    end = data.find(b"=")
    end = len(data) if end < 0 else end
    held = b""
    strange = 0
    first = -1
    for at in range(0, end, SLICE):
        piece = data[at : min(end, at + SLICE)]
        clean = piece.translate(None, _OTHERS)
        others = len(piece.translate(None, _SPACE)) - len(clean)
        if others:
            strange += others
            if first < 0 and (found := _STRANGE.search(piece)):
                first = at + found.start()
        held += clean
        whole = len(held) & ~3
        yield binascii.a2b_base64(held[:whole])
        held = held[whole:]
    if strange:
        what = f"{strange:,} characters are no base64"
        report("base64-characters", start + first, start + first + 1, what)
    yield from _last_of_base64(held, data[end:], report, start + end)


def _last_of_base64(held: bytes, behind: bytes, report: Report, at: int) -> Iterator[bytes]:
    """What is left of less than four characters, and what stands at and behind the first `=`."""
    rest = behind.lstrip(b"=" + _SPACE)
    pads = behind[: len(behind) - len(rest)].count(b"=")
    if len(held) == 1:
        report("base64-padding", at, at, "base64 ends in the middle of an octet")
    elif (held and pads != 4 - len(held)) or (pads and not held):
        what = "the padding at the end of base64 is missing" if not pads else "base64 has the wrong padding"
        report("base64-padding", at, at, what)
    if len(held) > 1:
        yield binascii.a2b_base64(held + b"=" * (4 - len(held)))
    if rest:
        place = at + len(behind) - len(rest)
        report("base64-behind-end", place, place + len(rest), "something stands behind the end of base64")


def _from_quoted_printable(data: bytes, report: Report, start: int) -> Iterator[bytes]:
    at = 0
    wrong = 0
    first = -1
    while at < len(data):
        stop = min(len(data), at + SLICE)
        # A piece ends with a line: an escape may stand across any other place.
        if stop < len(data):
            line = data.rfind(b"\n", at, stop) + 1
            escape = data.rfind(b"=", stop - 2, stop)
            stop = line or (escape if escape > at else stop)
        piece = data[at:stop]
        for found in _NO_ESCAPE.finditer(piece):
            wrong += 1
            if first < 0:
                first = at + found.start()
        yield binascii.a2b_qp(piece)
        at = stop
    if wrong:
        what = f"{wrong:,} equals signs begin no escape"
        report("quoted-printable", start + first, start + first + 1, what)


def _from_uuencode(data: bytes, report: Report, start: int) -> Iterator[bytes]:
    begin = _BEGIN.search(data)
    if begin is None:
        report("uuencode", start, start, "there is no begin line")
        yield from _as_it_is(data)
        return
    lines = data[begin.end() :].lstrip(b"\r").splitlines()[1:]
    out = bytearray()
    wrong = 0
    has_end = False
    for number, line in enumerate(lines, 1):
        if line.strip() == b"end":
            has_end = True
            break
        piece, fits = _uu_line(line)
        out += piece
        wrong += not fits
        if number % UU_LINES == 0:
            yield bytes(out)
            out.clear()
    yield bytes(out)
    if wrong:
        report("uuencode", start + begin.start(), start + begin.end(), f"{wrong:,} lines are no uuencode")
    if not has_end:
        report("uuencode", start + len(data), start + len(data), "the end line is missing")


def _uu_line(line: bytes) -> tuple[bytes, bool]:
    if not line.strip():
        return b"", True
    try:
        return binascii.a2b_uu(line), True
    except binascii.Error:
        # Encoders that count wrongly leave trailing characters: their line is cut to what its first one says.
        count = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:count]), True
        except binascii.Error:
            return b"", False


def uuencoded_names(data: bytes) -> tuple[str, ...]:
    """The names of uuencoded files within a text, as old letters carry them."""
    return tuple(found[1].decode("utf-8", "replace") for found in _BEGIN.finditer(data))

"""PEM: blocks of base64 between marks (RFC 7468), found in any text around them, wrong ones too."""

import binascii
import re
from typing import Final, NamedTuple

MAX_BLOCKS = 5_000
"""Of one file: the certificates of a whole system's store are 150, the largest collections a few thousand."""
_BEGIN: Final = re.compile(rb"-----BEGIN ([^\r\n-]{1,64})-----")
_END: Final = re.compile(rb"-----END ([^\r\n-]{1,64})-----")
_HEADER: Final = re.compile(rb"[ \t]*([A-Za-z0-9-]{1,64}):[ \t]*([^\r\n]*)")
_BLANKS: Final = b" \t\r\n"
_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="


class Block(NamedTuple):
    """One block.

    label: what stands behind BEGIN. data: its octets, as far as they could be read. line: of its BEGIN, from 1.
    headers: what stood before the base64 (RFC 1421), as an encrypted key has it. fault: what is wrong, with the line.
    """

    label: str
    data: bytes
    line: int
    headers: tuple[tuple[str, str], ...] = ()
    fault: str = ""


def blocks(text: bytes) -> tuple[Block, ...]:
    """Every block of a text, MAX_BLOCKS at most; () where there is none. Never raises."""
    found: list[Block] = []
    place = line = 0
    counted = 0
    while len(found) < MAX_BLOCKS and (begin := _BEGIN.search(text, place)):
        line += text.count(b"\n", counted, begin.start())
        counted = begin.start()
        following = _BEGIN.search(text, begin.end())
        limit = following.start() if following else len(text)
        end = _END.search(text, begin.end(), limit)
        stop = end.start() if end else limit
        found.append(_block(begin[1], text[begin.end() : stop], line + 1, end[1] if end else None))
        place = end.end() if end else limit
    return tuple(found)


def _block(label: bytes, body: bytes, line: int, closing: bytes | None) -> Block:
    name = label.decode("latin-1").strip()
    headers: list[tuple[str, str]] = []
    fault = ""
    encoded = body.translate(None, _BLANKS)
    if encoded.translate(None, _BASE64):
        # Something is in it that is no base64: only then the rows are looked at one by one.
        headers, encoded, fault = _rows(body, line)
    data, odd = _decoded(encoded)
    if closing is None:
        fault = fault or f"line {line}: its END is missing, so the block is cut off"
    elif closing != label:
        fault = fault or f"line {line}: BEGIN says {name}, and END says {closing.decode('latin-1')}"
    if odd:
        fault = fault or f"line {line}: the base64 of this block {odd}"
    if not encoded:
        fault = fault or f"line {line}: there is nothing in it"
    return Block(name, data, line, tuple(headers), fault)


def _rows(body: bytes, line: int) -> tuple[list[tuple[str, str]], bytes, str]:
    """(headers, base64, the first fault) of a block that is not base64 alone."""
    headers: list[tuple[str, str]] = []
    encoded: list[bytes] = []
    fault = ""
    for number, row in enumerate(body.split(b"\n")):
        row = row.strip()
        header = _HEADER.fullmatch(row)
        if header is not None and not encoded:
            headers.append((header[1].decode("ascii"), header[2].decode("latin-1")))
            continue
        wrong = row.translate(None, _BASE64 + _BLANKS)
        if wrong:
            fault = fault or f"line {line + number}: {chr(wrong[0])!r} is no base64"
            row = row.translate(None, wrong)
        if row:
            encoded.append(row.translate(None, _BLANKS))
    return headers, b"".join(encoded), fault


def _decoded(encoded: bytes) -> tuple[bytes, str]:
    """The octets, and what is wrong; of base64 that was cut as many octets as came."""
    body = encoded.rstrip(b"=")
    if b"=" in body:
        return _decoded(body[: body.index(b"=")])[0], "goes on behind its end"
    left = len(body) % 4
    if left == 1:
        return binascii.a2b_base64(body[:-1]), "is cut off"
    padded = body + b"=" * (-len(body) % 4)
    odd = "" if len(encoded) == len(padded) else "is cut off"
    return binascii.a2b_base64(padded), odd


def bare_base64(text: bytes) -> bytes | None:
    """The octets of a text that is base64 and nothing else, as it is pasted without its marks; else None."""
    squeezed = b"".join(text.split())
    if len(squeezed) < 64 or squeezed.translate(None, _BASE64):
        return None
    data, odd = _decoded(squeezed)
    return None if odd else data

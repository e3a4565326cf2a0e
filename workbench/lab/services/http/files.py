"""Files of the Lab's web server that a download can go on with, truthful or not (RFC 9110 sections 8.8, 13.1.5 and 14).

/file and /file.gz have octets that tell their place, so that a wrong seam is seen; /sums tells their sums. The query,
or the service's switches for every visitor, say how the server lies and where it stops; nothing is remembered between
two visits but how many were turned away, so that the same question has the same answer.
"""

import functools
import gzip
import hashlib
import random
from collections.abc import AsyncIterator
from email.utils import formatdate
from typing import Final, NamedTuple

from workbench.jobs.offload import in_thread
from workbench.lab.services.http.answer import MODIFIED, Answer, plain
from workbench.lab.services.http.ranges import NONE, Part, wanted
from workbench.lab.services.http.request import Asked

FILE_OCTETS: Final = 3 * 2**20
FILE_SHA256: Final = "48fb6661d0eaf5688322403cbd1c2b1a3f4a9b796b19504bc324bd7ba2382dea"
_LINES_OF_TEXT: Final = 122_000
"""Packed, a little more than 5 MB."""
_PIECE: Final = 64 * 1024
RETRY_AFTER_S: Final = 1

RANGES: Final = (
    "right",
    "ignored",
    "no-validator",
    "weak",
    "date",
    "changed",
    "mixed",
    "wrong-start",
    "wrong-end",
    "other-length",
    "short",
    "refused",
    "several",
    "unasked",
)
"""How it does ranges: right; ignored: always all of it; no-validator, weak, date: what it says to know the file by;
changed: the file is another one once somebody comes back for the rest; mixed: likewise, and the rest of it is given all
the same; wrong-start, wrong-end, other-length: Content-Range lies; short: at most a MiB of what was asked; refused: 416
to every range; several: one range in a body of parts; unasked: 206 to whom did not ask."""


class Wish(NamedTuple):
    """How an answer is to be. cut: octets of its body that come; None: all; gives a client that comes back the rest."""

    ranges: str
    cut: int | None


def wish(asked: Asked, ranges: str) -> Wish:
    """What the query says, else the service's switch."""
    said = asked.parameter("ranges", ranges)
    cut = asked.number("cut", 0, FILE_OCTETS * 2)
    return Wish(said if said in RANGES else "right", cut or None)


@functools.cache
def octets_of_file(version: int = 1) -> bytes:
    """The file: lines of eight octets, each with its number, so that no two are alike; the second has other lines."""
    lines = FILE_OCTETS // 8
    return (b"%07dx" if version == 2 else b"%07d\n") * lines % tuple(range(lines))


@functools.cache
def packed_file() -> tuple[bytes, bytes]:
    """A text and the same packed: digits by chance, as other texts pack too well."""
    digits = random.Random(1)
    lines = (b"%07d %s\n" % (line, digits.randbytes(32).hex().encode()) for line in range(_LINES_OF_TEXT))
    text = b"".join(lines)
    return text, gzip.compress(text, 1, mtime=0)


async def sums() -> Answer:
    """The sums of both files, and of what the packed one holds."""
    text, packed = await in_thread(packed_file)
    told = (("file", await in_thread(octets_of_file)), ("file.gz", packed), ("file.gz unpacked", text))
    return plain("".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in told))


async def file_answer(asked: Asked, wish: Wish) -> Answer:
    """/file."""
    comes_back = bool(asked.field("range"))
    version = 2 if wish.ranges in ("changed", "mixed") and comes_back else 1
    # Whoever got the second version may go on with it.
    data = await in_thread(octets_of_file, version)
    return _answer(asked, data, "application/octet-stream", wish, version)


async def packed_answer(asked: Asked, wish: Wish) -> Answer:
    """/file.gz: a file that is packed by itself, not a page that is packed for the way."""
    _, packed = await in_thread(packed_file)
    return _answer(asked, packed, "application/gzip", wish, 1)


def _answer(asked: Asked, data: bytes, kind: str, wish: Wish, version: int) -> Answer:
    etag = _etag(data, wish.ranges)
    modified = "" if wish.ranges == "no-validator" else MODIFIED
    fields = [("Content-Type", kind)]
    if etag:
        fields.append(("ETag", etag))
    if modified:
        # A date is good for a comparison only beside the time at which it was told (section 8.8.2.2).
        fields += [("Last-Modified", modified), ("Date", formatdate(usegmt=True))]
    fields.append(("Accept-Ranges", "none" if wish.ranges == "ignored" else "bytes"))
    part = _part(asked, len(data), etag, modified, wish)
    if part is None:
        # Only who asks for all of it is cut off: the rest comes whole, if somebody comes back for it.
        stop = wish.cut if wish.cut is not None and not asked.field("range") else len(data)
        return Answer(200, tuple(fields), _pieces(data, 0, min(stop, len(data))), len(data))
    if part.is_none:
        fields.append(("Content-Range", f"bytes */{len(data)}"))
        return plain("There is nothing of it left.\n", 416)._replace(fields=tuple(fields))
    return _partial(data, part, tuple(fields), wish)


def _part(asked: Asked, size: int, etag: str, modified: str, wish: Wish) -> Part | None:
    if wish.ranges == "ignored":
        return None
    if wish.ranges == "unasked":
        return Part(0, size - 1)
    if wish.ranges == "mixed":
        # A server that looks at Range alone, and never at If-Range.
        asked = asked._replace(fields=tuple(field for field in asked.fields if field[0] != "if-range"))
    part = wanted(asked, size, etag, modified)
    if wish.ranges == "refused" and part is not None:
        return NONE
    if wish.ranges == "short" and part is not None:
        return Part(part.first, min(part.last, part.first + 2**20 - 1))
    return part


def _partial(data: bytes, part: Part, fields: tuple[tuple[str, str], ...], wish: Wish) -> Answer:
    first, last, size = part.first, part.last, len(data)
    if wish.ranges == "wrong-start":
        first = max(0, first - 8)
    told_last = min(last + 8, size + 7) if wish.ranges == "wrong-end" else last
    told_size = size + 8 if wish.ranges in ("other-length", "wrong-end") else size
    told = f"bytes {first}-{told_last}/{told_size}"
    if wish.ranges == "several":
        mark = "lab-0f3a"
        head = f"--{mark}\r\nContent-Type: application/octet-stream\r\nContent-Range: {told}\r\n\r\n"
        body = head.encode() + data[first : last + 1] + f"\r\n--{mark}--\r\n".encode()
        kind = ("Content-Type", f"multipart/byteranges; boundary={mark}")
        return Answer(206, (kind, *fields[1:]), body)
    length = last + 1 - first
    return Answer(206, (*fields, ("Content-Range", told)), _pieces(data, first, last + 1), length)


def _etag(data: bytes, ranges: str) -> str:
    if ranges in ("no-validator", "date"):
        return ""
    tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
    return f"W/{tag}" if ranges == "weak" else tag


async def _pieces(data: bytes, start: int, stop: int) -> AsyncIterator[bytes]:
    view = memoryview(data)
    for place in range(start, stop, _PIECE):
        yield bytes(view[place : min(place + _PIECE, stop)])

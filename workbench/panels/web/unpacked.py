"""A file looked into while it grows: unpacked step by step into a file without a name, of which pages are shown. No Qt.

Nothing is held in memory: what is unpacked stands in an unlinked file that is mapped, and the views read the rows that
they paint. The first page is there as soon as its octets are; the rest is unpacked once the file is whole, within the
bounds of protocols.http.unpack.
"""

import asyncio
import io
import mmap
import os
import tempfile
import time
from typing import BinaryIO, Final, NamedTuple

from workbench.jobs.offload import in_thread
from workbench.panels.web.text import NO_TEXT, TURN_S, TextLines, read_lines
from workbench.protocols.http.coding import CodingFault
from workbench.protocols.http.unpack import LONGEST_MAGIC, Unpacking, steps_by_sight

FIRST_PAGE: Final = 64 * 1024
"""Octets of the file that are looked into before all of it is there."""
_PIECE: Final = 64 * 1024


class Seen(NamedTuple):
    """What is to be looked at. data: the octets, mapped or held; steps: that were taken; fault: why they ended."""

    text: TextLines = NO_TEXT
    data: "bytes | mmap.mmap" = b""
    steps: tuple[str, ...] = ()
    fault: str = ""
    is_all: bool = False


NOTHING_SEEN: Final = Seen()


async def look_into(
    source: str | bytes,
    *,
    steps: tuple[str, ...] | None,
    encoding: str = "",
    content_type: str = "",
    first_page: bool = False,
) -> Seen:
    """Unpack octets that are held, or a file, or its first page; one that can't be read is shown as nothing.

    Args:
        source: the octets, or the file's name.
        steps: None recognises them by the first octets.
        encoding: a person's choice; "" for none.
    """
    data: bytes | mmap.mmap
    try:
        begin = source[:LONGEST_MAGIC] if isinstance(source, bytes) else await in_thread(_begin, source)
        taken = steps_by_sight(begin) if steps is None else steps
        if isinstance(source, bytes) and not taken:
            data, fault = source, ""
        else:
            data, fault = await _unpacked(source, taken, FIRST_PAGE if first_page else None)
    except OSError as error:
        return Seen(fault=f"it can't be read: {error.strerror}")
    text = await read_lines(data, content_type if not taken else "", encoding)
    return Seen(text, data, taken, fault, is_all=not first_page)


def _begin(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(LONGEST_MAGIC)


def _opened(source: str | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else open(source, "rb", buffering=0)


async def _unpacked(
    source: str | bytes, steps: tuple[str, ...], stop: int | None
) -> "tuple[bytes | mmap.mmap, str]":
    fault = ""
    with tempfile.TemporaryFile() as spool, _opened(source) as file:
        try:
            unpacking = Unpacking(steps)
        except CodingFault as unknown:
            return b"", str(unknown)
        left = stop
        turn_ends = time.monotonic() + TURN_S
        try:
            while piece := file.read(_PIECE if left is None else min(_PIECE, left)):
                for part in unpacking.feed(piece):
                    spool.write(part)
                    if time.monotonic() >= turn_ends:
                        await asyncio.sleep(0)
                        turn_ends = time.monotonic() + TURN_S
                left = None if left is None else left - len(piece)
        except CodingFault as damaged:
            fault = str(damaged)
        spool.flush()
        size = os.fstat(spool.fileno()).st_size
        # The map keeps the file alive; who looks at it last gives it back.
        return (mmap.mmap(spool.fileno(), size, access=mmap.ACCESS_READ) if size else b""), fault

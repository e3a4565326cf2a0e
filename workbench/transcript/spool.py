"""Where recorded octets live: first in memory, then in an unlinked file.

One Store serves a whole transcript and hands out Spools, one per stream of octets. Immutable chunks are shared, never
copied; small ones are gathered. When what waits in memory passes the limit, everything is written in one go to the
store's single file and remembered as extents. The file has no name: it is gone when the process is, however it ends.

A disk that is full ends the recording, not what was recorded: chunks leave memory only once they are in the file.
"""

import errno
import os
from bisect import bisect_right
from contextlib import suppress

from workbench.errors import LocalFault

GATHER_BELOW = 2048
"""Chunks smaller than this are gathered: a Python bytes object costs 33 octets and a list slot 8."""
GATHER_UP_TO = 65536
FLUSH_AFTER = 1024 * 1024
"""Once the file exists it is written in pieces of this size: 1 MiB into the page cache takes about 0.3 ms."""


class Store:
    """The memory and the file that the spools of one transcript share.

    Args:
        memory_limit: octets kept in memory before the file is made.
        folder: where the unlinked file is made; None means the system's place for temporary files.
    """

    def __init__(self, memory_limit: int, folder: str | None = None) -> None:
        self._limit = memory_limit
        self._folder = folder
        self._spools: list[Spool] = []
        self._waiting = 0
        self._fd = -1
        self._end = 0
        self._fault: LocalFault | None = None

    @property
    def in_file(self) -> int:
        """Octets that are in the file."""
        return self._end

    @property
    def in_memory(self) -> int:
        """Octets that wait in memory."""
        return self._waiting

    @property
    def fault(self) -> LocalFault | None:
        """Why nothing more can be recorded, once that is so."""
        return self._fault

    def spool(self) -> "Spool":
        """A new, empty stream of octets."""
        spool = Spool(self)
        self._spools.append(spool)
        return spool

    def check(self) -> None:
        """Raises: LocalFault when recording has ended."""
        if self._fault is not None:
            raise self._fault

    def added(self, count: int) -> None:
        """A spool took `count` octets; write out when too many wait."""
        self._waiting += count
        if self._waiting > self._limit:
            self.flush()

    def flush(self) -> None:
        """Write all that waits in memory to the file.

        Raises: LocalFault, with what waits still in memory and readable.
        """
        try:
            if self._fd < 0:
                import tempfile  # 6 ms at import, and most conversations never need a file

                # O_TMPFILE or an unlinked name: either way nobody else can open it and nothing is left behind.
                with tempfile.TemporaryFile(prefix="network-workbench-", dir=self._folder) as file:
                    self._fd = os.dup(file.fileno())
                self._limit = min(self._limit, FLUSH_AFTER)
            for spool in self._spools:
                self._end = spool.move_to_file(self._fd, self._end)
        except OSError as error:
            symbol = errno.errorcode.get(error.errno or 0, "EIO")
            self._fault = LocalFault(
                f"the conversation can't be recorded any further: {os.strerror(error.errno or errno.EIO)}",
                stage="transcript",
                errno_name=symbol,
                committed="maybe",
                advice="what was recorded so far is kept: export it, free some space, then start again",
            )
            raise self._fault from error
        self._waiting = 0

    def read_file(self, place: int, count: int) -> bytes:
        """`count` octets from `place` of the file."""
        data = os.pread(self._fd, count, place)
        if len(data) != count:
            raise LocalFault(
                "the spool file of this conversation is shorter than recorded", stage="transcript"
            )
        return data

    def close(self) -> None:
        """Give memory and file back; nothing can be read any more. Idempotent."""
        self._spools.clear()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __del__(self) -> None:
        # A transcript that was dropped without close() must not keep its file open.
        if getattr(self, "_fd", -1) >= 0:
            os.close(self._fd)
            self._fd = -1


class Spool:
    """A growing stream of octets, readable at any place."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._length = 0
        self._chunks: list[bytes | bytearray] = []
        self._chunk_starts: list[int] = []
        self._extent_starts: list[int] = []
        self._extent_places: list[int] = []
        self._in_file = 0

    def __len__(self) -> int:
        return self._length

    def append(self, data: bytes) -> int:
        """Take octets at the end and return the offset of the first one.

        Raises: LocalFault when the disk failed. These octets are readable then, later ones are not taken.
        """
        self._store.check()
        offset = self._length
        size = len(data)
        if not size:
            return offset
        chunks = self._chunks
        last = chunks[-1] if chunks else None
        if size < GATHER_BELOW and type(last) is bytearray and len(last) < GATHER_UP_TO:
            last += data
        else:
            self._chunk_starts.append(offset)
            chunks.append(bytearray(data) if size < GATHER_BELOW else data)
        self._length = offset + size
        self._store.added(size)
        return offset

    def append_in_memory(self, data: bytes) -> int:
        """As `append`, also after the disk failed: for the few octets that say how a conversation ended.

        A failure that happens right now is remembered by the store and raised by the next `append`.
        """
        offset = self._length
        if self._chunks and type(self._chunks[-1]) is bytearray and len(self._chunks[-1]) < GATHER_UP_TO:
            self._chunks[-1] += data
        else:
            self._chunk_starts.append(offset)
            self._chunks.append(bytearray(data))
        self._length = offset + len(data)
        if self._store.fault is None:
            with suppress(LocalFault):
                self._store.added(len(data))
        return offset

    def read(self, start: int, stop: int) -> bytes:
        """The octets from start to stop; what lies outside the stream is left out."""
        start, stop = max(0, start), min(stop, self._length)
        if start >= stop:
            return b""
        parts: list[bytes] = []
        while start < min(stop, self._in_file):
            number = bisect_right(self._extent_starts, start) - 1
            extent_start = self._extent_starts[number]
            last = number + 1 == len(self._extent_starts)
            extent_stop = self._in_file if last else self._extent_starts[number + 1]
            count = min(stop, extent_stop) - start
            parts.append(self._store.read_file(self._extent_places[number] + start - extent_start, count))
            start += count
        if start < stop:
            number = bisect_right(self._chunk_starts, start) - 1
            while start < stop:
                chunk = self._chunks[number]
                skip = start - self._chunk_starts[number]
                whole = type(chunk) is bytes and skip == 0 and len(chunk) <= stop - start
                part = chunk if whole else chunk[skip : skip + stop - start]
                parts.append(part if type(part) is bytes else bytes(part))
                start += len(part)
                number += 1
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def move_to_file(self, fd: int, place: int) -> int:
        """Write what waits to `fd` at `place`; returns the place after it. Raises OSError with nothing lost."""
        if not self._chunks:
            return place
        begin = place
        for chunk in self._chunks:
            done = 0
            while done < len(chunk):
                # Released at once, also by a failure: a chunk that somebody looks at could not grow any more.
                with memoryview(chunk) as view, view[done:] as rest:
                    written = os.pwrite(fd, rest, place)
                place += written
                done += written
        extends = (
            self._extent_starts and self._extent_places[-1] + self._in_file - self._extent_starts[-1] == begin
        )
        if not extends:
            self._extent_starts.append(self._in_file)
            self._extent_places.append(begin)
        self._in_file = self._length
        self._chunks.clear()
        self._chunk_starts.clear()
        return place

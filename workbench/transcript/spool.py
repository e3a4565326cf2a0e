"""Where recorded octets live: first in memory, then in an unlinked file.

One Store serves a whole transcript and hands out Spools, one per stream of octets. Immutable chunks are shared, never
copied; small ones are gathered. When what waits in memory passes the limit, everything is written in one go to the
store's single file and remembered as extents. The file has no name: it is gone when the process is, however it ends.

A disk that is full ends the recording, not what was recorded: chunks leave memory only once they are in the file.

Writing happens where it was asked for, which is steadiest while the system takes octets into its cache at once. Once
a write has been slow, a thread does the writing from then on (see writer); what waits for it is bounded by those who
bring octets: while the store `is_behind` they stop taking any.
"""

import errno
import os
from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from workbench.clock import SYSTEM
from workbench.errors import LocalFault
from workbench.transcript.writer import Batch, Chunk, pauses, write_chunk

GATHER_BELOW = 2048
"""Chunks smaller than this are gathered: a Python bytes object costs 33 octets and a list slot 8."""
GATHER_UP_TO = 65536
FLUSH_AFTER = 512 * 1024
"""Once the file exists it is written in pieces of this size: with twice that the C library gives the memory of each
piece back to the system and asks for it again, a third of the whole cost (measured)."""
SLOW_NS = 4_000_000
"""A write of one chunk that waited longer waited for a disk: half of the 8 ms that nothing in the window may take."""
MAX_WAITING = 16 * 1024 * 1024
"""Octets that may wait for a slow disk: without a bound 490 MiB did (measured)."""


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
        self._is_slow = False
        self._batch: Batch | None = None
        self._handed: list[tuple[Spool, int]] = []
        self._error: OSError | None = None
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
        """Write all that waits in memory to the file; or have it written, where the disk is slow.

        Raises: LocalFault, with what waits still in memory and readable.
        """
        self._take_over()
        try:
            if self._error is not None:
                raise self._error
            if self._batch is not None:
                return
            if self._fd < 0:
                self._open()
            if not self._is_slow or not self._hand_over():
                self._write()
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

    def _open(self) -> None:
        import tempfile  # 6 ms at import, and most conversations never need a file

        # O_TMPFILE or an unlinked name: either way nobody else can open it and nothing is left behind.
        with tempfile.TemporaryFile(prefix="network-workbench-", dir=self._folder) as file:
            self._fd = os.dup(file.fileno())
        self._limit = min(self._limit, FLUSH_AFTER)

    def _write(self) -> None:
        """Write here and now, until a write is slow: the rest goes to the thread. Raises OSError with nothing lost."""
        for spool in self._spools:
            count, place, is_slow = 0, self._end, False
            try:
                for chunk in spool.chunks:
                    began_ns, before = SYSTEM.monotonic_ns(), pauses()
                    write_chunk(self._fd, chunk, place)
                    place += len(chunk)
                    count += 1
                    took_ns = SYSTEM.monotonic_ns() - began_ns
                    is_slow = not self._is_slow and took_ns > SLOW_NS and pauses() != before
                    if is_slow:
                        break
            finally:
                self._put_down(spool, count)
            if is_slow:
                self._is_slow = True
                if self._hand_over():
                    return

    def _put_down(self, spool: "Spool", count: int) -> None:
        """The first `count` chunks of a spool have been written at the file's end."""
        place = spool.put_down(count, self._end)
        self._waiting -= place - self._end
        self._end = place

    # ---- a slow disk

    @property
    def is_behind(self) -> bool:
        """Whether so much waits for a slow disk that no more should be brought; `when_written` tells when it may."""
        if self._waiting <= MAX_WAITING or self._batch is None:
            return False
        self._take_over()
        return self._batch is not None

    def when_written(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call `wake` once the disk has taken what it was given: from any thread, perhaps at once.

        Returns: what forgets it.
        """
        batch = self._batch
        if batch is None:
            wake()
            return _nothing
        batch.when_done(wake)
        return partial(batch.forget, wake)

    def _hand_over(self) -> bool:
        """Have a thread write all that waits; returns whether there is one."""
        handed = [(spool, spool.seal()) for spool in self._spools if spool.chunks]
        if handed:
            batch = Batch(self._fd, [chunk for spool, _ in handed for chunk in spool.chunks], self._end)
            if not batch.start():
                return False
            self._batch, self._handed = batch, handed
        return True

    def _take_over(self) -> None:
        """What the thread has written is in the file now; what it could not write still waits."""
        batch = self._batch
        if batch is None or not batch.is_done:
            return
        self._batch, left = None, batch.written
        for spool, count in self._handed:
            self._put_down(spool, min(count, left))
            left -= min(count, left)
        self._handed = []
        self._error = batch.error

    # ---- reading, and the end

    def read_file(self, place: int, count: int) -> bytes:
        """`count` octets from `place` of the file."""
        data = os.pread(self._fd, count, place)
        if len(data) != count:
            raise LocalFault(
                "the spool file of this conversation is shorter than recorded", stage="transcript"
            )
        return data

    def close(self) -> None:
        """Give memory and file back; nothing can be read any more. Idempotent.

        A thread that still writes is not waited for: it ends after the chunk at hand, and closes the file.
        """
        self._spools.clear()
        self._handed.clear()
        fd, self._fd = self._fd, -1
        batch, self._batch = self._batch, None
        if fd >= 0 and not (batch is not None and batch.orphan()):
            os.close(fd)

    def __del__(self) -> None:
        # A transcript that was dropped without close() must not keep its file open.
        if getattr(self, "_fd", -1) >= 0:
            self.close()


def _nothing() -> None:
    """Nobody has to be forgotten."""


class Spool:
    """A growing stream of octets, readable at any place.

    chunks: what waits in memory, for its store to write.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._length = 0
        self.chunks: list[Chunk] = []
        self._sealed = 0
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
        chunks = self.chunks
        last = chunks[-1] if len(chunks) > self._sealed else None
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
        last = self.chunks[-1] if len(self.chunks) > self._sealed else None
        if type(last) is bytearray and len(last) < GATHER_UP_TO:
            last += data
        else:
            self._chunk_starts.append(offset)
            self.chunks.append(bytearray(data))
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
        if stop <= self._in_file:
            number = bisect_right(self._extent_starts, start) - 1
            if number + 1 == len(self._extent_starts) or stop <= self._extent_starts[number + 1]:
                # As nearly always, and millions of times in an export: all in one piece.
                return self._store.read_file(
                    self._extent_places[number] + start - self._extent_starts[number], stop - start
                )
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
                chunk = self.chunks[number]
                skip = start - self._chunk_starts[number]
                whole = type(chunk) is bytes and skip == 0 and len(chunk) <= stop - start
                part = chunk if whole else chunk[skip : skip + stop - start]
                parts.append(part if type(part) is bytes else bytes(part))
                start += len(part)
                number += 1
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def seal(self) -> int:
        """Nothing grows any more of what waits now, so that a thread can write it; returns how many chunks that is."""
        self._sealed = len(self.chunks)
        return self._sealed

    def put_down(self, count: int, place: int) -> int:
        """The first `count` chunks stand in the file at `place` now; returns the place after them."""
        self._sealed = 0
        if not count:
            return place
        octets = sum(map(len, self.chunks[:count]))
        extends = (
            self._extent_starts and self._extent_places[-1] + self._in_file - self._extent_starts[-1] == place
        )
        if not extends:
            self._extent_starts.append(self._in_file)
            self._extent_places.append(place)
        self._in_file += octets
        del self.chunks[:count]
        del self._chunk_starts[:count]
        return place + octets

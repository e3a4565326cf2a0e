"""A slow disk's own thread: it writes one batch of chunks and ends, so that nobody else waits for the disk.

Strategy. One batch is under way at a time, and a thread lives as long as its batch: none is left idle, and starting one
(50 us) is nothing beside a write of some ms. The thread only writes; what it has done is taken over by the thread
that owns the spools, when that looks next. So no spool needs a lock, and chunks stay readable in memory until then.
"""

import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

NICE = 10
"""Below the window and the network: with the thread at their rank the heartbeat's p99 was 20 to 34 ms (measured)."""

THREAD_NAME = "transcript writer"

Chunk = bytes | bytearray


def pauses() -> int:
    """How often this thread has waited for anything so far, a disk for instance; 0 where the system does not count.

    A write that took long without a pause was not slow: somebody else had the processor.
    """
    try:
        from resource import RUSAGE_THREAD, getrusage
    except ImportError:
        return 0
    return getrusage(RUSAGE_THREAD).ru_nvcsw


def write_chunk(fd: int, chunk: Chunk, place: int) -> None:
    """Write a whole chunk to `place`. Raises OSError; part of it may be in the file then."""
    done = 0
    while done < len(chunk):
        # Released at once, also by a failure: a chunk that somebody looks at could not grow any more.
        with memoryview(chunk) as view, view[done:] as rest:
            done += os.pwrite(fd, rest, place + done)


class Batch:
    """Chunks on their way to the file, from `start()` until `is_done`.

    Args:
        fd: the file. It belongs to the batch while that is under way.
        chunks: what is to be written, in order; nobody may change them meanwhile.
        place: where the first one goes.

    Attributes:
        written: how many chunks are wholly in the file.
        error: what stopped it.
    """

    def __init__(self, fd: int, chunks: Sequence[Chunk], place: int) -> None:
        self.written = 0
        self.error: OSError | None = None
        self._fd = fd
        self._chunks = chunks
        self._place = place
        self._turn = threading.Lock()
        self._is_done = False
        self._is_orphan = False
        self._wakers: list[Callable[[], None]] = []

    @property
    def is_done(self) -> bool:
        """Whether the thread has written what it could."""
        return self._is_done

    def start(self) -> bool:
        """Begin writing; returns whether the system had a thread for it."""
        try:
            threading.Thread(target=self._run, name=THREAD_NAME, daemon=True).start()
        except RuntimeError:
            return False
        return True

    def when_done(self, wake: Callable[[], None]) -> None:
        """Call `wake` once it is done: from the writing thread, or right now when it is done already."""
        with self._turn:
            if not self._is_done:
                self._wakers.append(wake)
                return
        wake()

    def forget(self, wake: Callable[[], None]) -> None:
        """Do not call `wake` any more."""
        with self._turn, suppress(ValueError):
            self._wakers.remove(wake)

    def orphan(self) -> bool:
        """Nobody will look at it any more: whoever waits is woken, and it ends after the chunk at hand.

        Returns: whether it closes the file itself, being under way still.
        """
        with self._turn:
            self._is_orphan = not self._is_done
            wakers, self._wakers = self._wakers, []
        for wake in wakers:
            wake()
        return self._is_orphan

    def _run(self) -> None:
        if sys.platform == "linux":  # elsewhere a thread has no rank of its own
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        place = self._place
        try:
            for chunk in self._chunks:
                if self._is_orphan:
                    break
                write_chunk(self._fd, chunk, place)
                place += len(chunk)
                self.written += 1
        except OSError as error:
            self.error = error
        with self._turn:
            self._is_done = True
            wakers, self._wakers = self._wakers, []
            if self._is_orphan:
                os.close(self._fd)
        for wake in wakers:
            wake()

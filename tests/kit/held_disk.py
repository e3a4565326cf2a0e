"""A disk that takes nothing until it is let: the writing thread's os.pwrite waits for an event."""

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest

from workbench.transcript import spool, writer

WITHIN_S = 60.0


class HeldDisk:
    """What the writing thread meets. Every write counts as slow, so that the thread writes from the second one on.

    Attributes:
        tried: set once the thread stands before the disk.
        full: whether the disk, once let go, says that it is full.
    """

    def __init__(self) -> None:
        self.tried = threading.Event()
        self.full = False
        self._gate = threading.Event()
        self._pwrite = os.pwrite

    def let_go(self) -> None:
        """From now on it takes everything."""
        self._gate.set()

    def pwrite(self, fd: int, data: Any, place: int) -> int:
        """As os.pwrite; in the thread it waits first."""
        if threading.current_thread().name == writer.THREAD_NAME:
            self.tried.set()
            if not self._gate.wait(WITHIN_S):
                raise OSError(errno.EIO, "the test never let the disk go")
            if self.full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._pwrite(fd, data, place)


def every_write_is_slow(patch: pytest.MonkeyPatch) -> None:
    """As if each write had waited for the disk."""
    patch.setattr(spool, "SLOW_NS", -1)
    patch.setattr(spool, "pauses", count().__next__)


@contextmanager
def held_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldDisk]:
    """A held disk for all transcripts of the test; let go at the end, so that no thread is left."""
    disk = HeldDisk()
    with monkeypatch.context() as patch:
        every_write_is_slow(patch)
        patch.setattr(writer.os, "pwrite", disk.pwrite)
        try:
            yield disk
        finally:
            disk.let_go()


def written(store: spool.Store) -> None:
    """Return once the thread has written what it was given."""
    done = threading.Event()
    store.when_written(done.set)
    assert done.wait(WITHIN_S)

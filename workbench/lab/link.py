"""Lines over a pair of descriptors, on any asyncio loop: the pipe and the socket of the control protocol.

Both sides use it, the owner on plain asyncio or on the window's loop. It needs add_reader and add_writer only, never
blocks, and bounds what it holds in both directions: a line by the splitter, what waits to be written by MAX_WAITING.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress

from workbench.errors import PeerMisbehaved
from workbench.lab.splitter import LineSplitter

MAX_WAITING = 4 * 1024 * 1024
"""Octets that may wait to be written; a side that reads nothing for so long is given up."""
_READ_AT_MOST = 65_536


class Link:
    """One control connection. The caller owns the descriptors and closes them after close().

    Args:
        read_fd, write_fd: non-blocking until close(); they may be the same.
        limit: octets of a line at most.
        speaker: whom to blame for a longer one.
        on_line: told of each line, without its LF.
        on_end: told once why nothing more will come: None for the other side's orderly end.
    """

    def __init__(
        self,
        read_fd: int,
        write_fd: int,
        *,
        limit: int,
        speaker: str,
        on_line: Callable[[bytes], None],
        on_end: Callable[[PeerMisbehaved | OSError | None], None],
    ) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._lines = LineSplitter(limit, speaker)
        self._on_line = on_line
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._waiting = bytearray()
        self._reading = False
        self._writing = False
        self._closed = False
        # A terminal is shared with the shell that started us: it gets its mode back.
        self._modes = {fd: os.get_blocking(fd) for fd in (read_fd, write_fd)}
        for fd in self._modes:
            os.set_blocking(fd, False)

    @property
    def is_open(self) -> bool:
        """Whether close() is still to come."""
        return not self._closed

    def resume(self) -> None:
        """Begin to read, or go on."""
        if self._closed or self._reading:
            return
        try:
            self._loop.add_reader(self._read_fd, self._on_readable)
        except PermissionError:
            # epoll takes no regular file and no /dev/null; these never block, so they are read out at once.
            self._loop.call_soon(self._read_out)
            return
        self._reading = True

    def pause(self) -> None:
        """Read no more until resume(): the system's own buffer then slows the other side."""
        if self._reading:
            self._loop.remove_reader(self._read_fd)
            self._reading = False

    def send(self, data: bytes) -> None:
        """Hand over one line; never blocks. Silently too late after the end: on_end has told it."""
        if self._closed:
            return
        if not self._waiting:
            data = data[self._write(data) :]
        if not data or self._closed:
            return
        if len(self._waiting) + len(data) > MAX_WAITING:
            self._finish(BlockingIOError("the other side of the control connection does not read"))
            return
        self._waiting += data
        if not self._writing:
            self._loop.add_writer(self._write_fd, self._on_writable)
            self._writing = True

    def close(self) -> None:
        """Let go of the descriptors; on_end is not called any more. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self.pause()
        if self._writing:
            self._loop.remove_writer(self._write_fd)
            self._writing = False
        self._waiting.clear()
        for fd, mode in self._modes.items():
            with suppress(OSError):
                os.set_blocking(fd, mode)

    def _on_readable(self) -> None:
        try:
            data = os.read(self._read_fd, _READ_AT_MOST)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._finish(error)
            return
        self._take(data)

    def _read_out(self) -> None:
        while not self._closed:
            self._on_readable()

    def _take(self, data: bytes) -> None:
        if not data:
            self._finish(None)
            return
        try:
            lines = self._lines.feed(data)
        except PeerMisbehaved as error:
            self._finish(error)
            return
        for line in lines:
            if self._closed:
                return
            self._on_line(line)

    def _on_writable(self) -> None:
        del self._waiting[: self._write(bytes(self._waiting[:_READ_AT_MOST]))]
        if not self._waiting and self._writing:
            self._loop.remove_writer(self._write_fd)
            self._writing = False

    def _write(self, data: bytes) -> int:
        with suppress(BlockingIOError, InterruptedError):
            try:
                return os.write(self._write_fd, data)
            except (BlockingIOError, InterruptedError):
                raise
            except OSError as error:
                self._finish(error)
        return 0

    def _finish(self, reason: PeerMisbehaved | OSError | None) -> None:
        if not self._closed:
            self.close()
            self._on_end(reason)

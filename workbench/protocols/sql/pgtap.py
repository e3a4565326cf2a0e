"""The tap on a connection of libpq: its trace, written into an unlinked file by libpq, read here, recorded.

libpq buffers what it traces; the C library is told to write it out before it is read. Where a result is long the trace
is stopped after its first rows: writing a million of them down twice would cost more than bringing them.
"""

import ctypes
import os
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.protocols.sql.masks import secret_ranges
from workbench.protocols.sql.pgtrace import Message, TraceReader
from workbench.transcript.recorder import Channel

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn

LAYER = "libpq"
READ_AT_ONCE = 1024 * 1024


class Tap:
    """Records what a connection says. Its owner calls close() after the connection is finished."""

    def __init__(self, connection: "PGconn", channel: Channel) -> None:
        self._connection = connection
        self._channel = channel
        self._reader = TraceReader()
        self._fd = -1
        self._is_on = False
        self.refusal: Message | None = None
        """The last ErrorResponse that passed."""
        self._flush = _flusher()
        with tempfile.TemporaryFile(prefix="network-workbench-") as file:
            self._fd = os.dup(file.fileno())

    @property
    def is_on(self) -> bool:
        """Whether messages are traced now."""
        return self._is_on

    def start(self) -> None:
        """Trace from here on."""
        import psycopg
        from psycopg import pq

        if self._is_on or self._flush is None:
            return
        try:
            self._connection.trace(self._fd)
            self._connection.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)
        except psycopg.NotSupportedError:
            # An old libpq, or one on a system whose C library is not known: the facts are all there is then.
            self._flush = None
            return
        self._is_on = True

    def stop(self) -> None:
        """Trace no more."""
        if self._is_on:
            self.drain()
            self._connection.untrace()
            self._is_on = False

    def drain(self) -> None:
        """Record what was traced since the last time. Raises: LocalFault: the disk is full."""
        if not self._is_on or self._flush is None:
            return
        self._flush()
        size = os.lseek(self._fd, 0, os.SEEK_CUR)
        place = 0
        while place < size:
            piece = os.pread(self._fd, READ_AT_ONCE, place)
            if not piece:
                break
            place += len(piece)
            self._record(self._reader.feed(piece))
        self._record(self._reader.end())
        # libpq writes where the descriptor stands: the file never grows beyond what was not read yet.
        os.lseek(self._fd, 0, os.SEEK_SET)
        os.ftruncate(self._fd, 0)

    def close(self) -> None:
        """Give the file back. Idempotent."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
            self._is_on = False

    def _record(self, messages: list[Message]) -> None:
        for message in messages:
            if message.name == "ErrorResponse":
                self.refusal = message
            line = message.line()
            secret = [*message.secrets(), *secret_ranges(line)]
            record = self._channel.sent if message.is_ours else self._channel.received
            record(line, layer=LAYER, secret=secret)


def _flusher() -> Callable[[], object] | None:
    """What has the C library write out all it holds back; None where it can't be reached."""
    try:
        flush = ctypes.CDLL(None).fflush
    except (OSError, AttributeError):
        return None
    return lambda: flush(None)

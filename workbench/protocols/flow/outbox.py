"""Writing without waiting: the program's own buffer in front of a stream, as asyncio's write() has one.

write() returns at once, whatever the peer does, and says nothing about what became of the octets: `pending` does.
"""

import asyncio
from contextlib import suppress

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.protocols.flow.stations import taken
from workbench.wire.stream import Stream

MAX_PENDING = 256 * 1024 * 1024


class Outbox:
    """One stream's buffer. aclose() gives up what is left in it.

    failure: what ended the sending; the write() that it befell had returned long ago.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._queue: list[bytes] = []
        self._before = taken(stream)
        self._task: asyncio.Task[None] | None = None
        self.written = 0
        self.failure: WorkbenchError | None = None

    @property
    def pending(self) -> int:
        """Octets that the system has not taken yet."""
        return self.written - (taken(self._stream) - self._before)

    def write(self, data: bytes) -> None:
        """Take octets over; they are sent when there is room. Raises: LocalMisuse: far too much waits already."""
        if self.pending + len(data) > MAX_PENDING:
            raise LocalMisuse("the program's buffer is full: nobody takes what it holds", stage="send")
        self.written += len(data)
        self._queue.append(data)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._pump(), name="outbox")

    async def drained(self) -> None:
        """Return once the system has taken all. Raises: what ended the sending."""
        if self._task is not None:
            await asyncio.wait([self._task])
        if self.failure is not None:
            raise self.failure

    async def aclose(self) -> None:
        """Stop sending."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.wait([self._task])

    async def _pump(self) -> None:
        try:
            while self._queue:
                await self._stream.send(self._queue.pop(0))
        except WorkbenchError as failure:
            self.failure = failure

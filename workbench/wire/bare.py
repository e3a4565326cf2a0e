"""Sockets for calls by hand: Python's own, non-blocking, and files over them that a person can interrupt.

A file object (socket.makefile) reads and writes until it is done, so its calls run in a thread. What they stand on here
waits in poll() beside a pipe: an octet into that pipe ends the wait at once. Owners of one socket are counted as Python
counts them: a descriptor is closed once the socket and all its files are.
"""

import asyncio
import io
import os
import select
import socket
from collections.abc import Callable
from typing import Any, TypeVar

from workbench.jobs.offload import in_thread

T = TypeVar("T")


def open_socket(family: int, kind: int, protocol: int = 0) -> socket.socket:
    """A new socket, which never blocks."""
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)
    return made


def adopted(descriptor: int) -> socket.socket:
    """A socket over a descriptor that stands alone since detach()."""
    made = socket.socket(fileno=descriptor)
    made.setblocking(False)
    return made


class Interrupted(Exception):
    """A person ended the wait of a call."""


class PatientSocket:
    """What a file of ours stands on: a socket that waits, for so long as its patience says, and can be woken.

    It offers what socket.SocketIO asks of a socket.

    Args:
        patience: tells how long a call may wait: None for ever, 0 not at all.

    Attributes:
        moved: what passed, in order: whether it was sent, and the octets. Whoever records it empties the list.
    """

    def __init__(self, sock: socket.socket, patience: Callable[[], float | None]) -> None:
        self._sock: Any = sock
        self._descriptor = sock.fileno()
        self._patience = patience
        self._wake = self._waker = -1
        self._is_over = False
        self.moved: list[tuple[bool, bytes]] = []
        # Python's own count of the files over a socket: close() waits for them.
        self._sock._io_refs += 1  # type: ignore[attr-defined]  # its own makefile does the same

    @property
    def type(self) -> int:
        """As socket.type."""
        return int(self._sock.type)

    def fileno(self) -> int:
        """The descriptor."""
        return self._descriptor

    def recv_into(self, buffer: Any) -> int:
        """As socket.recv_into, with patience."""
        count = self._patiently(select.POLLIN, self._sock.recv_into, buffer)
        if count:
            self.moved.append((False, bytes(buffer[:count])))
        return count

    def send(self, data: Any) -> int:
        """As socket.send, with patience."""
        if self._is_over:
            # Nobody wants it any more; a writer that is thrown away would complain for ever that it could not flush.
            return len(data)
        count = self._patiently(select.POLLOUT, self._sock.send, data)
        self.moved.append((True, bytes(data[:count])))
        return count

    def _decref_socketios(self) -> None:
        self._sock._decref_socketios()

    def release(self) -> None:
        """Own the socket no more: no file was made over it."""
        self._decref_socketios()

    def give_up(self) -> None:
        """Pretend from now on that everything is taken: the file is thrown away."""
        self._is_over = True

    def _patiently(self, events: int, call: Callable[[Any], int], argument: Any) -> int:
        while True:
            try:
                return call(argument)
            except BlockingIOError:
                patience_s = self._patience()
                if patience_s == 0:
                    raise
            self._wait(events, patience_s)

    def _wait(self, events: int, patience_s: float | None) -> None:
        poll = select.poll()
        poll.register(self._descriptor, events)
        if self._wake >= 0:
            poll.register(self._wake, select.POLLIN)
        ready = poll.poll(None if patience_s is None else max(1, int(patience_s * 1000)))
        if not ready:
            raise TimeoutError("timed out")
        if any(descriptor == self._wake for descriptor, _ in ready):
            raise Interrupted

    async def run(self, call: Callable[[], T]) -> T:
        """Run a call of the file in a thread. A cancellation wakes it, and returns once the thread has ended."""
        loop = asyncio.get_running_loop()
        ended = loop.create_future()
        self._wake, self._waker = os.pipe()

        def work() -> T:
            try:
                return call()
            finally:
                loop.call_soon_threadsafe(_settle, ended)

        try:
            return await in_thread(work)
        except asyncio.CancelledError:
            self.interrupt()
            await ended
            raise
        finally:
            os.close(self._waker)
            os.close(self._wake)
            self._wake = self._waker = -1

    def interrupt(self) -> None:
        """End the wait of the call that runs, if one does: it raises Interrupted."""
        if self._waker >= 0:
            os.write(self._waker, b"x")


def _settle(ended: "asyncio.Future[None]") -> None:
    if not ended.done():
        ended.set_result(None)


def file_over(patient: PatientSocket, mode: str, buffering: int) -> Any:
    """A file object as socket.makefile makes it.

    Args:
        mode: r, w or rw, with b for octets.
        buffering: 0 none, else the size of the buffer in octets; -1 is the usual one. 1 is by line, for text.

    Raises: ValueError, as Python says it: an impossible mode, or text without a buffer.
    """
    if not set(mode) <= {"r", "w", "b"}:
        raise ValueError(f"invalid mode {mode!r} (only r, w, b allowed)")
    reads, writes, is_binary = "r" in mode or "w" not in mode, "w" in mode, "b" in mode
    if buffering == 0 and not is_binary:
        raise ValueError("unbuffered streams must be binary")
    raw = socket.SocketIO(patient, "r" * reads + "w" * writes)  # type: ignore[arg-type]  # it asks for no more
    if buffering == 0:
        return raw
    size = io.DEFAULT_BUFFER_SIZE if buffering < 2 else buffering
    buffer: Any
    if reads and writes:
        buffer = io.BufferedRWPair(raw, raw, size)
    elif reads:
        buffer = io.BufferedReader(raw, size)
    else:
        buffer = io.BufferedWriter(raw, size)
    if is_binary:
        return buffer
    return io.TextIOWrapper(buffer, encoding="utf-8", line_buffering=buffering == 1)

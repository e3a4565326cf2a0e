"""A file of any size, or standard input, as payload."""

import asyncio
import errno
import os
import stat
from collections.abc import AsyncIterator

from workbench.errors import LocalFault, LocalMisuse

STDIN = 0
PIECE = 256 * 1024
"""Octets read at a time."""
MAX_DATAGRAM = 65_507
"""Octets of payload that UDP over IPv4 can carry: 65,535 less two headers (RFC 768, RFC 791)."""


class PayloadFile:
    """A file to be sent; opened before anything is sent, so that a wrong name costs nothing.

    Args:
        path: "-" is standard input.

    Raises: LocalFault: it can't be opened.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            self._fd = STDIN if path == "-" else os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise self._fault(error) from error
        if stat.S_ISDIR(os.fstat(self._fd).st_mode):
            self.close()
            raise self._fault(IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))

    @property
    def size(self) -> int | None:
        """Its octets, as far as the system knows; None of a pipe or a device."""
        about = os.fstat(self._fd)
        return about.st_size if stat.S_ISREG(about.st_mode) else None

    async def whole(self) -> bytes:
        """All of it, as one datagram. Raises: LocalMisuse when it does not fit into one; LocalFault."""
        data = b""
        async for piece in self.pieces():
            data += piece
            if len(data) > MAX_DATAGRAM:
                raise LocalMisuse(
                    f"{self._path} does not fit into a datagram",
                    text=self._path,
                    start=0,
                    end=len(self._path),
                    advice=f"a datagram over IPv4 carries at most {MAX_DATAGRAM} octets",
                    source="RFC 768",
                )
        return data

    async def pieces(self) -> AsyncIterator[bytes]:
        """All of it, piece by piece; waits without holding up the loop. Raises: LocalFault."""
        while True:
            await _readable(self._fd)
            try:
                # Once it is readable one read does not block: it takes what is there.
                data = os.read(self._fd, PIECE)
            except BlockingIOError:
                # Somebody shares the descriptor and was quicker.
                continue
            except OSError as error:
                raise self._fault(error) from error
            if not data:
                return
            yield data

    def close(self) -> None:
        """Give the file back; idempotent."""
        if self._fd > STDIN:
            os.close(self._fd)
            self._fd = -1

    def _fault(self, error: OSError) -> LocalFault:
        shown = "standard input" if self._path == "-" else self._path
        return LocalFault(
            f"{shown} can't be read: {error.strerror}",
            stage="input",
            errno_name=errno.errorcode.get(error.errno or 0, ""),
        )


async def _readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()

    def on_readable() -> None:
        if not ready.done():
            ready.set_result(None)

    try:
        loop.add_reader(descriptor, on_readable)
    except PermissionError:
        # A plain file or /dev/null, which epoll does not take: it is always ready.
        await asyncio.sleep(0)
        return
    try:
        await ready
    finally:
        loop.remove_reader(descriptor)

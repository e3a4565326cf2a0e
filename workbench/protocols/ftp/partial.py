"""Files of ours that are received and sent: a download has its name only when it is whole.

Until then it is NAME.partial beside it, which a later download may go on with: the server is asked for the last octets
of it once more, and if they differ it is the beginning of another file. Nothing is made before the server has agreed to
send: a name that it doesn't have leaves no trace.
"""

import errno
import hashlib
import os
import stat

from workbench.errors import LocalFault, LocalMisuse
from workbench.jobs.offload import in_thread
from workbench.jobs.partial_file import PIECE, PartialFile, misuse

TAIL = 4096
"""Octets of a partial file that are asked for again: as cheap as none, and no two files are alike there by chance."""


class StalePartial(LocalMisuse):
    """A partial file is no beginning of what the server has now."""

    @property
    def kind(self) -> str:
        """To others it is a mistake like any."""
        return LocalMisuse.__name__


def stale(partial: str, why: str) -> StalePartial:
    """The failure. why: behind the file's name, "is ..."."""
    return StalePartial(
        f"{partial} {why}: it is no beginning of it",
        stage="save",
        advice="delete it, or download without going on",
    )


class Download(PartialFile):
    """Where one file goes.

    Args:
        path: its name here.
        resume: go on with the partial file of an earlier download.

    Attributes: start: octets that an earlier download left; asks_from: where the server is to begin.
    """

    def __init__(self, path: str, *, resume: bool = False) -> None:
        super().__init__(path)
        self.start = self.left if resume else 0
        self.asks_from = max(0, self.start - TAIL)
        self._tail = b""

    async def begin(self) -> None:
        """Make it, or take up what an earlier download left. Raises: LocalFault; StalePartial: it changed since."""
        if not self.start:
            self.open()
            return
        await self.take_up()
        if self.octets != self.start:
            raise stale(self.partial, "was changed by another program")
        self._tail = self.read_back(self.asks_from)

    def write(self, data: bytes) -> None:
        """Append what arrived. Raises: LocalFault: the disk is full, or fails; StalePartial: it does not fit."""
        if self._tail:
            again = data[: len(self._tail)]
            if not self._tail.startswith(again):
                raise stale(self.partial, "ends otherwise than the server's file goes on")
            self._tail, data = self._tail[len(again) :], data[len(again) :]
        super().write(data)

    def complete(self) -> None:
        """Give it its name. Raises: LocalFault; StalePartial: the server's file ends before ours does."""
        if self._tail:
            raise stale(self.partial, "is larger than the server's file")
        super().complete()


class Upload:
    """A file of ours that is sent; close() it.

    Raises: LocalMisuse: it is no plain file; LocalFault: it can't be read.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._sum = hashlib.sha256()
        try:
            # A pipe or a device of that name must not be waited for.
            self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            mode = os.fstat(self._fd)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no name of a file"
            number = error.errno if isinstance(error, OSError) else None
            raise LocalFault(
                f"{path} can't be read: {why}", stage="input", errno_name=errno.errorcode.get(number or 0, "")
            ) from error
        if not stat.S_ISREG(mode.st_mode):
            self.close()
            raise misuse(path, "is a folder" if stat.S_ISDIR(mode.st_mode) else "is no plain file")
        self.size = mode.st_size

    @property
    def sha256(self) -> str:
        """Of all that was read, hexadecimal."""
        return self._sum.hexdigest()

    async def skip(self, octets: int) -> None:
        """Go on behind so many octets, which the server has already."""
        await in_thread(self._pass_over, octets)

    def read(self) -> bytes:
        """The next piece; b"" at the end. Raises: LocalFault."""
        try:
            piece = os.read(self._fd, PIECE)
        except OSError as error:
            raise LocalFault(f"{self.path} can't be read: {error.strerror}", stage="input") from error
        self._sum.update(piece)
        return piece

    def close(self) -> None:
        """Give the file back. Idempotent."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def _pass_over(self, octets: int) -> None:
        while octets and (piece := os.read(self._fd, min(PIECE, octets))):
            self._sum.update(piece)
            octets -= len(piece)

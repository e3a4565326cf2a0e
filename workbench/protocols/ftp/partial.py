"""Files of ours that are received and sent: a download has its name only when it is whole.

Until then it is NAME.partial beside it, which a later download may go on with: the server is asked for the last octets
of it once more, and if they differ it is the beginning of another file. Nothing is made before the server has agreed to
send: a name that it doesn't have leaves no trace.
"""

import errno
import hashlib
import os
import stat
from contextlib import suppress

from workbench.errors import LocalFault, LocalMisuse
from workbench.jobs.offload import in_thread

SUFFIX = ".partial"
PIECE = 256 * 1024
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""Not through a link that somebody put there; a pipe of that name must not be waited for."""


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


class Download:
    """Where one file goes.

    Args:
        path: its name here; what stands there is replaced in the end, and not touched before.
        resume: go on with the partial file of an earlier download.

    Attributes: start: octets that an earlier download left; asks_from: where the server is to begin; octets: of the
        whole so far.

    Raises: LocalMisuse: the name is one of a folder, a device or a link.
    """

    def __init__(self, path: str, *, resume: bool = False) -> None:
        self.path = path
        self.partial = path + SUFFIX
        _check_plain(path)
        self.start = _check_plain(self.partial) if resume else 0
        self.asks_from = max(0, self.start - TAIL)
        self.octets = 0
        self.is_whole = False
        self._tail = b""
        self._fd = -1
        self._sum = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of all that it holds, hexadecimal."""
        return self._sum.hexdigest()

    @property
    def where(self) -> str | None:
        """The name under which what arrived is found; None where nothing did."""
        return self.path if self.is_whole else self.partial if self.octets else None

    async def open(self) -> None:
        """Make it, or take up what an earlier download left. Raises: LocalFault."""
        try:
            self._fd = os.open(self.partial, _FLAGS, 0o666)
            if not stat.S_ISREG(os.fstat(self._fd).st_mode):
                raise _misuse(self.partial, "is no plain file")
            os.ftruncate(self._fd, self.start)
            if self.start:
                # Gigabytes may lie there.
                await in_thread(self._take_up)
            self.octets = self.start
        except OSError as error:
            self.close()
            raise self._fault(error) from error
        except BaseException:
            self.close()
            raise

    def write(self, data: bytes) -> None:
        """Append what arrived. Raises: LocalFault: the disk is full, or fails; StalePartial: it does not fit."""
        if self._tail:
            again = data[: len(self._tail)]
            if not self._tail.startswith(again):
                raise stale(self.partial, "ends otherwise than the server's file goes on")
            self._tail, data = self._tail[len(again) :], data[len(again) :]
        rest = memoryview(data)
        try:
            while rest:
                taken = os.write(self._fd, rest)
                self.octets += taken
                rest = rest[taken:]
        except OSError as error:
            raise self._fault(error) from error
        self._sum.update(data)

    def complete(self) -> None:
        """Give it its name. Raises: LocalFault; StalePartial: the server's file ends before ours does."""
        if self._tail:
            raise stale(self.partial, "is larger than the server's file")
        try:
            # Some file systems say only now that there was no room.
            fd, self._fd = self._fd, -1
            os.close(fd)
            os.replace(self.partial, self.path)
        except OSError as error:
            raise self._fault(error) from error
        self.is_whole = True

    def close(self) -> None:
        """Leave what arrived as the partial file; nothing at all leaves none. Idempotent."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            with suppress(OSError):
                os.close(fd)
            if not self.octets:
                with suppress(OSError):
                    os.unlink(self.partial)

    def _take_up(self) -> None:
        os.lseek(self._fd, 0, os.SEEK_SET)
        while piece := os.read(self._fd, PIECE):
            self._sum.update(piece)
        self._tail = os.pread(self._fd, self.start - self.asks_from, self.asks_from)

    def _fault(self, error: OSError) -> LocalFault:
        return LocalFault(
            f"{self.path} can't be written: {error.strerror}",
            stage="save",
            errno_name=errno.errorcode.get(error.errno or 0, ""),
            advice=f"what arrived stands in {self.partial}"
            if self.octets
            else "choose a folder that is yours",
        )


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
            raise _misuse(path, "is a folder" if stat.S_ISDIR(mode.st_mode) else "is no plain file")
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


def _check_plain(path: str) -> int:
    """The size of the plain file of that name; 0 where there is none yet. Raises: LocalMisuse."""
    if "\0" in path or not os.path.basename(path):
        raise _misuse(path, "is no name of a file")
    try:
        found = os.lstat(path)
    except OSError:
        # Not there, or not to be seen: opening it will say which.
        return 0
    if not stat.S_ISREG(found.st_mode):
        kind = {stat.S_IFDIR: "a folder", stat.S_IFLNK: "a link, which may lead anywhere"}
        raise _misuse(path, f"is {kind.get(stat.S_IFMT(found.st_mode), 'no plain file')}")
    return found.st_size


def _misuse(path: str, why: str) -> LocalMisuse:
    return LocalMisuse(
        f"{path if path.isprintable() else ascii(path)} {why}",
        text=path,
        start=0,
        end=len(path),
        stage="save",
        advice="name a plain file that exists, or a new one",
    )

"""What arrives goes to a file, which has its name only when it is whole.

Until then it is NAME.partial beside it, so that nobody takes half of it for all. What was cut leaves that partial file
where it is: it may be all there will ever be. An older file of the name is replaced in the end, and not touched before.
"""

import errno
import fcntl
import hashlib
import os
import stat
from contextlib import suppress
from typing import Final

from workbench.errors import LocalFault, LocalMisuse
from workbench.jobs.offload import in_thread

SUFFIX: Final = ".partial"
PIECE: Final = 256 * 1024
_ANOTHER: Final = "choose a folder that exists and is yours"
_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""Not through a link that somebody put there; a pipe of that name must not be waited for."""


class PartialFile:
    """Where one file goes; close() it.

    Args:
        path: its name here.
        stage: of its failures.
        is_summed: whether its SHA-256 is wanted.
        is_through_link: what stands behind a link of that name is replaced, and not the link; else a link is refused,
            as it may lead anywhere.

    Attributes: octets: of the file so far. is_whole: whether it has its name. partial: the name until then.

    Raises: LocalMisuse: the name is one of a folder, a device or a link.
    """

    def __init__(
        self, path: str, *, stage: str = "save", is_summed: bool = True, is_through_link: bool = False
    ) -> None:
        self.path = path
        self.octets = 0
        self.is_whole = False
        self._stage = stage
        self._fd = -1
        self._is_summed = is_summed
        self._sum = hashlib.sha256()
        check_name(path, stage)
        is_link = is_through_link and os.path.islink(path)
        self._real = os.path.realpath(path) if is_link else path
        self.partial = self._real + SUFFIX
        check_plain(self._real, stage)
        self._left = check_plain(self.partial, stage)

    @property
    def is_open(self) -> bool:
        """Whether it can be written."""
        return self._fd >= 0

    @property
    def sha256(self) -> str:
        """Of all that it holds, hexadecimal."""
        return self._sum.hexdigest()

    @property
    def where(self) -> str | None:
        """The name under which what arrived is found; None where nothing did."""
        return self.path if self.is_whole else self.partial if self.octets else None

    @property
    def left(self) -> int:
        """Octets that an earlier run left under the partial name, as they were when this was made."""
        return self._left

    def open(self) -> None:
        """Make it empty, and ours alone. Raises: LocalFault, LocalMisuse."""
        self._take()
        try:
            self.empty()
        except OSError as error:
            self.close()
            raise self.fault(error) from error

    async def take_up(self) -> None:
        """Go on behind what an earlier run left. Raises: LocalFault, LocalMisuse."""
        self._take()
        try:
            # Gigabytes may lie there. The thread has a descriptor of its own: ours may be closed while it reads.
            self.octets, self._sum = await in_thread(_summed, os.dup(self._fd))
            os.lseek(self._fd, self.octets, os.SEEK_SET)
        except OSError as error:
            self.close()
            raise self.fault(error) from error
        except BaseException:
            self.close()
            raise

    def empty(self) -> None:
        """Begin anew. Raises: OSError."""
        os.ftruncate(self._fd, 0)
        os.lseek(self._fd, 0, os.SEEK_SET)
        self._sum = hashlib.sha256()
        self.octets = 0

    def read_back(self, start: int) -> bytes:
        """What it holds from an octet on. Raises: LocalFault."""
        try:
            return os.pread(self._fd, self.octets - start, start)
        except OSError as error:
            raise self.fault(error) from error

    def write(self, data: bytes) -> None:
        """Append what arrived. Raises: LocalFault: the disk is full, or fails."""
        rest = memoryview(data)
        try:
            while rest:
                taken = os.write(self._fd, rest)
                self.octets += taken
                rest = rest[taken:]
        except OSError as error:
            raise self.fault(error) from error
        if self._is_summed:
            self._sum.update(data)

    def complete(self) -> None:
        """Give it its name: all of it is there. Raises: LocalFault."""
        try:
            # Some file systems say only at a close that there was no room. Ours stays open until the file has its name:
            # with it goes the lock.
            os.close(os.dup(self._fd))
            os.replace(self.partial, self._real)
        except OSError as error:
            raise self.fault(error) from error
        self.is_whole = True
        self.close()

    def close(self) -> None:
        """Leave what arrived as the partial file; nothing at all leaves none. Idempotent."""
        fd, self._fd = self._fd, -1
        if fd < 0:
            return
        if not self.octets and not self.is_whole:
            with suppress(OSError):
                os.unlink(self.partial)
        with suppress(OSError):
            os.close(fd)

    def fault(self, error: OSError) -> LocalFault:
        """What the system says, with where what arrived stands."""
        return LocalFault(
            f"{self.path} can't be written: {error.strerror}",
            stage=self._stage,
            errno_name=errno.errorcode.get(error.errno or 0, ""),
            committed="maybe" if self.octets else "no",
            advice=f"what arrived until then stands in {self.partial}" if self.octets else _ANOTHER,
        )

    def _take(self) -> None:
        """Open the partial file for us alone. Raises: LocalFault, LocalMisuse."""
        try:
            if os.path.exists(self._real) and not os.access(self._real, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            self._fd = os.open(self.partial, _FLAGS, 0o666)
            if not stat.S_ISREG(os.fstat(self._fd).st_mode):
                raise misuse(self.partial, "is no plain file", self._stage)
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not self._stands_there():
                # Between opening and locking, its writer gave it its name: it is whole, and not ours to empty.
                raise BlockingIOError
        except BlockingIOError as error:
            self._let_go()
            raise LocalFault(
                f"another program is writing into {self.partial}",
                stage=self._stage,
                errno_name="EBUSY",
                advice="wait for its end, or choose another name",
            ) from error
        except OSError as error:
            self._let_go()
            raise self.fault(error) from error
        except BaseException:
            self._let_go()
            raise

    def _stands_there(self) -> bool:
        """Whether what is open still has the partial name."""
        try:
            return os.path.samestat(os.fstat(self._fd), os.lstat(self.partial))
        except FileNotFoundError:
            return False

    def _let_go(self) -> None:
        """Not close(): that would take another program's file away."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


def check_name(path: str, stage: str = "save") -> None:
    """Raises: LocalMisuse: no file can have this name."""
    if "\0" in path or not path:
        raise misuse(path, "is no name of a file", stage)
    if not os.path.basename(path):
        raise misuse(path, "is a folder", stage)


def check_folder(path: str, stage: str = "save") -> None:
    """Look whether a file of that name can be made, before anybody is asked for what goes into it.

    Raises: LocalFault.
    """
    folder = os.path.dirname(os.path.realpath(path))
    if not os.path.exists(folder):
        number = errno.ENOENT
    elif not os.path.isdir(folder):
        number = errno.ENOTDIR
    elif not os.access(folder, os.W_OK | os.X_OK):
        number = errno.EACCES
    else:
        return
    raise LocalFault(
        f"{path} can't be written: {os.strerror(number)}",
        stage=stage,
        errno_name=errno.errorcode[number],
        advice=_ANOTHER,
    )


def check_plain(path: str, stage: str = "save") -> int:
    """The size of the plain file of that name; 0 where there is none yet. Raises: LocalMisuse."""
    try:
        found = os.lstat(path)
    except OSError:
        # Not there, or not to be seen: opening it will say which.
        return 0
    if not stat.S_ISREG(found.st_mode):
        kinds = {stat.S_IFDIR: "a folder", stat.S_IFLNK: "a link, which may lead anywhere"}
        raise misuse(path, f"is {kinds.get(stat.S_IFMT(found.st_mode), 'no plain file')}", stage)
    return found.st_size


def misuse(path: str, why: str, stage: str = "save") -> LocalMisuse:
    """A name that can't be taken. why: behind the name, "is ..."."""
    return LocalMisuse(
        f"{path if path and path.isprintable() else ascii(path)} {why}",
        text=path,
        start=0,
        end=len(path),
        stage=stage,
        advice="name a plain file that exists, or a new one",
    )


def _summed(fd: int) -> "tuple[int, hashlib._Hash]":
    """How much there is, and its sum so far; the descriptor is closed."""
    octets, so_far = 0, hashlib.sha256()
    with os.fdopen(fd, "rb", buffering=0) as file:
        file.seek(0)
        while piece := file.read(PIECE):
            so_far.update(piece)
            octets += len(piece)
    return octets, so_far

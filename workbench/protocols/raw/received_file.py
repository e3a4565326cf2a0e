"""What arrives goes to a file, which has its name only when it is whole.

Until then it is OUT.partial, beside OUT, so that nobody takes half of it for all. A conversation that was cut leaves
that partial file where it is, as what arrived may be all there will ever be; it is named in the failure. An older OUT
is replaced in the end, and not touched before.
"""

import errno
import fcntl
import os
import stat
from contextlib import suppress

from workbench.errors import LinkLost, LocalFault, LocalMisuse, PeerMisbehaved, WorkbenchError
from workbench.wire.ends import End

SUFFIX = ".partial"
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""Not through a link that somebody put there; and a pipe of that name must not be waited for."""


class ReceivedFile:
    """The file that received octets go to; begun before anything is sent, so that a wrong name costs nothing.

    Args:
        path: OUT, as given.

    Attributes: octets: written so far. is_whole: whether it has its name.

    Raises: LocalMisuse: OUT is a folder or another thing that is no plain file; LocalFault: it can't be written, or
        another program is receiving into it.
    """

    def __init__(self, path: str) -> None:
        self._shown = path
        self.octets = 0
        self.is_whole = False
        self._fd = -1
        _check_name(path)
        # What stands behind a link is replaced, not the link.
        self._path = os.path.realpath(path)
        self.partial = (
            path + SUFFIX if os.path.realpath(path) == os.path.abspath(path) else self._path + SUFFIX
        )
        try:
            self._check_replaceable()
            self._fd = os.open(self._path + SUFFIX, _FLAGS, 0o666)
            self._take_over()
        except OSError as error:
            self._release()
            raise self._fault(error) from error
        except BaseException:
            self._release()
            raise

    @property
    def where(self) -> str | None:
        """The name under which what arrived can be found now; None where nothing did."""
        if self.is_whole:
            return self._shown
        return self.partial if self.octets or self._fd >= 0 else None

    def write(self, data: bytes) -> None:
        """Append what arrived. Raises: LocalFault: the disk is full, or fails."""
        rest = memoryview(data)
        try:
            while rest:
                taken = os.write(self._fd, rest)
                self.octets += taken
                rest = rest[taken:]
        except OSError as error:
            raise self._fault(error) from error

    def complete(self) -> None:
        """Give it its name: all of it arrived. Raises: LocalFault."""
        try:
            # Some file systems say only now that there was no room.
            fd, self._fd = self._fd, -1
            os.close(fd)
            os.replace(self._path + SUFFIX, self._path)
        except OSError as error:
            raise self._fault(error) from error
        self.is_whole = True

    def close(self) -> None:
        """Leave what arrived as the partial file; nothing at all leaves no file. Idempotent."""
        if self._fd >= 0 and not self.octets:
            with suppress(OSError):
                os.unlink(self._path + SUFFIX)
        self._release()

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return {"file": self.where, "complete": self.is_whole}

    def _release(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            with suppress(OSError):
                os.close(fd)

    def _check_replaceable(self) -> None:
        try:
            mode = os.stat(self._path).st_mode
        except FileNotFoundError:
            return
        if not stat.S_ISREG(mode):
            raise _misuse(self._shown, "is a folder" if stat.S_ISDIR(mode) else "is no plain file")
        if not os.access(self._path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    def _take_over(self) -> None:
        """Make the partial file ours alone and empty. Raises: OSError, LocalMisuse, LocalFault."""
        if not stat.S_ISREG(os.fstat(self._fd).st_mode):
            raise _misuse(self._shown, f"can't be received: {self.partial} is no plain file")
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LocalFault(
                f"another program is receiving into {self.partial}", stage="receive", errno_name="EBUSY"
            ) from error
        os.ftruncate(self._fd, 0)

    def _fault(self, error: OSError) -> WorkbenchError:
        return LocalFault(
            f"{self._shown} can't be written: {error.strerror}",
            stage="receive",
            errno_name=errno.errorcode.get(error.errno or 0, ""),
            committed="maybe" if self.octets else "no",
            advice=f"what arrived until then stands in {self.partial}"
            if self.octets
            else "choose a folder that exists and is yours",
        )


def cut_off(end: End | None) -> WorkbenchError | None:
    """Why a file that ended so may be less than all of it; None where the peer said that this was all."""
    if end is None or end.kind in ("FIN", "close_notify", "local"):
        return None
    if end.kind == "truncated":
        return PeerMisbehaved(
            f"what arrived may not be all: {end.sentence}",
            stage="receive",
            committed="maybe",
            source="RFC 8446 section 6.1",
        )
    return LinkLost(
        f"what arrived may not be all: {end.sentence}",
        stage="receive",
        errno_name="ECONNRESET" if end.kind == "RST" else "",
        committed="maybe",
    )


def _check_name(path: str) -> None:
    if "\0" in path or not path:
        raise _misuse(path, "is no name of a file")
    if path == "-":
        raise _misuse(path, "is no file: without --receive what arrives goes to standard output")
    if not os.path.basename(path):
        raise _misuse(path, "is a folder")


def _misuse(path: str, why: str) -> LocalMisuse:
    return LocalMisuse(
        f"{path!r} {why}" if not path.isprintable() or not path else f"{path} {why}",
        text=path,
        start=0,
        end=len(path),
        stage="receive",
        advice="name a file that does not exist yet, or one to replace",
    )

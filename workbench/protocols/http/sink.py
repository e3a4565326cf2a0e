"""Where a body goes: into memory, as much as is wanted, or to a file, which has its name only when it is whole."""

import errno
import hashlib
import os
import stat
from contextlib import suppress
from typing import Final, Protocol

from workbench.errors import LocalFault, LocalMisuse
from workbench.protocols.http.values import MAX_KEPT

SUFFIX: Final = ".partial"
FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""Not through a link that somebody put there; a pipe of that name must not be waited for."""


class Sink(Protocol):
    """Takes a body's octets; `octets` and `sha256` are of all that it took, `data` is what it keeps."""

    octets: int

    @property
    def sha256(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def file(self) -> str: ...
    def begin(self) -> None:
        """An answer's body begins. Raises: LocalFault."""
        ...

    def write(self, data: bytes) -> None:
        """Raises: LocalFault."""
        ...

    def complete(self) -> None:
        """The body is whole, as far as anybody can tell. Raises: LocalFault."""
        ...

    def close(self) -> None:
        """Nothing more comes. Idempotent."""
        ...


class Memory:
    """Keeps the first octets and counts the others."""

    def __init__(self, limit_octets: int = MAX_KEPT) -> None:
        self.octets = 0
        self._limit = limit_octets
        self._kept = 0
        self._pieces: list[bytes] = []
        self._sum = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of all that came, hexadecimal."""
        return self._sum.hexdigest()

    @property
    def data(self) -> bytes:
        """What is kept."""
        if len(self._pieces) > 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0] if self._pieces else b""

    @property
    def file(self) -> str:
        """It is in no file."""
        return ""

    def begin(self) -> None:
        """Nothing has to be made."""

    def write(self, data: bytes) -> None:
        """Count it, and keep it where there is room."""
        self.octets += len(data)
        self._sum.update(data)
        room = self._limit - self._kept
        if room > 0:
            kept = data if len(data) <= room else data[:room]
            self._pieces.append(kept)
            self._kept += len(kept)

    def complete(self) -> None:
        """Nothing has to be done."""

    def close(self) -> None:
        """Nothing has to be given back."""


class File:
    """A file: NAME.partial until the body is whole. What stood at its name is replaced in the end, not before.

    Raises: LocalMisuse: the name is one of a folder, a device or a link.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.partial = path + SUFFIX
        self.octets = 0
        self.is_whole = False
        self._fd = -1
        self._sum = hashlib.sha256()
        for name in (path, self.partial):
            _check_plain(name)

    @property
    def sha256(self) -> str:
        """Of all that came, hexadecimal."""
        return self._sum.hexdigest()

    @property
    def data(self) -> bytes:
        """Nothing is kept beside the file."""
        return b""

    @property
    def file(self) -> str:
        """The name under which what arrived is found; "" where nothing did."""
        return self.path if self.is_whole else self.partial if self.octets else ""

    def begin(self) -> None:
        """Make the partial file."""
        self._open(FLAGS | os.O_TRUNC)

    def _open(self, flags: int) -> None:
        try:
            self._fd = os.open(self.partial, flags, 0o666)
            if not stat.S_ISREG(os.fstat(self._fd).st_mode):
                raise _misuse(self.partial, "is no plain file")
        except OSError as error:
            self.close()
            raise self._fault(error) from error

    def write(self, data: bytes) -> None:
        """Append it."""
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
        """Give it its name."""
        try:
            # Some file systems say only now that there was no room.
            fd, self._fd = self._fd, -1
            os.close(fd)
            os.replace(self.partial, self.path)
        except OSError as error:
            raise self._fault(error) from error
        self.is_whole = True

    def close(self) -> None:
        """Leave what arrived as the partial file; nothing at all leaves none."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            with suppress(OSError):
                os.close(fd)
            if not self.octets:
                with suppress(OSError):
                    os.unlink(self.partial)

    def _fault(self, error: OSError) -> LocalFault:
        return LocalFault(
            f"{self.path} can't be written: {error.strerror}",
            stage="save",
            errno_name=errno.errorcode.get(error.errno or 0, ""),
            advice=f"what arrived stands in {self.partial}"
            if self.octets
            else "choose a folder that is yours",
        )


def _check_plain(path: str) -> None:
    if "\0" in path or not os.path.basename(path):
        raise _misuse(path, "is no name of a file")
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        # Not there, or not to be seen: opening it will say which.
        return
    if not stat.S_ISREG(mode):
        kinds = {stat.S_IFDIR: "a folder", stat.S_IFLNK: "a link, which may lead anywhere"}
        raise _misuse(path, f"is {kinds.get(stat.S_IFMT(mode), 'no plain file')}")


def _misuse(path: str, why: str) -> LocalMisuse:
    return LocalMisuse(
        f"{path if path.isprintable() else ascii(path)} {why}",
        text=path,
        start=0,
        end=len(path),
        stage="save",
        advice="name a plain file that exists, or a new one",
    )

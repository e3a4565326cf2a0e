"""Letters and parts as files of this machine: read bounded, saved without overwriting, never outside the chosen folder.

The calls wait for the disk; whoever has a window or a Ctrl-C to care for makes them in a thread.
"""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress

from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.errno_words import symbol_of
from workbench.formats.mime.fields import read_block
from workbench.formats.mime.names import numbered
from workbench.formats.mime.values import through

MAX_LETTER = 256 * 1024 * 1024
"""Octets of a letter that is read: five times what large servers take. An mbox may be larger."""
MAX_NUMBERS = 1000
"""Names that are tried beside one that is taken."""
HEAD = 64 * 1024
"""Octets in which it is looked whether this is a letter at all."""
STDIN = 0
PIECE = 1024 * 1024


class FileOctets:
    """A file that is read from any place, as mbox.Source has it.

    Raises: LocalFault: it can't be read. LocalMisuse: it is no name of a file.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except (OSError, ValueError) as error:
            raise unreadable(path, error) from error
        about = os.fstat(self._fd)
        if not stat.S_ISREG(about.st_mode):
            self.close()
            what = "a folder" if stat.S_ISDIR(about.st_mode) else "no plain file"
            raise LocalFault(
                f"{path} is {what}", stage="open", advice="name a letter (.eml) or a file of letters (.mbox)"
            )
        self.size = about.st_size

    def read(self, start: int, stop: int) -> bytes:
        """The octets of a range; fewer only at the end."""
        try:
            return os.pread(self._fd, max(0, stop - start), start)
        except OSError as error:
            raise unreadable(self.path, error) from error

    def close(self) -> None:
        """Give the file back. Harmless twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def unreadable(path: str, error: OSError | ValueError) -> LocalFault | LocalMisuse:
    """The failure when a file can't be read."""
    if isinstance(error, ValueError):
        return LocalMisuse(f"{path!r} is no name of a file", text=path, start=0, end=len(path))
    return LocalFault(
        f"{path} can't be read: {error.strerror}",
        stage="open",
        errno_name=symbol_of(error),
        advice="name a letter (.eml) or a file of letters (.mbox)",
    )


def too_large(what: str) -> LocalMisuse:
    """The failure when a letter has more than MAX_LETTER."""
    return LocalMisuse(
        f"{what} has more than {MAX_LETTER // (1024 * 1024)} MiB, and is no letter that is read here",
        stage="open",
        advice="cut it, or open a smaller one",
    )


def check_letter(data: bytes, where: str) -> None:
    """Refuse what nobody wrote as a letter. A broken one is shown with its defects; but this needs no more to be said.

    Raises: LocalMisuse: there is nothing in it; or it begins with no header field and holds NUL, as no text does.
    """
    advice = "name a letter (.eml) or a file of letters (.mbox)"
    if not data.strip():
        raise LocalMisuse(f"{where} is empty: there is no letter in it", stage="open", advice=advice)
    head = data[:HEAD]
    if b"\0" not in head:
        return
    block = through(read_block(head, 0, {}, lambda *_defect: None, is_first=True))
    if not block.headers:
        raise LocalMisuse(
            f"{where} is no letter: it begins with no header field, and octet {head.index(0)} is NUL",
            stage="open",
            advice=advice,
        )


def read_letter(path: str) -> bytes:
    """All of a file; "-" is standard input. Raises: LocalFault, LocalMisuse: it is too large."""
    if path == "-":
        return _standard_input()
    source = FileOctets(path)
    try:
        if source.size > MAX_LETTER:
            raise too_large(path)
        return source.read(0, source.size)
    finally:
        source.close()


def _standard_input() -> bytes:
    # By its descriptor: a thread that waits in sys.stdin would hold its lock at the end.
    pieces: list[bytes] = []
    size = 0
    while size <= MAX_LETTER and (piece := os.read(STDIN, PIECE)):
        pieces.append(piece)
        size += len(piece)
    if size > MAX_LETTER:
        raise too_large("standard input")
    return b"".join(pieces)


def save_new(path: str, pieces: Iterable[bytes]) -> int:
    """Write a file that is not there yet; it is taken away again where it can't be written whole. Returns its octets.

    Raises: LocalMisuse: something has that name. LocalFault: it can't be written.
    """
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except FileExistsError as error:
        raise taken(path) from error
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from error
    size = 0
    is_whole = False
    try:
        with os.fdopen(fd, "wb") as file:
            for piece in pieces:
                file.write(piece)
                size += len(piece)
        is_whole = True
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        if not is_whole:
            with suppress(OSError):
                os.unlink(path)
    return size


def save_in(folder: str, name: str, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Write a file into a folder, under a name of names.safe_name, or that with a number. Returns path and octets.

    Raises: as save_new.
    """
    for number in range(1, MAX_NUMBERS):
        path = os.path.join(folder, name if number == 1 else numbered(name, number))
        if not os.path.lexists(path):
            return path, save_new(path, pieces)
    raise taken(os.path.join(folder, name))


def taken(path: str) -> LocalMisuse:
    """The failure when nothing may be overwritten."""
    return LocalMisuse(
        f"{path} is there already, and nothing is overwritten",
        text=path,
        start=0,
        end=len(path),
        stage="save",
        advice="choose another name",
    )


def unwritable(path: str, error: OSError | ValueError) -> LocalFault | LocalMisuse:
    """The failure when a file can't be written."""
    if isinstance(error, ValueError):
        return LocalMisuse(f"{path!r} is no name of a file", text=path, start=0, end=len(path), stage="save")
    return LocalFault(
        f"{path} can't be written: {error.strerror}",
        stage="save",
        errno_name=symbol_of(error),
        advice="choose a folder of your own, with room",
    )

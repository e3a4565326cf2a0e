"""Replacing a file as a whole or not at all."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from workbench.errors import LocalFault


def write_atomically(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace the file at `path`: a reader, or the start after a power cut, sees the old or the new octets.

    A symbolic link stays, its file is replaced. Folders that are missing are made, for this user alone.

    Args:
        mode: of the new file, whatever the umask.

    Raises:
        LocalFault: nothing was changed.
    """
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    draft = os.path.join(folder, f".{name[:40]}.{os.getpid()}-{os.urandom(4).hex()}.new")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            with open(os.open(draft, flags, mode), "wb") as file:
                os.fchmod(file.fileno(), mode)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(draft)
            raise
    except OSError as error:
        advice = "make room there, or set WORKBENCH_HOME to another folder"
        raise disk_fault(f"{path} cannot be written", error, advice, stage="save") from error
    _sync_folder(folder)


def _sync_folder(folder: str) -> None:
    """Have the new name on the disk too; some file systems cannot, and then the name comes a little later."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def disk_fault(what: str, error: OSError, advice: str = "", stage: str = "settings") -> LocalFault:
    """An `OSError` about one of our own files as a failure that a person can read."""
    name = errno.errorcode.get(error.errno or 0, "")
    reason = error.strerror or str(error)
    return LocalFault(f"{what}: {reason}", stage=stage, errno_name=name, advice=advice)

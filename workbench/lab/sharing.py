"""The socket in the runtime folder through which programs of the same user join a running Lab.

The address is the file itself: `lab.sock`, mode 0600, in a folder of mode 0700. Who may serve it is decided by a lock
on `lab.lock`, which the system gives back however the holder ends; so whoever holds the lock may replace what a dead
Lab left behind, and two Labs that start at once can't take it from each other. Nothing is followed or replaced that is
a symbolic link or belongs to somebody else.
"""

import errno
import fcntl
import os
import socket
import stat
import struct
from contextlib import suppress

from workbench.errors import LocalFault
from workbench.lab.launch import SOCKET_NAME

LOCK_NAME = "lab.lock"
MAX_PATH = 103
"""Octets of a Unix socket's path: sun_path holds 104 on macOS, 108 on Linux, a NUL included."""
MAX_WAITING_JOINERS = 16


class Share:
    """A Lab's open door. Made by open_share; close() takes the socket file away."""

    def __init__(self, path: str, lock_fd: int, listener: socket.socket) -> None:
        self.path = path
        self.listener = listener
        self._lock_fd = lock_fd
        status = os.lstat(path)
        self._identity = (status.st_dev, status.st_ino)

    def close(self) -> None:
        """Remove the socket file if it is still ours, and let go of the lock. Idempotent."""
        if self._lock_fd < 0:
            return
        self.listener.close()
        with suppress(OSError):
            status = os.lstat(self.path)
            if (status.st_dev, status.st_ino) == self._identity:
                os.unlink(self.path)
        os.close(self._lock_fd)
        self._lock_fd = -1


def open_share(folder: str) -> Share:
    """Serve `lab.sock` in this folder; the folder is made when it is missing, its mode is 0700 then.

    Raises: LocalFault: another Lab serves it, the folder or a file in it is not safely ours, or the path is too long.
    """
    path = os.path.join(folder, SOCKET_NAME)
    _check_length(path)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as error:
        raise _fault(f"{folder} can't be made: {error.strerror}", error) from error
    _close_to_others(folder)
    _check_folder(folder)
    lock_fd = _take_lock(os.path.join(folder, LOCK_NAME))
    try:
        _check_old(path)
        return Share(path, lock_fd, _bind(path))
    except BaseException:
        os.close(lock_fd)
        raise


def join(folder: str) -> socket.socket | None:
    """Connect to the Lab that serves this folder; None where there is none, or only what a dead one left.

    Returns: a connected, non-blocking socket.
    Raises: LocalFault: there is something, but it is not safely ours.
    """
    path = os.path.join(folder, SOCKET_NAME)
    try:
        status = os.lstat(path)
    except OSError:
        return None
    _check_length(path)
    _check_folder(folder)
    _check_ours(path, status, "socket", stat.S_ISSOCK(status.st_mode))
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # A Unix socket connects at once or not at all; a full backlog is EAGAIN: that Lab is busy beyond use.
        sock.setblocking(False)
        sock.connect(path)
    except OSError:
        sock.close()
        return None
    if not is_same_user(sock):
        sock.close()
        raise _fault(f"the Lab at {path} runs as somebody else", errno.EPERM)
    return sock


def is_same_user(sock: socket.socket) -> bool:
    """Whether the process at the other end of a Unix socket is this user's (the superuser's too); True if unknown."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    size = struct.calcsize("3i")
    _pid, uid, _gid = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return uid in (os.geteuid(), 0)


def _check_length(path: str) -> None:
    length = len(os.fsencode(path))
    if length > MAX_PATH:
        raise _fault(f"{path} is too long for a socket: {length} octets, {MAX_PATH} fit", errno.ENAMETOOLONG)


def _check_folder(folder: str) -> None:
    try:
        status = os.lstat(folder)
    except OSError as error:
        raise _fault(f"{folder} can't be examined: {error.strerror}", error) from error
    _check_ours(folder, status, "folder", stat.S_ISDIR(status.st_mode))
    if status.st_mode & 0o077:
        raise _fault(
            f"others may enter {folder} (mode {status.st_mode & 0o777:04o}, 0700 is needed)", errno.EPERM
        )


def _close_to_others(folder: str) -> None:
    """A folder of ours that is open to others is closed before anything stands in it."""
    with suppress(OSError):
        status = os.lstat(folder)
        if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and status.st_mode & 0o077:
            os.chmod(folder, 0o700)


def _check_ours(path: str, status: os.stat_result, kind: str, is_kind: bool) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise _fault(f"{path} is a symbolic link, which is not followed", errno.ELOOP)
    if not is_kind:
        raise _fault(f"{path} is no {kind}", errno.EEXIST)
    if status.st_uid != os.geteuid():
        raise _fault(f"{path} belongs to somebody else (user {status.st_uid})", errno.EPERM)


def _check_old(path: str) -> None:
    """What stands where our socket should: only our own socket may be replaced."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return
    _check_ours(path, status, "socket", stat.S_ISSOCK(status.st_mode))


def _take_lock(path: str) -> int:
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _fault(f"{path} can't be opened: {error.strerror}", error) from error
    try:
        _check_ours(path, status := os.fstat(fd), "plain file", stat.S_ISREG(status.st_mode))
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(fd)
        raise _fault(f"another Lab of yours is open already at {os.path.dirname(path)}", error) from error
    except BaseException:
        os.close(fd)
        raise
    return fd


def _bind(path: str) -> socket.socket:
    """A listening socket at `path`, put there in one step so that nobody ever meets a half-made one."""
    making = f"{path[:-5]}.{os.getpid()}"
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        with suppress(FileNotFoundError):
            os.unlink(making)
        sock.bind(making)
        sock.setblocking(False)
        sock.listen(MAX_WAITING_JOINERS)
        os.rename(making, path)
    except OSError as error:
        sock.close()
        with suppress(OSError):
            os.unlink(making)
        raise _fault(f"{path} can't be opened: {error.strerror}", error) from error
    finally:
        os.umask(mask)
    return sock


def _fault(what: str, reason: OSError | int) -> LocalFault:
    number = reason if isinstance(reason, int) else reason.errno
    return LocalFault(
        what,
        stage="lab",
        errno_name=errno.errorcode.get(number or 0, ""),
        advice="the Lab works, but other programs can't join it",
    )

"""Unix sockets: what their files and their peers tell that ports don't (unix(7))."""

import os
import socket
import stat
import struct
from contextlib import suppress
from typing import Final, NamedTuple

from workbench.errors import LinkLost, LocalFault, WorkbenchError
from workbench.formats.errno_words import symbol_of

_UCRED: Final = struct.Struct("3i")


class Credentials(NamedTuple):
    """Who is at the other end, as the system noted when the connection was made: process, user, group."""

    pid: int
    uid: int
    gid: int


def peer_credentials(sock: socket.socket) -> Credentials | None:
    """The peer of a connected Unix socket; None for other kinds, and where the system does not tell (not Linux)."""
    if sock.family != socket.AF_UNIX or not hasattr(socket, "SO_PEERCRED"):
        return None
    try:
        return Credentials(
            *_UCRED.unpack(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size))
        )
    except OSError:
        return None


def connect_failure(error: OSError, path: str) -> WorkbenchError | None:
    """The failure of a connect to a socket file in words of its own; None where the common ones do."""
    if symbol_of(error) != "ECONNREFUSED":
        return None
    if _is_socket(path):
        return LinkLost(
            f"unix:{path}: the socket file is there, but nobody listens on it: its server ended and left it behind",
            stage="connect",
            errno_name="ECONNREFUSED",
            advice="start the server anew; it may ask you to remove the file first",
        )
    return LinkLost(
        f"unix:{path}: this file is no socket",
        stage="connect",
        errno_name="ECONNREFUSED",
        advice="check the path",
    )


def bind_failure(error: OSError, path: str) -> WorkbenchError | None:
    """The failure of a bind to a path in words of its own; None where the common ones do."""
    if symbol_of(error) != "EADDRINUSE":
        return None
    if not _is_socket(path):
        what, advice = "there is a file of this name already, and it is no socket", "choose another path"
    elif _is_served(path):
        what, advice = "another program listens on this socket file", "choose another path"
    else:
        what = "a socket file is there, but nobody listens on it: its server ended and left it behind"
        advice = f"remove it (rm {path}), then try again"
    return LocalFault(f"unix:{path}: {what}", stage="bind", errno_name="EADDRINUSE", advice=advice)


def file_identity(path: str) -> tuple[int, int] | None:
    """Device and inode of a file; None if it is not there."""
    try:
        found = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def remove_file(path: str, identity: tuple[int, int] | None) -> None:
    """Remove a socket file of ours; one that somebody else put there meanwhile stays."""
    if identity is not None and file_identity(path) == identity:
        with suppress(OSError):
            os.unlink(path)


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return False


def _is_served(path: str) -> bool:
    """Whether somebody listens: asked by connecting, for the file alone does not tell."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.setblocking(False)
        try:
            asking.connect(path)
        except BlockingIOError:
            return True
        except OSError:
            return False
    return True

"""Socket calls by hand: what each gave, and what the socket is afterwards."""

import contextlib
import os
import select
import socket
import struct
import time

from .steps import symbol_of, tell


class Call:
    """A call and what it came to. Nothing that it raises ends the program: the exception is its answer."""

    sockets, files = [], {}
    """All that were seen, and by its id whose each file is."""

    def __init__(self, on=None):
        self.on = Call.files.get(id(on), on)
        self.result, self.answer, self.raised, self.errno = None, "", "", ""
        self.state, self.owners, self.accepted = "", 0, 0
        self.before = sent_by(self.on)

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if error is not None:
            self.raised, self.errno = (
                class_name(error),
                symbol_of(error) if isinstance(error, OSError) else "",
            )
            if isinstance(error, TimeoutError) and error.errno is None:
                self.errno = ""
        else:
            self.answer = repr(self.result)
        self.accepted = sent_by(self.on) - self.before
        tell(f"{self.raised} {self.errno}".strip() if error is not None else self.answer)
        return isinstance(error, Exception)

    def look(self, sock, file=None):
        """What the socket is now, and how many own its connection: duplicates, and files over it."""
        if file is not None:
            Call.files[id(file)] = sock
        if sock not in Call.sockets:
            Call.sockets.append(sock)
        self.state, self.owners = socket_state(sock), owners_of(sock)


def class_name(error):
    """The class as a program names it: "socket.gaierror", "OverflowError"."""
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def sent_by(sock):
    """Octets that the system has taken from a socket's program so far (TCP_INFO, Linux); 0 where it tells none."""
    try:
        data = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 512)
        return struct.unpack_from("=Q", data, 200)[0] + struct.unpack_from("=I", data, 144)[0]
    except (AttributeError, OSError, struct.error):
        return 0


def socket_state(sock):
    if sock.fileno() < 0 or getattr(sock, "_closed", False):
        return "CLOSED"
    if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        return "LISTENING"
    with contextlib.suppress(OSError):
        sock.getpeername()
        return "CONNECTED"
    return "BOUND" if sock.getsockname()[1] else "CREATED"


def owners_of(sock):
    """Python counts the files over a socket; a duplicate has the same inode."""
    if sock.fileno() < 0:
        return 0
    inode = os.fstat(sock.fileno()).st_ino
    same = [one for one in Call.sockets if one.fileno() >= 0 and os.fstat(one.fileno()).st_ino == inode]
    return sum(one._io_refs + (not one._closed) for one in same)


def poll(sock):
    """What the socket is ready for, without waiting."""
    asked = select.poll()
    asked.register(sock, select.POLLIN | select.POLLPRI | select.POLLOUT)
    names = ("POLLIN", "POLLPRI", "POLLOUT", "POLLERR", "POLLHUP")
    return [name for name in names if any(mask & getattr(select, name) for _, mask in asked.poll(0))]


def spin(sock, seconds):
    """Ask without waiting, again and again, whether anything came."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            return True
        except BlockingIOError:
            pass
    return False

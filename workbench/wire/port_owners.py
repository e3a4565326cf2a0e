"""Who has which port: the sockets that Linux lists in /proc/net, and the programs that hold them.

Everybody may read the list; which program a socket belongs to is told for one's own programs only (all of them for
root). Elsewhere than on Linux nothing is listed, and that is said.
"""

import os
import socket
import struct
import sys
from collections.abc import Iterator
from typing import Final, NamedTuple

from workbench.wire.tcpinfo import STATES

PROC: Final = "/proc"
TABLES: Final = (("tcp", "tcp", False), ("tcp6", "tcp", True), ("udp", "udp", False), ("udp6", "udp", True))
MAX_SOCKETS: Final = 100_000
MAX_PROCESSES: Final = 50_000
_NATIVE: Final = struct.Struct("=I")
UDP_UNCONNECTED: Final = 7


class Held(NamedTuple):
    """A socket. state: RFC 9293's word; "bound" or "connected" of UDP. user: the number of its owner's account.

    inode: its number in the system, 0 once no program holds it. pid, program: 0 and "" where that is not told.
    """

    transport: str
    address: str
    port: int
    peer: str
    state: str
    user: int
    inode: int
    pid: int = 0
    program: str = ""

    @property
    def is_server(self) -> bool:
        """Whether it waits for others: it listens, or is bound and open to everybody."""
        return self.state in ("LISTEN", "bound")


def tells_owners(proc: str = PROC) -> bool:
    """Whether this system lists its sockets."""
    return sys.platform.startswith("linux") and os.path.exists(f"{proc}/net/tcp")


def held_ports(port: int | None = None, proc: str = PROC) -> tuple[Held, ...]:
    """The sockets of this machine that have a port, servers first; some milliseconds of files: call it in a thread.

    Args:
        port: only this one; None for all.
    """
    found: list[Held] = []
    for name, transport, is_v6 in TABLES:
        for line in _lines(f"{proc}/net/{name}"):
            held = read_line(line, transport, is_v6=is_v6)
            if held is not None and port in (None, held.port):
                found.append(held)
    owners = _owners({held.inode for held in found} - {0}, proc)
    told = [
        held._replace(pid=owners[held.inode][0], program=owners[held.inode][1])
        if held.inode in owners
        else held
        for held in found
    ]
    return tuple(sorted(told, key=lambda held: (not held.is_server, held.port, held.transport, held.address)))


def read_line(line: str, transport: str, *, is_v6: bool) -> Held | None:
    """One line of /proc/net/tcp and its like; None for what is none (proc(5))."""
    words = line.split()
    if len(words) < 10:
        return None
    try:
        address, port = _place(words[1], is_v6)
        peer, peer_port = _place(words[2], is_v6)
        number, user, inode = int(words[3], 16), int(words[7]), int(words[9])
    except (ValueError, OSError, struct.error):
        return None
    state = STATES.get(number, str(number))
    if transport == "udp":
        state = "bound" if number == UDP_UNCONNECTED else "connected"
    shown = f"[{peer}]:{peer_port}" if is_v6 else f"{peer}:{peer_port}"
    return Held(transport, address, port, shown if peer_port else "", state, user, inode)


def _place(text: str, is_v6: bool) -> tuple[str, int]:
    """Address and port: hexadecimal, the address as words of 32 bits in this machine's order."""
    host, _, port = text.partition(":")
    packed = b"".join(_NATIVE.pack(int(host[at : at + 8], 16)) for at in range(0, len(host), 8))
    return socket.inet_ntop(socket.AF_INET6 if is_v6 else socket.AF_INET, packed), int(port, 16)


def _lines(path: str) -> Iterator[str]:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            next(file, "")
            for _, line in zip(range(MAX_SOCKETS), file, strict=False):
                yield line
    except OSError:
        # A kernel without IPv6 has no such table.
        return


def _owners(inodes: set[int], proc: str) -> dict[int, tuple[int, str]]:
    """The program of each socket, as far as we may look into programs."""
    wanted = {f"socket:[{inode}]": inode for inode in inodes}
    owners: dict[int, tuple[int, str]] = {}
    if not wanted:
        return owners
    for pid in [name for name in _names(proc) if name.isdecimal()][:MAX_PROCESSES]:
        for descriptor in _names(f"{proc}/{pid}/fd"):
            try:
                inode = wanted.get(os.readlink(f"{proc}/{pid}/fd/{descriptor}"))
            except OSError:
                continue
            if inode is not None and inode not in owners:
                owners[inode] = (int(pid), _program(f"{proc}/{pid}/comm"))
    return owners


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        # Another user's, or a process that has just ended.
        return []


def _program(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(64).strip()
    except OSError:
        return ""

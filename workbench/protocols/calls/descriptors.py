"""The open descriptors of this process, as its system lists them: a socket is one among files, pipes and others."""

import os
from typing import Final, NamedTuple

PLACE: Final = "/proc/self/fd"


class OpenDescriptor(NamedTuple):
    """A descriptor. kind: "socket", "pipe", "file" or "other"; what: the system's words; inode: of sockets, else 0."""

    fd: int
    kind: str
    what: str
    inode: int = 0


def open_descriptors() -> tuple[OpenDescriptor, ...] | None:
    """All of them by number; None where the system does not tell."""
    try:
        numbers = sorted(int(name) for name in os.listdir(PLACE))
    except OSError:
        return None
    found = []
    for number in numbers:
        try:
            what = os.readlink(f"{PLACE}/{number}")
        except OSError:
            # The one that listed the folder is closed again.
            continue
        found.append(_described(number, what))
    return tuple(found)


def _described(number: int, what: str) -> OpenDescriptor:
    kind, _, rest = what.partition(":[")
    if kind == "socket" and rest[:-1].isdecimal():
        return OpenDescriptor(number, "socket", what, int(rest[:-1]))
    if kind == "pipe":
        return OpenDescriptor(number, "pipe", what)
    return OpenDescriptor(number, "file" if what.startswith("/") else "other", what)

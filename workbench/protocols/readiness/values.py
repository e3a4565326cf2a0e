"""What a system tells of a socket, and what came of one waiting."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Literal, NamedTuple

Reason = Literal["ready", "timeout", "woken"]
"""Why a waiting ended: a socket is ready, the time is over, or we changed our mind."""


class Ready(IntFlag):
    """What a socket is ready for. The numbers are Linux's, as poll() gives them back."""

    IN = 0x001
    PRI = 0x002
    OUT = 0x004
    ERR = 0x008
    HUP = 0x010
    NVAL = 0x020
    RDHUP = 0x2000

    @property
    def text(self) -> str:
        """ "IN|OUT"; "none" for nothing."""
        return "|".join(flag.name or "" for flag in FLAGS if flag in self) or "none"


NOTHING = Ready(0)
FLAGS = (Ready.IN, Ready.OUT, Ready.PRI, Ready.ERR, Ready.HUP, Ready.RDHUP, Ready.NVAL)
"""In the order in which lamps stand."""
EVERYTHING = Ready.IN | Ready.PRI | Ready.OUT | Ready.RDHUP
"""All that can be asked for; ERR, HUP and NVAL are told unasked (poll(2))."""
READING = Ready.IN | Ready.PRI | Ready.RDHUP
Wanted = Mapping[int, Ready]
"""By descriptor: what is asked for."""


class Sets(NamedTuple):
    """select()'s three lists, by descriptor."""

    readable: tuple[int, ...] = ()
    writable: tuple[int, ...] = ()
    exceptional: tuple[int, ...] = ()


class Answer(NamedTuple):
    """What one call brought. ready: descriptors that have something to tell. sets: of select() alone."""

    ready: dict[int, Ready]
    sets: Sets | None = None


class Wake(NamedTuple):
    """One waiting. slept_ns: how long; cpu_ns: what it cost the processor; lamps: all that can be told of each now."""

    reason: Reason
    ready: dict[int, Ready]
    slept_ns: int
    cpu_ns: int
    lamps: dict[int, Ready]
    sets: Sets | None = None


def read_flags(text: str) -> Ready:
    """ "IN|OUT" as flags. Raises: ValueError: no flag has such a name."""
    found = NOTHING
    for name in text.replace("|", " ").replace(",", " ").split():
        if name.upper() not in Ready.__members__:
            raise ValueError(f"{name} is no flag")
        found |= Ready[name.upper()]
    return found

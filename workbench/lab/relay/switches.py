"""What can be turned at a relay, for TCP and for UDP, and the two directions."""

from enum import Enum

from workbench.lab.relay.rewriting import read_rewriting
from workbench.lab.switches import Switch, Turned


class Way(Enum):
    """A direction, seen from the client."""

    TO_SERVER = "to-server"
    TO_CLIENT = "to-client"


_BOTH = "both"
_DIRECTION = Switch(
    "direction",
    "choice",
    _BOTH,
    "where the other switches work; each direction counts for itself",
    choices=(_BOTH, Way.TO_SERVER.value, Way.TO_CLIENT.value),
)
_DELAY = Switch("delay_ms", "count", 0, "milliseconds by which everything is late", high=600_000)
_MOST_OCTETS = 2**40

TCP_SWITCHES = (
    _DIRECTION,
    _DELAY,
    Switch("rate", "count", 0, "at most so many octets a second; 0: as fast as it goes"),
    Switch("split", "count", 0, "send in segments of at most so many octets; 0: as they came"),
    Switch(
        "coalesce_ms", "count", 0, "milliseconds in which octets are gathered into one piece", high=60_000
    ),
    Switch("flip", "count", None, "change the octet at this offset (the first is 0)", high=_MOST_OCTETS),
    Switch(
        "rewrite",
        "text",
        "",
        "FROM=>TO: put these octets in the place of those, with the escapes of a payload",
        check=read_rewriting,
    ),
    Switch("cut_after", "count", None, "end both connections (FIN) after so many octets", high=_MOST_OCTETS),
    Switch(
        "reset_after", "count", None, "reset both connections (RST) after so many octets", high=_MOST_OCTETS
    ),
    Switch("freeze_after", "count", None, "take nothing more after so many octets", high=_MOST_OCTETS),
    Switch(
        "half_close_after",
        "count",
        None,
        "finish this direction (FIN) after so many octets, and throw away what follows",
        high=_MOST_OCTETS,
    ),
)
UDP_SWITCHES = (
    _DIRECTION,
    _DELAY,
    Switch("drop_percent", "count", 0, "of a hundred datagrams lose so many", high=100),
    Switch("duplicate_percent", "count", 0, "of a hundred datagrams send so many twice", high=100),
    Switch("reorder", "count", 0, "a datagram may be overtaken by so many later ones", high=64),
    Switch("corrupt_percent", "count", 0, "in so many of a hundred datagrams change one bit", high=100),
    Switch("seed", "count", 0, "the same seed makes the same choices"),
)


def works_on(turned: Turned, way: Way) -> bool:
    """Whether the switches are meant for this direction."""
    return turned.text("direction") in (_BOTH, way.value)

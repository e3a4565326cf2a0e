"""How a connection ended: a value, not an error."""

from enum import Enum
from typing import Literal, NamedTuple

EndKind = Literal["FIN", "RST", "close_notify", "truncated", "timeout", "lost", "local"]
"""As DESIGN's words; "lost": the system says that the peer can't be reached any more (EHOSTUNREACH ...)."""


class HalfState(Enum):
    """The state of one direction of a stream."""

    OPEN = "open"
    FINISHED = "finished"
    RESET = "reset"


class End(NamedTuple):
    """How the receiving half ended. kind as in the terminal's JSON; by: who ended it; sentence: for people."""

    kind: EndKind
    by: Literal["peer", "us"]
    sentence: str


PEER_FINISHED = End("FIN", "peer", "the peer finished: it sends no more (FIN)")
PEER_RESET = End("RST", "peer", "the peer reset the connection: what was on its way is lost (RST)")
WE_CLOSED = End("local", "us", "we closed before the peer finished")
WE_RESET = End("RST", "us", "we reset the connection (RST)")

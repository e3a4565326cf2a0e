"""What a conversation by hand consists of, and what came of it."""

from typing import Literal, NamedTuple, Protocol

from workbench.formats.proxy_address import Proxy
from workbench.formats.target import Target
from workbench.wire.ends import End
from workbench.wire.options import Setting
from workbench.wire.policy import Policy

Transport = Literal["tcp", "udp"]


class Way(NamedTuple):
    """How to get to a peer: through a proxy, from an address of ours, with socket options.

    policy: which of several addresses is tried when; numeric: look no name up.
    """

    proxy: Proxy | None = None
    local: Target | None = None
    settings: tuple[Setting, ...] = ()
    policy: Policy = "happy"
    numeric: bool = False


DIRECT = Way()


class Expectation(Protocol):
    """Something awaited in what the peer sends, however it is cut."""

    def feed(self, data: bytes) -> bool:
        """Take the next octets; True once the whole received so far holds what is awaited."""
        ...


class Outcome(NamedTuple):
    """What came of a conversation.

    local, peer: endpoints as text. sent, received: octets. sha256: of all that was received, hexadecimal.
    datagrams: received; 0 for TCP. matched: whether the expectation was seen; None where there was none.
    end: how the receiving half ended; None for UDP, which has no end.
    channel: its number in the transcript.
    """

    local: str
    peer: str
    sent: int
    received: int
    sha256: str
    datagrams: int
    matched: bool | None
    end: End | None
    channel: int

"""What is asked of a group, who one says that one is, and the peers that were found."""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from workbench.formats.target import Target

Language = Literal["mdns", "ssdp", "group"]
Preset = Literal["search", "announce", "discover"]
LANGUAGES: Final[tuple[Language, ...]] = ("mdns", "ssdp", "group")
PRESETS: Final[tuple[Preset, ...]] = ("search", "announce", "discover")

HOMES: Final[dict[Language, tuple[str, int]]] = {
    "mdns": ("224.0.0.251", 5353),
    "ssdp": ("239.255.255.250", 1900),
    "group": ("239.255.1.1", 5007),
}
"""Where each language lives by its standard; the last is ours, in the scope of an organisation (RFC 2365)."""
HOPS: Final[dict[Language, int]] = {"mdns": 255, "ssdp": 2, "group": 1}
"""MULTICAST_TTL. RFC 6762 section 11 wants 255; UPnP Device Architecture section 1.2.2 says 2."""
LOOPBACK: Final = "127.0.0.1"
LOOPBACK_V6: Final = "lo"
DEFAULT_TIMES: Final = (0.0, 1.0)
"""Each is sent twice, a second apart, since datagrams get lost: RFC 6762 section 8.3, UDA section 1.2.2."""
MOST_TIMES: Final = 60
GAP_S: Final = 0.2
"""Between two datagrams to everybody: what came up meanwhile goes together in the next."""

State = Literal["here", "left", "expired"]
How = Literal["answer", "announcement"]


class Txt(NamedTuple):
    """One thing that a peer tells of itself: of TXT, or a field of a head."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who one says that one is.

    Attributes:
        name: for people. type: "_http._tcp" of mDNS, "urn:..." of SSDP; nothing to a plain group.
        port: of the service. location: the address of the description, of SSDP. txt: what else is told.
        lives_s: how long others may believe it.
    """

    name: str = "workbench"
    type: str = ""
    port: int = 8000
    location: str = ""
    txt: tuple[Txt, ...] = ()
    lives_s: int = 120


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done.

    Attributes:
        target: the group and its port; lab:NAME too.
        interface: of IPv4 the address of it, of IPv6 its name; "" is loopback.
        what: what is searched: a service type of mDNS, a search target of SSDP, the text for a group; "" for all.
        for_s: how long to listen; None until it is cancelled.
        times: when to ask or announce, in seconds from the beginning.
        identity: who announces. goodbye: whether to say so at the end.
        agreed: a person agreed that this leaves the machine.
    """

    language: Language
    preset: Preset
    target: Target
    interface: str = ""
    what: str = ""
    for_s: float | None = 3.0
    times: tuple[float, ...] = DEFAULT_TIMES
    identity: Identity = field(default_factory=Identity)
    goodbye: bool = True
    agreed: bool = False


class Peer(NamedTuple):
    """Somebody who was found.

    key: what makes it one peer. name, kind: as it calls itself. host: its name. addresses, port: where its service is;
    None where it did not say. source: where it was heard from. how: it answered us, or said so by itself.
    first_s, heard_s: of the first and the newest word, in seconds from the beginning. lives_s: how long that is good.
    told: what else it says. faults: what is wrong with it.
    """

    key: str
    name: str
    kind: str
    host: str
    addresses: tuple[str, ...]
    port: int | None
    source: str
    how: How
    first_s: float
    heard_s: float
    lives_s: float | None
    state: State
    told: tuple[Txt, ...] = ()
    faults: tuple[str, ...] = ()


class Oddity(NamedTuple):
    """Something in the group that can't be read, or may not be said. data: the first octets of it."""

    source: str
    what: str
    rule: str = ""
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to see, now or at the end.

    Attributes:
        now_s: the moment, in seconds from the beginning; ages count back from it.
        sent: datagrams that we sent. heard: those of others. own: our own, which the group gave back.
        address: of the socket that asks; joined: the group that is heard, "" for none.
    """

    peers: tuple[Peer, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    now_s: float = 0.0
    sent: int = 0
    heard: int = 0
    own: int = 0
    address: str = ""
    group: str = ""
    joined: str = ""

    @property
    def present(self) -> tuple[Peer, ...]:
        """Those that are there as far as one knows."""
        return tuple(peer for peer in self.peers if peer.state == "here")

    @property
    def gone(self) -> tuple[Peer, ...]:
        """Those that said goodbye, or were not heard again in time."""
        return tuple(peer for peer in self.peers if peer.state != "here")

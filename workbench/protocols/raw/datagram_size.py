"""How large a datagram may be, and what becomes of one on its way. Pure.

The limits are subtractions: of headers from the field for a packet's length, or from the largest packet of a link.
"""

import math
from typing import Final, Literal, NamedTuple

from workbench.formats.quantity import count

Family = Literal["IPv4", "IPv6"]

ETHERNET: Final = 1500
UDP_HEADER: Final = 8
HEADERS: Final[dict[Family, int]] = {"IPv4": 20, "IPv6": 40}
FRAGMENT_HEADER: Final[dict[Family, int]] = {"IPv4": 0, "IPv6": 8}
MOST: Final[dict[Family, int]] = {"IPv4": 65_535 - 20 - 8, "IPv6": 65_535 - 8}
"""IPv4 counts its own header in the 16 bits of its length (RFC 791 3.1), IPv6 does not (RFC 8200 3)."""
OLD_DNS: Final = 512
EDNS: Final = 1280 - 40 - 8
"""What the smallest link that IPv6 allows carries in one piece; name servers agreed on it in 2020."""
BEYOND: Final = 65_535
"""As far as the slider goes: the field for UDP's own length counts no more."""
LOSS: Final = 0.01


class Mark(NamedTuple):
    """A size that means something. what: up to it; beyond: what happens to a longer one."""

    size: int
    name: str
    what: str
    beyond: str
    source: str


def marks(family: Family) -> tuple[Mark, ...]:
    """The sizes that mean something, the smallest first."""
    one_piece = ETHERNET - HEADERS[family] - UDP_HEADER
    most = MOST[family]
    return (
        Mark(
            OLD_DNS,
            "DNS of old",
            "every name server takes it",
            "a name server without EDNS cuts it",
            "RFC 1035 4.2.1",
        ),
        Mark(
            EDNS,
            "DNS today",
            "one piece on every link that carries IPv6",
            "some link on the way may divide it, or lose it",
            "RFC 9715 A",
        ),
        Mark(
            one_piece,
            "Ethernet",
            f"one packet of {ETHERNET} octets with its headers",
            "it is divided into fragments, and one that is lost loses all",
            "RFC 8085 3.2",
        ),
        Mark(
            most,
            "The limit",
            "the length of a packet has 16 bits",
            "it is not sent: the system refuses it (EMSGSIZE) and does not split it for you",
            "RFC 768" if family == "IPv6" else "RFC 791 3.1",
        ),
    )


class Fate(NamedTuple):
    """What becomes of one datagram. packets: on Ethernet, 0 when it is refused; lost: of 1, at 1 % lost packets."""

    size: int
    family: Family
    packets: int
    lost: float
    word: str
    sentence: str

    @property
    def is_refused(self) -> bool:
        """Whether no system would send it."""
        return self.packets == 0


def fate(size: int, family: Family = "IPv4") -> Fate:
    """What becomes of a datagram with so many octets of payload."""
    packets = fragments(size, family)
    lost = 1 - (1 - LOSS) ** packets
    if not packets:
        sentence = (
            f"{size:,} octets are {size - MOST[family]:,} too many for {family}: the system refuses (EMSGSIZE), sends "
            "nothing, and does not split it for you"
        )
        return Fate(size, family, 0, 0.0, "refused", sentence)
    if packets == 1:
        word = "one packet"
        sentence = f"one packet of {size + UDP_HEADER + HEADERS[family]} octets, which Ethernet carries whole"
        if size > EDNS:
            sentence += "; a tunnel or a smaller link on the way may divide it"
        return Fate(size, family, 1, lost, word, sentence)
    sentence = (
        f"{count(packets, 'fragment', 'fragments')} on Ethernet: where 1 packet of 100 is lost, {lost * 100:.0f} "
        "datagrams of 100 are, since all fragments must arrive"
    )
    return Fate(size, family, packets, lost, "fragments", sentence)


def fragments(size: int, family: Family = "IPv4", mtu: int = ETHERNET) -> int:
    """Packets on a link; 0 when it is too long for any."""
    if size > MOST[family]:
        return 0
    whole = size + UDP_HEADER
    if whole + HEADERS[family] <= mtu:
        return 1
    # Every piece but the last begins at a multiple of 8 octets (RFC 791 3.2, RFC 8200 4.5).
    room = (mtu - HEADERS[family] - FRAGMENT_HEADER[family]) // 8 * 8
    return math.ceil(whole / room)

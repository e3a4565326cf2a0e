"""What blocks of IPv4 and IPv6 addresses are for: loopback, private, documentation ... (IANA's special-purpose tables).

The smallest block that holds an address says what it is; what is in none is a global address of somebody.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final, NamedTuple

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Kind(NamedTuple):
    """word: one or two words. scope: how far such an address means the same: machine, link, site, global or none.

    what: one sentence for a person. source: the document.
    """

    word: str
    scope: str
    what: str
    source: str


_PRIVATE: Final = "anybody may use it inside; it is never routed outside, so others have the same one"
_EXAMPLE: Final = "for examples in texts; nobody has it, and no router should carry it"

_BLOCKS: Final[tuple[tuple[str, Kind], ...]] = (
    (
        "0.0.0.0/8",
        Kind("this network", "none", "only a source, while a machine has no address yet", "RFC 791 3.2"),
    ),
    (
        "0.0.0.0/32",
        Kind(
            "unspecified",
            "none",
            "no address: of a listener it means all addresses of IPv4",
            "RFC 1122 3.2.1.3",
        ),
    ),
    ("10.0.0.0/8", Kind("private", "site", _PRIVATE, "RFC 1918 3")),
    (
        "100.64.0.0/10",
        Kind("carrier NAT", "site", "shared by a provider's customers, behind its translation", "RFC 6598"),
    ),
    (
        "127.0.0.0/8",
        Kind("loopback", "machine", "this machine itself: it never leaves it", "RFC 1122 3.2.1.3"),
    ),
    (
        "169.254.0.0/16",
        Kind(
            "link-local", "link", "chosen by the machine itself where nobody gave one; not routed", "RFC 3927"
        ),
    ),
    ("172.16.0.0/12", Kind("private", "site", _PRIVATE, "RFC 1918 3")),
    ("192.0.0.0/24", Kind("protocols", "none", "kept for protocols of the IETF", "RFC 6890 2.1")),
    ("192.0.2.0/24", Kind("documentation", "none", _EXAMPLE, "RFC 5737")),
    ("192.88.99.0/24", Kind("6to4 relay", "global", "once the nearest relay of 6to4; given up", "RFC 7526")),
    ("192.168.0.0/16", Kind("private", "site", _PRIVATE, "RFC 1918 3")),
    (
        "198.18.0.0/15",
        Kind("measurement", "site", "for measuring network equipment in a laboratory", "RFC 2544"),
    ),
    ("198.51.100.0/24", Kind("documentation", "none", _EXAMPLE, "RFC 5737")),
    ("203.0.113.0/24", Kind("documentation", "none", _EXAMPLE, "RFC 5737")),
    ("224.0.0.0/4", Kind("multicast", "global", "a group: everybody who has joined it hears it", "RFC 5771")),
    (
        "224.0.0.0/24",
        Kind("multicast", "link", "a group of this link: routers do not pass it on", "RFC 5771 4"),
    ),
    ("239.0.0.0/8", Kind("multicast", "site", "a group of this organisation", "RFC 2365")),
    ("240.0.0.0/4", Kind("reserved", "none", "kept for a future that did not come", "RFC 1112 4")),
    ("255.255.255.255/32", Kind("broadcast", "link", "everybody on this link", "RFC 919 7")),
    (
        "::/128",
        Kind("unspecified", "none", "no address: of a listener it means all addresses", "RFC 4291 2.5.2"),
    ),
    ("::1/128", Kind("loopback", "machine", "this machine itself: it never leaves it", "RFC 4291 2.5.3")),
    (
        "::/96",
        Kind("IPv4-compatible", "none", "an IPv4 address written as IPv6; given up", "RFC 4291 2.5.5.1"),
    ),
    (
        "::ffff:0:0/96",
        Kind("IPv4-mapped", "none", "how an IPv6 socket shows an IPv4 peer", "RFC 4291 2.5.5.2"),
    ),
    (
        "64:ff9b::/96",
        Kind("NAT64", "global", "an IPv4 server, as IPv6-only machines call it", "RFC 6052 2.1"),
    ),
    ("64:ff9b:1::/48", Kind("NAT64", "site", "the same with a prefix of one's own", "RFC 8215")),
    ("100::/64", Kind("discard", "none", "what goes there is thrown away", "RFC 6666")),
    (
        "2000::/3",
        Kind("global", "global", "reachable from everywhere, as far as firewalls let it", "RFC 4291 2.5.4"),
    ),
    ("2001::/32", Kind("Teredo", "global", "IPv6 through an IPv4 translation; given up by most", "RFC 4380")),
    ("2001:db8::/32", Kind("documentation", "none", _EXAMPLE, "RFC 3849")),
    (
        "2002::/16",
        Kind("6to4", "global", "IPv6 through IPv4, the address holds the router's; given up", "RFC 3056"),
    ),
    ("3fff::/20", Kind("documentation", "none", _EXAMPLE, "RFC 9637")),
    (
        "fc00::/7",
        Kind(
            "unique local", "site", "like private of IPv4, with a random part against collisions", "RFC 4193"
        ),
    ),
    (
        "fe80::/10",
        Kind(
            "link-local", "link", "every interface has one; it needs its zone: fe80::1%eth0", "RFC 4291 2.5.6"
        ),
    ),
    ("fec0::/10", Kind("site-local", "site", "given up for unique local addresses", "RFC 3879")),
    (
        "ff00::/8",
        Kind("multicast", "global", "a group: everybody who has joined it hears it", "RFC 4291 2.7"),
    ),
)
_GLOBAL: Final = Kind(
    "global", "global", "reachable from everywhere, as far as firewalls let it", "RFC 791 2.3"
)
_UNASSIGNED: Final = Kind("unassigned", "none", "in no block that anything is for yet", "RFC 4291 2.4")
_GROUP_SCOPES: Final = {
    1: ("machine", "of this interface alone"),
    2: ("link", "of this link"),
    4: ("site", "of what an administrator said"),
    5: ("site", "of this site"),
    8: ("site", "of this organisation"),
    14: ("global", "of the whole internet"),
}
"""The fourth digit of an IPv6 group (RFC 4291 section 2.7)."""

_TABLE: Final[dict[int, list[tuple[int, int, Kind]]]] = {4: [], 6: []}


def _fill() -> None:
    for text, kind in _BLOCKS:
        network = ip_network(text)
        shift = network.max_prefixlen - network.prefixlen
        _TABLE[network.version].append((shift, int(network.network_address) >> shift, kind))
    for blocks in _TABLE.values():
        blocks.sort(key=lambda block: block[0])


_fill()


def kind_of(address: Address) -> Kind:
    """What an address is for."""
    number = int(address)
    for shift, block, kind in _TABLE[address.version]:
        if number >> shift == block:
            return _group(number, kind) if address.version == 6 and kind.word == "multicast" else kind
    return _GLOBAL if address.version == 4 else _UNASSIGNED


def blocks() -> tuple[tuple[str, Kind], ...]:
    """Every block with its kind."""
    return _BLOCKS


def _group(number: int, kind: Kind) -> Kind:
    scope, words = _GROUP_SCOPES.get(number >> 112 & 15, (kind.scope, "of a scope that nobody has defined"))
    return kind._replace(scope=scope, what=f"a group {words}: everybody who has joined it hears it")

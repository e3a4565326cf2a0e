"""Whether a target is on the link or behind a router: the leading bits of two addresses, side by side.

A machine compares the target with each of its own addresses: as many leading bits as the prefix says. Are they equal,
the target is asked for directly; else the packet goes to a router (RFC 1122 section 3.3.1.1, RFC 5942 section 4).
"""

from ipaddress import ip_address
from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.address_kinds import Address
from workbench.formats.notation import bits_text, canonical_text
from workbench.formats.place import mistake


class Comparison(NamedTuple):
    """own, target: as text. prefix: how many bits have to be equal; equal: how many are.

    own_bits, target_bits: grouped with spaces; marked: how many characters of those texts the prefix covers.
    """

    own: str
    target: str
    prefix: int
    equal: int
    own_bits: str
    target_bits: str
    marked: int

    @property
    def is_direct(self) -> bool:
        """Whether the target is on the link."""
        return self.equal >= self.prefix

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        if self.is_direct:
            return f"the first {self.prefix} bits are equal: {self.target} is asked for directly on the link"
        differs = self.equal + 1
        return f"bit {differs} of {self.prefix} differs: {self.target} is reached through a router"


def compare(own: str, prefix: int, target: str) -> Comparison:
    """Two addresses of one kind, compared as far as the prefix goes; zones are left out of it.

    Raises: LocalMisuse: IPv4 beside IPv6, no address, or no such prefix.
    """
    first, second = _address(own), _address(target)
    if first.version != second.version:
        what = f"{own} and {target} can't be compared: one is IPv4, the other IPv6"
        raise mistake(target, 0, len(target), what, "choose an address of the same kind")
    most = first.max_prefixlen
    if not 0 <= prefix <= most:
        raise LocalMisuse(f"a prefix of IPv{first.version} has from 0 to {most} bits", advice=f"not {prefix}")
    equal = most - (int(first) ^ int(second)).bit_length()
    group = 8 if first.version == 4 else 16
    marked = prefix + max(0, (prefix - 1) // group)
    return Comparison(
        canonical_text(first),
        canonical_text(second),
        prefix,
        equal,
        bits_text(first),
        bits_text(second),
        marked,
    )


def _address(text: str) -> Address:
    try:
        return ip_address(text.partition("%")[0])
    except ValueError as error:
        raise mistake(
            text, 0, len(text), f"{text[:60]!r} is no address", "write it like 192.168.1.10"
        ) from error

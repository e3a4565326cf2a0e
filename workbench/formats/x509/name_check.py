"""Whether a certificate is for a name, entry by entry, each with its reason (RFC 9525).

Only subject alternative names count, never the common name; only those of the peer's own certificate, never of others
in the chain. What OpenSSL decides is what happens; this says why, and a test holds the two together.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.host_name import check_host_name, to_ascii
from workbench.formats.x509.values import Name

NAMES, ADDRESSES = "RFC 9525 section 6.3", "RFC 9525 section 6.4"


class Check(NamedTuple):
    """One entry. entry: as it stands, "DNS:*.example.test"; reason: why it matches, or why not."""

    entry: str
    matched: bool
    reason: str
    source: str = NAMES


class NameCheck(NamedTuple):
    """All entries of a certificate against one name."""

    expected: str
    matched: bool
    checks: tuple[Check, ...]

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        if self.matched:
            entry = next(check.entry for check in self.checks if check.matched)
            return f"it is for {self.expected}: {entry} matches"
        if not self.checks:
            return f"it is not for {self.expected}: it has no alternative names, and the common name doesn't count"
        held = ", ".join(check.entry for check in self.checks[:4])
        more = f" and {len(self.checks) - 4:,} more" if len(self.checks) > 4 else ""
        return f"it is not for {self.expected}: it holds {held}{more}"


def check_names(expected: str, names: Sequence[Name]) -> NameCheck:
    """Compare every entry with the expected name: a host name, also an international one, or an IP address."""
    address = _address(expected)
    if address is not None:
        checks = tuple(_against_address(address, name) for name in names)
    else:
        try:
            wanted = _dns_form(expected)
        except LocalMisuse as mistake:
            reason = f"{expected} is no host name: {mistake.what}"
            checks = tuple(Check(str(name), False, reason) for name in names)
        else:
            checks = tuple(_against_name(wanted, name) for name in names)
    return NameCheck(expected, any(check.matched for check in checks), checks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _dns_form(name: str) -> str:
    """As certificates write it: A-labels, small letters, no dot at the end."""
    if not name:
        raise LocalMisuse("it is empty", text=name, start=0, end=0, advice="write the name that is expected")
    check_host_name(name, 0, len(name))
    return to_ascii(name).lower().removesuffix(".")


def _against_address(address: IPv4Address | IPv6Address, name: Name) -> Check:
    entry = str(name)
    if name.kind == "DNS" and name.text == str(address):
        reason = "an address written as a DNS name never counts: addresses have entries of their own"
        return Check(entry, False, reason, ADDRESSES)
    if name.kind != "IP":
        return Check(entry, False, f"an address was expected, and this is {_called(name)}", ADDRESSES)
    if len(name.raw) not in (4, 16):
        return Check(entry, False, "this is no address: it has neither 4 nor 16 octets", ADDRESSES)
    found = ip_address(name.raw)
    if found == address:
        return Check(entry, True, "the same octets", ADDRESSES)
    if found.version != address.version:
        return Check(entry, False, f"IPv{found.version} is never IPv{address.version}", ADDRESSES)
    return Check(entry, False, "another address", ADDRESSES)


def _against_name(wanted: str, name: Name) -> Check:
    entry = str(name)
    if name.kind == "IP":
        return Check(entry, False, "a host name was expected, and this is an address")
    if name.kind != "DNS":
        return Check(entry, False, f"it names no server: it is {_called(name)}")
    if not name.raw.isascii() or b"\0" in name.raw:
        return Check(entry, False, "it holds characters that no host name has")
    presented = name.raw.decode("ascii").lower()
    if "*" not in presented:
        if presented == wanted:
            return Check(entry, True, "the same name; capital and small letters are one")
        return Check(entry, False, _why_other(wanted, presented))
    return _against_star(wanted, presented, entry)


def _against_star(wanted: str, presented: str, entry: str) -> Check:
    star, _, domain = presented.partition(".")
    if star != "*" or "*" in domain:
        return Check(entry, False, "a star counts only as the whole leftmost label")
    if "." not in domain:
        return Check(entry, False, "a star over a whole top-level domain would be for half the world")
    if wanted == domain:
        return Check(entry, False, "the star stands for exactly one label, and here is none")
    label, _, rest = wanted.partition(".")
    if label and rest == domain:
        return Check(entry, True, f"the star stands for “{label}”, one whole label")
    if wanted.endswith("." + domain):
        return Check(
            entry, False, f"the star stands for one label, and “{wanted[: -len(domain) - 1]}” are several"
        )
    return Check(entry, False, "another domain")


def _why_other(wanted: str, presented: str) -> str:
    if presented.removesuffix(".") == wanted:
        return "it ends with a dot, and names in certificates have none"
    if wanted.endswith("." + presented):
        return "that is the domain, not the host: a name covers nothing below it"
    return "another name"


def _called(name: Name) -> str:
    return {
        "DNS": "a DNS name",
        "IP": "an address",
        "email": "an e-mail address",
        "URI": "a URI",
        "directory": "a directory name",
    }.get(name.kind, "a name of another kind")

"""Whether a certificate is for the name that was asked for (RFC 9525): subject alternative names, never the CN."""

import ipaddress
from collections.abc import Sequence

from workbench.errors import LocalMisuse
from workbench.formats.host_name import check_host_name, to_ascii


def is_address(name: str) -> bool:
    """Whether the name is an IP address, which is matched as one and never sent as SNI."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def dns_form(name: str) -> str:
    """A DNS name as certificates and SNI carry it: A-labels, lower case, no dot at the end.

    Raises: LocalMisuse: it cannot be a host name.
    """
    check_host_name(name, 0, len(name))
    return to_ascii(name).lower().removesuffix(".")


def is_named(expected: str, names: Sequence[str]) -> bool:
    """Whether one of a certificate's names ("DNS:...", "IP:...") is the expected one.

    An address matches an "IP:" name only, a DNS name a "DNS:" one; a wildcard stands for the whole leftmost label and
    no more (RFC 9525 sections 6.3 and 6.5).
    """
    if is_address(expected):
        address = ipaddress.ip_address(expected)
        return any(
            kind == "IP" and is_address(name) and ipaddress.ip_address(name) == address
            for kind, _, name in (entry.partition(":") for entry in names)
        )
    if not expected:
        return False
    try:
        wanted = dns_form(expected)
    except LocalMisuse:
        return False
    return any(
        kind == "DNS" and _is_dns_match(wanted, presented.lower())
        for kind, _, presented in (entry.partition(":") for entry in names)
    )


def _is_dns_match(wanted: str, presented: str) -> bool:
    if not presented.startswith("*."):
        return wanted == presented
    host, _, domain = wanted.partition(".")
    # A wildcard over a top-level domain would be for half the world: two labels must stand behind it.
    return bool(host) and domain == presented[2:] and "." in domain

"""Addresses as the envelope holds them: checked, and made what this server understands (RFC 5321 4.1.2, RFC 6531)."""

import re
from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.host_name import to_ascii

MAX_LOCAL = 64
MAX_DOMAIN = 255
"""Octets: RFC 5321 sections 4.5.3.1.1 and 4.5.3.1.2."""
_QUOTED = re.compile(r'"(?:[^"\\\r\n\0]|\\.)*"')
_IN_NAME = frozenset('<>"(),:;\\[]@')
_IN_DOMAIN = frozenset('<>"(),;\\@')
"""A domain may be an address in brackets, [IPv6:::1] too."""
_NAMES = {"\r": "CR", "\n": "LF", "\0": "NUL", "\t": "a tab", " ": "a space"}


class Spelled(NamedTuple):
    """An address for the wire. utf8: it needs SMTPUTF8."""

    data: bytes
    utf8: bool = False


def spelled(address: str, *, utf8: bool) -> Spelled:
    """An address between its angle brackets; "" is <>.

    Args:
        utf8: whether the server has SMTPUTF8. Without it a domain beyond ASCII is sent as xn--..., a name can't be.

    Raises: LocalMisuse with the place: it would be no address, or two commands, or this server can't take it.
    """
    check_address(address)
    if address.isascii():
        return Spelled(b"<" + address.encode() + b">")
    if utf8:
        return Spelled(b"<" + address.encode() + b">", True)
    local, at, domain = address.rpartition("@")
    if not local.isascii():
        place = next(i for i, character in enumerate(address) if not character.isascii())
        raise _mistake(
            address,
            place,
            place + 1,
            "this server takes no letters beyond ASCII before the @: it does not offer SMTPUTF8",
            "RFC 6531 section 3.2",
        )
    return Spelled(f"<{local}{at}{to_ascii(domain)}>".encode())


def check_address(address: str) -> None:
    """Raises: LocalMisuse with the place: this can't stand in an envelope."""
    if not address:
        return
    for place, character in enumerate(address):
        if ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0:
            name = _NAMES.get(character, f"the control U+{ord(character):04X}")
            raise _mistake(address, place, place + 1, f"{name} can't stand in an address")
        if "\ud800" <= character <= "\udfff":
            raise _mistake(
                address, place, place + 1, "this octet is no UTF-8: in an address it is no character"
            )
    local, at, domain = address.rpartition("@")
    is_quoted = _QUOTED.fullmatch(local) is not None
    for place, character in enumerate(address):
        in_name = place < len(local) or not at
        if (in_name and is_quoted) or (at and place == len(local)):
            continue
        if character.isspace() or character in (_IN_NAME if in_name else _IN_DOMAIN):
            name = _NAMES.get(character, character)
            raise _mistake(address, place, place + 1, f"{name} can't stand in an address")
    if not at:
        if address.lower() == "postmaster":
            return
        raise _mistake(address, len(address), len(address), "the @ and the domain are missing")
    if not local or not domain:
        place = 0 if not local else len(address)
        raise _mistake(address, place, place, f"the {'domain' if local else 'name'} is missing")
    for part, limit, what in ((local, MAX_LOCAL, "name"), (domain, MAX_DOMAIN, "domain")):
        if len(part.encode()) > limit:
            start = 0 if part is local else len(local) + 1
            raise _mistake(
                address,
                start,
                start + len(part),
                f"the {what} has more than {limit} octets",
                "RFC 5321 section 4.5.3.1",
            )


def _mistake(
    address: str, start: int, end: int, what: str, source: str = "RFC 5321 section 4.1.2"
) -> LocalMisuse:
    return LocalMisuse(
        what,
        text=address,
        start=start,
        end=end,
        stage="envelope",
        source=source,
        advice="write it as name@domain",
    )

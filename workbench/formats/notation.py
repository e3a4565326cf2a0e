"""An IP address taken apart: every way to write it, what it is for, what is hidden in it, and which notations mislead.

Strategy. What the strict forms allow is read by them, and a mistake has its place (see `inet`). What the old C library
also takes (127.1, 0x7f000001, 2130706433, 0177.0.0.1) is read as it reads it, but said to be ambiguous: other programs
read the same text as another address, and a filter that does lets an attacker past it (RFC 6943 section 3.1.1).
"""

from ipaddress import IPv4Address, IPv6Address
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.address_kinds import Address, Kind, kind_of
from workbench.formats.inet import check_ipv4, check_ipv6, check_zone, is_digits, looks_like_ipv4
from workbench.formats.place import mistake

MAX_TEXT: Final = 200
"""Characters: the longest right address with zone and prefix has some 70."""


class Hidden(NamedTuple):
    """Something that stands inside an address. what: in words."""

    what: str
    value: str
    source: str


class Inspection(NamedTuple):
    """All that one text tells.

    zone: the interface behind %, "" for none. prefix: behind /, None where none was given.
    canonical: as it should be written, with zone and without prefix. expanded: every digit; octets of IPv4 in hex.
    bits: all of them, grouped as the notation groups them. reverse: its name in DNS.
    warnings: why the text as typed is not to be used like this. others: what other programs read in it.
    network, last, size: of the prefix: its first and last address and how many there are; "" and 0 without one.
    """

    text: str
    address: Address
    zone: str
    prefix: int | None
    canonical: str
    expanded: str
    bits: str
    kind: Kind
    reverse: str
    hidden: tuple[Hidden, ...] = ()
    warnings: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    network: str = ""
    last: str = ""
    size: int = 0

    @property
    def is_ambiguous(self) -> bool:
        """Whether other programs may read another address."""
        return bool(self.others)


def inspect_address(text: str) -> Inspection:
    """Take an address apart: ADDRESS, [V6], V6%ZONE, ADDRESS/PREFIX, V4/NETMASK, and the old notations of IPv4.

    Raises: LocalMisuse with the place of the mistake.
    """
    if not text:
        raise mistake(text, 0, 0, "the address is empty", "write it like 192.0.2.1 or 2001:db8::1")
    if len(text) > MAX_TEXT:
        raise mistake(
            text, MAX_TEXT, len(text), "no address is so long", "write it like 192.0.2.1 or 2001:db8::1"
        )
    start, end, warnings = 0, len(text), list[str]()
    slash = text.find("/")
    if slash >= 0:
        end = slash
    if text.startswith("["):
        if text[end - 1] != "]":
            raise mistake(text, 0, 1, "this bracket is never closed", "close it behind the address: [::1]")
        start, end = 1, end - 1
    address, zone, others = _read(text, start, end, warnings)
    prefix = _prefix(text, slash + 1, address) if slash >= 0 else None
    return _told(text, address, zone, prefix, tuple(warnings), others)


def legacy_ipv4(text: str) -> IPv4Address | None:
    """What inet_aton makes of a text: one to four numbers, decimal, octal behind 0, hexadecimal behind 0x; else None.

    The last number fills all octets that are left.
    """
    parts = text.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers = [_old_number(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    known = [number for number in numbers if number is not None]
    *front, last = known
    left = 8 * (4 - len(front))
    if any(number > 255 for number in front) or last >= 1 << left:
        return None
    value = 0
    for number in front:
        value = value << 8 | number
    return IPv4Address(value << left | last)


# ---- reading


def _read(text: str, start: int, end: int, warnings: list[str]) -> tuple[Address, str, tuple[str, ...]]:
    body = text[start:end]
    if ":" in body:
        return _read_v6(text, start, end, warnings)
    if start:
        raise mistake(text, start, end, "brackets hold an IPv6 address only", f"write {body}")
    if not looks_like_ipv4(body):
        raise mistake(
            text, start, end, f"{body[:40]!r} is no address", "write it like 192.0.2.1 or 2001:db8::1"
        )
    try:
        check_ipv4(text, start, end)
    except LocalMisuse as strict:
        old = legacy_ipv4(body)
        if old is None:
            raise
        warnings.append(f"ambiguous notation: {strict.what}; the C library reads {old}")
        return old, "", _other_readings(body, old)
    return IPv4Address(body), "", ()


def _read_v6(text: str, start: int, end: int, warnings: list[str]) -> tuple[Address, str, tuple[str, ...]]:
    percent = text.find("%", start, end)
    stop = end if percent < 0 else percent
    if start == stop:
        raise mistake(
            text, start, stop, "the address before the zone is missing", "write it like fe80::1%eth0"
        )
    check_ipv6(text, start, stop)
    zone = ""
    if percent >= 0:
        check_zone(text, percent + 1, end)
        zone = text[percent + 1 : end]
    address = IPv6Address(text[start:stop])
    if text[start:stop] != canonical_text(address):
        warnings.append("not the canonical notation: as text it is unequal to the same address elsewhere")
    if kind_of(address).scope == "link" and not zone:
        warnings.append(
            "without a zone the system does not know which link is meant: write %INTERFACE behind it"
        )
    return address, zone, ()


def _old_number(part: str) -> int | None:
    """Cut before converting: Python refuses to convert thousands of digits."""
    if part[:2] in ("0x", "0X"):
        digits = part[2:].lstrip("0")
        return int(digits or "0", 16) if len(part) > 2 and len(digits) <= 8 and _is_hex(digits) else None
    if not is_digits(part):
        return None
    digits = part.lstrip("0")
    if len(digits) > 11:
        return None
    if part[0] == "0" and len(part) > 1:
        return int(digits or "0", 8) if not {"8", "9"} & set(digits) else None
    return int(part)


def _is_hex(digits: str) -> bool:
    return all(digit in "0123456789abcdefABCDEF" for digit in digits)


def _other_readings(text: str, old: IPv4Address) -> tuple[str, ...]:
    """What other programs make of the same text."""
    parts = text.split(".")
    readings = []
    if any(len(part) > 1 and part[0] == "0" and is_digits(part) for part in parts):
        decimal = ".".join(part.lstrip("0") or "0" if is_digits(part) else part for part in parts)
        other = legacy_ipv4(decimal)
        if other is not None and other != old:
            readings.append(f"{other}, where a leading zero means nothing")
    readings.append("no address but a name, or a mistake, where only four decimal numbers are allowed")
    return tuple(readings)


def _prefix(text: str, start: int, address: Address) -> int:
    body, most = text[start:], address.max_prefixlen
    if address.version == 4 and "." in body:
        check_ipv4(text, start, len(text))
        mask = int(IPv4Address(body))
        ones = mask.bit_count()
        if mask != (1 << 32) - (1 << (32 - ones)):
            raise mistake(
                text, start, len(text), "a netmask is ones first, then zeros", "write it like 255.255.255.0"
            )
        return ones
    if not body:
        raise mistake(
            text, start, start, "the prefix behind the slash is missing", f"write /{most} for one address"
        )
    digits = body.lstrip("0") or "0"
    if not is_digits(body) or len(digits) > 3 or int(digits) > most:
        what = f"a prefix of IPv{address.version} is a number of bits from 0 to {most}"
        raise mistake(text, start, len(text), what, f"write it like /{24 if most == 32 else 64}")
    return int(digits)


# ---- telling


def canonical_text(address: Address) -> str:
    """As it should be written (RFC 5952; sections 4 and 5 for IPv6)."""
    if isinstance(address, IPv6Address) and (mapped := address.ipv4_mapped) is not None:
        return f"::ffff:{mapped}"
    return str(address)


def bits_text(address: Address) -> str:
    """All bits, grouped by octets for IPv4 and by sixteen for IPv6, with spaces between."""
    size = 8 if address.version == 4 else 16
    bits = f"{int(address):0{address.max_prefixlen}b}"
    return " ".join(bits[at : at + size] for at in range(0, len(bits), size))


def _told(
    text: str,
    address: Address,
    zone: str,
    prefix: int | None,
    warnings: tuple[str, ...],
    others: tuple[str, ...],
) -> Inspection:
    canonical = canonical_text(address) + (f"%{zone}" if zone else "")
    expanded = (
        address.exploded
        if isinstance(address, IPv6Address)
        else " ".join(f"{octet:02x}" for octet in address.packed)
    )
    found = Inspection(
        text,
        address,
        zone,
        prefix,
        canonical,
        expanded,
        bits_text(address),
        kind_of(address),
        address.reverse_pointer,
        _hidden(address),
        warnings,
        others,
    )
    if prefix is None:
        return found
    size = 1 << (address.max_prefixlen - prefix)
    first = int(address) // size * size
    make = type(address)
    return found._replace(
        network=f"{canonical_text(make(first))}/{prefix}",
        last=canonical_text(make(first + size - 1)),
        size=size,
    )


def _hidden(address: Address) -> tuple[Hidden, ...]:
    if isinstance(address, IPv4Address):
        return ()
    number = int(address)
    low = IPv4Address(number & 0xFFFFFFFF)
    found: list[Hidden] = []
    match kind_of(address).word:
        case "IPv4-mapped":
            found.append(Hidden("the IPv4 peer", str(low), "RFC 4291 2.5.5.2"))
        case "IPv4-compatible":
            found.append(Hidden("the IPv4 address", str(low), "RFC 4291 2.5.5.1"))
        case "NAT64":
            found.append(Hidden("the IPv4 server behind it", str(low), "RFC 6052 2.2"))
        case "6to4":
            router = IPv4Address(number >> 80 & 0xFFFFFFFF)
            found.append(Hidden("the router's IPv4 address", str(router), "RFC 3056 2"))
        case "Teredo":
            server, port = IPv4Address(number >> 64 & 0xFFFFFFFF), (number >> 32 & 0xFFFF) ^ 0xFFFF
            client = IPv4Address((number & 0xFFFFFFFF) ^ 0xFFFFFFFF)
            found.append(Hidden("the Teredo server", str(server), "RFC 4380 4"))
            found.append(Hidden("the client's translated address", f"{client}:{port}", "RFC 4380 4"))
    identifier = number & 0xFFFFFFFFFFFFFFFF
    if identifier >> 32 & 0xFDFFFFFF == 0x5EFE:
        found.append(Hidden("the IPv4 address of ISATAP", str(low), "RFC 5214 6.1"))
    elif identifier >> 24 & 0xFFFF == 0xFFFE:
        found.append(Hidden("the interface's hardware address", _hardware(identifier), "RFC 4291 A"))
    return tuple(found)


def _hardware(identifier: int) -> str:
    octets = (identifier ^ 1 << 57).to_bytes(8, "big")
    return ":".join(f"{octet:02x}" for octet in octets[:3] + octets[5:])

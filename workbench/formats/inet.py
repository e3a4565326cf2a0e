"""Written IP addresses, checked character by character so that a mistake has an exact place.

The standard library's `ipaddress` says *that* an address is wrong; a person needs to see *where*. The grammar
is the same (RFC 4291 section 2.2, RFC 6943 section 3.1.1 for the strict dotted form), and the tests hold both
side by side. Every function takes the whole text and the half-open place of the address in it.
"""

from typing import Final

from workbench.errors import LocalMisuse
from workbench.formats.place import mistake

_HEX: Final = frozenset("0123456789abcdefABCDEF")
_DIGITS: Final = frozenset("0123456789")
_ZONE_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_~")
_GROUPS: Final = 8  # of 16 bits each, RFC 4291 section 2.2
_COUNT_WORDS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
_V6_TEXT: Final = "RFC 4291 section 2.2"

MAX_ZONE: Final = 15
"""Octets of a Linux interface's name: IFNAMSIZ is 16 with the closing NUL."""


def is_digits(text: str) -> bool:
    """Whether `text` is one or more of 0 to 9; `str.isdigit` would also take full-width and raised digits."""
    return bool(text) and _DIGITS.issuperset(text)


def looks_like_ipv4(host: str) -> bool:
    """Whether resolvers would read `host` as a number and not as a name.

    True also for the forms that `inet_aton` takes and we refuse, because a name must never turn out to be
    127.0.0.1 behind the person's back: "1.2.3", "2130706433", "0x7f.1", "010.0.0.1", "256.1.1.1", "1..2".
    """
    parts = [part for part in host.split(".") if part]
    return bool(parts) and all(is_digits(part) or _is_prefixed_hex(part) for part in parts)


def looks_like_ipv6(host: str) -> bool:
    """Whether `host` (without brackets, with or without a zone) is a right IPv6 address."""
    address, percent, zone = host.partition("%")
    if ":" not in address:
        return False
    try:
        check_ipv6(address, 0, len(address))
        if percent:
            check_zone(zone, 0, len(zone))
    except LocalMisuse:
        return False
    return True


def _is_prefixed_hex(part: str) -> bool:
    return part[:2] in ("0x", "0X") and _HEX.issuperset(part[2:])


def check_ipv4(text: str, start: int, end: int) -> None:
    """Refuse anything but four decimal numbers from 0 to 255 without leading zeros.

    Raises:
        LocalMisuse: placed at the number that is wrong, or at the whole address when their count is.

    Source: RFC 6943 section 3.1.1 (the strict form).
    """
    parts = text[start:end].split(".")
    at = start
    for part in parts:
        _check_octet(text, at, at + len(part), first=at == start)
        at += len(part) + 1
    if len(parts) != 4:
        shown = _COUNT_WORDS[len(parts)] if len(parts) < len(_COUNT_WORDS) else str(len(parts))
        what = f"an IPv4 address has four numbers, this has {shown}"
        raise mistake(text, start, end, what, "write all four, like 127.0.0.1")


def _check_octet(text: str, start: int, end: int, *, first: bool) -> None:
    part = text[start:end]
    if not part:
        # The dot that has nothing behind it, or, at the beginning, nothing before it.
        dot = start if first else start - 1
        advice = "an IPv4 address is four numbers with three dots, like 127.0.0.1"
        raise mistake(text, dot, dot + 1, "a number is missing beside this dot", advice)
    if _is_prefixed_hex(part):
        advice = "some programs read 0x as hexadecimal, some don't; write the decimal number"
        raise mistake(text, start, end, "the numbers of an IPv4 address are decimal here", advice)
    if not is_digits(part):
        wrong = next(i for i in range(start, end) if text[i] not in _DIGITS)
        advice = "write it like 127.0.0.1"
        raise mistake(text, wrong, wrong + 1, "an IPv4 address is made of digits and dots", advice)
    if len(part) > 1 and part[0] == "0":
        what = "a number of an IPv4 address has no leading zero"
        advice = "some programs read 010 as 8, some as 10; write the number you mean"
        raise mistake(text, start, end, what, advice, "RFC 6943 section 3.1.1")
    if len(part) > 3 or int(part) > 255:
        what = "each number of an IPv4 address ends at 255"
        raise mistake(text, start, end, what, "it is one octet: write 0 to 255")


def check_ipv6(text: str, start: int, end: int) -> None:
    """Refuse anything but an IPv6 address without brackets and zone; `text[start:end]` must not be empty.

    Raises:
        LocalMisuse: placed at the group, colon or character that is wrong.

    Source: RFC 4291 section 2.2.
    """
    for i in range(start, end):
        if text[i] not in _HEX and text[i] not in ":.":
            what = "an IPv6 address is made of hexadecimal digits and colons"
            raise mistake(text, i, i + 1, what, "write 0 to 9 and a to f, like 2001:db8::1", _V6_TEXT)
    has_gap = _has_gap(text, start, end)
    groups = _count_groups(text, start, end)
    if not has_gap and groups < _GROUPS:
        what = f"an IPv6 address has eight groups, this has {_COUNT_WORDS[groups]}"
        raise mistake(text, start, end, what, "write all eight, or :: once for a run of zeros", _V6_TEXT)
    if not has_gap and groups > _GROUPS:
        what = f"an IPv6 address has eight groups, this has {groups}"
        raise mistake(text, start, end, what, "remove what is too much", _V6_TEXT)
    if has_gap and groups >= _GROUPS:
        what = f"this has {groups} groups, and :: stands for one at least: an IPv6 address has eight"
        raise mistake(text, start, end, what, "remove the :: or a group", _V6_TEXT)


def _has_gap(text: str, start: int, end: int) -> bool:
    """Whether there is a "::"; refuses a second one and a lone colon at either end."""
    gap = text.find("::", start, end)
    second = text.find("::", gap + 1, end) if gap >= 0 else -1
    if second == gap + 1 and second > 0:
        raise mistake(text, gap, gap + 3, "three colons in a row", "write two", _V6_TEXT)
    if second >= 0:
        what = "the second :: leaves open how many zeros each stands for"
        raise mistake(text, second, second + 2, what, "write :: once and the other zeros as 0", _V6_TEXT)
    if text[start] == ":" and gap != start:
        raise mistake(
            text, start, start + 1, "a lone colon begins the address", "write :: or remove it", _V6_TEXT
        )
    if text[end - 1] == ":" and gap != end - 2:
        raise mistake(text, end - 1, end, "a lone colon ends the address", "write :: or remove it", _V6_TEXT)
    return gap >= 0


def _count_groups(text: str, start: int, end: int) -> int:
    """How many 16-bit groups are written out; a dotted tail counts as two."""
    count = 0
    at = start
    for group in text[start:end].split(":"):
        stop = at + len(group)
        if "." in group:
            if stop != end:
                dot = text.index(".", at)
                what = "dots belong only to the last part of an IPv6 address"
                raise mistake(text, dot, dot + 1, what, "write it like ::ffff:192.0.2.1", _V6_TEXT)
            check_ipv4(text, at, stop)
            count += 2
        elif len(group) > 4:
            what = "a group of an IPv6 address has at most four hexadecimal digits"
            raise mistake(text, at, stop, what, "put a colon after every four", _V6_TEXT)
        elif group:
            count += 1
        at = stop + 1
    return count


def check_zone(text: str, start: int, end: int) -> None:
    """Refuse a zone that no interface can have: the part after % in fe80::1%eth0.

    Raises:
        LocalMisuse: the zone is empty, too long, or holds a character that no interface name has.

    Source: RFC 4007 section 11.
    """
    source = "RFC 4007 section 11"
    if start == end:
        advice = "name the interface, like fe80::1%eth0, or leave out the %"
        raise mistake(text, start, end, "the zone after % is missing", advice, source)
    for i in range(start, end):
        if text[i] not in _ZONE_CHARACTERS:
            what = "a zone is the name or the number of a network interface"
            raise mistake(
                text, i, i + 1, what, "write letters, digits, dots and hyphens, like %eth0 or %2", source
            )
    if end - start > MAX_ZONE:
        what = f"a zone has at most {MAX_ZONE} characters, this has {end - start}"
        raise mistake(
            text, start, end, what, "name an interface of this machine: Linux has no longer names", source
        )

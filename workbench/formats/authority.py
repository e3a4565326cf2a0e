"""HOST[:PORT], the part that plain addresses and URLs share (RFC 3986 section 3.2).

Every function works on the whole text with absolute places; see `target` for the strategy.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.host_name import check_host_name
from workbench.formats.inet import (
    check_ipv4,
    check_ipv6,
    check_zone,
    is_digits,
    looks_like_ipv4,
    looks_like_ipv6,
)
from workbench.formats.place import mistake
from workbench.formats.ports import MAX_PORT, SERVICE_PORTS
from workbench.formats.services import is_service_name

PATHLESS: Final = ("tcp", "udp", "tls", "dtls")
"""Schemes of ours that name a transport only: HOST:PORT and nothing behind it."""

_HEX_COLONS_DOTS: Final = frozenset("0123456789abcdefABCDEF:.")


class Asked(NamedTuple):
    """A text and how it is to be read; see `target.parse_target` for the meaning of each."""

    text: str
    default_port: int | None
    listening: bool
    ports: Mapping[str, int]
    services: bool = False


def read_authority(asked: Asked, start: int, end: int, scheme: str = "") -> tuple[str, int | str]:
    """Read HOST[:PORT] at `asked.text[start:end]`.

    Args:
        scheme: in small letters, or "" for a plain address.

    Returns:
        The host without brackets, and the port; or a service's name in its place, where that is allowed.

    Raises:
        LocalMisuse: placed at the mistake.
    """
    if asked.text.startswith("[", start, end):
        host, colon = _read_bracketed(asked.text, start, end, in_url=bool(scheme))
    else:
        host, colon = _read_unbracketed(asked, start, end)
    return host, _read_port(asked, colon, end, scheme, host)


def _read_bracketed(text: str, start: int, end: int, *, in_url: bool) -> tuple[str, int]:
    """The address between brackets, and the place of the colon behind them (or `end`)."""
    close = text.find("]", start, end)
    if close < 0:
        raise mistake(
            text, start, start + 1, "this bracket is never closed", "close it before the port: [::1]:80"
        )
    if close + 1 < end and text[close + 1] != ":":
        what = "behind the bracket only :PORT can follow"
        raise mistake(text, close + 1, end, what, "write it like [::1]:80", "RFC 3986 section 3.2")
    first = start + 1
    if first == close:
        raise mistake(text, first, close, "the brackets are empty", "write an IPv6 address in them: [::1]:80")
    percent = text.find("%", first, close)
    stop = close if percent < 0 else percent
    if ":" not in text[first:stop]:
        advice = f"write {text[first:close]}{text[close + 1 : end] or ':PORT'}"
        raise mistake(
            text, first, close, "brackets hold an IPv6 address only", advice, "RFC 3986 section 3.2.2"
        )
    check_ipv6(text, first, stop)
    if percent < 0:
        return text[first:close], close + 1
    zone = percent + 1
    if in_url and text.startswith("25", zone) and zone + 2 < close:
        zone += 2  # RFC 6874: in a URL the % itself is escaped
    check_zone(text, zone, close)
    return f"{text[first:percent]}%{text[zone:close]}", close + 1


def _read_unbracketed(asked: Asked, start: int, end: int) -> tuple[str, int]:
    """A name or an IPv4 address, and the place of the colon behind it (or `end`)."""
    text = asked.text
    colon = text.find(":", start, end)
    stop = end if colon < 0 else colon
    second = text.find(":", stop + 1, end)
    if second >= 0:
        raise _too_many_colons(text, start, end, second)
    if start == stop:
        raise mistake(text, start, start, "the host is missing", _advise_host(asked, text[stop:end]))
    if text[start:stop] == "*":
        port = text[stop:end]
        advice = f"write 0.0.0.0{port} for all IPv4 addresses, [::]{port} for all of IPv6"
        raise mistake(text, start, stop, "a star is no address", advice)
    if looks_like_ipv4(text[start:stop]):
        check_ipv4(text, start, stop)
    else:
        check_host_name(text, start, stop)
    return text[start:stop], stop


def _advise_host(asked: Asked, port: str) -> str:
    port = port if len(port) > 1 else ":PORT"
    if asked.listening:
        return (
            f"write 127.0.0.1{port} for this machine only, 0.0.0.0{port} or [::]{port} for all its addresses"
        )
    return f"write localhost{port} for this machine"


def _too_many_colons(text: str, start: int, end: int, second: int) -> LocalMisuse:
    """Two colons or more outside brackets: an IPv6 address, or one colon too many."""
    whole = text[start:end]
    left, _, right = whole.rpartition(":")
    spellings = []
    if looks_like_ipv6(left) and is_digits(right) and int(right[:6]) <= MAX_PORT:
        spellings.append(f"[{left}]:{right}")
    if looks_like_ipv6(whole):
        spellings.append(f"[{whole}]:PORT")
    address = whole.partition("%")[0]
    if not spellings and not (
        _HEX_COLONS_DOTS.issuperset(address) and ("::" in address or address.count(":") > 2)
    ):
        return mistake(text, second, end, "a second colon: the port is already there", "write HOST:PORT")
    what = "an IPv6 address stands in brackets, so that its colons and the port's can be told apart"
    advice = "write " + (" or ".join(spellings) or "it like [::1]:80")
    return mistake(text, start, end, what, advice, "RFC 3986 section 3.2.2")


def _read_port(asked: Asked, colon: int, end: int, scheme: str, host: str) -> int | str:
    text = asked.text
    start = colon + 1
    if start < end:
        return _read_number(asked, start, end, host)
    usual = asked.ports.get(scheme, asked.default_port)
    if start == end:
        advice = "write its number" if usual is None else f"write {usual} behind it, or leave out the colon"
        raise mistake(text, end, end, "the port behind the colon is missing", advice)
    if usual is not None:
        return usual
    if scheme and scheme not in PATHLESS:
        advice = f"no usual port is known for {scheme}://, so write :PORT behind the host"
    else:
        advice = f"add it: {text}:{0 if asked.listening else 80}"
    raise mistake(text, end, end, "the port is missing", advice)


def _read_number(asked: Asked, start: int, end: int, host: str) -> int | str:
    text = asked.text
    if not is_digits(text[start:end]):
        if asked.services and is_service_name(text[start:end]):
            return text[start:end].lower()
        raise _not_a_number(asked, start, end, host)
    # Cut before converting: Python refuses to convert thousands of digits.
    digits = text[start:end].lstrip("0")
    if len(digits) > len(str(MAX_PORT)) or int(digits or "0") > MAX_PORT:
        advice = "write a number from 1 to 65535: a port has 16 bits"
        raise mistake(text, start, end, f"ports end at {MAX_PORT}", advice, "RFC 9293 section 3.1")
    port = int(digits or "0")
    if port == 0 and not asked.listening:
        advice = (
            "write a number from 1 to 65535; 0 lets the system choose, and only a listener can ask for that"
        )
        raise mistake(text, start, end, "nothing can be reached at port 0", advice)
    return port


def _not_a_number(asked: Asked, start: int, end: int, host: str) -> LocalMisuse:
    text = asked.text
    word = text[start:end]
    known = SERVICE_PORTS.get(word.lower())
    if known is not None:
        advice = f"write {text[:start]}{known}{text[end:]}"
        return mistake(text, start, end, f"a port is a number here; {word} is {known}", advice)
    range_advice = "write a number from 1 to 65535"
    for i, character in enumerate(word, start):
        if not character.isascii() and character.isdigit():
            what = f"this digit is U+{ord(character):04X} and none of 0 to 9"
            return mistake(text, i, i + 1, what, "type it again with the keyboard's digits")
    if host.lower() in asked.ports:
        advice = f"write {host}://{word} if {host} is the scheme; a port is a number"
        return mistake(text, start, end, f"{word!r} is no port", advice)
    if word[0] == "-" and is_digits(word[1:]):
        return mistake(text, start, end, "ports are not negative", range_advice)
    wrong = next(i for i in range(start, end) if not is_digits(text[i]))
    if wrong == start:
        # A word, not a number with a slip in it: all of it is the mistake.
        return mistake(text, start, end, f"{word!r} is no port", range_advice)
    stop = wrong + 1
    while stop < end and not is_digits(text[stop]):
        stop += 1
    what = f"{text[wrong:stop]!r} cannot stand in a port"
    return mistake(text, wrong, stop, what, "write it with 0 to 9 only")

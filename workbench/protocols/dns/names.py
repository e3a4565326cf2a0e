"""Names and addresses as people type them: to what DNS carries, with the place and the reason of every mistake.

A name is absolute here, with or without its last dot: no search list is ever tried, since a domain that is added
silently makes wrong answers. DNS itself takes any octet in a label; a backslash spells what is none of the plain
characters (RFC 1035 section 5.1). A label in another script becomes its A-label, and both are shown.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.charset import visible
from workbench.formats.host_name import check_host_name, to_ascii
from workbench.formats.inet import check_ipv4, check_ipv6, looks_like_ipv4
from workbench.formats.place import mistake
from workbench.formats.target import Target, parse_target
from workbench.protocols.dns.reader import MAX_LABEL, MAX_NAME, presentation
from workbench.protocols.dns.values import PORT

_LIMITS = "RFC 1035 section 2.3.4"
_ESCAPES = "RFC 1035 section 5.1"
Address = IPv4Address | IPv6Address


class Name(NamedTuple):
    """A name.

    text: as typed. wire: as DNS carries it, in presentation form with its last dot. shown: for people, labels of other
    scripts as such; equal to wire where there are none.
    """

    text: str
    wire: str
    shown: str


def parse_name(text: str) -> Name:
    """Read a name.

    Raises: LocalMisuse: an empty label, one of more than 63 octets, a name of more than 255, half an escape, an
        address (which has a reverse name of its own), or a character that no name could carry.
    """
    if not text:
        raise mistake(text, 0, 0, "the name is empty", "write a name, like www.lab.test")
    if is_address(text):
        raise mistake(
            text,
            0,
            len(text),
            "this is an address, not a name",
            "look it up in reverse, or ask for the type PTR",
            "RFC 1035 section 3.5",
        )
    labels = [] if text == "." else [_label(text, start, stop) for start, stop in _split(text)]
    size = 1 + sum(len(label) + 1 for label in labels)
    if size > MAX_NAME:
        what = f"a name has at most {MAX_NAME} octets on the wire, this has {size}"
        raise mistake(text, 0, len(text), what, "write a shorter name", _LIMITS)
    wire = presentation(labels)
    return Name(text, wire, unicode_of(wire))


def is_address(text: str) -> bool:
    """Whether a person means an address: all that inet_aton would take, and whatever holds two colons."""
    return looks_like_ipv4(text) or text.count(":") >= 2


def parse_address(text: str) -> Address:
    """Read an IPv4 or IPv6 address.

    Raises: LocalMisuse: `192.0.2`, `010.0.0.1`, `fe80::1%eth0`: other programs make something up from these.
    """
    if not text:
        raise mistake(text, 0, 0, "the address is empty", "write an address, like 192.0.2.1")
    percent = text.find("%")
    if percent >= 0:
        raise mistake(
            text,
            percent,
            len(text),
            "a zone means something on this machine only: DNS knows none",
            "leave it out",
            "RFC 4007 section 11.2",
        )
    if ":" in text:
        check_ipv6(text, 0, len(text))
    elif looks_like_ipv4(text):
        check_ipv4(text, 0, len(text))
    else:
        raise mistake(
            text,
            0,
            len(text),
            "this is no address",
            "write one like 192.0.2.1 or 2001:db8::1",
            "RFC 4291 section 2.2",
        )
    return ip_address(text)


def plain_address(address: Address) -> Address:
    """The address that both spellings mean: an IPv4 address within IPv6 (::ffff:192.0.2.1) is that IPv4 address."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def reverse_name(address: Address) -> str:
    """Where the names of an address stand: in in-addr.arpa (RFC 1035 section 3.5) or ip6.arpa (RFC 3596 section 2.5).

    An IPv4 address within IPv6 is looked up as the IPv4 address that it is.
    """
    return f"{plain_address(address).reverse_pointer}."


def address_of(name: str) -> Address | None:
    """The address that a whole reverse name stands for; None for any other name."""
    labels = name.lower().removesuffix(".").split(".")
    if labels[-2:] == ["in-addr", "arpa"] and len(labels) == 6:
        text = ".".join(reversed(labels[:4]))
    elif (
        labels[-2:] == ["ip6", "arpa"] and len(labels) == 34 and all(len(label) == 1 for label in labels[:32])
    ):
        digits = "".join(reversed(labels[:32]))
        text = ":".join(digits[at : at + 4] for at in range(0, 32, 4))
    else:
        return None
    try:
        return ip_address(text)
    except ValueError:
        return None


def parse_server(text: str) -> Target:
    """Read a name server: lab:NAME, HOST or HOST:PORT; an @ may stand before it. Port 53 where none is written.

    Raises: LocalMisuse with the place of the mistake.
    """
    shift = 1 if text.startswith("@") else 0
    bare = text[shift:]
    if not bare:
        raise mistake(
            text, 0, len(text), "the name server is missing", "write one like lab:dns or 192.0.2.53"
        )
    if (
        bare.count(":") >= 2
        and bare[0] not in "["
        and not bare.startswith(("lab:", "unix:"))
        and "://" not in bare
    ):
        bare, opened = f"[{bare}]", 1
    else:
        opened = 0
    try:
        target = parse_target(bare, default_port=PORT)
    except LocalMisuse as error:
        start = min(max(0, (error.start or 0) - opened) + shift, len(text))
        stop = min(max(0, (error.end or 0) - opened) + shift, len(text))
        raise mistake(
            text, start, max(start, stop), error.what, error.advice or "write HOST or HOST:PORT"
        ) from error
    if target.scheme not in ("tcp", "udp", "lab"):
        what = f"{target.scheme} is no way to ask a name server here"
        raise mistake(text, 0, len(text), what, "write lab:dns, HOST or HOST:PORT")
    return target._replace(text=text)


def unicode_of(wire: str) -> str:
    """The name with its A-labels as the letters that they stand for; one that stands for none stays as it is."""
    if "xn--" not in wire.lower():
        return wire
    return ".".join(map(_u_label, wire.split(".")))


def for_people(wire: str) -> str:
    """A name within a sentence: letters where they are meant, and no last dot, which would look like the sentence's."""
    return "the root" if wire == "." else unicode_of(wire).removesuffix(".")


def _u_label(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        told = label[4:].encode("ascii").decode("punycode")
        # Whatever does not come back as it was, or hides controls, is not shown as letters.
        return told if to_ascii(told) == label.lower() and visible(told) == told else label
    except (UnicodeError, LocalMisuse, ValueError, OverflowError):
        return label


def _split(text: str) -> list[tuple[int, int]]:
    """The places of the labels; the last dot ends the name and begins no label."""
    places: list[tuple[int, int]] = []
    start = at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        if text[at] == ".":
            places.append((start, at))
            start = at + 1
        at += 1
    if start < len(text):
        places.append((start, len(text)))
    return places


def _label(text: str, start: int, stop: int) -> bytes:
    typed = text[start:stop]
    if not typed:
        what = "a part of the name is missing beside this dot"
        raise mistake(text, start, start + 1, what, "put a name between two dots", "RFC 1035 section 3.1")
    if not typed.isascii():
        check_host_name(text, start, stop)
        return to_ascii(typed).encode("ascii")
    label = _unescaped(text, start, stop) if "\\" in typed else typed.encode("ascii")
    if len(label) > MAX_LABEL:
        what = f"a part of a name has at most {MAX_LABEL} octets, this has {len(label)}"
        raise mistake(text, start, stop, what, "shorten it", _LIMITS)
    for at in range(start, stop):
        if text[at] <= " " or text[at] == "\x7f":
            what = f"{text[at]!r} stands in no name that a person types"
            raise mistake(text, at, at + 1, what, f"remove it, or write \\{ord(text[at]):03d}", _ESCAPES)
    return label


def _unescaped(text: str, start: int, stop: int) -> bytes:
    label = bytearray()
    at = start
    while at < stop:
        if text[at] != "\\":
            label.append(ord(text[at]))
            at += 1
            continue
        digits = text[at + 1 : min(at + 4, stop)]
        if at + 1 >= stop:
            raise mistake(
                text, at, stop, "a backslash alone spells nothing", "write \\\\ or \\. or \\DDD", _ESCAPES
            )
        if not digits[0].isdigit():
            label.append(ord(digits[0]))
            at += 2
            continue
        if len(digits) < 3 or not digits.isdigit() or int(digits) > 255:
            what = "a backslash and digits: three of them, at most 255"
            raise mistake(text, at, min(at + 4, stop), what, "write it like \\000 or \\032", _ESCAPES)
        label.append(int(digits))
        at += 4
    return bytes(label)

"""Host names as people type them: which characters, how long, and whether DNS could carry them.

Strategy: letters, digits, hyphens (RFC 952, RFC 1123 section 2.1) and the underscore, which is no letter of
host names but stands in real zones and container names. A name in another script is kept as typed and only
checked: the A-label that DNS carries is computed when asked for (`to_ascii`). The standard library knows IDNA
2003 only, so a character that IDNA 2003 and 2008 resolve to *different* names is refused with both spellings
instead of guessing, and so is any character that turns into an ASCII one on the way (a full-width "1" must
not become an IPv4 address).
"""

from typing import Final

from workbench.errors import LocalMisuse
from workbench.formats.place import mistake

MAX_LABEL: Final = 63
"""Octets between two dots, RFC 1035 section 2.3.4."""

MAX_NAME: Final = 253
"""Characters of the ASCII form: 255 octets on the wire, less the first length and the root (RFC 1035 section
2.3.4)."""

_ALLOWED: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_DOT_LOOKALIKES: Final = "\u3002\uff0e\uff61"
# IDNA 2003 maps these to other letters, IDNA 2008 keeps them (RFC 5894 section 7.2).
_DEVIATIONS: Final = "\u00df\u1e9e\u03c2"
_ADVICE: Final = {
    "*": "a star names no single machine; write one name",
    "[": "put brackets around the whole IPv6 address: [::1]:80",
    "]": "put brackets around the whole IPv6 address: [::1]:80",
    "%": "a zone belongs to an IPv6 address in brackets: write [fe80::1%eth0]:80",
    "\\": "addresses are written with /, and a plain HOST:PORT has no path",
}


def check_host_name(text: str, start: int, end: int) -> None:
    """Refuse what cannot be a host name; `text[start:end]` must not be empty.

    Raises:
        LocalMisuse: placed at the character, the label or the name that is wrong.
    """
    stop = end - 1 if text[end - 1] == "." and end - start > 1 else end
    octets = -1
    at = start
    for label in text[start:stop].split("."):
        octets += 1 + _check_label(text, at, at + len(label))
        at += len(label) + 1
    if octets > MAX_NAME:
        what = f"a host name has at most {MAX_NAME} characters, this has {octets}"
        raise mistake(text, start, end, what, "write a shorter name", "RFC 1035 section 2.3.4")


def to_ascii(host: str) -> str:
    """The name as DNS carries it: labels of other scripts as xn--...; ASCII comes back as it is.

    Raises:
        LocalMisuse: the name cannot be a host name.

    Source: RFC 3490 (IDNA 2003), restricted to what RFC 5891 reads the same way.
    """
    if host.isascii():
        return host
    check_host_name(host, 0, len(host))
    return ".".join(label if label.isascii() else _a_label(label) for label in host.split("."))


def _check_label(text: str, start: int, end: int) -> int:
    """Check one label and return its length in octets."""
    label = text[start:end]
    if not label:
        what = "a part of the name is missing beside this dot"
        raise mistake(text, start, start + 1, what, "put a name between two dots", "RFC 1035 section 2.3.1")
    if len(label) > MAX_LABEL:
        # Checked before encoding, too: each character costs an octet at least, and Punycode takes quadratic
        # time.
        raise _too_long(text, start, end, len(label) if label.isascii() else len(label) + len("xn--"))
    if label.isascii():
        for i in range(start, end):
            _check_ascii_character(text, i)
        _check_hyphens(text, start, end)
        return len(label)
    octets = len(_check_international_label(text, start, end))
    if octets > MAX_LABEL:
        raise _too_long(text, start, end, octets)
    return octets


def _check_international_label(text: str, start: int, end: int) -> str:
    """Check a label with characters beyond ASCII and return its A-label."""
    label = text[start:end]
    try:
        for i in range(start, end):
            _check_international_character(text, i, label)
        _check_hyphens(text, start, end)
        return _a_label(label)
    except UnicodeError as error:
        what = f"this part of the name cannot be encoded for DNS: {_reason(error)}"
        advice = "write the xn-- form if you know it"
        raise mistake(text, start, end, what, advice, "RFC 3490 section 4.1") from error


def _too_long(text: str, start: int, end: int, octets: int) -> LocalMisuse:
    what = f"a part of a name between dots has at most {MAX_LABEL} octets, this has {octets}"
    return mistake(text, start, end, what, "shorten it", "RFC 1035 section 2.3.4")


def _check_hyphens(text: str, start: int, end: int) -> None:
    for i in (start, end - 1):
        if text[i] == "-":
            what = "a part of a host name does not begin or end with a hyphen"
            raise mistake(text, i, i + 1, what, "remove the hyphen", "RFC 1123 section 2.1")


def _check_ascii_character(text: str, at: int) -> None:
    if text[at] in _ALLOWED:
        return
    advice = _ADVICE.get(text[at], "write letters, digits, hyphens and dots")
    what = f"{text[at]!r} cannot stand in a host name"
    raise mistake(text, at, at + 1, what, advice, "RFC 1123 section 2.1")


def _check_international_character(text: str, at: int, label: str) -> None:
    import unicodedata

    character = text[at]
    if character.isascii():
        _check_ascii_character(text, at)
        return
    code = f"U+{ord(character):04X}"
    if character in _DOT_LOOKALIKES:
        raise mistake(
            text, at, at + 1, f"this is {code} and no dot", "type an ASCII dot", "RFC 3490 section 3.1"
        )
    if character in _DEVIATIONS:
        what = f"{character!r} leads to two different names: old and new programs disagree"
        new, old = _punycoded(label.lower()), _a_label(label)
        advice = f"write {new} (by today's rules) or {old} (by those before 2010)"
        raise mistake(text, at, at + 1, what, advice, "RFC 5894 section 7.2")
    twin = unicodedata.normalize("NFKC", character)
    if any(c.isascii() for c in twin):
        what = f"this is {code} and only looks like {twin!r}"
        raise mistake(text, at, at + 1, what, f"type {twin} if that is what you mean", "RFC 3491 section 4")
    if unicodedata.category(character)[0] in "CZ" or not _mapped(character):
        what = f"an invisible or unknown character, {code}, cannot stand in a host name"
        raise mistake(text, at, at + 1, what, "remove it; it often comes along when text is copied")


def _mapped(label: str) -> str:
    # Loaded only for names beyond ASCII: it brings stringprep and unicodedata along (4 ms).
    from encodings.idna import nameprep

    return nameprep(label)


def _a_label(label: str) -> str:
    mapped = _mapped(label)
    return mapped if mapped.isascii() else _punycoded(mapped)


def _punycoded(mapped: str) -> str:
    if mapped.startswith("xn--"):
        raise UnicodeError("it already begins with xn--")
    return "xn--" + mapped.encode("punycode").decode("ascii")


def _reason(error: UnicodeError) -> str:
    """The library's reason as part of our sentence; its wording differs between Python versions."""
    said = error.reason if isinstance(error, UnicodeEncodeError) else str(error)
    if "BIDI" in said.upper():
        return "letters of both writing directions are mixed"
    return said[:1].lower() + said[1:]

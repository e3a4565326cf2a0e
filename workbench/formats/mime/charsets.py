"""Octets of a letter to characters, with every way in which a charset's name can be wrong.

A charset is a claim. It is believed as long as the octets can be read by it; else they are read by what they look like
(UTF-8 proves itself), and the defect says what was claimed.
"""

import codecs
from typing import NamedTuple

MAX_NAME = 64
"""Characters of a charset's name; IANA's longest has 45."""

_ALIASES = {
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "x-sjis": "cp932",
    "shift-jis": "cp932",
    "windows-31j": "cp932",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-roman8": "hp-roman8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "cp-850": "cp850",
}
"""Names in letters that Python doesn't know, and those whose larger brother is meant (as WHATWG's encodings do)."""

_ASCII = frozenset({"", "us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us", "646"})
_NOTHING = frozenset({"unknown-8bit", "unknown", "x-unknown", "x-user-defined", "default", "binary", "8bit"})
"""Names that say that nobody knows."""
_NO_CHARSETS = frozenset(
    {
        "idna",
        "punycode",
        "unicode-escape",
        "unicode_escape",
        "raw-unicode-escape",
        "raw_unicode_escape",
        "undefined",
        "mbcs",
        "oem",
        "utf-8-sig",
    }
)
"""Codecs of Python that make characters and are no charset of letters; two of them take quadratic time."""


class Text(NamedTuple):
    """Characters that were read. charset: by what; declared: by what they should be; fault: "" or what is wrong, with
    `at`, the first octet that is (None where the name alone is wrong); code: of the defect.
    """

    text: str
    charset: str
    declared: str
    fault: str = ""
    code: str = ""
    at: int | None = None


def known_charset(name: str) -> str:
    """Python's name for a charset, "" where there is no such one."""
    wanted = _ALIASES.get(name.strip().lower(), name.strip().lower())
    if not wanted or len(wanted) > MAX_NAME or not wanted.isascii() or wanted in _NO_CHARSETS:
        return ""
    try:
        found = codecs.lookup(wanted)
    except (LookupError, ValueError):
        return ""
    if found.name in _NO_CHARSETS or not found._is_text_encoding:
        return ""
    return found.name


def read_text(data: bytes, declared: str) -> Text:
    """The characters of some octets. Octets that mean nothing become U+FFFD; never raises.

    Args:
        declared: the charset's name as the letter has it; "" is US-ASCII (RFC 2046 section 4.1.2).
    """
    name = declared.strip().lower()
    if name in _ASCII:
        return _read_ascii(data, declared)
    charset = known_charset(name)
    if not charset:
        guess, text = _guessed(data)
        nobody = name in _NOTHING
        what = f"{declared} says that nobody knows" if nobody else f"there is no charset {declared}"
        return Text(text, guess, declared, f"{what}; it was read as {guess}", "unknown-charset")
    try:
        return Text(data.decode(charset), charset, declared)
    except UnicodeDecodeError as error:
        text = data.decode(charset, "replace")
        what = f"octet {error.start:,} is not possible in {charset}"
        return Text(
            text,
            charset,
            declared,
            f"{what}; what can't be read is shown as \N{REPLACEMENT CHARACTER}",
            "wrong-charset",
            error.start,
        )


def _read_ascii(data: bytes, declared: str) -> Text:
    try:
        return Text(data.decode("ascii"), "us-ascii", declared)
    except UnicodeDecodeError as error:
        guess, text = _guessed(data)
        said = "us-ascii is declared" if declared else "no charset is declared, which means us-ascii"
        what = f"{said}, and octet {error.start:,} is none; it was read as {guess}"
        return Text(text, guess, declared, what, "wrong-charset", error.start)


def _guessed(data: bytes) -> tuple[str, str]:
    """UTF-8 where it is that, since text in another charset hardly ever happens to be; else each octet a character."""
    try:
        return "utf-8", data.decode("utf-8")
    except UnicodeDecodeError:
        return "iso8859-1", data.decode("latin-1")

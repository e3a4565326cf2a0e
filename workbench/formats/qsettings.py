"""The INI files that Qt's QSettings writes: sections, escaped keys, quoted and escaped values, small variants.

Read only, and without trust: what can't be understood is left as it stands, with a sentence that says so. Qt's manual
describes the format under QSettings::IniFormat; no standard does.
"""

import re
import struct
from typing import Final, NamedTuple

MAX_LINES: Final = 200_000
BLANKS: Final = " \t\r"

_KEY_ESCAPE: Final = re.compile(r"%U([0-9A-Fa-f]{4})|%([0-9A-Fa-f]{2})")
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{1,6})|([0-7]{1,3})|(.))", re.DOTALL)
_NAMED: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_FLOAT: Final = (135, 38)
"""QMetaType's number of a float, as Qt 4 and 5 write it, and as Qt 6 does."""
_DOUBLE: Final = 6


class Settings(NamedTuple):
    """What a file holds. values: by "section/key", keys of the first section, General, alone; problems: sentences."""

    values: dict[str, str]
    problems: tuple[str, ...]


def read_settings(data: bytes) -> Settings:
    """A file's octets: UTF-8 as Qt 6 writes them, else Latin-1 as Qt 5 does."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    values: dict[str, str] = {}
    problems: list[str] = []
    section = ""
    for number, line in enumerate(text.split("\n")[:MAX_LINES], 1):
        line = line.strip(BLANKS)
        if not line or line.startswith(";"):
            continue
        if line.startswith("[") and line.endswith("]"):
            section = _key(line[1:-1])
            # Qt writes %General for a section that a person called General.
            section = "" if section.casefold() == "general" else section
            continue
        key, equals, value = line.partition("=")
        if not equals:
            problems.append(f"line {number} is no key with a value: {line[:40]!r}")
            continue
        name = _key(key.strip(BLANKS)).replace("\\", "/")
        values[f"{section}/{name}" if section else name] = _value(value.strip(BLANKS))
    return Settings(values, tuple(problems))


def _key(text: str) -> str:
    return _joined(_KEY_ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text))


def _value(text: str) -> str:
    if text.startswith('"') and text.endswith('"') and len(text) >= 2:
        return _special(_unescaped(text[1:-1]))
    return _special(_unescaped(text))


def _unescaped(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        if found[1] or found[2]:
            number = int(found[1], 16) if found[1] else int(found[2], 8)
            return chr(number) if number <= 0x10FFFF else found[0]
        return _NAMED.get(found[3], found[3])

    return _joined(_ESCAPE.sub(one, text))


def _joined(text: str) -> str:
    """Qt escapes both halves of a character beyond U+FFFF: make one of them; a half alone can't be read."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _special(text: str) -> str:
    """`@Variant(...)` of a number, `@ByteArray(...)` and `@Invalid()`; `@@` is an @ that was meant."""
    if text.startswith("@@"):
        return text[1:]
    if text == "@Invalid()":
        return ""
    if text.startswith("@ByteArray(") and text.endswith(")"):
        return text[len("@ByteArray(") : -1]
    if text.startswith("@Variant(") and text.endswith(")"):
        number = _variant(text[len("@Variant(") : -1])
        return text if number is None else f"{number:g}"
    return text


def _variant(text: str) -> float | None:
    """A float or a double of a QDataStream; None for anything else."""
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return None
    kind, rest = int.from_bytes(data[:4]), data[4:]
    if (kind in _FLOAT and len(rest) in (4, 8)) or (kind == _DOUBLE and len(rest) == 8):
        return float(struct.unpack(">f" if len(rest) == 4 else ">d", rest)[0])
    return None

"""The text of a design: one field a line, NAME: TYPE [= NUMBER], read with the place of every mistake."""

import keyword
import re
from typing import Final

from workbench.formats.framing.design import MAX_FIELDS, Design, Field
from workbench.formats.place import mistake

MAX_FIXED: Final = 65_536
"""Octets of a field of a fixed size; more is what a length field is for."""
EXAMPLE: Final = "magic: u16 = 0xCAFE\nkind: u8\nsize: u16\nbody: octets[size]\n"
_LINE: Final = re.compile(r"\s*(?P<name>[^\s:=#]*)\s*(?P<colon>:?)\s*(?P<type>[^\s=#]*)\s*(?P<rest>=?.*)$")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
_NUMBER: Final = re.compile(r"(?P<sign>[ui])(?P<bits>8|16|32|64)(?P<order>le|be)?\Z")
_SIZED: Final = re.compile(r"(?P<kind>octets|text)\[(?P<size>[^\]]*)\]\Z")
_TYPES: Final = (
    "u8, u16, u32, u64, i8 to i64, with le behind for little-endian, octets[N], text[N] or octets[FIELD]"
)


def read_design(text: str) -> Design:
    """The design that a text describes.

    Raises: LocalMisuse with the place of the mistake.
    """
    fields: list[Field] = []
    at = 0
    for line in text.split("\n"):
        bare = line.partition("#")[0].rstrip()
        if bare.strip():
            if len(fields) == MAX_FIELDS:
                raise mistake(text, at, at + len(line), f"more than {MAX_FIELDS} fields", "leave some out")
            fields.append(_field(text, at, bare, fields))
        at += len(line) + 1
    if not fields:
        raise mistake(text, 0, len(text), "a design has at least one field", "write a line like kind: u8")
    design = Design(tuple(fields))
    if not design.free:
        raise mistake(
            text, 0, len(text), "no field is free to carry a message", "add one like body: octets[4]"
        )
    return design


def _field(text: str, at: int, line: str, before: list[Field]) -> Field:
    found = _LINE.match(line)
    assert found is not None
    name, start = found["name"], at + found.start("name")
    if not _NAME.match(name) or keyword.iskeyword(name):
        advice = "a name has small letters, digits and _, begins with a letter, and is no word of Python"
        raise mistake(text, start, start + len(name), f"{name!r} is no name for a field", advice)
    if any(field.name == name for field in before):
        raise mistake(
            text, start, start + len(name), f"there is a field {name} already", "name it differently"
        )
    if not found["colon"]:
        raise mistake(
            text, start + len(name), at + len(line), "a colon follows the name", f"write {name}: u8"
        )
    place = at + found.start("type")
    field = _typed(text, place, found["type"], before)._replace(name=name, start=start, stop=at + len(line))
    rest = found["rest"].strip()
    return (
        field if not rest else field._replace(constant=_constant(text, at + found.start("rest"), rest, field))
    )


def _typed(text: str, at: int, written: str, before: list[Field]) -> Field:
    number, sized = _NUMBER.match(written), _SIZED.match(written)
    if number:
        order = "little" if number["order"] == "le" else "big"
        return Field("", "number", int(number["bits"]) // 8, order, number["sign"] == "i")  # type: ignore[arg-type]  # one of its orders
    if sized is None:
        raise mistake(text, at, at + len(written), f"{written!r} is no type", f"write one of: {_TYPES}")
    kind, size = sized["kind"], sized["size"]
    place = at + sized.start("size")
    if size.isascii() and size.isdecimal():
        if not 1 <= int(size[:9]) <= MAX_FIXED:
            raise mistake(
                text, place, place + len(size), f"a field has 1 to {MAX_FIXED:,} octets", "write less"
            )
        return Field("", kind, int(size))  # type: ignore[arg-type]  # one of its kinds
    by = next((field for field in before if field.name == size), None)
    if by is None or by.kind != "number" or by.signed or by.constant is not None:
        advice = "name a field above that is u8, u16, u32 or u64 and has no = behind it"
        raise mistake(text, place, place + len(size), f"{size!r} can't say a length", advice)
    if any(field.by == size for field in before):
        what = f"{size} says the length of another field already"
        raise mistake(text, place, place + len(size), what, "give each its own")
    return Field("", kind, by=size)  # type: ignore[arg-type]  # one of its kinds


def _constant(text: str, at: int, rest: str, field: Field) -> int:
    end = at + len(rest)
    if not rest.startswith("=") or field.kind != "number":
        advice = "only a number can be constant: kind: u8 = 1"
        raise mistake(text, at, end, "nothing else may stand here", advice)
    written = rest[1:].strip()
    try:
        value = int(written, 0)
    except ValueError:
        raise mistake(text, at, end, f"{written!r} is no number", "write it like 5 or 0xCAFE") from None
    low, high = field.bounds
    if not low <= value <= high:
        what = f"{value:,} does not fit: {field.written} goes from {low:,} to {high:,}"
        raise mistake(text, at, end, what, "choose a wider type")
    return value

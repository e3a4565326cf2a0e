"""Numbers and structures of the page: what is typed, looked at in every way. No Qt."""

from collections.abc import Callable
from typing import TypeVar

from workbench.errors import LocalMisuse
from workbench.formats.framing import numbers as words
from workbench.formats.framing.structure import Value, inspect, pack, read_format, suggest
from workbench.formats.hextext import parse_hex
from workbench.formats.place import mistake
from workbench.panels.sockets.framing.state import Form, Numbers, Structure

MAX_OCTETS = 4096
"""Octets that a structure lies over; a header has some dozens."""
T = TypeVar("T")


def numbers_of(form: Form) -> Numbers:
    """The number and the octets of the form."""
    value, wrong = _tried(lambda: words.read_number(form.number))
    octets, octets_wrong = _tried(lambda: words.read_octets(form.octets))
    found = Numbers(mistake=wrong, octets_mistake=octets_wrong)
    if value is not None:
        found = Numbers(words.rows(value), words.network_remark(value), None, (), "", octets_wrong)
    if octets is None:
        return found
    hint = ""
    if len(octets) in (2, 4, 8):
        hint = words.swap_hint(int.from_bytes(octets, "big"), 8 * len(octets))
    return Numbers(found.rows, found.remark, found.mistake, words.readings(octets), hint)


def structure_of(form: Form) -> Structure:
    """The octets of the form by its format, and its values by the same."""
    data, octets_wrong = _tried(lambda: _octets(form.structure))
    held = data if data is not None else b""
    fields, wrong = _tried(lambda: inspect(form.format, held))
    packed, values_wrong = (
        _tried(lambda: pack(form.format, _values(form))) if form.values.strip() else (None, None)
    )
    if wrong is not None and values_wrong is not None and _is_format_wrong(form):
        # Said once, at the format.
        values_wrong = None
    known = suggest(held)
    if fields and len(fields) > 1 and known and known[0].format == form.format.strip():
        # Octets that make sense as they are read are not swapped.
        fields = tuple(each._replace(hint="") for each in fields)
    return Structure(held, fields or (), known, wrong, octets_wrong, packed, values_wrong)


def _is_format_wrong(form: Form) -> bool:
    return _tried(lambda: read_format(form.format))[1] is not None


def _octets(text: str) -> bytes:
    data = parse_hex(text)
    if len(data) > MAX_OCTETS:
        raise mistake(text, 0, len(text), f"more than {MAX_OCTETS:,} octets", "take the ones that matter")
    return data


def _values(form: Form) -> list[Value]:
    """Numbers, and octets as 'text' or hexadecimal behind x: what stands between blanks."""
    found: list[Value] = []
    at = 0
    for word in form.values.split(" "):
        if word:
            found.append(_value(form.values, at, word))
        at += len(word) + 1
    return found


def _value(text: str, at: int, word: str) -> Value:
    if word.startswith("x:"):
        return parse_hex(word[2:])
    if word[0] == word[-1] == "'" and len(word) > 1:
        return word[1:-1].encode()
    for read in (lambda: int(word, 0), lambda: float(word)):
        try:
            return read()
        except ValueError:
            continue
    advice = "write numbers, 'text' or x:6869, with blanks between"
    raise mistake(text, at, at + len(word), f"{word!r} is no value", advice)


def _tried(read: Callable[[], T]) -> tuple[T | None, LocalMisuse | None]:
    try:
        return read(), None
    except LocalMisuse as misuse:
        return None, misuse

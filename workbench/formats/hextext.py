"""Octets written in hexadecimal by people and by other programs, read strictly.

`parse_hex` takes the ways in which octets are written in a row; `parse_hexdump` takes a whole pasted listing
and checks it against its own offsets and its own text column. Neither drops or fills up anything: a tool that
silently sends half of what was pasted is worse than one that refuses.
"""

from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.place import mistake

MAX_LISTING: Final = 64 * 1024 * 1024
"""Octets that one pasted listing may stand for; a "*" could claim any number."""

_HEX: Final = frozenset("0123456789abcdefABCDEF")
_SPACE: Final = " \t\r\n"
_SEPARATORS: Final = ":-,"


# Octets in a row --------------------------------------------------------------------------------------------


def parse_hex(text: str) -> bytes:
    """Octets from hexadecimal digits, two to an octet.

    Between octets may stand nothing, white space, or one kind of separator: ":", "-" or ",". "0x" may stand
    before any group of digits. "" is no octets.

    Raises:
        LocalMisuse: half an octet, a character that is no digit, a separator with nothing beside it, two
        kinds of them.
    """
    quick = _plain_pairs(text)
    if quick is not None:
        return quick
    found = bytearray()
    separator = -1  # the place of the separator that waits for its octet
    kind = ""
    at = 0
    while at < len(text):
        if text[at] in _SPACE:
            at += 1
        elif text[at] in _SEPARATORS:
            _check_separator(text, at, separator, kind, is_first=not found)
            separator, kind = at, text[at]
            at += 1
        else:
            stop = _read_group(text, at, found)
            separator, at = -1, stop
    if separator >= 0:
        what = "no octet follows this separator"
        raise mistake(text, separator, separator + 1, what, "remove it, or write the octet")
    return bytes(found)


def _check_separator(text: str, at: int, separator: int, kind: str, *, is_first: bool) -> None:
    if is_first or separator >= 0:
        what = "no octet stands before this separator"
        raise mistake(text, at, at + 1, what, "remove it, or write the octet")
    if kind and text[at] != kind:
        what = f"{text[at]!r} after {kind!r}: two kinds of separator"
        raise mistake(text, at, at + 1, what, f"write {kind!r} everywhere, or only spaces")


def _read_group(text: str, start: int, found: bytearray) -> int:
    """Append the octets of the group of digits at `start`; returns the place behind it."""
    first = start + 2 if text[start : start + 2] in ("0x", "0X") else start
    stop = first
    while stop < len(text) and text[stop] in _HEX:
        stop += 1
    if stop == first and first > start:
        raise mistake(text, start, first, "no digits follow this 0x", "write it like 0x0A")
    if stop == first:
        raise not_hex(text, start)
    if (stop - first) % 2:
        if stop < len(text) and text[stop] not in _SPACE + _SEPARATORS:
            raise not_hex(text, stop)
        raise odd_digits(text, first, stop)
    found += bytes.fromhex(text[first:stop])
    return stop


def read_pairs(text: str, start: int, end: int) -> bytes:
    """Octets from groups of digits with nothing but white space between them, at `text[start:end]`.

    Raises:
        LocalMisuse: placed at a character that is no digit, or at a group with an odd number of digits.
    """
    quick = _plain_pairs(text[start:end])
    if quick is not None:
        return quick
    for i in range(start, end):
        if text[i] not in _HEX and text[i] not in _SPACE:
            raise not_hex(text, i)
    found = bytearray()
    at = start
    while at < end:
        stop = at
        while stop < end and text[stop] in _HEX:
            stop += 1
        if (stop - at) % 2:
            raise odd_digits(text, at, stop)
        found += bytes.fromhex(text[at:stop])
        at = stop + 1
    return bytes(found)


def _plain_pairs(text: str) -> bytes | None:
    """The octets of a text that is right as it stands, at the speed of C; None: look closer."""
    try:
        # It takes white space between octets only, as we do, but also form feeds and the like.
        return None if "\f" in text or "\v" in text else bytes.fromhex(text)
    except ValueError:
        return None


def not_hex(text: str, at: int) -> LocalMisuse:
    """The mistake of a character that is no hexadecimal digit."""
    what = f"{text[at]!r} is no hexadecimal digit"
    return mistake(text, at, at + 1, what, "write octets with 0 to 9 and a to f, like de ad be ef")


def odd_digits(text: str, start: int, end: int) -> LocalMisuse:
    """The mistake of digits that leave half an octet over."""
    digits = text[start:end]
    if len(digits) == 1:
        what = "an octet has two hexadecimal digits, this has one"
        return mistake(text, start, end, what, f"write 0{digits} if you mean that")
    what = f"{len(digits)} hexadecimal digits leave half an octet over"
    return mistake(text, start, end, what, "write two digits for each octet")


# Whole listings ---------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    offset: int
    start: int  # of the offset's digits
    end: int
    data: bytes


def parse_hexdump(text: str) -> bytes:
    """The octets of a pasted listing: of this program, hexdump -C, xxd, od -A x -t x1z, Wireshark.

    Each row begins with its offset in hexadecimal; the first need not be 0. "*" repeats the row before it up
    to the next offset. The text column, where there is one, must agree with the octets.

    Raises:
        LocalMisuse: a row without an offset, an offset that does not follow from the rows before it, octets
        that do not
            agree with the text beside them, groups whose order of octets cannot be known, more than
            MAX_LISTING octets.
    """
    found = bytearray()
    base: int | None = None
    last = b""
    star = -1
    start = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare == "*":
            if not last or star >= 0:
                place = start + line.index("*")
                raise mistake(
                    text, place, place + 1, "no row stands before this *", "paste the whole listing"
                )
            star = start + line.index("*")
        elif bare:
            row = _read_row(text, start, start + len(line.rstrip()))
            base = row.offset if base is None else base
            if star >= 0:
                found += _repeated(text, row, last, row.offset - base - len(found))
                star = -1
            _check_offset(text, row, base + len(found))
            found += row.data
            last = row.data
        start += len(line)
    if star >= 0:
        raise mistake(
            text, star, star + 1, "no offset follows this *", "paste the listing with its last line"
        )
    return bytes(found)


def _repeated(text: str, row: _Row, last: bytes, missing: int) -> bytes:
    if not last or missing <= 0 or missing % len(last):
        what = "the rows that * stands for do not fill the space up to this offset"
        raise mistake(text, row.start, row.end, what, "paste the listing again, whole")
    if missing > MAX_LISTING:
        what = f"the rows that * stands for are more than {MAX_LISTING // 2**20} MiB"
        raise mistake(text, row.start, row.end, what, "send a file instead")
    return last * (missing // len(last))


def _check_offset(text: str, row: _Row, expected: int) -> None:
    if row.offset == expected:
        return
    what = f"this row says {row.offset:x}, but {expected:x} follows from the rows before it"
    raise mistake(text, row.start, row.end, what, "a row is missing, doubled or cut: paste the listing again")


def _read_row(text: str, start: int, end: int) -> _Row:
    while text[start] in " \t":
        start += 1
    stop = start
    while stop < end and text[stop] in _HEX:
        stop += 1
    has_colon = stop < end and text[stop] == ":"
    body = stop + 1 if has_colon else stop
    if stop - start < 4 or (body < end and text[body] not in " \t"):
        what = "a row of a listing begins with its offset of four digits or more"
        raise mistake(text, start, max(stop, start + 1), what, "for octets without offsets choose plain hex")
    if stop - start > 16:
        raise mistake(
            text, start, stop, "an offset has at most 16 digits", "paste a listing with shorter offsets"
        )
    data, first, last = _read_octets(text, body, end, words_allowed=has_colon)
    _check_column(text, first, last, end, data)
    return _Row(int(text[start:stop], 16), start, stop, data)


def _read_octets(text: str, start: int, end: int, *, words_allowed: bool) -> tuple[bytes, int, int]:
    """The octets of a row, and the first and last place where its text column may begin (`end`, `end` without
    one).

    hexdump -C leaves two spaces in the middle and frames the text in bars; xxd writes a colon behind the
    offset, any even number of digits to a group, and two spaces before the text; Wireshark leaves three
    spaces. Where there are no bars, the text itself may begin with spaces.
    """
    gap = 2 if words_allowed else 3
    found = bytearray()
    at = start
    while at < end:
        spaces = at
        while at < end and text[at] in " \t":
            at += 1
        if at == end or text[at] in "|>":
            return bytes(found), at, at
        if found and at - spaces >= gap:
            return bytes(found), spaces + gap, at
        stop = at
        while stop < end and text[stop] in _HEX:
            stop += 1
        if stop < end and text[stop] not in " \t":
            raise not_hex(text, stop)
        if (stop - at) % 2:
            raise odd_digits(text, at, stop)
        if stop - at > 2 and not words_allowed:
            what = "groups without a colon behind the offset are numbers whose order of octets is unknown"
            raise mistake(text, at, stop, what, "make the listing with hexdump -C or xxd")
        found += bytes.fromhex(text[at:stop])
        at = stop
    return bytes(found), end, end


def _check_column(text: str, first: int, last: int, end: int, data: bytes) -> None:
    """Compare the text column with the octets: this finds swapped and edited rows."""
    if last < end and text[last] in "|>" and first == last:
        closing = "|" if text[last] == "|" else "<"
        end = end - 1 if end - 1 > last and text[end - 1] == closing else end
        first = last = last + 1
    if end - last > len(data):
        what = f"this text shows {end - last} characters beside {len(data)} octets"
        raise mistake(text, last, end, what, "paste the listing again, whole")
    # Where the text may begin at several places, the one that agrees for longest is meant.
    wrong = max(
        _first_difference(text, start, end, data) for start in range(max(first, end - len(data)), last + 1)
    )
    if wrong < end:
        what = f"{text[wrong]!r} in this text does not agree with its octet"
        raise mistake(text, wrong, wrong + 1, what, "paste the listing again, unchanged")


def _first_difference(text: str, start: int, end: int, data: bytes) -> int:
    """The place of the first character from `start` on that its octet is not shown as, or `end`."""
    for i, octet in zip(range(start, end), data, strict=False):
        # What cannot be shown is a dot, or a sign beyond ASCII.
        if text[i] != chr(octet) and text[i] != "." and text[i].isascii():
            return i
    return end

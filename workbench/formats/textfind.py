"""Whether octets hold a text, in whatever case: a gigabyte in less than a second, while a window goes on.

Decoding and folding take 1 GiB ten seconds, a regular expression that minds no case more than one. Most texts are
ASCII, and most octets hold few of the text's rarest letter: that letter is looked for, in both cases, by C's own
search, and each place where it stands is looked at closely. Where it stands too often the regular expression goes on.
"""

from codecs import utf_8_decode
from collections.abc import Callable, Iterator
from string import ascii_lowercase
from typing import Any

FOLDS_TO_ASCII = (
    "\u00df\u0130\u0149\u017f\u01f0\u1e96\u1e97\u1e98\u1e99\u1e9a\u1e9e\u212a"
    "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"
)
"""The characters beyond ASCII whose casefolding has ASCII letters in it; a test goes through all of Unicode."""
SAMPLE = 2048
"""Octets in the middle of a piece in which the letters are counted; one that is rare there is rare around it."""
MAX_PLACES = 64
"""Of the rare letter, looked at closely in one piece; more cost as much as the regular expression."""


def finder(text: str) -> Callable[[bytes], bool]:
    """What tells whether octets hold a text as UTF-8.

    The few characters beyond ASCII that fold to ASCII letters (the Kelvin sign, the long s, ligatures) are minded in
    what is UTF-8.

    Args:
        text: casefolded.
    """
    if not text.isascii():
        return lambda data: text in data.decode("utf-8", "replace").casefold()
    needle = _Needle(text.encode())
    letters = set(text) & set(ascii_lowercase)
    odd = [c for c in FOLDS_TO_ASCII if letters & set(c.casefold())]

    def found(data: bytes) -> bool:
        if needle.is_in(data):
            return True
        if data.isascii():
            return False
        said = _as_utf8(data)
        return any(character in said for character in odd) and text in said.casefold()

    return found


class _Needle:
    """ASCII octets in lower case, looked for in any."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._pattern: Any = None
        # The first place of each of its octets.
        self._at = {octet: place for place, octet in reversed(list(enumerate(text)))}

    def is_in(self, data: bytes) -> bool:
        if not self._text:
            return True
        middle = max(0, len(data) // 2 - SAMPLE // 2)
        sample = data[middle : middle + SAMPLE].lower()
        rare = min(self._at, key=sample.count)
        if sample.count(rare) * MAX_PLACES > SAMPLE:
            return self._by_pattern(data, 0)
        back = self._at[rare]
        for count, place in enumerate(_places(data, rare)):
            if count == MAX_PLACES:
                return self._by_pattern(data, max(0, place - back))
            start = place - back
            if start >= 0 and data[start : start + len(self._text)].lower() == self._text:
                return True
        return False

    def _by_pattern(self, data: bytes, start: int) -> bool:
        if self._pattern is None:
            import regex  # 30 ms, and few texts need one

            self._pattern = regex.compile(regex.escape(self._text), regex.IGNORECASE)
        return self._pattern.search(data, start) is not None


def _places(data: bytes, octet: int) -> Iterator[int]:
    """Where an octet stands in either case, ascending."""
    other = bytes([octet]).upper()[0]
    low, high = data.find(octet), data.find(other) if other != octet else -1
    while low >= 0 or high >= 0:
        if high < 0 or 0 <= low < high:
            yield low
            low = data.find(octet, low + 1)
        else:
            yield high
            high = data.find(other, high + 1)


def _as_utf8(data: bytes) -> str:
    """A piece of a text; "" where it is none. Its first and last characters may be cut in two."""
    start = next((at for at, octet in enumerate(data[:4]) if octet & 0xC0 != 0x80), 0)
    try:
        return utf_8_decode(data[start:], "strict", False)[0]
    except UnicodeDecodeError:
        return ""

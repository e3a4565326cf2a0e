"""The words of a script or of a list of rules: one statement a line, read strictly, every place known.

Words stand apart by blanks. A text stands in double quotes and is a payload (formats.macro): `\\"` in it is a quotation
mark. `#` begins a remark that goes on to the end of the line.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

from workbench.errors import LocalMisuse
from workbench.formats.macro import Template, parse_template
from workbench.formats.pattern import compile_pattern
from workbench.formats.payload import parse_hex
from workbench.formats.place import mistake

T = TypeVar("T")

MAX_TEXT: Final = 4 * 1024 * 1024
"""Characters of a whole script: a conversation of a mebibyte written in hexadecimal."""
MAX_LINES: Final = 20_000
MAX_SECONDS: Final = 3600.0

LINES: Final = "(?m)"

_TOKEN: Final = re.compile(r'[ \t]+|(?P<remark>#.*)|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"#]+)')
_DURATION: Final = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(ms|s|m)\Z")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0}


class Word(NamedTuple):
    """One word, `source[start:end]`; a quoted one's text is what stands between the marks, untouched."""

    text: str
    start: int
    end: int
    is_quoted: bool


class Line(NamedTuple):
    """One line that says something. number counts from 1."""

    number: int
    start: int
    end: int
    words: tuple[Word, ...]


def read_lines(source: str) -> list[Line]:
    """The lines that say something. Raises: LocalMisuse: too long, or a text that is not closed."""
    if len(source) > MAX_TEXT:
        raise mistake(
            source, MAX_TEXT, len(source), "this is too long", f"{MAX_TEXT} characters are the most"
        )
    lines: list[Line] = []
    start = 0
    for number, text in enumerate(source.split("\n"), 1):
        words = _words(source, start, start + len(text.removesuffix("\r")))
        if words:
            lines.append(Line(number, words[0].start, words[-1].end, words))
        start += len(text) + 1
    if len(lines) > MAX_LINES:
        at = lines[MAX_LINES].start
        raise mistake(source, at, at, f"more than {MAX_LINES} lines", "use repeat, or several files")
    return lines


def _words(source: str, start: int, stop: int) -> tuple[Word, ...]:
    found = []
    at = start
    while at < stop:
        token = _TOKEN.match(source, at, stop)
        if token is None:
            if source[at] == '"':
                what, advice = "this text is never closed", 'write a " behind it; one inside is written \\"'
                raise mistake(source, at, stop, what, advice)
            code = f"U+{ord(source[at]):04X}"
            raise mistake(
                source, at, at + 1, f"{code} stands between words", "write blanks there, or a text in quotes"
            )
        if (quoted := token["quoted"]) is not None:
            found.append(Word(quoted, token.start() + 1, token.end() - 1, True))
        elif token["bare"]:
            found.append(Word(token["bare"], token.start(), token.end(), False))
        at = token.end()
    return tuple(found)


class Reading:
    """One line being read from left to right."""

    def __init__(self, source: str, line: Line) -> None:
        self.source = source
        self.line = line
        self._at = 0

    @property
    def next(self) -> Word | None:
        """The word that comes next, left where it is."""
        return self.line.words[self._at] if self._at < len(self.line.words) else None

    def wrong(self, what: str, advice: str, word: Word | None = None) -> LocalMisuse:
        """A mistake, to be raised, at a word; without one behind the last."""
        start = word.start if word is not None else self.line.end
        return mistake(self.source, start, word.end if word is not None else start, what, advice)

    def take(self, what: str, advice: str) -> Word:
        """The next word. Raises: LocalMisuse: there is none."""
        word = self.next
        if word is None:
            raise self.wrong(what, advice)
        self._at += 1
        return word

    def take_if(self, text: str) -> Word | None:
        """The next word if it is this one."""
        word = self.next
        if word is None or word.is_quoted or word.text != text:
            return None
        self._at += 1
        return word

    def done(self) -> None:
        """Raises: LocalMisuse: more stands on the line."""
        if (word := self.next) is not None:
            raise self.wrong(f"{word.text[:40]!r} is too much here", "leave it out", word)

    # ---- what words mean

    def seconds(self) -> float:
        """A time. Raises: LocalMisuse."""
        advice = "write it like 200ms, 2s or 1m"
        word = self.take("a time is missing", advice)
        found = _DURATION.match(word.text)
        if found is None or word.is_quoted:
            raise self.wrong(f"{word.text[:40]!r} is no time", advice, word)
        seconds = float(found[1]) * _UNITS[found[2]]
        if seconds > MAX_SECONDS:
            raise self.wrong("longer than an hour", advice, word)
        return seconds

    def number(self, least: int, most: int) -> int:
        """A whole number. Raises: LocalMisuse."""
        advice = f"write a number from {least} to {most}"
        word = self.take("a number is missing", advice)
        if not (word.text.isascii() and word.text.isdecimal()) or len(word.text) > 9:
            raise self.wrong(f"{word.text[:40]!r} is no number", advice, word)
        if not least <= int(word.text) <= most:
            raise self.wrong(f"{word.text} is out of reach", advice, word)
        return int(word.text)

    def quoted(self, advice: str) -> Word:
        """A text in quotes. Raises: LocalMisuse."""
        word = self.take("a text is missing", advice)
        if not word.is_quoted:
            raise self.wrong(f"{word.text[:40]!r} stands without quotes", advice, word)
        return word

    def template(self) -> Template:
        """A payload: a text in quotes, or hex and octets. Raises: LocalMisuse, in the whole source's places."""
        if self.take_if("hex") is not None:
            data = self.octets()
            return parse_template("\\{" + data.hex() + "}")
        word = self.quoted('write a payload in quotes, like "hello\\r\\n", or hex 68 69')
        text, places = _unmarked(word.text)

        def at(place: int) -> int:
            return word.start + places[min(place, len(places) - 1)]

        return self.within(lambda: parse_template(text), at)

    def octets(self) -> bytes:
        """Octets in hexadecimal, of one text or of all words up to `within`. Raises: LocalMisuse."""
        first = self.next
        if first is None:
            raise self.wrong("the octets are missing", "write them like de ad be ef")
        start = stop = first.start
        while (word := self.next) is not None and word.text not in ("within", "for"):
            stop, self._at = word.end, self._at + 1
            if word.is_quoted:
                break
        if stop == start:
            raise self.wrong("the octets are missing", "write them like de ad be ef", first)
        return self.within(lambda: parse_hex(self.source[start:stop]), lambda place: start + place)

    def pattern(self) -> tuple[str, object]:
        """A regular expression and the same compiled; ^ and $ mean ends of lines. Raises: LocalMisuse."""
        word = self.quoted('write it in quotes, like "^250[ -]"')
        if not word.text:
            raise self.wrong("an empty pattern matches everything", "write what is awaited", word)
        # ^ and $ are ends of lines: what was said before is no line's beginning.
        compiled = self.within(
            lambda: compile_pattern(LINES + word.text), lambda place: word.start + max(0, place - len(LINES))
        )
        return word.text, compiled

    def within(self, read: Callable[[], T], at: Callable[[int], int]) -> T:
        """What `read` returns; a mistake of it gets its place in the whole source."""
        try:
            return read()
        except LocalMisuse as wrong:
            start, end = at(wrong.start or 0), at(wrong.end if wrong.end is not None else wrong.start or 0)
            raise mistake(self.source, start, end, wrong.what, wrong.advice, wrong.source) from wrong


def _unmarked(text: str) -> tuple[str, list[int]]:
    """The text with `\\"` as a plain mark, and for each of its characters, and its end, the place before."""
    found: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text):
        if text.startswith('\\"', at):
            at += 1
        elif text[at] == "\\" and at + 1 < len(text):
            found.append(text[at])
            places.append(at)
            at += 1
        found.append(text[at])
        places.append(at)
        at += 1
    return "".join(found), [*places, len(text)]

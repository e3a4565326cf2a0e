"""What a person types to be sent: text and octets mixed, read strictly, and written back.

The language, the same in the window, the terminal and experiments:

    hello\\r\\n            named escapes \\r \\n \\t \\0 \\\\ \\e \\a \\b \\f \\v: characters, encoded like
    typed ones \\xFF                 one octet, whatever the encoding \\u{1F600}            one character by
    its number \\{de ad be ef}       any number of octets a real line break    itself, or the line ending that
    was chosen

Strategy: nothing is dropped, padded or guessed. An unknown or half escape, an odd number of hexadecimal
digits, a character that the encoding lacks: each is a `LocalMisuse` at its exact place, and nothing is sent.
The reader works in pieces, so that an editor can show which octets each bit of text makes.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from workbench.formats.charset import TextDecoder, encoding_named, visible
from workbench.formats.hextext import parse_hex, parse_hexdump, read_pairs
from workbench.formats.place import mistake

__all__ = [
    "LINE_ENDINGS",
    "NAMED_ESCAPES",
    "Piece",
    "parse_hex",
    "parse_hexdump",
    "parse_payload",
    "parse_pieces",
    "write_payload",
]

LINE_ENDINGS: Final[dict[str, str | None]] = {
    "as typed": None,
    "lf": "\n",
    "crlf": "\r\n",
    "cr": "\r",
    "nul": "\0",
    "none": "",
}
"""What a real line break in the text becomes; None: it stays."""

NAMED_ESCAPES: Final[dict[str, str]] = {
    "r": "\r",
    "n": "\n",
    "t": "\t",
    "0": "\0",
    "\\": "\\",
    "e": "\x1b",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
}

_NAME_OF: Final = {character: name for name, character in NAMED_ESCAPES.items()}
_PLAIN_RUN: Final = re.compile(r"[^\\\r\n]+")
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_KNOWN: Final = "\\r \\n \\t \\0 \\\\ \\e \\a \\b \\f \\v, \\xHH, \\u{HEX} or \\{hex hex}"
_SPACE: Final = " \t\r\n"


class Piece(NamedTuple):
    """`text[start:end]` makes `data`; pieces follow each other without a gap."""

    start: int
    end: int
    data: bytes


def parse_payload(text: str, *, encoding: str = "utf-8", line_ending: str = "as typed") -> bytes:
    """The octets that `text` means.

    Args:
        encoding: one of `charset.ENCODINGS`.
        line_ending: one of LINE_ENDINGS; "none" removes real line breaks, "as typed" keeps them.

    Raises:
        LocalMisuse: with the place of the mistake.
    """
    return b"".join(piece.data for piece in parse_pieces(text, encoding=encoding, line_ending=line_ending))


def parse_pieces(text: str, *, encoding: str = "utf-8", line_ending: str = "as typed") -> list[Piece]:
    """The same, piece by piece: runs of plain text, each escape, each line break, each run of octets.

    Raises:
        LocalMisuse: with the place of the mistake.
    """
    reader = _Reader(text, encoding_named(encoding), _ending_named(line_ending))
    return reader.pieces()


def _ending_named(name: str) -> str | None:
    if name not in LINE_ENDINGS:
        advice = "choose one of: " + ", ".join(LINE_ENDINGS)
        raise mistake(name, 0, len(name), f"{name!r} is no line ending that is offered here", advice)
    return LINE_ENDINGS[name]


class _Reader:
    def __init__(self, text: str, encoding: str, ending: str | None) -> None:
        self.text = text
        self.encoding = encoding
        self.ending = ending

    def pieces(self) -> list[Piece]:
        text = self.text
        found: list[Piece] = []
        at = 0
        while at < len(text):
            if text[at] == "\\":
                piece = self._escape(at)
            elif text[at] in "\r\n":
                piece = self._line_break(at)
            else:
                piece = self._plain(at)
            found.append(piece)
            at = piece.end
        return found

    def _plain(self, start: int) -> Piece:
        run = _PLAIN_RUN.match(self.text, start)
        end = run.end() if run else start
        return Piece(start, end, self._encoded(self.text[start:end], start, end))

    def _line_break(self, start: int) -> Piece:
        end = start + (2 if self.text.startswith("\r\n", start) else 1)
        meant = self.text[start:end] if self.ending is None else self.ending
        return Piece(start, end, self._encoded(meant, start, end))

    def _encoded(self, characters: str, start: int, end: int) -> bytes:
        """Encode; a character that the encoding lacks is a mistake at its place, or at the whole escape."""
        try:
            return characters.encode(self.encoding)
        except UnicodeEncodeError as error:
            if len(characters) == end - start:
                start, end = start + error.start, start + error.start + 1
            code = f"U+{ord(characters[error.start]):04X}"
            if 0xD800 <= ord(characters[error.start]) < 0xE000:
                advice = "write the whole character, or the octets you mean as \\{ed a0 80}"
                raise mistake(self.text, start, end, f"{code} is half of a surrogate pair", advice) from error
            what = f"{self.encoding} has no {code}"
            advice = "choose another encoding, like utf-8, or write the octets as \\{c3 a9}"
            raise mistake(self.text, start, end, what, advice) from error

    def _escape(self, start: int) -> Piece:
        text = self.text
        letter = text[start + 1 : start + 2]
        if letter == "x":
            return self._octet(start)
        if letter == "u":
            return self._character(start)
        if letter == "{":
            return self._octets(start)
        if letter == "0" and text[start + 2 : start + 3].isdecimal():
            what = "octal numbers are not read here"
            advice = f"write \\x{'00' + text[start + 2]} for NUL and a digit, or the octet as \\xHH"
            raise mistake(text, start, start + 3, what, advice)
        if letter in NAMED_ESCAPES:
            end = start + 2
            return Piece(start, end, self._encoded(NAMED_ESCAPES[letter], start, end))
        if not letter:
            what = "nothing follows this backslash"
            raise mistake(text, start, start + 1, what, "write \\\\ for a backslash")
        if letter in "\r\n":
            what = "a backslash stands at the end of this line"
            raise mistake(text, start, start + 1, what, "write \\\\ for a backslash; long lines need none")
        what = f"\\{letter} is no escape"
        raise mistake(text, start, start + 2, what, f"write {_KNOWN}; \\\\ is a backslash")

    def _octet(self, start: int) -> Piece:
        """\\xHH, exactly two digits."""
        digits = self.text[start + 2 : start + 4]
        count = next((i for i, digit in enumerate(digits) if digit not in _HEX), len(digits))
        if count < 2:
            what = "\\x takes two hexadecimal digits"
            advice = f"write \\x0{digits[0]}" if count else "write it like \\x0A"
            raise mistake(self.text, start, start + 2 + count, what, advice)
        return Piece(start, start + 4, bytes.fromhex(digits))

    def _character(self, start: int) -> Piece:
        """\\u{H...}, one to six digits."""
        text = self.text
        first = start + 3
        if not text.startswith("{", start + 2):
            what = "\\u takes the number of a character in braces"
            raise mistake(text, start, start + 2, what, "write it like \\u{E9}")
        close = first
        while close < len(text) and text[close] in _HEX:
            close += 1
        if not text.startswith("}", close):
            if close == len(text):
                raise mistake(text, start, close, "this \\u{ is never closed", "close it like \\u{E9}")
            what = f"{text[close]!r} is no hexadecimal digit"
            raise mistake(text, close, close + 1, what, "write 0 to 9 and a to f between \\u{ and }")
        if first == close:
            raise mistake(
                text, start, close + 1, "the number of the character is missing", "write it like \\u{E9}"
            )
        digits = text[first:close].lstrip("0") or "0"
        if len(digits) > 6 or int(digits, 16) > 0x10FFFF:
            raise mistake(text, first, close, "characters end at U+10FFFF", "write octets as \\{de ad}")
        return Piece(start, close + 1, self._encoded(chr(int(digits, 16)), start, close + 1))

    def _octets(self, start: int) -> Piece:
        """\\{de ad be ef}, and \\{} for none."""
        close = self.text.find("}", start)
        if close < 0:
            wrong = next(
                (
                    i
                    for i in range(start + 2, len(self.text))
                    if self.text[i] not in _HEX and self.text[i] not in _SPACE
                ),
                None,
            )
            if wrong is None:
                what = "these octets are never closed"
                raise mistake(self.text, start, len(self.text), what, "write a closing brace behind them")
            close = wrong + 1
        return Piece(start, close + 1, read_pairs(self.text, start + 2, close))


def write_payload(data: bytes, encoding: str = "utf-8") -> str:
    """The shortest honest spelling of `data`: what can be read is text, line ends are escapes, the rest
    octets.

    `parse_payload(write_payload(data, encoding), encoding=encoding) == data` for all octets and every line
    ending; the result is one line of printable characters.

    Raises:
        LocalMisuse: the encoding is unknown.
    """
    codec = encoding_named(encoding)
    parts: list[str] = []
    run = bytearray()  # octets that no text stands for; from two on they are shorter written together
    for (octets, character), (_, following) in pairwise([*_units(data, codec), (b"", "")]):
        spelled = _spelled(octets, character, following)
        if not spelled:
            run += octets
            continue
        parts.append(_spelled_octets(run))
        parts.append(spelled)
        run.clear()
    parts.append(_spelled_octets(run))
    return "".join(parts)


def _spelled(octets: bytes, character: str, following: str) -> str:
    """The character as text or as an escape; "" when its octets are to be written."""
    if character == "\0" and following.isdecimal():
        return ""  # \0 before a digit would look octal
    if character in _NAME_OF:
        return "\\" + _NAME_OF[character]
    if character.isprintable() and visible(character) == character:
        return character
    return f"\\u{{{ord(character):X}}}" if len(octets) > 1 and character else ""


def _spelled_octets(octets: bytes | bytearray) -> str:
    if len(octets) < 2:
        return "".join(f"\\x{octet:02x}" for octet in octets)
    return "\\{" + octets.hex() + "}"


def _units(data: bytes, codec: str) -> Iterator[tuple[bytes, str]]:
    """`data` cut into the octets of one character each; "" for octets that no text would become again."""
    text = _round_trip(data, codec)
    if text is not None:
        encoded = [character.encode(codec) for character in text]
        if b"".join(encoded) == data:
            return zip(encoded, text, strict=True)
    return _slow_units(data, codec)


def _slow_units(data: bytes, codec: str) -> Iterator[tuple[bytes, str]]:
    decoder = TextDecoder(codec)
    start = 0
    for i in range(len(data)):
        if not decoder.feed(data[i : i + 1], final=i + 1 == len(data)):
            continue
        # What does not come back as it was (a wrong octet, a detour of iso2022) stays octets, but a character
        # may have ended it: look for one at the end, of four octets at most.
        stop = i + 1
        cuts = (start, *range(max(start + 1, stop - 4), stop))
        cut = next((cut for cut in cuts if len(_round_trip(data[cut:stop], codec) or "") == 1), stop)
        if start < cut:
            yield data[start:cut], ""
        if cut < stop:
            yield data[cut:stop], data[cut:stop].decode(codec)
        start = stop
    if start < len(data):
        yield data[start:], ""


def _round_trip(data: bytes, codec: str) -> str | None:
    """The text of `data` if encoding it gives `data` again."""
    try:
        text = data.decode(codec)
        return text if text.encode(codec) == data else None
    except UnicodeError:
        return None

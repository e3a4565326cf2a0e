"""Octets to text that can be shown, without losing an octet and without obeying the peer.

Two steps that are kept apart: `TextDecoder` turns octets into characters, wherever the reads cut them; octets
that the encoding does not know become marks like ⟨FF⟩. `visible` turns characters that steer (escape
sequences, writing direction, line ends), hide (zero width, tags) or mean nothing (unassigned) into pictures
like ␛ and marks like ⟨U+202E⟩. The result is safe to show and to copy; the octets themselves stand in the
transcript.

Speed: nearly all text is ASCII with some escapes, so that path is a handful of scans by `in` and `replace`
and no loop over characters. Everything else classifies each distinct character once.
"""

import codecs
from typing import Final

from workbench.formats.place import mistake

ENCODINGS: Final[tuple[str, ...]] = (
    "utf-8",
    "ascii",
    "latin-1",
    "cp1252",
    "iso8859-2",
    "iso8859-5",
    "iso8859-7",
    "iso8859-8",
    "iso8859-9",
    "iso8859-15",
    "cp437",
    "cp850",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "koi8-r",
    "koi8-u",
    "mac-roman",
    "utf-16-le",
    "utf-16-be",
    "utf-32-le",
    "utf-32-be",
    "gbk",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_jp",
    "iso2022_jp",
    "euc_kr",
    "tis-620",
    "cp037",
    "cp500",
)
"""What can be chosen, by Python's names; the commonest first, EBCDIC (cp037, cp500) last.

Not among them: the names that write a byte order mark by themselves (utf-16, utf-32, utf-8-sig). Whoever
wants one types \\u{FEFF}.
"""

MAX_COMBINING: Final = 4
"""Marks over one letter; ours. Vietnamese, Hebrew and Thai need up to three; more is a tower over other
lines."""

_MARKED_ERRORS: Final = "workbench.marks"


def encoding_named(name: str) -> str:
    """The name in `ENCODINGS` for any spelling of it ("UTF8", "latin1", "ISO-8859-1").

    Raises:
        LocalMisuse: there is no such encoding, or it is none of ours.
    """
    try:
        wanted = codecs.lookup(name).name
    except (LookupError, ValueError):
        wanted = ""
    for known in ENCODINGS:
        if wanted and codecs.lookup(known).name == wanted:
            return known
    what = f"{name!r} is no encoding that is offered here"
    if wanted in ("utf-16", "utf-32", "utf-8-sig"):
        what = f"{wanted} adds a byte order mark by itself"
        without = "utf-8" if wanted == "utf-8-sig" else f"{wanted}-le or {wanted}-be"
        advice = f"choose {without} and type the mark as \\u{{FEFF}}"
    else:
        advice = "choose one of: " + ", ".join(ENCODINGS)
    raise mistake(name, 0, len(name), what, advice)


def _mark_octets(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"⟨{octet:02X}⟩" for octet in error.object[error.start : error.end]), error.end


def _mark_or_keep(error: UnicodeError) -> tuple[str, int]:
    """As above, but octets at the end that may yet become a character are each a _KEPT."""
    if isinstance(error, UnicodeDecodeError) and error.reason == "incomplete multibyte sequence":
        return _KEPT * (error.end - error.start), error.end
    return _mark_octets(error)


_KEPT: Final = "\ud800"  # which no decoder makes
_KEEPING_ERRORS: Final = "workbench.keeping"

codecs.register_error(_MARKED_ERRORS, _mark_octets)
codecs.register_error(_KEEPING_ERRORS, _mark_or_keep)


class TextDecoder:
    """One direction of one channel as text, read by read.

    A character that a read cuts waits for its rest: however the octets are cut, the parts joined are the same
    text.

    Args:
        encoding: any spelling of one of `ENCODINGS`.

    Raises:
        LocalMisuse: the encoding is unknown.
    """

    def __init__(self, encoding: str = "utf-8") -> None:
        self.encoding = encoding_named(encoding)
        # WORKAROUND CPython's codecs for several octets a character: they keep eight octets for the next call
        # and raise "pending buffer overflow" for more, which any peer can bring about with an unfinished
        # escape sequence of iso2022. So they are told that each call is the last, and what they miss is kept
        # here.
        self._keeps = self.encoding == "iso2022_jp"
        self._kept = b""
        self._decoder = codecs.getincrementaldecoder(self.encoding)(
            _KEEPING_ERRORS if self._keeps else _MARKED_ERRORS
        )

    def feed(self, data: bytes, *, final: bool = False) -> str:
        """The characters that `data` completes; undecodable octets as ⟨XX⟩.

        Args:
            final: nothing follows: an unfinished character is shown octet by octet; then all starts afresh.
        """
        if self._keeps:
            text = self._feed_keeping(data, final)
        else:
            text = self._decoder.decode(data, final)
        if final:
            self._decoder.reset()
        return text

    def _feed_keeping(self, data: bytes, final: bool) -> str:
        data = self._kept + data
        text = self._decoder.decode(data, True)
        whole = text.rstrip(_KEPT)
        self._kept = data[len(data) - (len(text) - len(whole)) :]
        if not final:
            return whole
        rest, self._kept = self._kept, b""
        return whole + "".join(f"⟨{octet:02X}⟩" for octet in rest)

    def finish(self) -> str:
        """What an unfinished character leaves at the end; the decoder starts afresh."""
        return self.feed(b"", final=True)


def decoded(data: bytes, encoding: str = "utf-8") -> str:
    """All of `data` as text, undecodable octets as ⟨XX⟩; not made safe to show, see `visible`."""
    return TextDecoder(encoding).feed(data, final=True)


def visible(text: str, *, keep: str = "") -> str:
    """The text with everything that steers, hides or means nothing made visible and harmless.

    C0 controls and DEL become their pictures (␛, ␍, ␡), all else marks like ⟨U+202E⟩: C1 controls, format
    characters (writing direction, zero width, tags, soft hyphen), line and paragraph separators, variation
    selectors, fillers that print as nothing, private use, surrogates, unassigned and noncharacters. More than
    MAX_COMBINING marks on one letter are counted, not drawn; a mark with no letter stands on a ◌.

    Args:
        keep: characters that stay as they are, for a view that draws lines itself: "\\n", "\\n\\t".

    Source: Unicode Technical Report 36 section 2.10 and Technical Standard 55 (bidi controls); control
    pictures are the block U+2400.
    """
    if text.isascii():
        return _visible_ascii(text, keep)
    return _visible_any(text, keep)


_PICTURES: Final = {chr(code): chr(0x2400 + code) for code in range(0x20)} | {"\x7f": "\u2421"}


def _visible_ascii(text: str, keep: str) -> str:
    if text.isprintable():
        return text
    for control, picture in _PICTURES.items():
        if control in text and control not in keep:
            text = text.replace(control, picture)
    return text


# Characters that print as nothing though their category says letter or mark.
_BLANK_LETTERS: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
_MANY: Final = 24  # distinct characters from which one pass of translate is quicker than a replace for each


_MANY_KNOWN: Final = 4096
"""Characters whose fate is remembered: the view of a conversation asks for the same ones in every frame."""
_known: dict[str, tuple[str, str]] = {}


def _fate(character: str) -> tuple[str, str]:
    """What a character is, for _bounded_marks, and the mark that it is shown as; "" for itself."""
    # Loaded for text beyond ASCII only.
    from unicodedata import category

    group = category(character)
    fate = _ON_LETTER, ""
    # Cc, Cf, Cs, Co, Cn steer or mean nothing, Zl and Zp break lines; the spaces of Zs are only spaces.
    if group[0] == "C" or group in ("Zl", "Zp") or character in _BLANK_LETTERS:
        fate = _ON_NOTHING, _PICTURES.get(character) or f"⟨U+{ord(character):04X}⟩"
    elif group in ("Mn", "Me"):
        fate = _MARK, ""
    if len(_known) < _MANY_KNOWN:
        _known[character] = fate
    return fate


def _visible_any(text: str, keep: str) -> str:
    fates = {character: _known.get(character) or _fate(character) for character in set(text)}
    marks = {character: mark for character, (_, mark) in fates.items() if mark and character not in keep}
    if any(sign == _MARK for sign, _ in fates.values()):
        text = _bounded_marks(text, {ord(character): sign for character, (sign, _) in fates.items()})
    if len(marks) > _MANY:
        # All characters stand in the table: for each one that is missing, translate would raise and catch an
        # error.
        return text.translate(
            {**{ord(c): c for c in set(text)}, **{ord(c): mark for c, mark in marks.items()}}
        )
    for character, mark in marks.items():
        text = text.replace(character, mark)
    return text


_ON_NOTHING, _ON_LETTER, _MARK = "\x00", "\x01", "\x02"
_RUN: Final = rf"{_MARK}(?:(?<![{_ON_LETTER}{_MARK}]{_MARK}){_MARK}*|{_MARK}{{{MAX_COMBINING},}})"


def _bounded_marks(text: str, signs: dict[int, str]) -> str:
    """The text with long runs of combining marks counted, and each run on a letter or on a ◌.

    The runs are found in a drawing of the text with three signs: a regular expression with the two thousand
    marks that exist takes seconds for a text that uses them all.
    """
    import re

    drawing = text.translate(signs)
    parts: list[str] = []
    done = 0
    # A run that does not stand on a letter, or one that is too long; begins with a fixed sign to be found
    # quickly.
    for run in re.finditer(_RUN, drawing):
        start, end = run.span()
        parts.append(text[done:start])
        # At the start, on a new line or behind one of our pictures it would stand on what is not the peer's.
        if start == 0 or drawing[start - 1] == _ON_NOTHING:
            parts.append("\u25cc")
        stop = min(end, start + MAX_COMBINING)
        parts.append(text[start:stop])
        if stop < end:
            parts.append(f"⟨{end - stop} more mark{'s' if end - stop > 1 else ''}⟩")
        done = end
    parts.append(text[done:])
    return "".join(parts)

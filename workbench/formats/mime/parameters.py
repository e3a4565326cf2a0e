"""Values with parameters: Content-Type and Content-Disposition (RFC 2045 section 5.1, RFC 2183, RFC 2231).

Read leniently, every leniency said. Parameters that are cut into pieces (`filename*0*=`) are joined, percent octets
read by their charset; the extended form wins over the plain one, which is there for old readers.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from workbench.formats.mime.charsets import read_text
from workbench.formats.mime.words import plain

MAX_PARAMETERS = 200
"""Of one header; a file name of 10,000 characters in pieces needs 150."""

_SIMPLE = re.compile(r"\s*([!-'*+\-.0-9A-Z^-z|~]+/[!-'*+\-.0-9A-Z^-z|~]+)\s*")
_NEXT = re.compile(r"[\s;]*")
_NAME = re.compile(r"\s*([^\s=;\"]+)\s*(=?)\s*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)(")?', re.S)
_BARE = re.compile(r"[^;]*")
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_PIECE = re.compile(r"(.+?)\*(?:(\d{1,4})(\*?))?\Z")
_QUOTED_PAIR = re.compile(r"\\(.)", re.S)


class Value(NamedTuple):
    """What a header says: the value in lower case ("text/plain", "attachment"), parameters in order, their names in
    lower case; faults: sentences.
    """

    value: str
    parameters: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()

    def get(self, name: str) -> str:
        """A parameter; "" where there is none."""
        return next((value for key, value in self.parameters if key == name), "")


def read_value(text: str) -> Value:
    """Read an unfolded header value; whatever it is, something comes back."""
    faults: list[str] = []
    if "(" in text:
        text = _without_comments(text)
    head = _BARE.match(text)
    assert head is not None, "the pattern matches everything"
    value = head[0].strip().lower()
    pairs: list[tuple[str, str, bool]] = []
    at = head.end()
    while at < len(text):
        at = _skip(text, at)
        if at >= len(text):
            break
        if len(pairs) >= MAX_PARAMETERS:
            faults.append(f"more than {MAX_PARAMETERS} parameters; the others were left out")
            break
        at = _read_pair(text, at, pairs, faults)
    return Value(value, _assembled(pairs, faults), tuple(faults))


def media_type_of(value: Value) -> str:
    """The media type, "" where there is none that could be one."""
    found = _SIMPLE.fullmatch(value.value)
    return found[1] if found else ""


def _without_comments(text: str) -> str:
    """Comments out, but not out of quoted strings; nested ones from the inside."""
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', text)
    for at in range(0, len(pieces), 2):
        # Each turn takes one level; deeper than this nobody means it.
        for _ in range(4):
            cut = _COMMENT.sub(" ", pieces[at])
            if cut == pieces[at]:
                break
            pieces[at] = cut
    return "".join(pieces)


def _skip(text: str, at: int) -> int:
    found = _NEXT.match(text, at)
    return found.end() if found else at


def _read_pair(text: str, at: int, pairs: list[tuple[str, str, bool]], faults: list[str]) -> int:
    named = _NAME.match(text, at)
    if named is None:
        faults.append(f"nothing can be read at “{text[at : at + 20]}”")
        rest = _BARE.match(text, at)
        return rest.end() if rest and rest.end() > at else at + 1
    name = named[1].lower()
    at = named.end()
    if not named[2]:
        faults.append(f"the parameter {name} has no value")
        rest = _BARE.match(text, at)
        return rest.end() if rest else at
    quoted = _QUOTED.match(text, at)
    if quoted is None:
        bare = _BARE.match(text, at)
        assert bare is not None, "the pattern matches everything"
        value = bare[0].strip()
        if " " in value or "\t" in value:
            faults.append(f"the value of {name} has spaces and no quotation marks")
        pairs.append((name, value, False))
        return bare.end()
    if quoted[2] is None:
        faults.append(f"the quotation mark of {name} is never closed; it was read to the end")
    pairs.append((name, _QUOTED_PAIR.sub(r"\1", quoted[1]), True))
    behind = _BARE.match(text, quoted.end())
    assert behind is not None, "the pattern matches everything"
    if behind[0].strip():
        faults.append(f"something stands behind the quoted value of {name}; it was left out")
    return behind.end()


def _assembled(pairs: list[tuple[str, str, bool]], faults: list[str]) -> tuple[tuple[str, str], ...]:
    """Parameters with their pieces joined; where a name comes twice the first counts."""
    plain_ones: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, value, was_quoted in pairs:
        piece = _PIECE.match(name) if "*" in name else None
        if piece is not None:
            number = int(piece[2]) if piece[2] else 0
            is_extended = piece[2] is None or bool(piece[3])
            pieces.setdefault(piece[1], []).append((number, is_extended, value))
        elif name in plain_ones:
            faults.append(f"the parameter {name} comes twice; the first counts")
        else:
            if "=?" in value:
                decoded = plain(value)
                if decoded != value:
                    where = "a quoted string" if was_quoted else "a parameter"
                    faults.append(
                        f"{name} holds an encoded word, which {where} can't; it was read all the same"
                    )
                    value = decoded
            plain_ones[name] = value
    for name, parts in pieces.items():
        joined = _join(name, sorted(parts, key=_number), faults)
        if name in plain_ones and plain_ones[name] != joined:
            faults.append(f"{name} is given plain and extended; the extended one counts")
        plain_ones[name] = joined
    return tuple(plain_ones.items())


def _number(piece: tuple[int, bool, str]) -> int:
    return piece[0]


def _join(name: str, parts: list[tuple[int, bool, str]], faults: list[str]) -> str:
    charset = ""
    texts: list[str] = []
    held = b""
    for at, (number, is_extended, value) in enumerate(parts):
        if number != at:
            faults.append(f"of {name} piece {at} is missing; the pieces there are were joined")
            break
        if not is_extended:
            texts.append(_read(name, held, charset, faults) + value)
            held = b""
            continue
        if at == 0:
            said = value.split("'", 2)
            if len(said) == 3:
                charset, value = said[0], said[2]
            else:
                faults.append(f"{name} is extended and names no charset")
        held += unquote_to_bytes(value.encode("utf-8", "surrogateescape"))
    texts.append(_read(name, held, charset, faults))
    return "".join(texts)


def _read(name: str, data: bytes, charset: str, faults: list[str]) -> str:
    if not data:
        return ""
    read = read_text(data, charset)
    if read.fault:
        faults.append(f"{name}: {read.fault}")
    return read.text

"""Characters to what may stand in a letter: encoded words, folded fields, parameters, bodies (RFC 2047, 2231, 2045).

Everything that comes out is ASCII, in lines of at most 78 characters where there is a place to break them, and 998 at
most. A line end, NUL or another control in a header's value is refused with its place, never taken out.
"""

import binascii
import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from workbench.errors import LocalMisuse
from workbench.formats.mime.scan import MAX_LINE

WIDTH = 78
"""Characters of a line without its end, RFC 5322 section 2.1.1."""
MAX_WORD = 75
"""Of an encoded word, RFC 2047 section 2."""
PIECE = 57 * 20_000
"""Octets that become base64 at a time: about 1.5 MB, 3 ms."""

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\- ]+")
_TOKEN = re.compile(r"[A-Za-z0-9!#$&+.^_`{}~\-]+")
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_NAME = re.compile(r"[!-9;-~]+")


class Body(NamedTuple):
    """A body as it travels. encoding: of the transfer."""

    data: bytes
    encoding: str
    charset: str = ""


def check_value(text: str, field: str) -> str:
    """A header's value as typed. Raises: LocalMisuse at the first character that would end the header, or steer."""
    for at, each in enumerate(text):
        if each in "\r\n":
            what = "a line end would begin another header"
        elif each == "\0":
            what = "NUL can't stand in a header"
        elif each != "\t" and (each < " " or each == "\x7f"):
            what = "a control character can't stand in a header"
        elif "\ud800" <= each <= "\udfff":
            what = "half a character (a surrogate) can't be sent"
        else:
            continue
        raise LocalMisuse(
            f"{field}: {what}",
            text=text,
            start=at,
            end=at + 1,
            stage=field,
            advice="take it out",
            source="RFC 5322 section 2.2",
        )
    return text


def check_name(name: str) -> str:
    """A header's name as typed. Raises: LocalMisuse with the place."""
    found = _NAME.match(name)
    end = found.end() if found else 0
    if not name or end < len(name):
        raise LocalMisuse(
            "a header's name has ASCII letters and signs, no space and no colon",
            text=name,
            start=end,
            end=min(end + 1, len(name)),
            advice="write it like X-Seen",
            source="RFC 5322 section 2.2",
        )
    return name


def encoded_words(text: str, charset: str = "utf-8") -> list[str]:
    """The text as encoded words, none longer than allowed and no character across two; Q or B, whichever is shorter."""
    data = text.encode(charset)
    q_size = sum(1 if each in _Q_SAFE or each == 32 else 3 for each in data)
    letter = "q" if q_size <= (len(data) + 2) // 3 * 4 else "b"
    room = MAX_WORD - len(f"=?{charset}?{letter}??=")
    words: list[str] = []
    held = b""
    for character in text:
        octets = character.encode(charset)
        if held and _size_in(held + octets, letter) > room:
            words.append(_word(held, charset, letter))
            held = b""
        held += octets
    if held:
        words.append(_word(held, charset, letter))
    return words


def _size_in(data: bytes, letter: str) -> int:
    if letter == "b":
        return (len(data) + 2) // 3 * 4
    return sum(1 if each in _Q_SAFE or each == 32 else 3 for each in data)


def _word(data: bytes, charset: str, letter: str) -> str:
    if letter == "b":
        inside = binascii.b2a_base64(data, newline=False).decode("ascii")
    else:
        inside = "".join(
            "_" if each == 32 else chr(each) if each in _Q_SAFE else f"={each:02X}" for each in data
        )
    return f"=?{charset}?{letter}?{inside}?="


def text_pieces(text: str) -> list[str]:
    """An unstructured value in pieces between which a line may be broken; spaces stand at their beginnings."""
    pieces = re.findall(r"\s*\S+|\s+\Z", text)
    wrong = [
        at for at, piece in enumerate(pieces) if not piece.isascii() or "=?" in piece or len(piece) > MAX_LINE
    ]
    if not wrong:
        return pieces
    first, last = wrong[0], wrong[-1] + 1
    inside = "".join(pieces[first:last])
    lead = " " if inside[:1] == " " else ""
    words = encoded_words(inside[len(lead) :])
    middle = [f"{lead if at == 0 else ' '}{word}" for at, word in enumerate(words)]
    return [*pieces[:first], *middle, *pieces[last:]]


def name_pieces(name: str) -> list[str]:
    """The name before an address: as it is, in quotation marks, or in encoded words."""
    if not name.isascii() or "=?" in name:
        return encoded_words(name)
    if _ATOMS.fullmatch(name) and name == name.strip() and "  " not in name:
        return name.split(" ")
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return [f'"{escaped}"'] if len(name) < 200 else encoded_words(name)


def folded(name: str, pieces: Sequence[str]) -> bytes:
    """A field from its pieces, broken before the ones that begin with a space where the line would be too long."""
    out = f"{name}:"
    lines: list[str] = []
    for at, piece in enumerate(pieces):
        spaced = piece if piece[:1] in (" ", "\t") else f" {piece}" if at == 0 else piece
        if len(out) + len(spaced) > WIDTH and spaced[:1] in (" ", "\t") and spaced.strip() and at:
            lines.append(out)
            out = ""
        out += spaced
    lines.append(out)
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def text_field(name: str, text: str) -> bytes:
    """A field of any text, such as Subject. Raises: LocalMisuse."""
    return folded(name, text_pieces(check_value(text, name).strip()) or [""])


def address_field(name: str, addresses: Sequence[tuple[str, str]]) -> bytes:
    """A field of addresses: pairs of a name ("" for none) and an address of ASCII."""
    pieces: list[str] = []
    for at, (person, address) in enumerate(addresses):
        comma = "," if at + 1 < len(addresses) else ""
        if person:
            pieces += [f" {piece}" for piece in name_pieces(person)]
            pieces.append(f" <{address}>{comma}")
        else:
            pieces.append(f" {address}{comma}")
    return folded(name, pieces)


def parameter_pieces(name: str, value: str) -> list[str]:
    """A parameter as pieces, each with the space before it: a token, in quotation marks, or extended (RFC 2231)."""
    if _TOKEN.fullmatch(value) and len(value) < 60:
        return [f" {name}={value}"]
    if value.isascii() and value.isprintable() and len(value) < 60:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return [f' {name}="{escaped}"']
    whole = "utf-8''" + quote(value, safe="!#$&+-.^_`|~", encoding="utf-8")
    if len(whole) < 60:
        return [f" {name}*={whole}"]
    parts: list[str] = []
    while whole:
        cut = 55
        # Not through a percent escape.
        while len(whole) > cut and "%" in whole[cut - 2 : cut]:
            cut -= 1
        parts.append(whole[:cut])
        whole = whole[cut:]
    return [f" {name}*{at}*={part}" for at, part in enumerate(parts)]


def value_field(name: str, value: str, parameters: Sequence[tuple[str, str]]) -> bytes:
    """A field like Content-Type."""
    pieces = [f" {value}"]
    for key, text in parameters:
        for piece in parameter_pieces(key, text):
            pieces[-1] += ";"
            pieces.append(piece)
    return folded(name, pieces)


def text_body(text: str) -> Body:
    """A text with CRLF, as it is where 7 bits and the lines allow it, else in the shorter of the two encodings."""
    data = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n").encode("utf-8", "replace")
    if data and not data.endswith(b"\r\n"):
        data += b"\r\n"
    charset = "us-ascii" if data.isascii() else "utf-8"
    is_short = max(map(len, data.split(b"\r\n")), default=0) <= MAX_LINE
    if data.isascii() and is_short and b"\0" not in data and b"\nFrom " not in data and data[:5] != b"From ":
        return Body(data, "7bit", charset)
    quoted = quoted_printable(data)
    if len(quoted) <= len(data) * 4 // 3 + 80:
        return Body(quoted, "quoted-printable", charset)
    return Body(base64_lines(data), "base64", charset)


def quoted_printable(data: bytes) -> bytes:
    """Text with CRLF as quoted-printable; `From ` at a line's beginning is escaped, which some would quote."""
    out = binascii.b2a_qp(data, istext=True).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    out = out.replace(b"\nFrom ", b"\n=46rom ")
    return b"=46rom " + out[5:] if out.startswith(b"From ") else out


def base64_lines(data: bytes) -> bytes:
    """Octets as base64 in lines of 76."""
    text = binascii.b2a_base64(data, newline=False)
    return b"".join(text[at : at + 76] + b"\r\n" for at in range(0, len(text), 76))

"""Encoded words: characters of any script in headers of ASCII (RFC 2047), read word by word.

The white space between two encoded words is no part of the text; that between an encoded word and another is. A
character that is spread over two words is against the rules and common: words that follow each other with the same
charset and encoding are read together.
"""

import binascii
import re
from typing import NamedTuple

from workbench.formats.mime.charsets import read_text

MAX_WORD = 75
"""Characters of an encoded word, RFC 2047 section 2."""

_WORD = re.compile(r"=\?([^?\s]{1,128})\?([A-Za-z])\?([^?]*)\?=")
_SPACE = re.compile(r"[ \t\r\n]*\Z")
_NO_Q = re.compile(r"=(?![0-9A-Fa-f]{2})")
_NO_B = re.compile(r"[^A-Za-z0-9+/=]")


class Word(NamedTuple):
    """A piece of a header. start, stop: its place in the text; text: what it says; charset, encoding: of an encoded
    word, "" of one in clear; data: the octets of an encoded word; fault: what is wrong with it, or "".
    """

    start: int
    stop: int
    text: str
    charset: str = ""
    language: str = ""
    encoding: str = ""
    data: bytes = b""
    fault: str = ""

    @property
    def is_encoded(self) -> bool:
        """Whether it is an encoded word."""
        return bool(self.encoding)


def read_words(text: str) -> tuple[Word, ...]:
    """The pieces of a header's unfolded text; joined, their texts are the header as people read it."""
    words: list[Word] = []
    done = 0
    for found in _WORD.finditer(text):
        between = text[done : found.start()]
        if between and not (words and words[-1].is_encoded and _SPACE.match(between)):
            words.append(Word(done, found.start(), between))
        words.append(_read_word(found))
        done = found.end()
    if done < len(text):
        words.append(Word(done, len(text), text[done:]))
    return _joined(words)


def plain(text: str) -> str:
    """A header's unfolded text as people read it."""
    return "".join(word.text for word in read_words(text)) if "=?" in text else text


def faults_of(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words that are not as they should be."""
    return tuple(word for word in words if word.fault)


def _read_word(found: re.Match[str]) -> Word:
    charset, _, language = found[1].partition("*")
    encoding = found[2].upper()
    faults = []
    inside = found[3]
    if encoding == "Q":
        data, fault = _from_q(inside)
    elif encoding == "B":
        data, fault = _from_b(inside)
    else:
        return Word(
            *found.span(), found[0], fault=f"there is no encoding {found[2]}; the word is left as it is"
        )
    if fault:
        faults.append(fault)
    if len(found[0]) > MAX_WORD:
        faults.append(f"it has {len(found[0])} characters, more than {MAX_WORD}")
    if " " in inside or "\t" in inside:
        faults.append("white space stands in it")
    return Word(*found.span(), "", charset, language, encoding, data, "; ".join(faults))


def _from_q(inside: str) -> tuple[bytes, str]:
    data = inside.replace("_", " ").encode("utf-8", "surrogateescape")
    wrong = _NO_Q.search(inside)
    fault = f"={inside[wrong.end() : wrong.end() + 2]} is no octet in hexadecimal" if wrong else ""
    return binascii.a2b_qp(data), fault


def _from_b(inside: str) -> tuple[bytes, str]:
    clean = _NO_B.sub("", inside)
    fault = f"{len(inside) - len(clean)} characters of it are no base64" if len(clean) != len(inside) else ""
    body = clean.partition("=")[0]
    rest = len(body) % 4
    if rest == 1:
        body, fault = body[:-1], "its base64 ends in the middle of an octet"
    elif len(clean) % 4 and not fault:
        fault = "the padding of its base64 is missing"
    return binascii.a2b_base64(body + "=" * (-len(body) % 4)), fault


def _joined(words: list[Word]) -> tuple[Word, ...]:
    """The words with their texts; octets of neighbours that belong together are read together."""
    out: list[Word] = []
    at = 0
    while at < len(words):
        if not words[at].is_encoded:
            out.append(words[at])
            at += 1
            continue
        stop = at + 1
        while stop < len(words) and _alike(words[at], words[stop]):
            stop += 1
        out.extend(_read_group(words[at:stop]))
        at = stop
    return tuple(out)


def _alike(one: Word, other: Word) -> bool:
    return (
        other.is_encoded and one.charset.lower() == other.charset.lower() and one.encoding == other.encoding
    )


def _read_group(group: list[Word]) -> list[Word]:
    each = [read_text(word.data, word.charset) for word in group]
    if len(group) == 1 or not any(text.code == "wrong-charset" for text in each):
        return [_told(word, text.text, text.fault) for word, text in zip(group, each, strict=True)]
    whole = read_text(b"".join(word.data for word in group), group[0].charset)
    first = _told(group[0], whole.text, whole.fault or "a character is spread over two words")
    return [first, *(_told(word, "", "its characters were read with the word before") for word in group[1:])]


def _told(word: Word, text: str, fault: str) -> Word:
    return word._replace(text=text, fault="; ".join(filter(None, (word.fault, fault))))

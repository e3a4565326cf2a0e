"""What is in a part: its content decoded, measured and looked at; a letter's whole list of defects.

Nothing of it happens while a letter is parsed: an attachment of 25 MB takes a tenth of a second.
"""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from workbench.formats.mime.addresses import read_addresses
from workbench.formats.mime.charsets import Text, read_text
from workbench.formats.mime.dates import read_date
from workbench.formats.mime.defects import Found, Report
from workbench.formats.mime.fields import hidden
from workbench.formats.mime.opened import MAX_VALUE, value_of
from workbench.formats.mime.transfer import decoded, uuencoded_names
from workbench.formats.mime.values import Defect, Header, Letter, Part, Pausing
from workbench.formats.mime.words import faults_of, plain, read_words

SNIFFED = 64
"""Octets that tell a type."""
MAX_TEXT = 16 * 1024 * 1024
"""Octets of a text that are read as characters."""
HEADERS_AT_ONCE = 100

_SIGNS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/x-msdownload"),
    (b"-----BEGIN CERTIFICATE-----", "application/x-x509-ca-cert"),
)
_ZIPPED = ("zip", "openxmlformats", "opendocument", "epub", "java-archive")

ADDRESSED = ("from", "sender", "reply-to", "to", "cc", "bcc", "resent-from", "resent-to", "resent-cc")
DATED = ("date", "resent-date")


class Content(NamedTuple):
    """What is in a leaf. size: octets decoded; sha256: of them; head: the first ones; charset: by which a text was
    read, "" of others; looks_like: a type that the first octets show, where it is another than declared.
    """

    place: int
    size: int
    sha256: str
    head: bytes
    charset: str = ""
    looks_like: str = ""


class Examined(NamedTuple):
    """A letter with what is in its leaves, by their places, and all its defects in order."""

    letter: Letter
    contents: dict[int, Content]
    defects: tuple[Defect, ...]
    defect_count: int


def pieces_of(letter: Letter, part: Part) -> Iterator[bytes]:
    """A part's decoded octets in pieces, defects left aside."""
    return decoded(letter.body(part), part.encoding, _nobody, part.body)


def content_of(letter: Letter, part: Part) -> bytes:
    """All of a part's decoded octets."""
    return b"".join(pieces_of(letter, part))


def text_of(letter: Letter, part: Part, charset: str = "") -> Text:
    """A part's characters, of at most MAX_TEXT octets. charset: read it as this one, whatever the letter says."""
    data = bytearray()
    for piece in pieces_of(letter, part):
        data += piece
        if len(data) > MAX_TEXT:
            break
    return read_text(bytes(data[:MAX_TEXT]), charset or part.charset)


def examining(letter: Letter) -> Pausing[Examined]:
    """Look at all that a letter holds. Pauses."""
    found = Found()
    contents: dict[int, Content] = {}
    for part in letter.parts:
        found.part = part.place
        for count, header in enumerate(part.headers, 1):
            _examine_header(letter, header, found.report)
            if count % HEADERS_AT_ONCE == 0:
                yield
        if part.is_leaf:
            contents[part.place] = yield from _examine_content(letter, part, found.report)
        yield
    defects = sorted((*letter.defects, *found.defects), key=_place)
    return Examined(letter, contents, tuple(defects), letter.defect_count + found.count)


def _examine_content(letter: Letter, part: Part, report: Report) -> Pausing[Content]:
    digest = hashlib.sha256()
    size = 0
    head = b""
    text = bytearray()
    for piece in decoded(letter.body(part), part.encoding, report, part.body):
        digest.update(piece)
        size += len(piece)
        head = head or piece[:SNIFFED]
        if part.is_text and len(text) < MAX_TEXT:
            text += piece
        yield
    charset = ""
    if part.is_text:
        read = read_text(bytes(text), part.charset)
        charset = read.charset
        if read.fault:
            at = part.body + (read.at or 0) if part.encoding in ("", "7bit", "8bit", "binary") else part.body
            report(read.code, at, at, read.fault)
        for name in uuencoded_names(bytes(text)):
            report(
                "uuencoded-block", part.body, part.stop, f"a uuencoded file stands in the text: {name[:80]}"
            )
    looks_like = sniffed(head, part.media_type)
    if looks_like:
        what = f"{part.media_type} is declared, and the octets look like {looks_like}"
        report("other-type", part.body, part.body, what)
    return Content(part.place, size, digest.hexdigest(), head, charset, looks_like)


def sniffed(head: bytes, declared: str) -> str:
    """The type that the first octets show where it is another than the declared one; else ""."""
    shown = next((media_type for sign, media_type in _SIGNS if head.startswith(sign)), "")
    if not shown or shown == declared or declared == "application/octet-stream":
        return ""
    if shown == "application/zip" and any(word in declared for word in _ZIPPED):
        return ""
    if shown.rpartition("/")[2].removeprefix("x-") in declared:
        return ""
    if shown in ("application/gzip", "application/x-x509-ca-cert") and declared.startswith("application/"):
        return ""
    return shown


def _examine_header(letter: Letter, header: Header, report: Report) -> None:
    raw = letter.data[header.value : min(header.stop, header.value + MAX_VALUE)]
    if not raw.isascii():
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            at = header.value + error.start
            report("header-charset", at, at + 1, f"{header.name} holds octets that are no UTF-8")
    value = value_of(letter.data, header)
    if "=?" in value:
        for word in faults_of(read_words(value)):
            report("encoded-word", header.value, header.stop, f"{header.name}: {word.fault}")
    key = header.key
    if key in ADDRESSED:
        for address in read_addresses(value):
            if address.fault:
                report("address", header.value, header.stop, f"{header.name}: {address.fault}")
    elif key in DATED:
        for finding in read_date(value).findings:
            if "allows" not in finding:
                report("date", header.value, header.stop, f"{header.name}: {finding}")


def header_text(letter: Letter, header: Header) -> str:
    """A header as people read it: one line, encoded words decoded."""
    return hidden(plain(value_of(letter.data, header)))


def _nobody(_code: str, _start: int, _stop: int, _what: str) -> None:
    """Takes defects and forgets them."""


def _place(each: Defect) -> tuple[int, int]:
    return each.start, each.part

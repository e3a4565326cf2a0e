"""What a form sends: pairs as a query, as a body of pairs (WHATWG URL section 5), or as a body of parts (RFC 7578)."""

import mimetypes
import secrets
from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import quote_plus

from workbench.errors import LocalMisuse

URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
OCTETS: Final = "application/octet-stream"
_SECRET_WORDS: Final = ("pass", "pwd", "secret", "token")
_ESCAPED: Final = {'"': "%22", "\r": "%0D", "\n": "%0A"}
"""In a part's head: what would end its name early (WHATWG HTML, multipart/form-data)."""
_SAFE: Final = "*-._"


class FormField(NamedTuple):
    """One field. value None: the name alone. data: a file's octets, sent under `filename`, with its value left out."""

    name: str
    value: str | None = ""
    filename: str = ""
    data: bytes = b""

    @property
    def is_secret(self) -> bool:
        """Whether it looks like a password: such a value is masked in every view."""
        small = self.name.lower()
        return any(word in small for word in _SECRET_WORDS)


class Form(NamedTuple):
    """A form as a body. secret: ranges of it that are masked."""

    content_type: str
    body: bytes
    secret: tuple[tuple[int, int], ...] = ()


def urlencoded(fields: Sequence[FormField]) -> Form:
    """The fields as pairs, in order. Raises: LocalMisuse: one is a file."""
    pieces: list[bytes] = []
    hidden: list[tuple[int, int]] = []
    place = 0
    for field in fields:
        if field.filename:
            raise LocalMisuse(
                f"{field.name} is a file, and pairs hold none",
                stage="request",
                advice="send the form in parts (multipart/form-data)",
                source="RFC 7578 section 1",
            )
        piece = _escaped(field.name)
        if field.value is not None:
            start = place + len(piece) + 1
            piece += "=" + _escaped(field.value)
            if field.is_secret and field.value:
                hidden.append((start, place + len(piece)))
        pieces.append(piece.encode("ascii"))
        place += len(piece) + 1
    return Form(URLENCODED, b"&".join(pieces), tuple(hidden))


def with_query(url: str, fields: Sequence[FormField]) -> str:
    """The address with the fields behind what its query has already; a fragment stays at the end."""
    address, mark, fragment = url.partition("#")
    query = urlencoded(fields).body.decode("ascii")
    if not query:
        return url
    join = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{join}{query}{mark}{fragment}"


def multipart(fields: Sequence[FormField], boundary: str = "") -> Form:
    """Each field as a part of its own. boundary: "" makes one by chance.

    Raises: LocalMisuse: NUL in a name; the boundary stands in the data.
    """
    boundary = boundary or f"workbench-{secrets.token_hex(12)}"
    line = f"--{boundary}".encode("ascii")
    body = bytearray()
    hidden: list[tuple[int, int]] = []
    for field in fields:
        data = field.data if field.filename else as_octets(field.value or "")
        if line in data:
            raise LocalMisuse(
                "the boundary stands in the data", stage="request", source="RFC 2046 section 5.1.1"
            )
        body += line + b"\r\n" + _part_head(field)
        if field.is_secret and data:
            hidden.append((len(body), len(body) + len(data)))
        body += data + b"\r\n"
    body += line + b"--\r\n"
    return Form(f"{MULTIPART}; boundary={boundary}", bytes(body), tuple(hidden))


def _part_head(field: FormField) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{_named(field.name)}"'
    if not field.filename:
        return as_octets(f"{disposition}\r\n\r\n")
    kind = mimetypes.guess_type(field.filename)[0] or OCTETS
    head = f'{disposition}; filename="{_named(field.filename)}"\r\nContent-Type: {kind}\r\n\r\n'
    return as_octets(head)


def _named(text: str) -> str:
    if "\0" in text:
        raise LocalMisuse(
            "NUL can't stand in the name of a field or file", stage="request", source="RFC 7578 section 2"
        )
    return "".join(_ESCAPED.get(character, character) for character in text)


def _escaped(text: str) -> str:
    return quote_plus(as_octets(text), safe=_SAFE)


def as_octets(text: str) -> bytes:
    """The text as it goes out: UTF-8, and octets of a command line that were none as they are (PEP 383).

    Raises: LocalMisuse: half of a surrogate pair, which no octet stands behind.
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise LocalMisuse(
            "half of a surrogate pair is no character",
            text=text,
            start=error.start,
            end=error.start + 1,
            stage="request",
            advice="remove it",
        ) from error

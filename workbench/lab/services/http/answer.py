"""Answers as values, and as octets; what is wrong in one stands in `wrong`, not here."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import NamedTuple

SERVER = "Lab"
MODIFIED = "Sun, 01 Mar 2026 12:30:00 GMT"
"""Of every page: an answer that changes from day to day can't be compared."""


class Answer(NamedTuple):
    """One answer. body: octets, or where they come from; length: of those, None sends them in chunks.

    whole: False leaves the length out and ends the answer by the connection's end, as HTTP/1.0 did.
    """

    status: int
    fields: tuple[tuple[str, str], ...] = ()
    body: bytes | AsyncIterator[bytes] = b""
    length: int | None = None
    whole: bool = True
    trailers: tuple[tuple[str, str], ...] = ()


def page(text: str, kind: str = "text/html; charset=utf-8", status: int = 200) -> Answer:
    """A page of text."""
    return Answer(status, (("Content-Type", kind), ("Last-Modified", MODIFIED)), text.encode())


def plain(text: str | bytes, status: int = 200) -> Answer:
    """Text for people."""
    data = text if isinstance(text, bytes) else text.encode()
    return Answer(status, (("Content-Type", "text/plain; charset=utf-8"),), data)


def reason(status: int) -> str:
    """The words that go with a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Some Status"


def head(answer: Answer) -> bytes:
    """Status line and fields."""
    version = "1.1" if answer.whole else "1.0"
    lines = [f"HTTP/{version} {answer.status} {reason(answer.status)}", f"Server: {SERVER}"]
    lines += [f"{name}: {value}" for name, value in answer.fields]
    if isinstance(answer.body, bytes):
        length: int | None = len(answer.body)
    else:
        length = answer.length
    if answer.whole and answer.status not in (204, 304):
        lines.append(f"Content-Length: {length}" if length is not None else "Transfer-Encoding: chunked")
    lines.append("Connection: close")
    return "\r\n".join((*lines, "", "")).encode("latin-1", "replace")


def chunk(data: bytes, extension: str = "") -> bytes:
    """One chunk (RFC 9112 section 7.1)."""
    return f"{len(data):x}{extension}\r\n".encode() + data + b"\r\n"


def last_chunk(trailers: tuple[tuple[str, str], ...] = ()) -> bytes:
    """The chunk of size 0, what follows it, and the empty line."""
    return "".join(("0\r\n", *(f"{name}: {value}\r\n" for name, value in trailers), "\r\n")).encode()

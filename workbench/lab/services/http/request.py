"""What a client asked, read with bounds; a server's side of RFC 9112, as much as the Lab needs."""

from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from workbench.lab.guest import Guest

MAX_HEAD = 64 * 1024
MAX_BODY = 16 * 1024 * 1024
"""Of a request: what a form holds, and some files."""
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_SECRET = ("authorization", "proxy-authorization", "cookie")


class Asked(NamedTuple):
    """One request. raw: its head as it came; fields: names in small letters, in order."""

    method: str
    path: str
    query: str
    fields: tuple[tuple[str, str], ...]
    body: bytes
    raw: bytes

    def field(self, name: str) -> str:
        """The value of the first field of that name, "" where there is none."""
        return next((value for known, value in self.fields if known == name), "")

    def parameters(self) -> list[tuple[str, str]]:
        """The query's pairs."""
        return parse_qsl(self.query, keep_blank_values=True)

    def parameter(self, name: str, default: str) -> str:
        """The query's value for a name."""
        return dict(self.parameters()).get(name, default)

    def number(self, name: str, default: int, high: int) -> int:
        """The query's number for a name, at most `high`."""
        text = self.parameter(name, "")
        return min(int(text), high) if text.isascii() and text.isdecimal() and len(text) < 12 else default

    def shown(self) -> bytes:
        """The head as it came, logins and cookies masked at the same length: an echo must not spread them."""
        lines = self.raw.split(b"\r\n")
        for number, line in enumerate(lines[1:], 1):
            name, colon, value = line.partition(b":")
            if colon and name.decode("latin-1").lower() in _SECRET:
                lines[number] = name + b": " + b"*" * len(value.strip())
        return b"\r\n".join(lines)


class NotAsked(Exception):
    """What came is no request. status: what to answer; 0: the client is gone."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read_request(guest: Guest) -> Asked:
    """Read one request with its body. Raises: NotAsked."""
    data = bytearray()
    while not (head := _head_of(data)):
        if len(data) > MAX_HEAD:
            raise NotAsked(431)
        more = await guest.read()
        if not more:
            raise NotAsked(400 if data else 0)
        data += more
    raw = bytes(head)
    # A recipient may take a bare LF for the end of a line (RFC 9112 section 2.2); the book's client sends no other.
    line, *lines = raw.decode("latin-1").rstrip("\r\n").split("\r\n" if raw.endswith(b"\r\n") else "\n")
    words = line.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise NotAsked(400)
    fields = tuple(_field(line) for line in lines)
    path, _, query = words[1].partition("?")
    asked = Asked(words[0], unquote(path), query, fields, b"", raw)
    return asked._replace(body=await _body(guest, asked, bytes(data[len(head) :])))


def _head_of(data: bytearray) -> bytearray:
    """The head with its empty line; nothing while that is still to come."""
    ends = [at + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := data.find(mark)) >= 0]
    return data[: min(ends)] if ends else bytearray()


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise NotAsked(400)
    return name.lower(), value.strip()


async def _body(guest: Guest, asked: Asked, begun: bytes) -> bytes:
    chunked = asked.field("transfer-encoding").lower() == "chunked"
    length = asked.field("content-length") or "0"
    if not length.isdecimal() or len(length) > 12:
        raise NotAsked(400)
    if int(length) > MAX_BODY:
        raise NotAsked(413)
    if asked.field("expect").lower() == "100-continue":
        await guest.stream.send(CONTINUE)
    data = bytearray(begun)
    while b"0\r\n\r\n" not in data[-8:] if chunked else len(data) < int(length):
        if len(data) > MAX_BODY:
            raise NotAsked(413)
        more = await guest.read()
        if not more:
            raise NotAsked(400)
        data += more
    return _joined(bytes(data)) if chunked else bytes(data[: int(length)])


def _joined(data: bytes) -> bytes:
    """The data of chunks that a client sent."""
    pieces: list[bytes] = []
    while True:
        line, _, data = data.partition(b"\r\n")
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError as error:
            raise NotAsked(400) from error
        if not size:
            return b"".join(pieces)
        pieces.append(data[:size])
        data = data[size + 2 :]

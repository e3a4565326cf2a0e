"""HTTP's CONNECT as octets and back: asking a proxy for a tunnel, and its answer (RFC 9110 section 9.3.6).

Only the head of the answer is read here, for only that belongs to the dialogue: behind an answer of 2xx the octets of
the tunnel begin at once. A line may end in LF alone, as RFC 9112 section 2.2 lets a recipient accept.
"""

import base64
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse, PeerMisbehaved

SOURCE: Final = "RFC 9110 section 9.3.6"
MAX_HEAD: Final = 16 * 1024
"""Octets of an answer up to its empty line; ours. Real ones have some hundreds."""
MAX_FIELDS: Final = 100
_REQUEST_LINE, _STATUS_LINE = "the request line", "the status line"

STATUSES: Final[dict[int, str]] = {
    400: "the proxy did not understand the request",
    401: "the proxy asks for a login as if it were a server",
    403: "the proxy's rules do not allow this connection",
    404: "the proxy finds no such host",
    405: "the proxy does not do CONNECT",
    407: "the proxy asks for a user and a password",
    408: "the proxy was tired of waiting",
    429: "the proxy was asked too often",
    500: "the proxy failed by itself",
    501: "the proxy does not know CONNECT",
    502: "the proxy could not connect there",
    503: "the proxy does not serve now",
    504: "the proxy got no answer from there in time",
}
"""What a status means when a tunnel was asked for."""


class Response(NamedTuple):
    """The head of an answer. fields: names in small letters, in wire order."""

    status: int
    reason: str
    fields: tuple[tuple[str, str], ...]

    @property
    def is_open(self) -> bool:
        """Whether the tunnel is open: any 2xx (section 9.3.6)."""
        return 200 <= self.status < 300

    def field(self, name: str) -> str:
        """The first value of a field; "" where there is none."""
        return next((value for known, value in self.fields if known == name), "")


class Request(NamedTuple):
    """What a client asks a proxy for. fields as in Response."""

    host: str
    port: int
    fields: tuple[tuple[str, str], ...]

    def field(self, name: str) -> str:
        """The first value of a field; "" where there is none."""
        return next((value for known, value in self.fields if known == name), "")


class Encoded(NamedTuple):
    """A request's octets, and the ranges of them that hold a password."""

    data: bytes
    secret: tuple[tuple[int, int], ...]


def words(status: int) -> str:
    """What a status means for a tunnel, in words; never empty."""
    return STATUSES.get(status, f"the proxy answered with status {status}")


def encode_request(host: str, port: int, *, user: str = "", password: str = "") -> Encoded:
    """CONNECT HOST:PORT. With a user, its Basic credentials (RFC 7617), which are only written in another way.

    Args:
        host: a name in ASCII, or an address without brackets.

    Raises: LocalMisuse: a character that would end the line, or a colon in the user name.
    """
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if not authority.isascii() or any(character <= " " or character == "\x7f" for character in authority):
        raise LocalMisuse(
            "a name in a CONNECT has printable ASCII characters only", text=host, start=0, end=len(host)
        )
    head = f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n".encode("ascii")
    if not user:
        return Encoded(head + b"\r\n", ())
    if ":" in user:
        at = user.index(":")
        raise LocalMisuse(
            "a user name of HTTP's Basic login has no colon",
            text=user,
            start=at,
            end=at + 1,
            source="RFC 7617 2",
        )
    head += b"Proxy-Authorization: Basic "
    token = base64.b64encode(f"{user}:{password}".encode())
    return Encoded(head + token + b"\r\n\r\n", ((len(head), len(head) + len(token)),))


def head_end(data: bytes) -> int:
    """Where the head ends, its empty line included; -1 while that has not come."""
    ends = [data.find(end) + len(end) for end in (b"\n\r\n", b"\n\n") if end in data]
    return min(ends, default=-1)


def decode_response(head: bytes) -> Response:
    """The answer's head with its empty line.

    Raises: PeerMisbehaved: it is no HTTP/1 answer, or it is cut.
    """
    line, fields = _lines(head, "the answer")
    version, _, rest = line.partition(" ")
    code, _, reason = rest.partition(" ")
    if not version.startswith("HTTP/1.") or len(code) != 3 or not (code.isascii() and code.isdigit()):
        raise _broken(f"{_STATUS_LINE} is no answer of HTTP/1", head, "RFC 9112 section 4")
    return Response(int(code), reason.strip(), fields)


def decode_request(head: bytes) -> Request:
    """A client's request with its empty line.

    Raises: PeerMisbehaved: it is no CONNECT of HTTP/1, or it is cut.
    """
    line, fields = _lines(head, "the request")
    words_ = line.split(" ")
    if len(words_) != 3 or words_[0] != "CONNECT" or not words_[2].startswith("HTTP/1."):
        raise _broken(f"{_REQUEST_LINE} is no CONNECT of HTTP/1", head, SOURCE)
    host, colon, port = words_[1].rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    is_number = port.isascii() and port.isdigit() and len(port) <= 5
    if not colon or not host or not is_number or not 0 < int(port) < 65536:
        raise _broken("CONNECT needs HOST:PORT", head, SOURCE)
    return Request(host, int(port), fields)


def encode_response(status: int, reason: str, *fields: tuple[str, str]) -> bytes:
    """The head of a proxy's answer, empty line included."""
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def basic_credentials(value: str) -> tuple[str, str]:
    """User and password of a Proxy-Authorization field; ("", "") where it holds none that can be read."""
    scheme, _, token = value.partition(" ")
    try:
        text = base64.b64decode(token.strip(), validate=True).decode("utf-8")
    except ValueError:
        return "", ""
    user, colon, password = text.partition(":")
    return (user, password) if scheme.lower() == "basic" and colon else ("", "")


def _lines(head: bytes, what: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    if head_end(head) != len(head):
        raise _broken(f"{what} ends in the middle, after {len(head)} octets", head, SOURCE)
    lines = [line.removesuffix("\r") for line in head.decode("latin-1").split("\n")][:-2]
    if len(lines) - 1 > MAX_FIELDS:
        raise _broken(f"{what} has more than {MAX_FIELDS} header fields", head, SOURCE)
    fields = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise _broken(
                f"{what} has a line that is no header field", line.encode("latin-1"), "RFC 9112 section 5"
            )
        fields.append((name.lower(), value.strip()))
    return lines[0], tuple(fields)


def _broken(what: str, data: bytes, source: str) -> PeerMisbehaved:
    return PeerMisbehaved(what, stage="proxy", data=data, source=source)

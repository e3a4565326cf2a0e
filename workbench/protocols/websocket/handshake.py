"""The handshake: a request by HTTP that asks for another protocol, and the answer that agrees (RFC 6455 section 4).

HTTP's heads are few lines here and strict: a server that answers anything else than the one right answer has refused.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse, PeerMisbehaved, Refused
from workbench.formats.charset import visible
from workbench.formats.place import mistake
from workbench.formats.target import LAB_HOST, Target, bracketed, parse_target

GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""What proves that the other side speaks WebSocket and not merely HTTP: section 1.3."""
MAX_HEAD: Final = 32 * 1024
"""Octets of a head; RFC 9112 has no bound, servers have 8 to 64 KiB."""
_SOURCE: Final = "RFC 6455 section 4.2.2"
_TOKEN: Final = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Address(NamedTuple):
    """Where to, and what to ask for there."""

    target: Target
    host: str
    path: str


class Head(NamedTuple):
    """A head of HTTP: its first line and its fields, names in small letters."""

    line: str
    fields: tuple[tuple[str, str], ...]

    def of(self, name: str) -> str:
        """The values of a field, joined by commas; "" without one."""
        return ", ".join(value for key, value in self.fields if key == name)

    def has(self, name: str, word: str) -> bool:
        """Whether a word is among the values of a field, in any spelling of its letters."""
        return word.lower() in [each.strip().lower() for each in self.of(name).split(",")]


class Agreed(NamedTuple):
    """What the handshake came to."""

    status: int
    accept: str
    subprotocol: str
    request: bytes
    answer: bytes


def read_address(text: str) -> Address:
    """ws://HOST[:PORT]/PATH, HOST:PORT or lab:websocket/PATH. Raises: LocalMisuse with the place."""
    target = parse_target(text)
    if target.scheme not in ("ws", "tcp", "lab"):
        raise mistake(
            text,
            0,
            len(target.scheme),
            f"{target.scheme}: is no address of WebSocket in clear",
            "write ws://HOST/PATH, HOST:PORT or lab:websocket",
            "RFC 6455 section 3",
        )
    hash_at = text.find("#")
    if hash_at >= 0:
        raise mistake(
            text,
            hash_at,
            len(text),
            "an address of WebSocket has no fragment",
            "write # as %23",
            "RFC 6455 section 3",
        )
    path = target.path if target.path.startswith("/") else f"/{target.path}"
    if target.is_lab:
        return Address(Target("lab", target.host, None, "", text), LAB_HOST, path)
    host = bracketed(target.ascii_host.partition("%")[0])
    host = host if target.port == 80 else f"{host}:{target.port}"
    return Address(Target("tcp", target.host, target.port, "", text), host, path)


def new_nonce() -> str:
    """Sixteen octets in base64: section 4.1."""
    return base64.b64encode(os.urandom(16)).decode()


def accept_for(key: str) -> str:
    """What the server must answer to a key. Source: RFC 6455 section 4.2.2, item 5.4."""
    return base64.b64encode(hashlib.sha1(key.encode() + GUID).digest()).decode()


def request(
    address: Address, key: str, *, subprotocols: Sequence[str] = (), fields: Sequence[tuple[str, str]] = ()
) -> bytes:
    """The request. Raises: LocalMisuse: a field that would begin another, or a subprotocol that is no word."""
    for name in subprotocols:
        if not name or not _TOKEN.issuperset(name):
            raise LocalMisuse(
                f"{name!r} is no name of a subprotocol", stage="request", source="RFC 6455 section 4.1"
            )
    for name, value in fields:
        if not name or not _TOKEN.issuperset(name) or not value.isprintable() or not value.isascii():
            raise LocalMisuse(f"{name!r} is no field that HTTP could carry", stage="request")
    listed = [
        ("Host", address.host),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", key),
        ("Sec-WebSocket-Version", "13"),
    ]
    if subprotocols:
        listed.append(("Sec-WebSocket-Protocol", ", ".join(subprotocols)))
    lines = [f"GET {address.path} HTTP/1.1", *(f"{name}: {value}" for name, value in (*listed, *fields))]
    return "\r\n".join((*lines, "", "")).encode("utf-8")


def read_head(data: bytes) -> Head:
    """A head up to its empty line. Raises: PeerMisbehaved: it is none."""
    lines = data.decode("latin-1").split("\r\n")
    fields = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if line and (not colon or not name or not _TOKEN.issuperset(name)):
            raise PeerMisbehaved(
                "a line of the head is no field",
                stage="handshake",
                data=line.encode("latin-1"),
                source="RFC 9112 5",
            )
        if line:
            fields.append((name.lower(), value.strip()))
    return Head(lines[0], tuple(fields))


def check_answer(sent: bytes, key: str, subprotocols: Sequence[str], data: bytes) -> Agreed:
    """What the server agreed to.

    Raises: Refused: another status than 101; PeerMisbehaved: 101, and yet not by the rules. Source: section 4.1.
    """
    head = read_head(data)
    version, _, rest = head.line.partition(" ")
    code, _, reason = rest.partition(" ")
    if not version.startswith("HTTP/1.") or not (code.isascii() and code.isdigit() and len(code) == 3):
        raise PeerMisbehaved(
            "this is no answer of HTTP",
            stage="handshake",
            data=data,
            advice="does a web server answer on this port?",
            source="RFC 9112 4",
        )
    if code != "101":
        raise Refused(
            f"the server does not change to WebSocket: {code}",
            stage="handshake",
            reply=visible(f"{code} {reason}"),
            advice="the path may be another one, or a login is needed",
            source="RFC 6455 section 4.1",
        )
    accept = head.of("sec-websocket-accept")
    chosen = head.of("sec-websocket-protocol")
    wrong = ""
    if not head.has("upgrade", "websocket") or not head.has("connection", "upgrade"):
        wrong = "it says 101, but not to what it changes"
    elif accept != accept_for(key):
        wrong = "its proof does not fit our key: a cache or another program may have answered"
    elif chosen and chosen not in subprotocols:
        wrong = "it chose a subprotocol that we did not offer"
    elif head.of("sec-websocket-extensions"):
        wrong = "it chose an extension that we did not offer"
    if wrong:
        raise PeerMisbehaved(wrong, stage="handshake", data=data, source=_SOURCE)
    return Agreed(101, accept, chosen, sent, data)


def answer_to(data: bytes) -> bytes:
    """A server's answer to a request: it agrees, or says why not."""
    try:
        head = read_head(data)
    except PeerMisbehaved:
        return _no(400, "Bad Request")
    method, _, rest = head.line.partition(" ")
    if method != "GET" or not rest.endswith(" HTTP/1.1"):
        return _no(405 if rest.endswith(" HTTP/1.1") else 400, "Only GET by HTTP/1.1")
    if not head.has("upgrade", "websocket") or not head.has("connection", "upgrade"):
        return _no(426, "Upgrade Required", "Upgrade: websocket\r\nConnection: Upgrade\r\n")
    if head.of("sec-websocket-version") != "13":
        return _no(426, "Upgrade Required", "Sec-WebSocket-Version: 13\r\n")
    key = head.of("sec-websocket-key")
    if not _is_nonce(key):
        return _no(400, "Bad Key")
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept_for(key)}\r\n\r\n"
    ).encode()


def _is_nonce(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False


def _no(status: int, reason: str, fields: str = "") -> bytes:
    return f"HTTP/1.1 {status} {reason}\r\n{fields}Content-Length: 0\r\nConnection: close\r\n\r\n".encode()

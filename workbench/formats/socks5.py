"""SOCKS5 as octets and back, for both sides: greeting, login by user and password, request, reply (RFC 1928, RFC 1929).

Every message tells its length in its first octets, so a reader can take exactly what belongs to it: `sized` functions
say how long the whole is, `decode` functions take the whole. Nothing here is longer than 515 octets.
"""

import ipaddress
from typing import Final, Literal, NamedTuple

from workbench.errors import LocalMisuse, PeerMisbehaved

SOURCE: Final = "RFC 1928"
VERSION: Final = 5
LOGIN_VERSION: Final = 1
"""Of the login's own dialogue (RFC 1929 section 2)."""
NO_LOGIN: Final = 0
USER_PASSWORD: Final = 2
NONE_ACCEPTABLE: Final = 0xFF
CONNECT: Final = 1
SUCCEEDED: Final = 0
HEAD: Final = 5
"""Octets of a request or reply that tell how long it is: four of the head, and the first of the address."""
MAX_TEXT: Final = 255
"""Octets of a name, a user or a password: its length is one octet."""

REPLIES: Final[dict[int, str]] = {
    0: "succeeded",
    1: "the proxy failed in general and says no more",
    2: "the proxy's rules do not allow this connection",
    3: "the proxy knows no way to that network",
    4: "the proxy can't reach that host",
    5: "the connection was refused: nothing listens there",
    6: "the packet's time to live ran out on the way",
    7: "the proxy does not know this command",
    8: "the proxy does not know this kind of address",
}
"""What a reply's code says (RFC 1928 section 6)."""

METHODS: Final[dict[int, str]] = {
    NO_LOGIN: "no login",
    1: "GSSAPI",
    USER_PASSWORD: "user and password",
    NONE_ACCEPTABLE: "none of those offered",
}

_IPV4, _NAME, _IPV6 = 1, 3, 4
_ADDRESS_OCTETS = {_IPV4: 4, _IPV6: 16}


class Message(NamedTuple):
    """A request or a reply: they have one shape. code: the command, or the reply's code. host: numeric, or a name."""

    code: int
    host: str
    port: int


class Login(NamedTuple):
    """A user and a password, as octets that were sent."""

    user: bytes
    password: bytes

    def __repr__(self) -> str:
        return f"Login(user={self.user!r}, password=…)"


def words(code: int) -> str:
    """What a reply's code says, in words; never empty."""
    return REPLIES.get(code, f"the proxy answered with code {code}, which no document explains")


# The client's side


def encode_greeting(methods: tuple[int, ...]) -> bytes:
    """The first message: the ways to log in that we can (section 3)."""
    return bytes((VERSION, len(methods), *methods))


def decode_choice(data: bytes) -> int:
    """The method that the proxy chose, from its two octets. Raises: PeerMisbehaved."""
    _check_version(data)
    if len(data) != 2:
        raise _cut(data, "the choice of a login", "3")
    return data[1]


def encode_login(user: str, password: str) -> bytes:
    """User and password in clear; what lies behind `password_at(user)` is secret (RFC 1929 section 2).

    Raises: LocalMisuse: one of them has no octets, or more than 255.
    """
    fields = [("user name", user.encode("utf-8")), ("password", password.encode("utf-8"))]
    for name, field in fields:
        if not 1 <= len(field) <= MAX_TEXT:
            raise LocalMisuse(
                f"a SOCKS5 {name} has 1 to {MAX_TEXT} octets, this has {len(field)}",
                source="RFC 1929 section 2",
            )
    (_, name_octets), (_, password_octets) = fields
    return (
        bytes((LOGIN_VERSION, len(name_octets)))
        + name_octets
        + bytes((len(password_octets),))
        + password_octets
    )


def password_at(user: str) -> int:
    """Where the password begins in what `encode_login` made."""
    return 3 + len(user.encode("utf-8"))


def decode_login_answer(data: bytes) -> bool:
    """Whether the login was accepted, from two octets. Raises: PeerMisbehaved."""
    if len(data) != 2:
        raise _cut(data, "the answer to the login", "2", "RFC 1929")
    if data[0] != LOGIN_VERSION:
        raise PeerMisbehaved(
            f"the answer to the login has version {data[0]} and not 1",
            stage="proxy",
            data=data,
            source="RFC 1929 section 2",
        )
    return data[1] == 0


def encode_request(host: str, port: int, command: int = CONNECT) -> bytes:
    """Ask for a connection. A name is sent as it is: the proxy looks it up (section 4).

    Args:
        host: an address without brackets or zone, or a name in ASCII.

    Raises: LocalMisuse: the name is too long or not ASCII.
    """
    return _encode(command, host, port)


def encode_reply(code: int, host: str = "0.0.0.0", port: int = 0) -> bytes:
    """The proxy's answer: the code, and the address it calls from (section 6)."""
    return _encode(code, host, port)


def decode_request(data: bytes) -> Message:
    """A client's request. Raises: PeerMisbehaved."""
    return _decode(data, "the request", "4")


def decode_reply(data: bytes) -> Message:
    """The proxy's reply; code 0 means that the way is open. Raises: PeerMisbehaved."""
    return _decode(data, "the reply", "6")


def message_size(head: bytes, what: Literal["the request", "the reply"] = "the reply") -> int:
    """Octets of the whole request or reply, told by its first HEAD octets.

    Raises: PeerMisbehaved: they end early, the version is another one, or the kind of address is unknown.
    """
    section = "6" if what == "the reply" else "4"
    _check_version(head)
    if len(head) < HEAD:
        raise _cut(head, what, section)
    kind = head[3]
    if kind == _NAME:
        return HEAD + head[4] + 2
    if kind not in _ADDRESS_OCTETS:
        raise PeerMisbehaved(
            f"{what} has an address of kind {kind}; there are 1 (IPv4), 3 (name) and 4 (IPv6)",
            stage="proxy",
            data=head,
            source=f"{SOURCE} section 5",
        )
    return 4 + _ADDRESS_OCTETS[kind] + 2


# The proxy's side


def decode_greeting(data: bytes) -> tuple[int, ...]:
    """The methods that a client offers; `data` is the whole, 2 + data[1] octets. Raises: PeerMisbehaved."""
    _check_version(data)
    if len(data) < 2 or len(data) != 2 + data[1]:
        raise _cut(data, "the greeting", "3")
    return tuple(data[2:])


def encode_choice(method: int) -> bytes:
    """The method that the proxy chooses; NONE_ACCEPTABLE: the client has to leave."""
    return bytes((VERSION, method))


def decode_login(data: bytes) -> Login:
    """User and password; `data` is the whole. Raises: PeerMisbehaved."""
    user_end = 2 + data[1] if len(data) > 1 else 0
    if len(data) <= user_end or len(data) != user_end + 1 + data[user_end]:
        raise _cut(data, "the login", "2", "RFC 1929")
    return Login(data[2:user_end], data[user_end + 1 :])


def encode_login_answer(accepted: bool) -> bytes:
    """Status 0 is yes, every other is no."""
    return bytes((LOGIN_VERSION, 0 if accepted else 1))


# What both share


def _encode(code: int, host: str, port: int) -> bytes:
    head = bytes((VERSION, code, 0))
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("ascii", "replace")
        if not host.isascii() or not 1 <= len(name) <= MAX_TEXT:
            raise LocalMisuse(
                f"SOCKS5 takes names of 1 to {MAX_TEXT} ASCII characters",
                text=host,
                start=0,
                end=len(host),
                source=f"{SOURCE} section 5",
            ) from None
        return head + bytes((_NAME, len(name))) + name + port.to_bytes(2, "big")
    # The protocol has no place for a zone (fe80::1%eth0): the sixteen octets alone are sent.
    kind = _IPV4 if address.version == 4 else _IPV6
    return head + bytes((kind,)) + address.packed + port.to_bytes(2, "big")


def _decode(data: bytes, what: Literal["the request", "the reply"], section: str) -> Message:
    size = message_size(data[:HEAD], what)
    if len(data) != size:
        raise _cut(data, what, section)
    address = data[HEAD:-2] if data[3] == _NAME else data[4:-2]
    host = address.decode("latin-1") if data[3] == _NAME else str(ipaddress.ip_address(address))
    return Message(data[1], host, int.from_bytes(data[-2:], "big"))


def _check_version(data: bytes) -> None:
    if data and data[0] != VERSION:
        advice = "this may be an HTTP proxy" if data[:1] == b"H" else "SOCKS4 has version 0 here"
        raise PeerMisbehaved(
            f"the first octet is {data[0]} where SOCKS5 has 5",
            stage="proxy",
            data=data,
            advice=advice,
            source=f"{SOURCE} section 3",
        )


def _cut(data: bytes, what: str, section: str, source: str = SOURCE) -> PeerMisbehaved:
    return PeerMisbehaved(
        f"{what} ends in the middle, after {len(data)} octets",
        stage="proxy",
        data=data,
        source=f"{source} section {section}",
    )

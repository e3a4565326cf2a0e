"""A request as octets: exactly what goes over the wire, known before it goes (RFC 9112 sections 3 and 5).

Nothing is repaired and nothing reordered: a person's fields go as they were typed, in their order, and what is added by
itself stands behind them, but for Host, which RFC 9110 section 7.2 wants first. CR, LF and NUL are refused with their
place: they would make one field two, or one request two.
"""

import base64
from typing import Final

from workbench import __version__
from workbench.errors import LocalMisuse
from workbench.formats.place import mistake
from workbench.protocols.http.url import read_url
from workbench.protocols.http.values import Added, Login, Octets, Request, Url

MAX_METHOD: Final = 64
"""Octets; ours. The longest registered one, UPDATEREDIRECTREF, has 17."""
_TOKEN: Final = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""RFC 9110 section 5.6.2."""
_FORBIDDEN: Final = {"\r": "CR", "\n": "LF", "\0": "NUL"}
_SECRET_FIELDS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
_ENCLOSING: Final = frozenset({"POST", "PUT", "PATCH"})
"""Methods that say the length of a body that is empty, too (RFC 9110 section 8.6)."""


def encode(request: Request) -> Octets:
    """The octets of a request.

    Raises: LocalMisuse with the place: something in it can't be said in HTTP/1.1.
    """
    url = read_url(request.url, is_secure=request.is_secure)
    _check_method(request.method)
    for name, value in request.headers:
        check_field(name, value)
    lines = [f"{request.method} {url.path} HTTP/1.1\r\n".encode("ascii")]
    secret: list[tuple[int, int]] = []
    size = len(lines[0])
    for name, value in _fields(request, url):
        line = f"{name}: {value}\r\n".encode()
        if name.lower() in _SECRET_FIELDS:
            secret.append((size + _open_part(name, value), size + len(line) - 2))
        lines.append(line)
        size += len(line)
    size += 2
    secret += [(size + start, size + stop) for start, stop in request.secret]
    return Octets(b"".join((*lines, b"\r\n", request.body)), tuple(secret), size)


def added(request: Request) -> tuple[Added, ...]:
    """What is added by itself, with the reasons. Raises: LocalMisuse: the address is none."""
    url = read_url(request.url, is_secure=request.is_secure)
    return tuple(field for field in _wanted(request, url) if field.name.lower() not in request.without)


def basic(login: Login) -> str:
    """The value of Authorization for a login (RFC 7617 section 2). Raises: LocalMisuse: a colon in the user's name."""
    colon = login.user.find(":")
    if colon >= 0:
        raise mistake(
            login.user,
            colon,
            colon + 1,
            "a user's name can't hold a colon: what follows would be taken for the password",
            "leave it out",
            "RFC 7617 section 2",
        )
    # RFC 7617 section 2 refuses controls, and leaves the charset open where the server names none; UTF-8 is what
    # servers name that name one.
    for text in (login.user, login.password):
        for at, character in enumerate(text):
            if ord(character) < 0x20 or ord(character) == 0x7F or "\ud800" <= character <= "\udfff":
                raise LocalMisuse(
                    f"a control character (character {at + 1}) can't stand in a login",
                    stage="request",
                    source="RFC 7617 section 2",
                )
    return "Basic " + base64.b64encode(f"{login.user}:{login.password}".encode()).decode("ascii")


def is_secret_field(name: str) -> bool:
    """Whether a field of this name holds a login, whose value is masked in every view."""
    return name.lower() in _SECRET_FIELDS


def check_field(name: str, value: str) -> None:
    """Refuse what is no header field. Raises: LocalMisuse with the place in "NAME: VALUE"."""
    shown = "*" * len(value) if name.lower() in _SECRET_FIELDS else value
    line = f"{name}: {shown}"
    if not name:
        raise mistake(line, 0, 0, "the field has no name", "write NAME: VALUE", "RFC 9110 section 5.1")
    for at, character in enumerate(name):
        if character not in _TOKEN:
            raise mistake(
                line,
                at,
                at + 1,
                f"{_called(character)} can't stand in a field's name",
                "write letters, digits and hyphens",
                "RFC 9110 section 5.1",
            )
    for at, character in enumerate(value):
        if character in _FORBIDDEN or "\ud800" <= character <= "\udfff":
            place = len(name) + 2 + at
            raise mistake(
                line,
                place,
                place + 1,
                f"{_called(character)} can't stand in a field: what follows would be read as another"
                if character in _FORBIDDEN
                else "half of a surrogate pair is no character",
                "write a field for each, or leave it out",
                "RFC 9110 section 5.5",
            )


def _check_method(method: str) -> None:
    source = "RFC 9110 section 9.1"
    if not method or len(method) > MAX_METHOD:
        raise mistake(method, 0, len(method), "a method is a word of 1 to 64 characters", "", source)
    for at, character in enumerate(method):
        if character not in _TOKEN:
            raise mistake(
                method,
                at,
                at + 1,
                f"{_called(character)} can't stand in a method",
                "write a word like GET",
                source,
            )

    if method == "CONNECT":
        raise mistake(
            method,
            0,
            len(method),
            "CONNECT asks a proxy for a tunnel, and this is no proxy's client",
            "the Sockets panel goes through proxies",
            "RFC 9110 section 9.3.6",
        )


def _called(character: str) -> str:
    return _FORBIDDEN.get(character, "a space" if character == " " else ascii(character))


def _fields(request: Request, url: Url) -> list[tuple[str, str]]:
    wanted = [field for field in _wanted(request, url) if field.name.lower() not in request.without]
    first = [(field.name, field.value) for field in wanted if field.name == "Host"]
    others = [(field.name, field.value) for field in wanted if field.name != "Host"]
    return [*first, *request.headers, *others]


def _wanted(request: Request, url: Url) -> list[Added]:
    typed = {name.lower() for name, _ in request.headers}
    fields = [Added("Host", url.authority, "who is meant, where one address serves many")]
    if request.login is not None:
        fields.append(Added("Authorization", basic(request.login), "the login, by the Basic scheme"))
    fields += [
        Added("User-Agent", f"network-workbench/{__version__}", "who asks"),
        Added("Accept", "*/*", "any kind of answer is welcome"),
    ]
    if "transfer-encoding" not in typed and (request.body or request.method in _ENCLOSING):
        fields.append(Added("Content-Length", str(len(request.body)), "how long the body is"))
    fields.append(Added("Connection", "close", "one request, and then the connection ends"))
    return [field for field in fields if field.name.lower() not in typed]


def _open_part(name: str, value: str) -> int:
    """Octets of a secret field that may be read by anybody: its name and, of a login, the scheme."""
    scheme = value.partition(" ")[0] + " " if name.lower() != "cookie" and " " in value else ""
    return len(f"{name}: {scheme}".encode())

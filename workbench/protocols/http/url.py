"""Web addresses: what a person types, what a redirect says, and how the two join (RFC 3986, RFC 9110 section 4.2)."""

from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from workbench.formats.place import mistake
from workbench.formats.target import LAB_HOST, Target, bracketed, parse_target
from workbench.protocols.http.values import Url

_LAB_TLS: Final = "https"
_DEFAULT_PORTS: Final = {False: 80, True: 443}
_FTP: Final = "this is a file of an FTP server", "workbench ftp get, or the Files panel"
_MAIL: Final = "this is a mailbox and no page", "workbench mail list, or the Mail panel"
_SOCKETS: Final = "this is a conversation in frames", "workbench socket ws, or the Sockets panel"
_SHOWN: Final = "workbench web open shows it"
_ELSEWHERE: Final = {
    "file": ("a file needs no server", "workbench web open shows it, web find searches it; or the Inspector"),
    "data": ("the document stands in the address, and no server is asked", _SHOWN),
    "gopher": ("a server of Gopher does not speak HTTP", _SHOWN),
    "ftp": _FTP,
    "ftps": _FTP,
    "imap": _MAIL,
    "imaps": _MAIL,
    "pop3": _MAIL,
    "pop3s": _MAIL,
    "ws": _SOCKETS,
    "wss": _SOCKETS,
    "mailto": ("this is whom to write to, and no page", "workbench mail send, or the Mail panel"),
}
"""Schemes that something else here speaks: what to say of them, and what that is."""
_SAFE: Final = "".join(map(chr, range(0x21, 0x7F)))
"""What is sent as it was typed; everything else is escaped as UTF-8 (RFC 3987 section 3.1)."""


def read_url(text: str, *, is_secure: bool = False) -> Url:
    """Take a web address apart.

    Args:
        is_secure: TLS for HOST:PORT and lab:NAME, which don't say so themselves; lab:https says it.

    Raises: LocalMisuse with the place: it is no address, or none of the web.
    """
    _check_scheme(text)
    target = parse_target(text)
    if target.scheme not in ("http", "https", "tcp", "lab"):
        raise mistake(
            text,
            0,
            len(target.scheme),
            f"{target.scheme}: is no address of the web",
            "write http://HOST/PATH, https://HOST/PATH or lab:http/PATH",
            "RFC 9110 section 4.2",
        )
    secure = is_secure or target.scheme == "https" or (target.is_lab and target.host.startswith(_LAB_TLS))
    return Url(text, target, secure, _authority(target, secure), _path(target.path))


def _check_scheme(text: str) -> None:
    """Say of a scheme that another part of the workbench speaks which one that is; and of a bare host what is missing.

    Raises: LocalMisuse.
    """
    scheme, colon, rest = text.partition(":")
    known = _ELSEWHERE.get(scheme.lower())
    # "ftp:80" is port 80 of a host that is called so.
    if known is not None and colon and not rest[:1].isdigit():
        raise mistake(text, 0, len(scheme), known[0], known[1])
    if text and text.isprintable() and not {":", "/", "@", " ", "?", "#"} & set(text) and not text.isdigit():
        raise mistake(text, 0, 0, "the scheme is missing", f"write http://{text}/ or https://{text}/")


def connects_to(url: Url) -> Target:
    """What the wire is asked to connect to."""
    target = url.target
    return target if target.is_lab else Target("tcp", target.host, target.port, "", target.text)


def led_to(base: Url, location: str) -> Url:
    """Where a Location leads, seen from the address that answered it (RFC 3986 section 5).

    Raises: LocalMisuse: it is no address, or one that no server may send us to.
    """
    location = _escaped(location)
    try:
        scheme = urlsplit(location).scheme
        if not scheme and location.startswith("//"):
            scheme = "https" if base.is_secure else "http"
            location = f"{scheme}:{location}"
        # The standard library joins only schemes that it knows, and lab: is none of them.
        there = urlsplit(urljoin(f"http://origin{base.path}", location))
    except ValueError as error:
        raise mistake(
            location, 0, len(location), "this is no address", "", "RFC 9110 section 10.2.2"
        ) from error
    if not scheme:
        query = f"?{there.query}" if there.query else ""
        return read_url(f"{_origin(base)}{there.path or '/'}{query}", is_secure=base.is_secure)
    if scheme not in ("http", "https"):
        raise mistake(
            location,
            0,
            len(scheme),
            f"a redirect may lead to http and https, not to {scheme}:",
            "",
            "RFC 9110 section 17.1",
        )
    return read_url(location)


def _origin(base: Url) -> str:
    if base.target.is_lab:
        return f"lab:{base.target.host}"
    return f"{'https' if base.is_secure else 'http'}://{base.authority}"


def _authority(target: Target, secure: bool) -> str:
    if target.is_lab:
        return LAB_HOST
    # A zone is of this machine alone and is not sent (RFC 6874 section 1).
    host = bracketed(target.ascii_host.partition("%")[0])
    return host if target.port == _DEFAULT_PORTS[secure] else f"{host}:{target.port}"


def _path(path: str) -> str:
    """The request line's target in origin form (RFC 9112 section 3.2.1); a fragment stays here."""
    path = _escaped(path.partition("#")[0])
    return path if path.startswith("/") else f"/{path}"


def _escaped(text: str) -> str:
    return quote(text, safe=_SAFE)

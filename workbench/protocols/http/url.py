"""Web addresses: what a person types, what a redirect says, and how the two join (RFC 3986, RFC 9110 section 4.2)."""

from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from workbench.formats.place import mistake
from workbench.formats.target import LAB_HOST, Target, bracketed, parse_target
from workbench.protocols.http.values import Url

_LAB_TLS: Final = "https"
_DEFAULT_PORTS: Final = {False: 80, True: 443}
_SAFE: Final = "".join(map(chr, range(0x21, 0x7F)))
"""What is sent as it was typed; everything else is escaped as UTF-8 (RFC 3987 section 3.1)."""


def read_url(text: str, *, is_secure: bool = False) -> Url:
    """Take a web address apart.

    Args:
        is_secure: TLS for HOST:PORT and lab:NAME, which don't say so themselves; lab:https says it.

    Raises: LocalMisuse with the place: it is no address, or none of the web.
    """
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

"""Addresses of Gopher items: what a person types, taken apart and put together (RFC 4266).

gopher://HOST[:PORT]/TSELECTOR[%09SEARCH], where T is the item's type; lab:gopher/TSELECTOR means the same.
"""

import re
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from workbench.formats.place import mistake
from workbench.formats.target import Target, bracketed, parse_target
from workbench.protocols.gopher.values import Request, Terminator

DEFAULT_PORT: Final = 70
_SAFE: Final = "/:@!$&'()*+,;=-._~?"
"""RFC 4266 section 2.1: all else is escaped."""
_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
SOURCE: Final = "RFC 4266 section 2.1"


def read_address(text: str, *, terminator: Terminator = "crlf", read_octets: int = 2048) -> Request:
    """What an address asks for.

    Raises: LocalMisuse with the place: it is no address, or none of Gopher.
    """
    target = parse_target(text, default_port=DEFAULT_PORT)
    if target.scheme not in ("gopher", "tcp", "lab"):
        raise mistake(
            text,
            0,
            len(target.scheme),
            f"{target.scheme}: is no address of Gopher",
            "write gopher://HOST/, HOST:PORT or lab:gopher",
            SOURCE,
        )
    kind, selector, search = _path(text, target)
    return Request(_place(target, text), selector, search, kind, terminator, read_octets)


def _place(target: Target, text: str) -> Target:
    if target.is_lab:
        return Target("lab", target.host, None, "", text)
    return Target("tcp", target.host, target.port, "", text)


def _path(text: str, target: Target) -> tuple[str, str, str | None]:
    """Type, selector, search."""
    path = target.path
    start = len(text) - len(path)
    if wrong := _ESCAPE.search(path):
        at = start + wrong.start()
        raise mistake(text, at, at + 1, "% is followed by two hexadecimal digits", "write % as %25", SOURCE)
    if path[:1] in ("?", "#"):
        raise mistake(
            text, start, start + 1, "a path with the item's type comes first", "write /1 before it", SOURCE
        )
    if path in ("", "/"):
        return ("1", "", None)
    whole = unquote_to_bytes(path[1:]).decode("utf-8", "surrogateescape")
    kind, (selector, *rest) = whole[0], whole[1:].split("\t")
    if bad := re.search(r"[\r\n\0]", whole):
        raise mistake(text, start, len(text), f"{bad[0]!r} cannot stand in a selector", "remove it", SOURCE)
    if len(rest) > 1:
        raise mistake(
            text, start, len(text), "what follows a second %09 belongs to Gopher+", "leave it out", SOURCE
        )
    return kind, selector, rest[0] if rest else None


def written(request: Request) -> str:
    """The address of a request, with the type that was said, or a menu's."""
    kind = request.type or "1"
    target = request.target
    place = str(target) if target.is_lab else f"gopher://{bracketed(target.host)}:{target.port}"
    is_root = kind == "1" and not request.selector and request.search is None
    item = "" if is_root else kind + request.selector
    search = "" if request.search is None else f"%09{_quoted(request.search)}"
    return f"{place}/{_quoted(item)}{search}"


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogateescape"), safe=_SAFE)


def parts_of(text: str) -> tuple[tuple[str, str], ...]:
    """The parts of an address by name, in the order in which they stand. Raises: as read_address."""
    target = parse_target(text, default_port=DEFAULT_PORT)
    request = read_address(text)
    named = [
        ("scheme", "gopher" if target.scheme == "tcp" else target.scheme),
        ("host", target.host),
        ("port", "" if target.port is None else str(target.port)),
        ("type", request.type),
        ("selector", request.selector),
        ("search", request.search or ""),
    ]
    return tuple((name, value) for name, value in named if value or name == "selector")

"""An address of any scheme, taken apart for the eye: every part with its name and its place in the text (RFC 3986).

Nothing is judged here but the form: which engine takes the scheme is a table of the caller's, and the engine's own
parser says what is wrong with the rest.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.place import mistake

SOURCE: Final = "RFC 3986 section 3"
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PORT: Final = re.compile(r":([0-9]*)\Z")
WHAT: Final = {
    "scheme": "which protocol, and so which engine",
    "user": "who is asking; a password does not belong here",
    "host": "whose machine: a name, or a number",
    "port": "which server on it",
    "service": "a service of the Lab",
    "media type": "what the octets are",
    "path": "which thing the server shall give",
    "query": "what is asked about it",
    "fragment": "which place in it: it never leaves this program",
    "data": "the thing itself, nobody is asked",
}
"""What each part is for, a few words."""


class Part(NamedTuple):
    """One part of an address, text[start:end] of it."""

    name: str
    text: str
    start: int
    end: int


def scheme_of(text: str) -> str:
    """The scheme in small letters; "" where the text has none (HOST:PORT has none: a port is a number)."""
    found = _SCHEME.match(text)
    if found is None:
        return ""
    rest = text[found.end() :]
    has_form = rest.startswith("//") or found[0].lower() in (
        "lab:",
        "data:",
        "file:",
        "unix:",
        "sqlite:",
        "mailto:",
    )
    return found[0][:-1].lower() if has_form else ""


def parts_of(text: str) -> tuple[Part, ...]:
    """The parts in their order. Raises: LocalMisuse: there is no scheme."""
    scheme = scheme_of(text)
    if not scheme:
        raise mistake(
            text,
            0,
            0,
            "an address begins with a scheme",
            "write it like http://HOST/ or gopher://HOST/",
            SOURCE,
        )
    parts = [Part("scheme", text[: len(scheme)], 0, len(scheme))]
    at = len(scheme) + 1
    if scheme == "data":
        return (*parts, *_data_parts(text, at))
    if text.startswith("//", at):
        end = _first_of(text, "/?#", at + 2)
        parts += _authority(text, at + 2, end)
        at = end
    elif scheme == "lab":
        end = _first_of(text, "/?#", at)
        parts.append(Part("service", text[at:end], at, end))
        at = end
    return (*parts, *_rest(text, at))


def choose(text: str, known: Iterable[str]) -> str:
    """The scheme, if it is one of those. Raises: LocalMisuse with the place: it is none of them, or there is none."""
    scheme = parts_of(text)[0].text.lower()
    names = sorted(known)
    if scheme not in names:
        raise LocalMisuse(
            f"no engine here speaks {scheme}:",
            text=text,
            start=0,
            end=len(scheme),
            advice="there are " + ", ".join(names),
            source="RFC 3986 section 3.1",
        )
    return scheme


def _first_of(text: str, characters: str, start: int) -> int:
    return min((at for at in (text.find(one, start) for one in characters) if at >= 0), default=len(text))


def _authority(text: str, start: int, end: int) -> list[Part]:
    parts = []
    at = text.rfind("@", start, end)
    if at >= 0:
        parts.append(Part("user", text[start:at], start, at))
        start = at + 1
    port = _PORT.search(text[start:end]) if "]" not in text[text.rfind(":", start, end) : end] else None
    stop = start + port.start() if port else end
    parts.append(Part("host", text[start:stop], start, stop))
    if port:
        parts.append(Part("port", port[1], stop + 1, end))
    return parts


def _rest(text: str, start: int) -> list[Part]:
    parts = []
    query, fragment = text.find("?", start), text.find("#", start)
    if fragment >= 0 and query > fragment:
        query = -1
    end_of_query = fragment if fragment >= 0 else len(text)
    end_of_path = query if query >= 0 else end_of_query
    if end_of_path > start:
        parts.append(Part("path", text[start:end_of_path], start, end_of_path))
    if query >= 0:
        parts.append(Part("query", text[query + 1 : end_of_query], query + 1, end_of_query))
    if fragment >= 0:
        parts.append(Part("fragment", text[fragment + 1 :], fragment + 1, len(text)))
    return parts


def _data_parts(text: str, start: int) -> list[Part]:
    comma = text.find(",", start)
    if comma < 0:
        raise mistake(
            text,
            len(text),
            len(text),
            "a comma before the data is missing",
            "write data:text/plain,hello",
            "RFC 2397 section 3",
        )
    return [
        Part("media type", text[start:comma], start, comma),
        Part("data", text[comma + 1 :], comma + 1, len(text)),
    ]


def read_data(text: str) -> tuple[str, bytes]:
    """The media type and the octets of a data: address. Raises: LocalMisuse with the place. Source: RFC 2397."""
    import base64
    import binascii
    from urllib.parse import unquote_to_bytes

    _, kind, data = parts_of(text)
    octets = unquote_to_bytes(data.text)
    media_type = kind.text
    if media_type.lower().endswith(";base64"):
        media_type = media_type[: -len(";base64")]
        try:
            octets = base64.b64decode(octets, validate=True)
        except binascii.Error as error:
            raise mistake(
                text,
                data.start,
                data.end,
                f"this is no base64: {error}",
                "leave ;base64 out",
                "RFC 2397 section 3",
            ) from error
    return media_type or "text/plain;charset=US-ASCII", octets

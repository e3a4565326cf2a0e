"""Gopher's octets: the line that asks, menus, texts with a dot at their end (RFC 1436 sections 2 and 3).

Everything is bounded, and nothing of a menu is thrown away: a line that is none is an item with its fault.
"""

from typing import Final

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.formats.place import mistake
from workbench.protocols.gopher.values import ERROR, MENUS, TERMINATORS, TEXTS, Item, Kind, Request

MAX_SELECTOR: Final = 4096
"""Octets; RFC 1436 section 3.9 asks for at most 255, servers that answer by scripts take more."""
MAX_LINE: Final = 8192
"""Octets of one line of a menu: a selector twice, and words."""
MAX_ITEMS: Final = 50_000
"""Ours: a menu that a person could still search."""
LOOKED_AT: Final = 4096
"""Octets by which an answer of no known kind is judged."""
_CODES: Final = {"\r": "CR", "\n": "LF", "\t": "a tab", "\0": "NUL"}


def encode(request: Request) -> bytes:
    """The line that asks.

    Raises: LocalMisuse with the place: a character that would end the line or begin another field.
    """
    _check(request.selector)
    line = _octets(request.selector)
    if request.search is not None:
        _check(request.search)
        line += b"\t" + _octets(request.search)
    return line + TERMINATORS[request.terminator]


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _check(text: str) -> None:
    for at, character in enumerate(text):
        if character in _CODES:
            name = _CODES[character]
            advice = "a search has a field of its own" if character == "\t" else "one line asks for one item"
            raise mistake(
                text, at, at + 1, f"{name} cannot stand in a selector", advice, "RFC 1436 section 2"
            )
    try:
        size = len(_octets(text))
    except UnicodeEncodeError as error:
        raise mistake(
            text, error.start, error.end, "half of a surrogate pair is no character", "remove it"
        ) from error
    if size > MAX_SELECTOR:
        raise LocalMisuse(
            f"a selector has at most {MAX_SELECTOR:,} octets, this has {size:,}",
            advice="RFC 1436 section 3.9 asks for at most 255",
        )


class MenuReader:
    """Octets of a menu, cut anywhere, to items.

    Attributes: is_complete: the line with a dot was there; what comes behind it is counted in `behind`.
    """

    def __init__(self) -> None:
        self.is_complete = False
        self.behind = 0
        self._rest = b""
        self._number = 0

    def feed(self, data: bytes) -> tuple[Item, ...]:
        """The items that these octets complete. Raises: PeerMisbehaved: a line or a menu without end."""
        if self.is_complete:
            self.behind += len(data)
            return ()
        *lines, self._rest = (self._rest + data).split(b"\n")
        found: list[Item] = []
        for at, line in enumerate(lines):
            if len(line) > MAX_LINE:
                raise _too_long(line)
            line = line.removesuffix(b"\r")
            if line == b".":
                self.is_complete = True
                self.behind = sum(len(each) + 1 for each in lines[at + 1 :]) + len(self._rest)
                self._rest = b""
                break
            found.append(read_item(line))
        if len(self._rest) > MAX_LINE:
            raise _too_long(self._rest)
        self._number += len(found)
        if self._number > MAX_ITEMS:
            raise PeerMisbehaved(f"the menu has more than {MAX_ITEMS:,} items", stage="receive")
        return tuple(found)

    def finish(self) -> tuple[Item, ...]:
        """The end of the stream: the line that it left without an end, if any."""
        rest, self._rest = self._rest.removesuffix(b"\r"), b""
        if rest == b".":
            self.is_complete = True
            return ()
        return (read_item(rest),) if rest else ()


def _too_long(line: bytes) -> PeerMisbehaved:
    return PeerMisbehaved(
        f"a line of the menu is longer than {MAX_LINE:,} octets",
        stage="receive",
        data=line,
        advice="does a Gopher server answer on this port?",
        source="RFC 1436 section 3.8",
    )


def read_item(line: bytes) -> Item:
    """One line without its end. Never raises: what is wrong stands in the item."""
    if not line:
        return Item("i", "", fault="an empty line")
    text = line.decode("utf-8", "surrogateescape")
    kind, fields = text[0], text[1:].split("\t")
    if len(fields) < 4:
        missing = ("a selector", "a host", "a port")[len(fields) - 1]
        words, selector, host = (*fields, "", "")[:3]
        return Item(kind, words, selector, host, fault=f"{missing} is missing")
    words, selector, host, port = fields[:4]
    number = port.strip()
    if not (number.isascii() and number.isdigit() and len(number) <= 5 and int(number) <= 65_535):
        return Item(
            kind, words, selector, host, None, f"{port!r} is no port" if number else "a port is missing"
        )
    return Item(kind, words, selector, host, int(number))


def encode_item(item: Item) -> bytes:
    """A line of a menu, its end with it. Raises: LocalMisuse: a field that would begin another."""
    for field in (item.type, item.text, item.selector, item.host):
        _check(field)
    return _octets(f"{item.type}{item.text}\t{item.selector}\t{item.host}\t{item.port or 0}\r\n")


def encode_text(text: str) -> bytes:
    """A text as it is sent: CR LF, a dot before each line that begins with one, and the dot at the end."""
    lines = [f".{line}" if line.startswith(".") else line for line in text.splitlines()]
    return _octets("".join(f"{line}\r\n" for line in lines)) + b".\r\n"


def ends_with_dot(body: bytes) -> bool:
    """Whether a text has the line that ends it."""
    return body in (b".", b".\n", b".\r\n") or body.endswith((b"\n.\r\n", b"\n.\n", b"\n."))


def undotted(body: bytes) -> bytes:
    """A text without the line that ends it, and without the dots that were put before others."""
    lines = body.split(b"\n")
    for at, line in enumerate(lines):
        if line.removesuffix(b"\r") == b".":
            lines = [*lines[:at], b""]
            break
        if line.startswith(b".."):
            lines[at] = line[1:]
    return b"\n".join(lines)


def kind_of(body: bytes, type_: str) -> Kind:
    """How to read an answer: by the type that was asked for, else by how it begins.

    A server that has an error to tell sends a menu of one item, whatever was asked for.
    """
    if _is_error(body):
        return "menu"
    if type_ in MENUS:
        return "menu"
    if type_ in TEXTS:
        return "text"
    if type_:
        return "binary"
    head = body[:LOOKED_AT]
    lines = [line for line in head.split(b"\n")[:-1] if line.strip(b".\r")]
    if lines and all(line.count(b"\t") >= 3 for line in lines):
        return "menu"
    return "binary" if b"\0" in head else "text"


def _is_error(body: bytes) -> bool:
    first, _, rest = body[:LOOKED_AT].partition(b"\n")
    return first[:1] == ERROR.encode() and first.count(b"\t") >= 2 and rest.strip() in (b"", b".")

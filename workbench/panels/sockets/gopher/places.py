"""What the page of Gopher takes for an address, whose panel takes the others, and a few words. No Qt."""

from workbench.errors import LocalMisuse
from workbench.formats.url_parts import choose, scheme_of
from workbench.panels.sockets.gopher.controller import GopherController
from workbench.protocols.gopher.address import read_address, written
from workbench.protocols.gopher.values import Request

ELSEWHERE = {
    "http": "web",
    "https": "web",
    "ftp": "files",
    "dns": "dns",
    "imap": "mail",
    "imaps": "mail",
    "pop3": "mail",
    "smtp": "mail",
    "postgresql": "sql",
    "sqlite": "sql",
}
"""Whose panel an address of another scheme is handed to."""
TERMINATOR_TITLES = {"crlf": "CR LF", "lf": "LF", "nul": "NUL", "none": "nothing"}
PART_TIPS = {
    "scheme": "Which protocol",
    "host": "Whose machine",
    "port": "Which server on it; Gopher's own is 70",
    "type": "What the item is; the server never hears of it",
    "selector": "What the server calls the item: this is what is sent",
    "search": "Goes with the selector, behind a tab",
}


def read_any(text: str) -> object:
    """What the bar takes: an address of ours, or one that a panel of ours takes. Raises: LocalMisuse."""
    if scheme_of(text) in ("", "gopher", "lab"):
        return read_address(text)
    return choose(text, ("gopher", *ELSEWHERE))


def without_item(address: str) -> str:
    """An address that names an item, without it: the selector that is typed is what counts then."""
    try:
        request = read_address(address)
    except LocalMisuse:
        return address
    is_root = not request.selector and request.search is None
    return address if is_root else written(Request(request.target))


class ScriptOf:
    """Makes the script of one level; a method of its own would keep the page."""

    def __init__(self, controller: GopherController, level: int) -> None:
        self._controller = controller
        self._level = level

    def __call__(self) -> str:
        return self._controller.copy_as_python(self._level)

"""Where a hop's address leads in other panels, and what a saved body is called. No Qt."""

import re
from typing import Final
from urllib.parse import unquote

from workbench.errors import LocalMisuse
from workbench.formats.target import bracketed
from workbench.protocols.http.url import read_url
from workbench.protocols.http.values import Exchange, Hop

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
MAX_NAME: Final = 80
_SUFFIXES: Final = {
    "text/html": ".html",
    "text/plain": ".txt",
    "application/json": ".json",
    "application/xml": ".xml",
}


def socket_target(hop: Hop) -> str:
    """The server as HOST:PORT, or lab:NAME."""
    target = hop.url.target
    return f"lab:{target.host}" if target.is_lab else f"{bracketed(target.host)}:{target.port}"


def dns_target(hop: Hop) -> str:
    """The server's name, for who asks DNS; of a service of the Lab, which has none, its address."""
    target = hop.url.target
    return hop.address.rpartition(":")[0].strip("[]") if target.is_lab else target.host


def name_of(exchange: Exchange) -> str:
    """A name for the body's file, from the address: nothing that a server says decides it."""
    kind = (exchange.head.first("content-type") or "").partition(";")[0].strip().lower()
    return _named(exchange.last.url.path, _SUFFIXES.get(kind, ""))


def name_in(url: str) -> str:
    """A name for the file of an address that was not asked yet."""
    try:
        return _named(read_url(url).path, "")
    except LocalMisuse:
        return "body"


def _named(path: str, suffix: str) -> str:
    last = unquote(path.partition("?")[0].rpartition("/")[2])
    name = _UNSAFE.sub("-", last).strip(".-")[:MAX_NAME] or "body"
    return name if "." in name else name + suffix

"""What an explanation's source is: "RFC 868" has a title, a year and perhaps a successor, "socket(7)" a subject.

The tables are files of ours (resources/references), so that they can be read with no network.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from workbench import assets

_CITED = re.compile(
    r"RFC (?P<rfc>\d{3,5})(?: (?:section )?(?P<place>(?:[A-Z]\.)?\d+(?:\.\d+)*))?"
    r"|(?P<page>\b[a-z][a-z0-9_]*\([1-8]\))"
)


class Reference(NamedTuple):
    """A document that is cited.

    name: "RFC 868", "socket(7)". place: the section, "" for the whole. title: what it is, "" where nobody knows it.
    year: 0 for a manual page. status: the RFC Editor's word. successors: numbers of the RFCs that took its place.
    """

    name: str
    place: str = ""
    title: str = ""
    year: int = 0
    status: str = ""
    successors: tuple[int, ...] = ()

    @property
    def sentence(self) -> str:
        """All of it in a line: "RFC 9293 3.6: Transmission Control Protocol (TCP), 2022, Internet Standard"."""
        head = " ".join(filter(None, (self.name, self.place)))
        parts = [part for part in (self.title, str(self.year or ""), self.status) if part]
        if self.successors:
            parts.append(f"succeeded by {', '.join(f'RFC {number}' for number in self.successors)}")
        return f"{head}: {', '.join(parts)}" if parts else head


def references(source: str) -> tuple[Reference, ...]:
    """The documents that a source names, in its order, each once; none for words that name no document.

    Raises: LocalFault: the tables can't be read.
    """
    found: dict[Reference, None] = {}
    for match in _CITED.finditer(source):
        if (number := match["rfc"]) is not None:
            found[_rfc(number, match["place"] or "")] = None
        elif match["page"] in _pages():
            found[Reference(match["page"], "", _pages()[match["page"]])] = None
    return tuple(found)


def _rfc(number: str, place: str) -> Reference:
    known = _rfcs().get(str(int(number)))
    if known is None:
        return Reference(f"RFC {number}", place)
    successors = tuple(known.get("by", ()))
    return Reference(
        f"RFC {number}", place, known["title"], known["year"], known.get("status", ""), successors
    )


@cache
def _rfcs() -> Mapping[str, Any]:
    return tomllib.loads(assets.read_text("references/rfc.toml"))


@cache
def _pages() -> Mapping[str, str]:
    return tomllib.loads(assets.read_text("references/manual.toml"))

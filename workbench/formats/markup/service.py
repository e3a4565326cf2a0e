"""What a worker is asked to do with documents. The newest one stays in the process, ready for the next question."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from workbench.formats.markup.lines import Lines
from workbench.formats.markup.query import Answer, Language, Searcher
from workbench.formats.markup.reading import Reading
from workbench.formats.markup.values import Marks, Page, Problem

MANY = 2_000
"""Children of one node that are listed at once, where there is time."""


class Source(NamedTuple):
    """A document and how to read it. key: the same for the same; see Reading for the rest."""

    key: int
    data: bytes
    kind: str = ""
    media_type: str = ""
    encoding: str = ""


class _Held(NamedTuple):
    key: int
    reading: Reading
    searcher: Searcher


_held: _Held | None = None


def read(source: Source) -> tuple[Page, Marks, Lines]:
    """The page, the places of its first nodes, and where its lines begin. Raises: as Reading."""
    reading = _reading(source).reading
    tree = reading.page.tree
    for node, number in Counter(tree.parent).items():
        if number >= MANY and node >= 0:
            # A view asks for them row by row, and shall not have to walk over all of them first.
            tree.children_of(node)
    return reading.page, reading.first_marks(), reading.lines


def mark(source: Source) -> tuple[Marks, tuple[Problem, ...]]:
    """The places of all nodes, and all that is wrong. Raises: as Reading."""
    return _reading(source).reading.marked()


def find(source: Source, language: Language, text: str, namespaces: Mapping[str, str]) -> Answer:
    """What an expression finds. Raises: as Reading and Searcher.search."""
    return _reading(source).searcher.search(language, text, namespaces)


def _reading(source: Source) -> _Held:
    global _held
    if _held is None or _held.key != source.key:
        _held = None
        reading = Reading(source.data, source.kind, source.media_type, source.encoding)
        _held = _Held(source.key, reading, Searcher(reading))
    return _held

"""What a document type declaration in the document declares, read and never obeyed: how large its entities would be.

An entity of some letters may stand for ten others, these again for ten: nine steps make a thousand million characters.
So their size is computed before any parser sees them, and nothing is ever loaded that a declaration names.
"""

import re
from typing import Final, NamedTuple

from workbench.errors import PeerMisbehaved
from workbench.formats.markup.lines import Lines
from workbench.formats.markup.values import Problem

MAX_EXPANSION = 1_000_000
"""Characters that an entity may stand for; ours. libxml2 begins to count at the same order of size."""
MAX_ENTITIES = 10_000

_PIECE: Final = re.compile(
    r"""<!--.*?-->|<\?.*?\?>|<!ENTITY\s+(?P<percent>%\s+)?(?P<name>[^\s"'>%]+)\s+
    (?:(?:SYSTEM|PUBLIC\s+(?:"[^"]*"|'[^']*'))\s+(?P<outside>"[^"]*"|'[^']*')[^>]*
      |(?P<value>"[^"]*"|'[^']*')\s*)>
    |<![A-Z]+(?:[^"'>]|"[^"]*"|'[^']*')*>""",
    re.VERBOSE | re.DOTALL,
)
_SUBSET: Final = re.compile(
    r"""(?:[^\]"'<]|"[^"]*"|'[^']*'|<!--.*?-->|<\?.*?\?>|<(?!!--|\?))*+\]""", re.DOTALL
)
_HEAD: Final = re.compile(r"""<!DOCTYPE(?:[^\["'>]|"[^"]*"|'[^']*')*+""")
_OUTSIDE: Final = re.compile(
    r"""<!DOCTYPE\s+\S+\s+(?:SYSTEM|PUBLIC\s+(?:"[^"]*"|'[^']*'))\s+("[^"]*"|'[^']*')"""
)
REFERENCE: Final = re.compile(r"&(#[0-9]+|#x[0-9a-fA-F]+|[^\s&;<#]+);")
PREDEFINED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


class Entity(NamedTuple):
    """A declared entity. value: None where it stands outside; outside: its address then."""

    name: str
    value: str | None
    outside: str
    start: int
    stop: int


class Declared(NamedTuple):
    """What a document type declares. stop: where it ends; notes: what it names outside, and that this isn't loaded."""

    entities: dict[str, Entity]
    notes: tuple[Problem, ...]
    stop: int


def declared(text: str, start: int) -> Declared | None:
    """Read the declaration that begins at `start`; None where it does not end."""
    head = _HEAD.match(text, start)
    if head is None:
        return None
    at = head.end()
    notes = []
    if outside := _OUTSIDE.match(text, start):
        notes.append(_not_loaded("external-dtd", f"the DTD {outside[1]}", outside.start(1), outside.end(1)))
    entities: dict[str, Entity] = {}
    if text[at : at + 1] == "[":
        end = _SUBSET.match(text, at + 1)
        if end is None:
            return None
        for piece in _PIECE.finditer(text, at + 1, end.end() - 1):
            if piece["name"] is None or len(entities) == MAX_ENTITIES:
                continue
            if piece["outside"] is not None:
                what = f"the entity {piece['name']} is {piece['outside']}"
                notes.append(_not_loaded("external-entity", what, *piece.span()))
            if piece["percent"] is None and piece["name"] not in entities:
                value = piece["value"][1:-1] if piece["value"] is not None else None
                entities[piece["name"]] = Entity(
                    piece["name"], value, (piece["outside"] or "")[1:-1], *piece.span()
                )
        at = end.end()
    close = text.find(">", at)
    return None if close < 0 else Declared(entities, tuple(notes), close + 1)


def _not_loaded(code: str, what: str, start: int, stop: int) -> Problem:
    return Problem(
        code, start, stop, f"{what}, which stands outside the document", "it was not loaded", "note"
    )


def check_sizes(entities: dict[str, Entity], lines: Lines) -> None:
    """Compute how large each would become.

    Raises: PeerMisbehaved, with the place: one would be larger than MAX_EXPANSION, or stands for itself.
    """
    sizes: dict[str, int] = {}
    for entity in entities.values():
        size = _size(entity.name, entities, sizes)
        if size < 0 or size > MAX_EXPANSION:
            place = lines.place(entity.start)
            what = (
                f"the entity {entity.name} stands for itself"
                if size < 0
                else f"the entity {entity.name} would become {size:,} characters"
            )
            raise PeerMisbehaved(
                f"{what} (line {place.line}, column {place.column}); nothing was expanded",
                stage="parse",
                data=lines.text[entity.start : entity.stop].encode("utf-8", "replace"),
                advice="the document is made to fill memory; don't open it elsewhere",
                source="XML 1.0 section 4.1",
            )


def _size(name: str, entities: dict[str, Entity], sizes: dict[str, int]) -> int:
    """Characters that an entity would become; -1 where it leads back to itself. Without recursion."""
    stack = [name]
    path: set[str] = set()
    while stack:
        current = stack[-1]
        if current in sizes:
            stack.pop()
            path.discard(current)
            continue
        value = entities[current].value if current in entities else None
        inside = [ref for ref in REFERENCE.findall(value or "") if ref in entities]
        missing = [ref for ref in inside if ref not in sizes]
        if any(ref in path for ref in missing) or current in missing:
            return -1
        if missing:
            path.add(current)
            stack.append(missing[0])
            continue
        references = sum(len(ref) + 2 for ref in inside)
        sizes[current] = len(value or "") - references + sum(sizes[ref] for ref in inside)
    return sizes[name]

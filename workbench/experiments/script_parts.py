"""What a program needs of resources/script: those functions, classes and methods that it names, and what they name.

The parts are plain Python of the standard library, in modules by subject; a program gets the pieces alone, in one file.
Of a class of ours it gets the methods that somebody asks for by name; a class that has another above it stays whole,
since a library calls what it overrides.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from workbench import assets

FOLDER = "script"


class Piece(NamedTuple):
    """Some lines, and the names that stand in them: those that are read, and those asked of a thing (x.name)."""

    source: str
    names: frozenset[str]
    asked: frozenset[str]


class Part(NamedTuple):
    """Something that a program may name. members: of a class, by the names that each defines."""

    head: Piece
    members: tuple[tuple[frozenset[str], Piece], ...] = ()


class Parts(NamedTuple):
    """All there is. defined: by name, in an order in which each may stand; imports: by the name that they bind."""

    defined: dict[str, Part]
    imports: dict[str, str]


@cache
def parts() -> Parts:
    """All parts, read once. Raises: ValueError: two have one name."""
    defined: dict[str, Part] = {}
    imports: dict[str, str] = {}
    for name in assets.names(FOLDER, ".py"):
        text = assets.read_text(name)
        for node in ast.parse(text).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                imports |= _bound(node)
                continue
            for bound in _names_of(node):
                if bound in defined:
                    raise ValueError(f"{name}: {bound} is defined twice")
                defined[bound] = _part(node, text)
    return Parts(defined, imports)


def with_parts(body: str) -> tuple[str, str]:
    """The imports and the definitions that a program of this body needs, as two pieces of text."""
    known = parts()
    start = _piece([ast.parse(body)], body)
    names, asked = set(start.names), set(start.asked)
    taken: dict[int, Piece] = {}
    while found := [
        piece
        for name, part in known.defined.items()
        if name in names
        for piece in _wanted(part, asked)
        if id(piece) not in taken
    ]:
        for piece in found:
            taken[id(piece)] = piece
            names |= piece.names
            asked |= piece.asked
    pieces = dict.fromkeys(_written(part, taken) for name, part in known.defined.items() if name in names)
    lines = sorted({line for name, line in known.imports.items() if name in names})
    return "\n".join(lines), "\n\n\n".join(pieces)


def _wanted(part: Part, asked: set[str]) -> Iterator[Piece]:
    yield part.head
    for names, piece in part.members:
        if names & asked:
            yield piece


def _written(part: Part, taken: dict[int, Piece]) -> str:
    members = (piece.source for _, piece in part.members if id(piece) in taken)
    return "\n\n".join((part.head.source, *members))


# Reading ------------------------------------------------------------------------------------------------------------


def _bound(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    if isinstance(node, ast.ImportFrom):
        return {}  # of another part
    # "import dns.query" is wanted by who names dns.query; its first word alone says nothing.
    return {alias.name: f"import {alias.name}" for alias in node.names}


def _part(node: ast.stmt, text: str) -> Part:
    if not isinstance(node, ast.ClassDef) or node.bases:
        return Part(_piece([node], text))
    loose = [each for each in node.body if _is_loose(each)]
    kept = [each for each in node.body if each not in loose]
    head = _piece(kept, text)
    head = head._replace(source=f"class {node.name}:\n{head.source}")
    members = tuple((frozenset(_names_of(each)), _piece([each], text)) for each in loose)
    return Part(head, members)


def _is_loose(node: ast.stmt) -> bool:
    """A method or a property that is there for who asks for it; what Python itself asks for stays."""
    names = list(_names_of(node))
    return bool(names) and not any(name.startswith("__") for name in names)


def _piece(nodes: Iterable[ast.AST], text: str) -> Piece:
    nodes = list(nodes)
    names = frozenset(name for node in nodes for name in _read(node))
    asked = frozenset(name for node in nodes for name in _asked(node))
    return Piece(
        "\n\n".join(_source(node, text) for node in nodes if isinstance(node, ast.stmt)), names, asked
    )


def _source(node: ast.stmt, text: str) -> str:
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])


def _names_of(node: ast.stmt) -> Iterator[str]:
    """What a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))


def _read(node: ast.AST) -> Iterator[str]:
    """Every name that is read, and dotted ones too: dns, dns.query."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute) and (dotted := _dotted(each)):
            yield dotted


def _dotted(node: ast.Attribute) -> str:
    inner = node.value
    if isinstance(inner, ast.Name):
        return f"{inner.id}.{node.attr}"
    return f"{found}.{node.attr}" if isinstance(inner, ast.Attribute) and (found := _dotted(inner)) else ""


def _asked(node: ast.AST) -> Iterator[str]:
    """Every name that is asked of a thing: x.name, and what a text may name for getattr()."""
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute):
            yield each.attr
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value.replace("-", "_")

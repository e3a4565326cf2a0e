"""SQL text to tokens: enough to know where strings, comments, names and parameters begin and end. Pure, linear.

Nothing is judged: whatever is left open (a string, a comment) goes to the end of the text, as both databases read it.

Source: SQLite "SQL Language Expressions"; PostgreSQL documentation, Lexical Structure.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, cast

from workbench.protocols.sql.values import Dialect

Kind = Literal["space", "comment", "string", "name", "word", "number", "parameter", "semicolon", "symbol"]


class Token(NamedTuple):
    """One piece of the text. start, end: in characters."""

    kind: Kind
    start: int
    end: int


_SPACE = r"(?P<space>\s+)"
_LINE_COMMENT = r"(?P<comment>--[^\n]*)"
_STRING = r"(?P<string>'[^']*(?:''[^']*)*(?:'|\Z))"
_NAME = r'(?P<name>"[^"]*(?:""[^"]*)*(?:"|\Z))'
_NUMBER = r"(?P<number>\d[\w.]*)"
_WORD = r"(?P<word>[^\W\d][\w$]*)"
_END = r"(?P<semicolon>;)"
_SYMBOL = r"(?P<symbol>.)"

_SQLITE = re.compile(
    "|".join(
        (
            _SPACE,
            _LINE_COMMENT,
            r"(?P<block>/\*)",
            _STRING,
            _NAME,
            r"(?P<name2>`[^`]*(?:``[^`]*)*(?:`|\Z)|\[[^\]]*(?:\]|\Z))",
            r"(?P<parameter>\?\d*|[:@#$][^\W][\w$]*)",
            _NUMBER,
            _WORD,
            _END,
            _SYMBOL,
        )
    ),
    re.DOTALL,
)
_POSTGRESQL = re.compile(
    "|".join(
        (
            _SPACE,
            _LINE_COMMENT,
            r"(?P<block>/\*)",
            r"(?P<escape>[eE]'[^'\\]*(?:(?:\\.|'')[^'\\]*)*(?:'|\\?\Z))",
            r"(?P<string2>(?:[bBxXnN]|[uU]&)'[^']*(?:''[^']*)*(?:'|\Z))",
            _STRING,
            r'(?P<name2>[uU]&"[^"]*(?:""[^"]*)*(?:"|\Z))',
            _NAME,
            r"(?P<dollar>\$(?:[^\W\d][^\W$]*)?\$)",
            r"(?P<parameter>\$\d+)",
            r"(?P<cast>::|:=)",
            r"(?P<named>:[^\W\d]\w*)",
            _NUMBER,
            _WORD,
            _END,
            _SYMBOL,
        )
    ),
    re.DOTALL,
)
_KINDS: dict[str, Kind] = {
    "escape": "string",
    "string2": "string",
    "name2": "name",
    "cast": "symbol",
    "named": "parameter",
}
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def tokens(text: str, dialect: Dialect) -> Iterator[Token]:
    """The tokens of a text, without a gap between them."""
    pattern = _SQLITE if dialect == "sqlite" else _POSTGRESQL
    place, before = 0, ""
    while place < len(text):
        found = pattern.match(text, place)
        assert found is not None  # the last alternative takes any character
        assert found.lastgroup is not None
        group, end = found.lastgroup, found.end()
        kind = _KINDS.get(group) or cast(Kind, group)
        if group == "block":
            kind, end = "comment", _comment_end(text, place, is_nested=dialect == "postgresql")
        elif group == "dollar":
            close = text.find(found.group(), end)
            kind, end = "string", len(text) if close < 0 else close + len(found.group())
        elif group == "named" and _is_slice(before):
            # a[lo:hi] is a part of an array; the colon of a parameter has nothing of the kind before it.
            kind, end = "symbol", place + 1
        yield Token(kind, place, end)
        before = text[end - 1]
        place = end


def _is_slice(before: str) -> bool:
    return before.isalnum() or (before != "" and before in "_)]\"'")


def _comment_end(text: str, start: int, *, is_nested: bool) -> int:
    if not is_nested:
        close = text.find("*/", start + 2)
        return len(text) if close < 0 else close + 2
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(text)

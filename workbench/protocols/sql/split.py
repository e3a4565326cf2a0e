"""A text of several statements to statements, each with its place.

A semicolon ends a statement, unless it stands in a string, a name, a comment, or in a body that holds statements of
its own: a trigger of SQLite (up to `; END`), a function of PostgreSQL with BEGIN ATOMIC, the parentheses of a rule.

Source: SQLite "sqlite3_complete" for triggers; PostgreSQL documentation, CREATE FUNCTION and CREATE RULE.
"""

from collections.abc import Iterator

from workbench.protocols.sql.lexer import Token, tokens
from workbench.protocols.sql.values import Dialect, Statement

_HEAD_WORDS = 8
"""Of a statement, to know what it makes: EXPLAIN QUERY PLAN CREATE TEMP TRIGGER, CREATE OR REPLACE PROCEDURE."""


def split(text: str, dialect: Dialect) -> tuple[Statement, ...]:
    """The statements of a text, in order; what holds nothing but comments is none."""
    return tuple(_statements(text, dialect))


def statement_at(statements: tuple[Statement, ...], place: int) -> Statement | None:
    """The statement in which a cursor stands; behind one it still means that one, before the first the first."""
    if not statements:
        return None
    met = [one for one in statements if one.start <= place]
    return met[-1] if met else statements[0]


def _statements(text: str, dialect: Dialect) -> Iterator[Statement]:
    body = _Body(dialect)
    first = last = -1
    keyword = ""
    for token in tokens(text, dialect):
        if token.kind == "semicolon" and not body.holds(token):
            if first >= 0:
                yield Statement(text[first:last], first, last, token.end, keyword)
            body = _Body(dialect)
            first, keyword = -1, ""
            continue
        if token.kind in ("space", "comment"):
            continue
        if first < 0:
            first = token.start
        if token.kind == "word" and not keyword:
            keyword = text[token.start : token.end].upper()
        last = token.end
        body.take(token, text)
    if first >= 0:
        yield Statement(text[first:last], first, last, last, keyword)


class _Body:
    """Knows whether a semicolon belongs to a statement within the statement."""

    def __init__(self, dialect: Dialect) -> None:
        self._is_sqlite = dialect == "sqlite"
        self._head: list[str] = []
        self._depth = 0
        self._blocks = 0
        self._last = ["", ""]

    def take(self, token: Token, text: str) -> None:
        """One more token that is no white space."""
        if self._is_sqlite and len(self._head) >= _HEAD_WORDS and not self._makes("TRIGGER"):
            return
        piece = text[token.start : token.end] if token.end - token.start <= 20 else ""
        piece = piece.upper()
        self._last = [self._last[1], piece if token.kind in ("word", "symbol", "semicolon") else "x"]
        if token.kind == "symbol":
            self._depth = max(0, self._depth + {"(": 1, ")": -1}.get(piece, 0))
        if token.kind == "word":
            if len(self._head) < _HEAD_WORDS:
                self._head.append(piece)
            if not self._is_sqlite and self._makes("FUNCTION", "PROCEDURE"):
                self._count(piece)

    def holds(self, _token: Token) -> bool:
        """Whether a semicolon that comes now is inside; it counts as taken then."""
        if self._is_sqlite:
            if not self._makes("TRIGGER"):
                return False
            inside = self._last != [";", "END"]
        else:
            inside = self._depth > 0 or self._blocks > 0
        self._last = [self._last[1], ";"]
        return inside

    def _count(self, word: str) -> None:
        if (self._blocks and word == "CASE") or (word == "ATOMIC" and self._last[0] == "BEGIN"):
            self._blocks += 1
        elif word == "END":
            self._blocks = max(0, self._blocks - 1)

    def _makes(self, *things: str) -> bool:
        head = [word for word in self._head if word not in ("EXPLAIN", "QUERY", "PLAN")]
        return head[:1] == ["CREATE"] and any(
            word in things for word in head[1:4] if word not in ("OR", "REPLACE", "TEMP", "TEMPORARY")
        )

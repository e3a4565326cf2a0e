"""Savepoints, seen passing by: no database lists them, so they are kept as the statements make and end them."""

from workbench.protocols.sql.lexer import tokens
from workbench.protocols.sql.values import Dialect, Statement


class Savepoints:
    """The savepoints of one session, oldest first."""

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()

    def ran(self, statement: Statement, dialect: Dialect, *, is_idle: bool) -> None:
        """A statement was carried out; is_idle: no transaction is open after it, so no savepoint either."""
        if is_idle:
            self.names = ()
            return
        words = _words(statement.text, dialect)
        name = _plain(words[-1], dialect) if words else ""
        known = [_key(one, dialect) for one in self.names]
        at = len(known) - 1 - known[::-1].index(_key(name, dialect)) if _key(name, dialect) in known else None
        if statement.keyword == "SAVEPOINT" and len(words) > 1:
            self.names = (*self.names, name)
        elif statement.keyword == "RELEASE" and at is not None:
            self.names = self.names[:at]
        elif statement.keyword == "ROLLBACK" and at is not None and "TO" in map(str.upper, words):
            self.names = self.names[: at + 1]


def _words(text: str, dialect: Dialect) -> list[str]:
    return [text[one.start : one.end] for one in tokens(text, dialect) if one.kind in ("word", "name")]


def _plain(name: str, dialect: Dialect) -> str:
    if name[:1] in ('"', "`", "["):
        return name[1:-1].replace('""', '"')
    return name.lower() if dialect == "postgresql" else name


def _key(name: str, dialect: Dialect) -> str:
    """SQLite takes names for equal whatever their case; PostgreSQL has made them small before, if they were bare."""
    return name.lower() if dialect == "sqlite" else name

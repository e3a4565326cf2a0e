"""What is said to databases and by them: statements, columns, outcomes, the state of the transaction."""

from dataclasses import dataclass, field
from typing import Literal

Dialect = Literal["sqlite", "postgresql"]
Transaction = Literal["idle", "open", "failed", "lost"]
"""idle: each statement stands for itself; open: BEGIN was said, and neither COMMIT nor ROLLBACK; failed: nothing but
ROLLBACK helps; lost: there is no connection any more."""

Value = None | bool | int | float | str | bytes
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a text. start, end: its place in characters, without the semicolon; stop: behind that.

    keyword: its first word in capitals, "" where it has none.
    """

    text: str
    start: int
    end: int
    stop: int
    keyword: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result.

    type: as the database calls it; "" where it has none (SQLite gives a type to values, not to columns). oid:
    PostgreSQL's number of it. origin: "table.column" where it is known.
    """

    name: str
    type: str = ""
    oid: int = 0
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a database said besides its answer. severity: its own word, like NOTICE or WARNING."""

    severity: str
    text: str
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a statement ended.

    tag: what was done, in the server's words ("INSERT 0 1"); SQLite has none, so its keyword. affected: rows that were
    changed; None where nothing says so. rows: of the result; columns: () for none.
    """

    tag: str
    affected: int | None = None
    rows: int = 0
    columns: tuple[Column, ...] = ()
    elapsed_ns: int = 0
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """The transaction as the database itself says it. savepoints: oldest first, as they were seen to be made."""

    transaction: Transaction = "idle"
    savepoints: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Peer:
    """Who one talks to. version: of the server or library. facts: for people, like ("TLS", "TLSv1.3")."""

    dialect: Dialect
    title: str
    version: str = ""
    facts: tuple[tuple[str, str], ...] = field(default=())

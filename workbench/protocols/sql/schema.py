"""What is in a database: tables and views, and the columns of one of them; asked for when a person looks.

The questions go over a session of their own, so that they neither wait for what a person runs nor join its transaction.
"""

from typing import NamedTuple

from workbench.protocols.sql.cells import text_of
from workbench.protocols.sql.parameters import Bound, Typed
from workbench.protocols.sql.rows import Rows
from workbench.protocols.sql.session import Session
from workbench.protocols.sql.values import Column, Statement

MAX_TABLES = 5000
MAX_COLUMNS = 2000
_SQLITE_TABLES = (
    "SELECT '', name, type FROM sqlite_schema WHERE type IN ('table', 'view') "
    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name LIMIT ?"
)
_SQLITE_COLUMNS = (
    "SELECT name, type || CASE WHEN pk THEN ', key' ELSE '' END || CASE WHEN \"notnull\" THEN ', not null' ELSE '' END "
    "FROM pragma_table_xinfo(?) LIMIT ?"
)
_PG_TABLES = (
    "SELECT n.nspname, c.relname, CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' ELSE 'table' END "
    "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
    "AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2 LIMIT $1::int"
)
_PG_COLUMNS = (
    "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) "
    "|| CASE WHEN a.attnotnull THEN ', not null' ELSE '' END "
    "FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1::text AND c.relname = $2::text "
    "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum LIMIT $3::int"
)


class Table(NamedTuple):
    """A table or view. schema: "" in SQLite."""

    schema: str
    name: str
    kind: str = "table"


class Field(NamedTuple):
    """A column of a table. type: with what else is said of it."""

    name: str
    type: str


async def tables(session: Session, *, timeout_s: float | None = None) -> tuple[Table, ...]:
    """The tables and views, in order. Raises: as Session.run."""
    text = _SQLITE_TABLES if session.peer.dialect == "sqlite" else _PG_TABLES
    found = await _asked(session, text, (str(MAX_TABLES),), timeout_s)
    return tuple(Table(*row) for row in found)


async def fields(session: Session, table: Table, *, timeout_s: float | None = None) -> tuple[Field, ...]:
    """The columns of a table. Raises: as Session.run."""
    if session.peer.dialect == "sqlite":
        found = await _asked(session, _SQLITE_COLUMNS, (table.name, str(MAX_COLUMNS)), timeout_s)
    else:
        values = (table.schema, table.name, str(MAX_COLUMNS))
        found = await _asked(session, _PG_COLUMNS, values, timeout_s)
    return tuple(Field(*row) for row in found)


async def _asked(
    session: Session, text: str, values: tuple[str, ...], timeout_s: float | None
) -> list[list[str]]:
    made: list[Rows] = []

    def make(columns: tuple[Column, ...]) -> Rows:
        made.append(Rows(columns))
        return made[-1]

    typed = tuple(Typed(int(value) if value.isdigit() else value, value) for value in values)
    statement = Statement(text, 0, len(text), len(text), "SELECT")
    try:
        await session.run(statement, Bound(text, typed), make, timeout_s=timeout_s)
        return [
            [text_of(value, column) for value, column in zip(row, rows.columns, strict=True)]
            for rows in made
            for row in rows.read()
        ]
    finally:
        for rows in made:
            rows.close()

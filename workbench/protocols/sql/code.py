""" "Copy as": the statements of a session, as a script for Python, for sqlite3's shell, for psql.

A password is never written down: Python asks for it, psql asks on its own. Values stay beside the text here too.
"""

import shlex
from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.protocols.sql.database import Database
from workbench.protocols.sql.masks import masked
from workbench.protocols.sql.parameters import Bound, Typed, names_of

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-_")


class Recipe(NamedTuple):
    """A session to repeat: where, whether a password was needed, and what was run."""

    database: Database
    has_password: bool
    statements: tuple[Bound, ...]


def python(recipe: Recipe) -> str:
    """A script: the standard library for SQLite, psycopg for PostgreSQL. Raises: LocalMisuse: nothing was run."""
    _check(recipe)
    lines = _python_sqlite(recipe) if recipe.database.dialect == "sqlite" else _python_postgres(recipe)
    return "\n".join(lines) + "\n"


def shell(recipe: Recipe) -> str:
    """A script for sqlite3 or psql. Raises: LocalMisuse: nothing was run."""
    _check(recipe)
    is_sqlite = recipe.database.dialect == "sqlite"
    lines = [line for one in recipe.statements for line in (_dotted if is_sqlite else _prepared)(one)]
    mark = "SQL"
    while mark in lines:
        mark += "_"
    command = _sqlite_command(recipe.database) if is_sqlite else _psql_command(recipe.database)
    return "\n".join((f"{command} <<'{mark}'", *lines, mark)) + "\n"


def shell_name(database: Database) -> str:
    """What the script is for."""
    return "sqlite3" if database.dialect == "sqlite" else "psql"


def _check(recipe: Recipe) -> None:
    if not recipe.statements:
        raise LocalMisuse("nothing was run yet that could be repeated", stage="copy")


def _python_sqlite(recipe: Recipe) -> list[str]:
    path = recipe.database.path
    lines = ['"""A session with SQLite, copied from Network Workbench."""', "", "import sqlite3", ""]
    # Without isolation_level=None the module says BEGIN on its own before every change.
    lines += [f"connection = sqlite3.connect({path!r}, isolation_level=None)"]
    for one in recipe.statements:
        text = masked(one.text)
        names = names_of(one.text, "sqlite")
        values: object = tuple(value.value for value in one.values)
        if names and all(name and not name.isdigit() for name in names):
            values = {name: value.value for name, value in zip(names, one.values, strict=False)}
        given = f", {values!r}" if one.values else ""
        lines += [f"for row in connection.execute({text!r}{given}):", "    print(row)"]
    return [*lines, "connection.close()"]


def _python_postgres(recipe: Recipe) -> list[str]:
    database = recipe.database
    options = {
        "host": database.socket or database.host,
        "port": database.port,
        "user": database.user,
        "dbname": database.name,
        "sslmode": "disable" if database.socket else database.tls,
    }
    if database.authorities:
        options["sslrootcert"] = database.authorities
    lines = [
        '"""A session with PostgreSQL, copied from Network Workbench. It needs the package psycopg."""',
        "",
        *(["import getpass", ""] if recipe.has_password else []),
        "import psycopg",
        "",
        "connection = psycopg.connect(",
        *(f"    {name}={value!r}," for name, value in options.items()),
    ]
    if recipe.has_password:
        lines += [f"    password=getpass.getpass({f'Password of {database.user}: '!r}),"]
    lines += ["    autocommit=True,", ")", "# RawCursor takes the server's own parameters, $1 and so on."]
    lines += ["cursor = psycopg.RawCursor(connection)"]
    for one in recipe.statements:
        values = [
            value.value if isinstance(value.value, bytes | None) else value.text for value in one.values
        ]
        given = f", {values!r}" if one.values else ""
        lines += [
            f"cursor.execute({masked(one.text)!r}{given})",
            "print(cursor.statusmessage)",
            "for row in cursor if cursor.description else ():",
            "    print(row)",
        ]
    return [*lines, "connection.close()"]


def _sqlite_command(database: Database) -> str:
    mode = " -readonly" if database.mode == "ro" else ""
    return f"sqlite3 -header{mode} {shlex.quote(database.path)}"


def _psql_command(database: Database) -> str:
    options = {
        "host": database.socket or database.host,
        "port": database.port,
        "user": database.user,
        "dbname": database.name,
        "sslmode": "disable" if database.socket else database.tls,
    }
    if database.authorities:
        options["sslrootcert"] = database.authorities
    pairs = " ".join(f"{name}={_conninfo(str(value))}" for name, value in options.items())
    return f"psql --no-psqlrc --set ON_ERROR_STOP=1 {shlex.quote(pairs)}"


def _conninfo(value: str) -> str:
    if value and all(character in PLAIN and character != " " for character in value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _dotted(one: Bound) -> list[str]:
    """sqlite3's shell takes values by a command of its own."""
    names = names_of(one.text, "sqlite")
    lines = [".parameter clear"] if one.values else []
    named = bool(names) and all(name and not name.isdigit() for name in names)
    marks = _marks(one.text) if named else [f"?{at + 1}" for at in range(len(one.values))]
    for mark, value in zip(marks, one.values, strict=False):
        lines.append(f'.parameter set {mark} "{_literal(value)}"')
    return [*lines, f"{masked(one.text)};"]


def _marks(text: str) -> list[str]:
    from workbench.protocols.sql.lexer import tokens

    found = (text[one.start : one.end] for one in tokens(text, "sqlite") if one.kind == "parameter")
    return list(dict.fromkeys(found))


def _literal(value: Typed) -> str:
    """For SQLite; octets wherever a quote or a backslash could end up with another meaning."""
    match value.value:
        case None:
            return "NULL"
        case bytes() as data:
            return f"x'{data.hex()}'"
        case str() as text if PLAIN.issuperset(text):
            return f"'{text}'"
        case str() as text:
            return f"CAST(x'{text.encode('utf-8', 'replace').hex()}' AS TEXT)"
        case other:
            return repr(other)


def _prepared(one: Bound) -> list[str]:
    """psql has had a command for values since version 16 only; PREPARE is there in all of them."""
    text = masked(one.text)
    if not one.values:
        return [f"{text};"]
    values = ", ".join(_quoted(value) for value in one.values)
    return [f"PREPARE workbench AS {text};", f"EXECUTE workbench({values});", "DEALLOCATE workbench;"]


def _quoted(value: Typed) -> str:
    if value.value is None:
        return "NULL"
    if isinstance(value.value, bytes):
        return f"'\\x{value.value.hex()}'"
    text = value.text.replace("'", "''")
    return f"E'{text.replace(chr(92), chr(92) * 2)}'" if "\\" in text else f"'{text}'"

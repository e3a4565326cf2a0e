"""A million rows into the SQL panel's table: how soon the first, how long all, how much memory."""

import shutil
import sqlite3
from typing import Any

from tests.bench.beats import beats
from tests.bench.children import Children
from tests.bench.figures import Budget, Figure, median
from tests.protocols.sql.postgres_server import PASSWORD, is_there, postgres

NAME = "results"
ROWS = 1_000_000
RUNS = 3
FIRST = Budget(50)
MEMORY = Budget(60)
CLIENT = "tests.bench.results_client"
SELECT = "SELECT * FROM big"
POSTGRES_TABLE = (
    f"CREATE TABLE big AS SELECT i AS id, 'name ' || i AS name, i * 1.5 AS amount, now() AS at, md5(i::text) AS hash "
    f"FROM generate_series(1, {ROWS}) AS i; VACUUM big"
)


def measure(children: Children) -> list[Figure]:
    """PostgreSQL beside psql, SQLite beside sqlite3's shell; the window's figures are of the real window."""
    figures = _sqlite(children)
    if is_there():
        figures += _postgres(children)
    else:
        figures.append(
            Figure(NAME, "1,000,000 rows of PostgreSQL", None, "s", note="PostgreSQL is not installed")
        )
    return figures


def _sqlite(children: Children) -> list[Figure]:
    path = children.folder / "big.db"
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE big (id INTEGER PRIMARY KEY, name TEXT, amount REAL, at TEXT, hash TEXT)"
    )
    connection.executemany(
        "INSERT INTO big VALUES (?, ?, ?, '2026-11-23 03:00:06', ?)",
        ((i, f"name {i}", i * 1.5, f"{i * 2654435761 % 2**64:032x}") for i in range(1, ROWS + 1)),
    )
    connection.commit()
    connection.close()
    shell = shutil.which("sqlite3")
    theirs = _least(children, [shell, str(path), SELECT]) if shell else None
    told = children.document(CLIENT, f"sqlite:{path}", "", str(RUNS), QT_QPA_PLATFORM="offscreen")
    path.unlink()
    return _figures("SQLite", told, "sqlite3, to /dev/null", theirs)


def _postgres(children: Children) -> list[Figure]:
    with postgres() as server:
        for statement in POSTGRES_TABLE.split("; "):
            server.psql(statement)
        psql = shutil.which("psql")
        command = [psql, "--no-psqlrc", "-At", server.conninfo(), "-c", SELECT]
        theirs = _least(children, command) if psql else None
        told = children.document(CLIENT, server.url(), PASSWORD, str(RUNS), QT_QPA_PLATFORM="offscreen")
        return _figures("PostgreSQL", told, "psql, to /dev/null", theirs)


def _least(children: Children, command: list[Any]) -> float:
    return median([children.seconds(command, into=children.folder / "rows") for _ in range(RUNS)])


def _figures(database: str, told: Any, peer: str, theirs: float | None) -> list[Figure]:
    what = f"1,000,000 rows of {database}"
    return [
        Figure(
            NAME,
            f"{what}, first rows painted",
            median(told["first_ms"]),
            "ms",
            FIRST,
            note=f"median of {RUNS}",
        ),
        Figure(
            NAME,
            f"{what}, all in the table",
            median(told["seconds"]),
            "s",
            peer=peer,
            theirs=theirs,
            note=f"median of {RUNS}; conversation on, last row compared",
        ),
        Figure(NAME, f"{what}, memory more at most", told["more_mib"], "MiB", MEMORY),
        *beats(NAME, what, told["gaps_ms"]),
    ]

"""`workbench sql run`: statements on a SQLite file or a PostgreSQL server."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS, read_count
from workbench.cli.output import Output
from workbench.cli.way import RELAY
from workbench.errors import LocalMisuse
from workbench.formats.secret import split_password
from workbench.formats.target import Target, parse_target

SCHEMES = ("lab", "sqlite", "postgresql", "postgres")


class Place:
    """A target, and the password that was typed into it: the two never meet again."""

    def __init__(self, target: Target, password: str) -> None:
        self.target = target
        self.password = password


def _place(text: str) -> Place:
    shown, password = split_password(text)
    scheme = shown.partition(":")[0].lower()
    if scheme not in SCHEMES:
        is_url = "://" in shown
        raise LocalMisuse(
            f"{scheme}: is no address of a database" if is_url else "this is no address of a database",
            text=shown,
            start=0,
            end=len(scheme) if is_url else len(shown),
            advice="write sqlite:FILE, postgresql://USER@HOST/DATABASE or lab:sql",
        )
    return Place(parse_target(shown), password)


def _run(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.sql_run import run_verb

    return run_verb(parsed, output)


VERBS = (
    Verb(
        "run",
        "run one or several statements, and show what comes of each",
        "sql.run/1",
        (
            Argument(
                "TARGET", "lab:sql, sqlite:FILE, or postgresql://USER@HOST[:PORT]/DATABASE", read=_place
            ),
            Argument("SQL", "the statements, with semicolons between them; - reads them from standard input"),
            Argument(
                "--param",
                "a value for the next ? (PostgreSQL: $1, $2 ...), or NAME=VALUE for :NAME; NULL, 5, 1.5 and x'00ff' "
                "are what they look like, 'quoted' is always text",
                "VALUE",
                many=True,
            ),
            Argument(
                "--limit", "rows shown of each result (1000); the others are counted", "N", read=read_count
            ),
            Argument("--user", "log in as this user (the address's, else yours)", "NAME"),
            Argument("--password-file", "the first line of this file is the password for it", "FILE"),
            Argument(
                "--tls",
                "disable, prefer, require, verify-ca or verify-full, as libpq means them (prefer)",
                "MODE",
            ),
            Argument("--ca", "believe the authorities of FILE (PEM)", "FILE"),
            RELAY._replace(what="go to the server through a relay of the Lab, like delay=50,cut-after=100"),
            TIMEOUT._replace(what="seconds for connecting, and for each answer (30)"),
            TRANSCRIPT,
            WITH_SECRETS,
            JSON,
        ),
        _run,
        "Each statement stands for itself unless you say BEGIN; the first one that is refused ends the run, and what "
        "is not committed then is rolled back. Exit code 1: the database says no; 3: no server, or no answer.\n"
        "\n"
        "  workbench sql run lab:sql 'SELECT * FROM missing' --json\n"
        "  workbench sql run sqlite:notes.db 'INSERT INTO notes VALUES (?, :text)' --param 5 --param text=hello\n"
        "  workbench sql run 'postgresql://anna@127.0.0.1/post?sslmode=verify-full' 'SELECT 1' --password-file secret",
    ),
)

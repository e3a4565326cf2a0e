"""The way into a database, as the form says it, and the same as a script. No Qt."""

from collections.abc import Callable, Sequence

from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.panels.sql.state import Form
from workbench.protocols.sql.code import Recipe
from workbench.protocols.sql.database import read_database
from workbench.protocols.sql.opening import open_sql
from workbench.protocols.sql.parameters import Bound
from workbench.protocols.sql.schema import Table
from workbench.protocols.sql.session import Session
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver

MAX_STATEMENTS = 200
"""Of one session, for a copied script: a longer one nobody reads."""
HURRY_S = 0.6
"""A panel has a second to close; on loopback the proof of a cancellation takes a millisecond."""
BUSY_S = 5.0
SCHEMA_BUSY_S = 0.3
"""Who looks at the tree of tables is not kept waiting for somebody's lock."""


async def enter(
    form: Form,
    target: Target,
    password: str,
    transcript: Transcript,
    way: TargetResolver | None,
    title: str,
    *,
    timeout_s: float,
    report: Callable[[str], None] | None = None,
) -> Session:
    """Open a session; one with a title of its own is ours, for the tree. Raises: as open_sql."""
    return await open_sql(
        target,
        transcript,
        password=password,
        user=form.user.strip(),
        tls=form.tls,
        through=way,
        title=title or form.target,
        busy_s=SCHEMA_BUSY_S if title else BUSY_S,
        timeout_s=timeout_s,
        report=report,
    )


def recipe(target: Target | None, form: Form, *, has_password: bool, ran: Sequence[Bound]) -> Recipe:
    """What was run, for a script. Raises: LocalMisuse: nothing was opened."""
    if target is None:
        raise LocalMisuse("nothing was run yet that could be repeated", stage="copy")
    database = read_database(target, user=form.user.strip(), tls=form.tls)
    return Recipe(database, has_password, tuple(ran))


def select_of(table: Table) -> str:
    """A statement that shows what is in a table."""
    parts = (table.schema, table.name) if table.schema not in ("", "public") else (table.name,)
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in parts)
    return f"SELECT * FROM {quoted};"

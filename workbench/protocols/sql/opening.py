"""From a target to an open session, whichever database it is."""

from collections.abc import Callable

from workbench.formats.target import Target
from workbench.protocols.sql.database import Database, read_database
from workbench.protocols.sql.session import Session
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver


async def open_sql(
    target: Target,
    transcript: Transcript,
    *,
    password: str = "",
    user: str = "",
    tls: str = "",
    authorities: str = "",
    lab: TargetResolver | None = None,
    through: TargetResolver | None = None,
    title: str = "",
    busy_s: float = 5.0,
    timeout_s: float = 30.0,
    report: Callable[[str], None] | None = None,
) -> Session:
    """Open a database.

    Args:
        target: lab:sql, sqlite:FILE, postgresql://USER@HOST/DATABASE.
        tls, authorities: sslmode and the file of authorities, where they are said beside the target.
        lab: says where lab:sql is. through: leads a connection through a relay; a file has none.
        title: of the lane in the conversation.
        busy_s: how long another's lock on a file is waited for.

    Raises: LocalMisuse: no address of a database; else as open_sqlite and open_postgres.
    """
    opened = await lab(target) if target.is_lab and lab is not None else target
    database = read_database(opened._replace(text=target.text), user=user, tls=tls, authorities=authorities)
    channel = transcript.open(title or str(target), _layer(database))
    if database.dialect == "sqlite":
        from workbench.protocols.sql.sqlite import open_sqlite

        if report is not None:
            report("open")
        return await open_sqlite(database, channel, busy_s=busy_s)
    from workbench.protocols.sql.pgopen import open_postgres

    return await open_postgres(
        database, channel, password, resolver=through, timeout_s=timeout_s, report=report
    )


def _layer(database: Database) -> str:
    return "sqlite" if database.dialect == "sqlite" else "libpq"

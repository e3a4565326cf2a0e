"""What the tests of SQL share: a session on a file, and statements run on any session."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import NamedTuple

from workbench.errors import WorkbenchError
from workbench.protocols.sql.database import Database
from workbench.protocols.sql.parameters import Parameters
from workbench.protocols.sql.rows import Rows
from workbench.protocols.sql.session import Session
from workbench.protocols.sql.split import split
from workbench.protocols.sql.sqlite import SqliteSession, open_sqlite
from workbench.protocols.sql.values import Column, Outcome, Row
from workbench.transcript.recorder import Transcript


class Ran(NamedTuple):
    """What one statement came to."""

    outcome: Outcome
    rows: list[Row]


async def run(session: Session, text: str, *given: str, timeout_s: float | None = 10.0) -> list[Ran]:
    """Run every statement of a text; its rows as they are kept."""
    dialect = session.peer.dialect
    statements = split(text, dialect)
    parameters = Parameters(given, statements, dialect)
    ran: list[Ran] = []
    for one in statements:
        made: list[Rows] = []

        def make(columns: tuple[Column, ...], made: list[Rows] = made) -> Rows:
            made.append(Rows(columns))
            return made[-1]

        try:
            outcome = await session.run(one, parameters.bind(one), make, timeout_s=timeout_s)
            ran.append(Ran(outcome, [row for rows in made for row in rows.read()]))
        finally:
            for rows in made:
                rows.close()
    parameters.check_used()
    return ran


async def rows(session: Session, text: str, *given: str) -> list[Row]:
    """The rows of the last statement of a text."""
    return (await run(session, text, *given))[-1].rows


async def failure(session: Session, text: str, *given: str, timeout_s: float | None = 10.0) -> WorkbenchError:
    """How a text fails."""
    try:
        await run(session, text, *given, timeout_s=timeout_s)
    except WorkbenchError as error:
        return error
    raise AssertionError(f"{text} was carried out")


async def until(is_so: Callable[[], object]) -> None:
    """Return once it is so; the loop goes on meanwhile."""
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - what is waited for is another thread's, which tells nobody
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def sqlite_at(
    path: "Path | str", mode: str = "rwc", busy_s: float = 5.0
) -> AsyncIterator[SqliteSession]:
    """A session on a file, with a transcript of its own."""
    transcript = Transcript()
    database = Database("sqlite", str(path), mode)  # type: ignore[arg-type]  # as text
    try:
        session = await open_sqlite(database, transcript.open("x", "sqlite"), busy_s=busy_s)
        try:
            yield session
        finally:
            await session.aclose()
    finally:
        transcript.close()


def facts(session: Session) -> list[tuple[str, dict[str, object]]]:
    """What was recorded besides octets."""
    return [(event.name, dict(event.values)) for event in session.channel.transcript.events() if event.name]

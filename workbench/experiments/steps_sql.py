"""Carrying out the verbs of verbs_sql.py: sessions with databases. As in steps.py."""

import shutil
import tempfile
from typing import TYPE_CHECKING, cast
from weakref import WeakKeyDictionary

from workbench.experiments.stage import Carry, Done, Stage, timeout_of
from workbench.experiments.things_sql import SqlSeen
from workbench.experiments.values import Given
from workbench.formats.target import Target

if TYPE_CHECKING:
    from workbench.protocols.sql.session import Session
    from workbench.protocols.sql.values import Column


_copies: "WeakKeyDictionary[Stage, dict[object, str]]" = WeakKeyDictionary()
"""Where each play has its copies: what one changes must not meet another one that is played beside it."""


async def _copy(stage: Stage, place: object) -> Target:
    """The play's own copy of a database of the Lab, made at its first use and gone with the stage."""
    target, resolver = stage.where(place, "file")
    made = _copies.setdefault(stage, {})
    if place not in made:
        folder = tempfile.mkdtemp(prefix="workbench-experiment-")
        stage.stack.callback(shutil.rmtree, folder, ignore_errors=True)
        original = await resolver(target) if resolver is not None else target
        made[place] = shutil.copy(original.path, folder)
    return Target("sqlite", "", None, made[place])


async def _open(stage: Stage, given: Given, name: str) -> Done:
    # The engine is loaded for the cards that need it alone.
    from workbench.protocols.sql.opening import open_sql

    target = await _copy(stage, given["to"])
    session = await open_sql(
        target, stage.transcript, title=name or str(given["to"]), busy_s=timeout_of(given)
    )
    stage.stack.push_async_callback(session.aclose)
    return Done(session, session.peer.version)


async def _run(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.protocols.sql.cells import text_of
    from workbench.protocols.sql.parameters import Parameters
    from workbench.protocols.sql.rows import Rows
    from workbench.protocols.sql.split import split

    session = cast("Session", stage.made[str(given["on"])].thing)
    statements = split(str(given["text"]), session.peer.dialect)
    values = [str(given["value"])] if "value" in given else []
    parameters = Parameters(values, statements, session.peer.dialect)
    seen = SqlSeen()
    for statement in statements:
        made: list[Rows] = []

        def make(columns: "tuple[Column, ...]", made: "list[Rows]" = made) -> "Rows":
            made.append(Rows(columns))
            return made[-1]

        try:
            outcome = await session.run(statement, parameters.bind(statement), make)
            first = ""
            if made and len(made[0]):
                first = text_of(made[0].row(0)[0], made[0].columns[0])
            seen = SqlSeen(outcome.rows, first, outcome.affected or 0, session.status.transaction)
        finally:
            for rows in made:
                rows.close()
    parameters.check_used()
    what = f"{seen.rows} rows, the first begins with {seen.first!r}" if seen.rows else "no rows"
    return Done(seen, what)


CARRY_SQL: dict[str, Carry] = {"sql-open": _open, "sql-run": _run}

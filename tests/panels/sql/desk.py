"""A session of the SQL panel without Qt, on a file or a server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from workbench.formats.target import Target
from workbench.jobs.job import Job
from workbench.jobs.scope import Scope
from workbench.panels.sql.controller import SqlController
from workbench.panels.sql.state import SqlState
from workbench.protocols.sql.values import Row
from workbench.transcript.recorder import Transcript


async def nothing_of_the_lab(target: Target) -> Target:
    return target


class Desk:
    """A controller with its scope, and a way to wait for what the state will show."""

    def __init__(self, **form: object) -> None:
        self.scope = Scope("sql")
        self.controller = SqlController(Transcript, nothing_of_the_lab)
        self.controller.timeout_s = 15.0
        self.controller.compose(**form)
        self._news = asyncio.Event()
        self.controller.observe(lambda _controller: self._news.set())

    @property
    def state(self) -> SqlState:
        return self.controller.state

    def open(self) -> Job:
        return self.scope.launch(self.controller.open(), name="open")

    async def until(self, is_so: Callable[[SqlState], object]) -> None:
        async with asyncio.timeout(60):
            while not is_so(self.state):
                self._news.clear()
                await self._news.wait()

    async def done(self, work: Coroutine[Any, Any, object]) -> Job:
        job = self.scope.launch(work, name="work")
        async with asyncio.timeout(60):
            while job.is_running:  # noqa: ASYNC110 - a job has one observer, and that is its scope
                await asyncio.sleep(0.001)
        return job

    async def run(self, text: str, parameters: str = "") -> Job:
        self.controller.compose(sql=text, parameters=parameters)
        return await self.done(self.controller.run_all())

    def rows(self) -> list[Row]:
        rows = self.controller.rows()
        return list(rows.read()) if rows is not None else []


@contextlib.asynccontextmanager
async def desk_at(target: str, **form: object) -> AsyncIterator[Desk]:
    """An open database; on leaving everything of it has ended."""
    desk = Desk(target=target, **form)
    try:
        desk.open()
        await desk.until(lambda state: state.phase in ("failed", "open"))
        await desk.until(lambda state: state.phase == "failed" or state.schema_note or state.tables)
        yield desk
    finally:
        await desk.scope.retire()
        desk.controller.close()

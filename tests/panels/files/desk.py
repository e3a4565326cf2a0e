"""A session of the Files panel without Qt, against a Lab service in this process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

from tests.lab.houses import Served, serving
from workbench.formats.target import Target
from workbench.jobs.job import Job
from workbench.jobs.scope import Scope
from workbench.lab.authority import lab_authority
from workbench.panels.files.controller import FilesController
from workbench.panels.files.state import FilesState
from workbench.transcript.recorder import Transcript


class Authority(NamedTuple):
    certificate: bytes


class LabHere:
    """What the Lab offers, for one service in this process."""

    def __init__(self, served: Served | None) -> None:
        self._served = served

    async def resolve(self, target: Target) -> Target:
        if not target.is_lab:
            return target
        assert self._served is not None
        return Target("tcp", self._served.host, self._served.port)

    async def start(self, _name: str) -> object:
        assert self._served is not None
        return self._served.figures.address

    async def authority(self) -> Authority:
        return Authority(lab_authority().certificate)


class Desk:
    """A controller with its scope, and a way to wait for what the state will show."""

    def __init__(self, served: Served | None = None, **form: object) -> None:
        self.scope = Scope("files")
        self.made: list[Transcript] = []
        self.controller = FilesController(self._transcript, LabHere(served))  # type: ignore[arg-type]
        self.controller.timeout_s = 15.0
        self.controller.compose(**form)
        self._news = asyncio.Event()
        self.controller.observe(lambda _controller: self._news.set())

    def _transcript(self) -> Transcript:
        self.made.append(Transcript())
        return self.made[-1]

    @property
    def state(self) -> FilesState:
        return self.controller.state

    def open(self) -> Job:
        return self.scope.launch(self.controller.open(), name="open")

    async def opened(self) -> Job:
        job = self.open()
        # Its first step says that it opens.
        await asyncio.sleep(0)
        await self.until(
            lambda state: (state.listing and not state.busy) or state.problem or not state.is_live
        )
        return job

    async def done(self, coro) -> Job:  # type: ignore[no-untyped-def]
        return await self.scope.launch(coro, name="do").wait()

    async def until(self, holds: Callable[[FilesState], object]) -> FilesState:
        while not holds(self.state):
            self._news.clear()
            await self._news.wait()
        return self.state

    def choose(self, name: bytes) -> None:
        self.controller.select([entry.name for entry in self.state.entries].index(name))

    async def close(self) -> None:
        await self.scope.retire()
        for transcript in self.made:
            transcript.close()


@contextlib.asynccontextmanager
async def desk_at(
    target: str = "lab:ftp", *, switches: dict[str, object] | None = None, **form: object
) -> AsyncIterator[Desk]:
    """A session opened at lab:ftp."""
    async with serving("ftp", **(switches or {})) as served:
        desk = Desk(served, target=target, **form)
        try:
            await desk.opened()
            yield desk
        finally:
            await desk.close()

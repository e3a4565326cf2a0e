"""The page of requests without Qt, against a Lab service in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

from tests.lab.houses import Served, serving
from workbench.formats.target import Target
from workbench.jobs.job import Job
from workbench.jobs.scope import Scope
from workbench.lab.authority import lab_authority
from workbench.panels.web.controller import WebController
from workbench.panels.web.state import WebState
from workbench.transcript.recorder import Transcript


class Authority(NamedTuple):
    certificate: bytes


class LabHere:
    """What the Lab offers, for one service in this process."""

    def __init__(self, served: Served) -> None:
        self._served = served

    async def resolve(self, target: Target) -> Target:
        return Target("tcp", self._served.host, self._served.port) if target.is_lab else target

    async def start(self, _name: str) -> object:
        return self._served.figures.address

    async def authority(self) -> Authority:
        return Authority(lab_authority().certificate)


class Desk:
    """A controller with its scope, and a way to wait for what the state will show."""

    def __init__(self, served: Served) -> None:
        self.scope = Scope("web")
        self.made: list[Transcript] = []
        self.controller = WebController(self._transcript, LabHere(served))  # type: ignore[arg-type]  # what is needed of it
        self.controller.timeout_s = 15.0
        self._news = asyncio.Event()
        self.controller.observe(lambda _controller: self._news.set())

    def _transcript(self) -> Transcript:
        self.made.append(Transcript())
        return self.made[-1]

    @property
    def state(self) -> WebState:
        return self.controller.state

    def send(self, file: str = "", **form: object) -> Job:
        self.controller.compose(**form)
        return self.scope.launch(self.controller.send(file), name="send")

    async def sent(self, url: str, file: str = "", **form: object) -> Job:
        return await self.send(file, url=url, **form).wait()

    async def until(self, holds: Callable[[WebState], object]) -> WebState:
        while not holds(self.state):
            self._news.clear()
            await self._news.wait()
        return self.state


@asynccontextmanager
async def desk_at(name: str = "http", **switches: object) -> AsyncIterator[Desk]:
    """A desk before one service; everything is given back."""
    async with serving(name, **switches) as served:
        desk = Desk(served)
        try:
            yield desk
        finally:
            await desk.scope.retire()
            for transcript in desk.made:
                transcript.close()

"""The Mail panel without Qt, against a Lab in a child process, or no Lab at all."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from workbench.jobs.job import Job
from workbench.jobs.scope import Scope
from workbench.lab.supervisor import Lab
from workbench.panels.mail.controller import MailController
from workbench.settings import places
from workbench.transcript.recorder import Transcript


class Desk:
    """The controllers with their scope, and a way to wait for what the states will show."""

    def __init__(self, lab: Lab) -> None:
        self.scope = Scope("mail")
        self.made: list[Transcript] = []
        self.lab = lab
        controller = MailController(self._transcript, lab, relay=lab.relay)
        self.reader, self.composer = controller.reader, controller.composer
        self.controller = controller
        for each in (self.reader, self.composer):
            each.timeout_s = 15.0
            each.observe(lambda _controller: self._news.set())
        self._news = asyncio.Event()

    def _transcript(self) -> Transcript:
        self.made.append(Transcript())
        return self.made[-1]

    def begin(self, target: str, kind: str = "imap", **access: object) -> Job:
        """Open a mailbox and go on."""
        self.reader.choose_kind(kind)
        self.reader.compose(target=target, **access)
        return self.scope.launch(self.reader.open(), name="open")

    async def listed(self, target: str, kind: str = "imap", **access: object) -> Job:
        """Open a mailbox and wait until it is listed, or is not."""
        job = self.begin(target, kind, **access)
        await asyncio.sleep(0)
        await self.until(lambda: self.reader.state.verdict.word == "listed" or not self.reader.state.is_live)
        return job

    async def done(self, coro) -> Job:  # type: ignore[no-untyped-def]
        return await self.scope.launch(coro, name="do").wait()

    async def until(self, holds: Callable[[], object]) -> None:
        while not holds():
            self._news.clear()
            await self._news.wait()

    async def close(self) -> None:
        await self.scope.retire()
        self.controller.close()
        for transcript in self.made:
            transcript.close()


@contextlib.asynccontextmanager
async def desk() -> AsyncIterator[Desk]:
    """A desk with a Lab of its own, which is started when it is first asked for."""
    lab = Lab(places(), join=False)
    made = Desk(lab)
    try:
        yield made
    finally:
        await made.close()
        await lab.aclose()

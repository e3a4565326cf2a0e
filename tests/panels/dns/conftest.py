"""A controller of the DNS panel at a Lab's name server in this process."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from tests.lab.houses import serving
from workbench.formats.target import Target
from workbench.panels.dns.controller import DnsController
from workbench.panels.dns.state import DnsState
from workbench.transcript.recorder import Transcript


class Desk:
    """A controller and its name server."""

    def __init__(self, served: Any) -> None:
        self.served = served
        self.transcripts: list[Transcript] = []
        self.relays: list[tuple[str, dict[str, object]]] = []
        self.controller = DnsController(self._transcript, self._resolve)

    def _transcript(self) -> Transcript:
        self.transcripts.append(Transcript())
        return self.transcripts[-1]

    async def _resolve(self, target: Target) -> Target:
        return Target("udp", self.served.host, self.served.port) if target.is_lab else target

    async def ask(self, text: str, kind: str = "query", **form: object) -> DnsState:
        """Compose and ask; returns the state."""
        self.controller.compose(kind=kind, text=text, **{"server": "lab:dns", **form})
        await self.controller.ask()
        return self.controller.state


@pytest.fixture
def desk() -> Callable[..., AbstractAsyncContextManager[Desk]]:
    """`async with desk() as it:`, with the service's switches."""

    @contextlib.asynccontextmanager
    async def made(**switches: object) -> AsyncIterator[Desk]:
        async with serving("dns", **switches) as served:
            it = Desk(served)
            try:
                yield it
            finally:
                for transcript in it.transcripts:
                    transcript.close()

    return made

"""What goes on beside the reading of a session: asking for TLS, and writing what arrives into a file. No Qt."""

import asyncio
from typing import Protocol

from workbench.errors import LinkLost, WorkbenchError
from workbench.protocols.raw.link import Link
from workbench.protocols.starttls.machine import Dialogue


class Asking:
    """A dialogue that goes on while the session reads."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def decided(self) -> None:
        """Return once the server has said yes or no. Raises: PeerMisbehaved, LinkLost."""
        if self.dialogue.outcome is None:
            await self._over

    async def take(self, link: Link, data: bytes) -> None:
        """What arrived."""
        try:
            answer = self.dialogue.receive(data)
            if answer:
                await link.send(answer)
        except WorkbenchError as failure:
            if not self._over.done():
                self._over.set_exception(failure)
            return
        if self.dialogue.outcome is not None and not self._over.done():
            self._over.set_result(None)

    def ended(self) -> None:
        """The connection has."""
        if not self._over.done():
            what = "the connection ended before the server had said whether there is TLS"
            self._over.set_exception(LinkLost(what, stage="starttls"))


class Sink(Protocol):
    """A file, or what looks after one."""

    def write(self, data: bytes) -> None: ...
    def complete(self) -> None: ...


class Into:
    """A file that what arrives is written to."""

    def __init__(self, file: Sink) -> None:
        self._file = file
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def wait(self) -> None:
        """Return once the peer has ended. Raises: LocalFault: the disk failed."""
        await self._over

    def take(self, data: bytes) -> None:
        """What arrived."""
        if self._over.done():
            return
        try:
            self._file.write(data)
        except WorkbenchError as failure:
            self._over.set_exception(failure)

    def ended(self) -> None:
        """The peer sends no more."""
        if not self._over.done():
            self._over.set_result(None)

"""One Lab in use: a child of ours, or a socket to somebody else's. Requests wait here for their answers."""

import asyncio
import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.errors import LinkLost, PeerMisbehaved, TooSlow
from workbench.formats.quantity import duration_s
from workbench.lab import control
from workbench.lab.address import Running, running_from_values
from workbench.lab.link import Link
from workbench.lab.process import LabProcess

if TYPE_CHECKING:
    import socket

ANSWER_WITHIN_S = 10.0
"""Nothing that a Lab is asked for takes a tenth of a second on an idle machine."""

T = TypeVar("T")


class Connection:
    """One Lab in use. Its owner calls aclose(), also after it was lost.

    Args:
        on_services: told what runs, at every change.
        on_lost: told once when it is gone without our doing.
        process: a child of ours; or
        sock: connected to a Lab that we join.
    """

    def __init__(
        self,
        on_services: Callable[[list[Running]], None],
        on_lost: Callable[[LinkLost], None],
        *,
        process: LabProcess | None = None,
        sock: "socket.socket | None" = None,
    ) -> None:
        self.process = process
        self.hello = control.Hello(0, "", 0)
        self.services: list[Running] = []
        self._sock = sock
        self._on_services = on_services
        self._on_lost = on_lost
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[control.Values]] = {}
        self._greeting: asyncio.Future[control.Hello] = asyncio.get_running_loop().create_future()
        self._lost: LinkLost | None = None
        self._obituary: asyncio.Task[None] | None = None
        if process is not None:
            read_fd, write_fd = process.read_fd, process.write_fd
        elif sock is not None:
            read_fd = write_fd = sock.fileno()
        else:
            raise ValueError("a connection to a Lab needs a process or a socket")
        self._link = Link(
            read_fd,
            write_fd,
            limit=control.MAX_REPLY_LINE,
            speaker="the Lab",
            on_line=self._on_line,
            on_end=self._on_end,
        )
        self._link.resume()

    @property
    def is_lost(self) -> bool:
        """Whether nothing can be asked any more."""
        return not self._link.is_open

    async def greeted(self, timeout_s: float) -> control.Hello:
        """The hello. Raises: LinkLost, TooSlow."""
        self.hello = await self._answer(self._greeting, timeout_s)
        return self.hello

    async def ask(self, request: control.Request) -> control.Values:
        """The answer to a request; its id is given here.

        Raises: what the Lab answers; LinkLost when it is lost; TooSlow.
        """
        if self._lost is not None:
            raise self._lost
        number = next(self._ids)
        answer: asyncio.Future[control.Values] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._link.send(control.encode_request(request._replace(id=number)))
            return await self._answer(answer, ANSWER_WITHIN_S)
        finally:
            del self._waiting[number]

    def give_up(self, reason: str) -> None:
        """Have everybody who waits for an answer, or for the hello, fail now; aclose() is still to come."""
        self._fail(LinkLost(reason, stage="lab"))

    async def aclose(self, reason: str) -> None:
        """Leave or end the Lab; whoever waits for an answer fails with `reason`. Idempotent."""
        self._link.close()
        self.give_up(reason or "the Lab is not in use any more")
        if self._obituary is not None:
            self._obituary.cancel()
            await asyncio.wait((self._obituary,))
        if self._sock is not None:
            self._sock.close()
        if self.process is not None:
            await self.process.aclose()

    async def _answer(self, answer: "asyncio.Future[T]", timeout_s: float) -> T:
        try:
            async with asyncio.timeout(timeout_s):
                return await answer
        except TimeoutError as error:
            words = self.process.last_words if self.process is not None else ""
            raise TooSlow(
                f"the Lab did not answer within {duration_s(timeout_s)}",
                stage="lab",
                reply=words,
                committed="maybe",
            ) from error

    def _on_line(self, line: bytes) -> None:
        try:
            message = control.decode_message(line)
            match message:
                case control.Hello():
                    if not self._greeting.done():
                        self._greeting.set_result(message)
                case control.Reply(number, values):
                    if (answer := self._waiting.get(number)) is not None and not answer.done():
                        answer.set_result(values)
                case control.Failure(number, error):
                    if number is not None and (answer := self._waiting.get(number)) and not answer.done():
                        answer.set_exception(error)
                case control.Notice("running", values):
                    self.services = running_from_values(values)
                    self._on_services(self.services)
        except PeerMisbehaved as error:
            self._link.close()
            self._on_end(error)

    def _on_end(self, reason: PeerMisbehaved | OSError | None) -> None:
        if self.process is None:
            self._bury(f"the Lab that we had joined ended{f': {reason}' if reason else ''}", "")
        elif isinstance(reason, PeerMisbehaved):
            self._bury(reason.what, self.process.last_words)
        else:
            # How it ended is known a moment after its output is closed.
            self._obituary = asyncio.get_running_loop().create_task(
                self._write_obituary(self.process), name="lab ended"
            )

    async def _write_obituary(self, process: LabProcess) -> None:
        ended = await process.wait(1.0)
        what = (
            f"the Lab {process.how_it_ended()}" if ended else "the Lab runs, but does not talk to us any more"
        )
        self._bury(what, process.last_words)

    def _bury(self, what: str, words: str) -> None:
        error = LinkLost(
            what, stage="lab", reply=words, committed="maybe", advice="the next use starts it anew"
        )
        self._fail(error)
        self._on_lost(error)

    def _fail(self, error: LinkLost) -> None:
        if self._lost is None:
            self._lost = error
        waiting: list[asyncio.Future[Any]] = [self._greeting, *self._waiting.values()]
        for answer in waiting:
            if not answer.done():
                answer.set_exception(error)
                # Looked at here: nobody may be waiting for it any more, and that is no fault to report.
                answer.exception()

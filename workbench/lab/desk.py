"""One user of a Lab, seen from the Lab: requests come in, are carried out one after the other, and are answered."""

import asyncio
import sys
import traceback
from collections import deque
from collections.abc import Callable

from workbench.errors import PeerMisbehaved, WorkbenchError
from workbench.lab import control
from workbench.lab.link import Link
from workbench.lab.registry import Registry

MAX_REQUESTS_WAITING = 64


class Desk:
    """A control connection. The creator closes the descriptors after `on_end` or aclose().

    Args:
        registry: the Lab's services; the desk is the holder of those it starts.
        on_end: told once when the other side is gone, or can't be understood any more.
    """

    def __init__(
        self, read_fd: int, write_fd: int, registry: Registry, on_end: Callable[["Desk"], None]
    ) -> None:
        self._registry = registry
        self._on_end = on_end
        self._waiting: deque[bytes] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._link = Link(
            read_fd,
            write_fd,
            limit=control.MAX_REQUEST_LINE,
            speaker="the user of this Lab",
            on_line=self._on_line,
            on_end=self._on_link_end,
        )

    def open(self, hello: control.Hello) -> None:
        """Say hello and begin to listen."""
        self.say(hello)
        self._link.resume()

    def say(self, message: control.Message) -> None:
        """Send a message; too late after the end."""
        self._link.send(control.encode_message(message))

    async def aclose(self) -> None:
        """Stop listening and let go of what was started for this user alone. Idempotent."""
        self._link.close()
        self._waiting.clear()
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.wait((self._worker,))
            self._worker = None
        await self._registry.release(self)

    def _on_line(self, line: bytes) -> None:
        self._waiting.append(line)
        if len(self._waiting) >= MAX_REQUESTS_WAITING:
            self._link.pause()
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work(), name="requests")

    def _on_link_end(self, reason: PeerMisbehaved | OSError | None) -> None:
        self._on_end(self)

    async def _work(self) -> None:
        while self._waiting:
            request = control.decode_request(self._waiting.popleft())
            if len(self._waiting) < MAX_REQUESTS_WAITING // 2:
                self._link.resume()
            if isinstance(request, control.Wrong):
                self.say(control.Failure(request.id, request.error))
                continue
            try:
                self.say(control.Reply(request.id, await self._carried_out(request)))
            except WorkbenchError as error:
                self.say(control.Failure(request.id, error))
            except Exception as error:  # noqa: BLE001 - the border: a fault of ours is answered and costs no other request
                traceback.print_exc(file=sys.stderr)
                self.say(control.Failure(request.id, _fault_of_ours(error)))

    async def _carried_out(self, request: control.Request) -> control.Values:
        match request:
            case control.Start():
                return (await self._registry.start(request, self)).as_dict()
            case control.Relayed():
                return (await self._registry.relay(request, self)).as_dict()
            case control.Stop(_, name):
                return {"stopped": await self._registry.stop(name)}
            case control.Listing():
                return {"services": [running.as_dict() for running in self._registry.running()]}
            case control.Ping():
                return {}
            case control.Describe():
                from workbench.lab.catalogue import SERVICES

                return {"services": [info.as_dict() for info in SERVICES]}
            case control.Authority():
                from workbench.lab.authority import lab_authority

                return lab_authority().told()


def _fault_of_ours(error: Exception) -> WorkbenchError:
    return WorkbenchError(
        f"the Lab could not do this because of a fault in it: {type(error).__name__}",
        stage="lab",
        committed="maybe",
        advice="the Lab's log has the details",
    )

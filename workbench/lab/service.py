"""What all TCP services share: accepting, one task a client, the border where a client's fault ends.

A service is told its switches and serves until its task is cancelled. Whatever one client does, the others and the
service go on: a WorkbenchError ends that conversation, a fault of ours too, and is printed for the Lab's log.
"""

import asyncio
import sys
import traceback
from collections.abc import Sequence
from functools import partial

from workbench.clock import SYSTEM, Clock
from workbench.errors import LinkLost, WorkbenchError
from workbench.lab.guest import Cut, Guest
from workbench.lab.switches import Turned
from workbench.wire.listen import Listener
from workbench.wire.stream import Stream

PAUSE_AFTER_FAULT_S = 0.1
ACCEPT_IN_A_ROW = 32
"""Clients, before those who are in get their turn."""


class TcpService:
    """Base of a TCP service; a subclass writes `converse`.

    Args:
        turned: its switches.
        clock: for services that tell the time.
    """

    def __init__(self, turned: Turned, *, clock: Clock = SYSTEM) -> None:
        self.turned = turned
        self.clock = clock
        self.open_now = 0
        self.seen = 0

    async def converse(self, guest: Guest) -> None:
        """Talk to one client until there is nothing more to say; the connection is ended in good order then."""
        raise NotImplementedError

    async def serve(self, listeners: Sequence[Listener]) -> None:
        """Accept clients until cancelled; then every conversation is cancelled and every socket closed."""
        room = asyncio.Semaphore(self.turned.count("connections"))
        try:
            async with asyncio.TaskGroup() as clients:
                for listener in listeners:
                    clients.create_task(
                        self._accept(listener, room, clients), name=f"accept {listener.address}"
                    )
        finally:
            for listener in listeners:
                await listener.aclose()

    async def _accept(self, listener: Listener, room: asyncio.Semaphore, clients: asyncio.TaskGroup) -> None:
        in_a_row = 0
        while True:
            try:
                stream = await listener.accept()
            except (WorkbenchError, OSError) as error:
                if isinstance(error, LinkLost) and not error.errno_name:
                    return  # the listener was closed
                # Out of descriptors, most likely: the client stays in the queue, so try again, but not in a frenzy.
                await asyncio.sleep(PAUSE_AFTER_FAULT_S)
                continue
            try:
                # In a full house one waits here, the others in the system's queue: connected, but unheard. A place
                # taken before accept() would be lost to a listener on which nobody comes.
                await room.acquire()
            except asyncio.CancelledError:
                await stream.aclose()
                raise
            guest = Guest(stream, self.turned)
            task = clients.create_task(self._host(guest), name=f"client {guest.address}")
            task.add_done_callback(partial(_left, room, stream))
            # A storm of clients must neither overflow the system's queue nor keep the loop here.
            in_a_row += 1
            if in_a_row % ACCEPT_IN_A_ROW == 0:
                await asyncio.sleep(0)

    async def _host(self, guest: Guest) -> None:
        self.open_now += 1
        self.seen += 1
        try:
            guest.check_cut()
            await self.converse(guest)
            await guest.leave()
        except Cut:
            await guest.cut()
        except WorkbenchError:
            # The client is gone, or did what the protocol forbids: this conversation is over, nothing else.
            await guest.leave()
        except Exception:  # noqa: BLE001 - the border: a fault of ours costs one conversation, not the Lab
            traceback.print_exc(file=sys.stderr)
            guest.abort()
        finally:
            # Cancelled, or failed while leaving: the socket must not outlive its task. Harmless otherwise.
            await guest.stream.aclose()
            self.open_now -= 1


def _left(room: asyncio.Semaphore, stream: Stream, _task: "asyncio.Task[None]") -> None:
    # Cancelled before its first step, a task closes nothing; nothing happens to a stream that is closed.
    stream.abort()
    room.release()

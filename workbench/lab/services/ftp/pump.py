"""pyftpdlib's loop, turned by asyncio: one thread, one loop, and nothing runs when nothing happens.

Its epoll descriptor is itself readable when one of its sockets has news, so asyncio watches that one descriptor and
lets pyftpdlib look once; its timers are asked when the next is due.
"""

import asyncio
from typing import Any

from workbench.lab.services.ftp.library import IOLoop


class Pump:
    """One loop of pyftpdlib within the running asyncio loop; its owner calls close().

    Attributes: ioloop: what pyftpdlib's classes are given.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self.ioloop: Any = IOLoop.factory()
        self._fd: int = self.ioloop._poller.fileno()
        self._loop.add_reader(self._fd, self.turn)

    def turn(self) -> None:
        """Let pyftpdlib handle what has come, and its timers that are due."""
        self.ioloop.poll(0)
        self.wind()

    def wind(self) -> None:
        """Run the timers that are due and see to the next; needed after anything was asked for outside turn()."""
        next_s = self.ioloop.sched.poll()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(next_s, self.wind) if next_s is not None else None

    def close(self) -> None:
        """Close every socket of it, and let go. Idempotent."""
        if self._fd < 0:
            return
        self._loop.remove_reader(self._fd)
        self._fd = -1
        if self._timer is not None:
            self._timer.cancel()
        self.ioloop.close()

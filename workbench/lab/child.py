"""The Lab's process: `python -m workbench.lab.child [--share FOLDER]`.

It reads requests on its input, answers on its output, and ends at once when its input does: when the owner closes the
pipe, ends, crashes or is killed, the system closes the pipe and nothing of the Lab is left. With --share others of the
same user may join through a socket in that folder. One thread, one loop; services are imported when they start.
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from workbench import __version__
from workbench.errors import LocalFault
from workbench.lab.control import PROTOCOL, Hello, Notice
from workbench.lab.desk import Desk
from workbench.lab.registry import Registry

if TYPE_CHECKING:
    import socket

    from workbench.lab.sharing import Share

MAX_JOINERS = 64
END_WITHIN_S = 1.0
"""Closing all sockets takes milliseconds; should it ever hang, the process ends all the same."""
WANTED_DESCRIPTORS = 8192
USAGE = "usage: python -m workbench.lab.child [--share FOLDER]\n"


class House:
    """The running Lab: its services, its owner, those who joined.

    Args:
        share: the folder in which others may join, or "".
    """

    def __init__(self, share: str) -> None:
        self._registry = Registry(self._on_change)
        self._ended = asyncio.Event()
        self._share: Share | None = None
        self._hello = Hello(PROTOCOL, __version__, os.getpid())
        self._joiners: dict[Desk, socket.socket] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._news_due = False
        if share:
            self._open_door(share)
        self._owner = Desk(0, 1, self._registry, lambda _desk: self._ended.set())

    async def live(self) -> None:
        """Serve until the owner is gone or a signal says so, then close everything."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._ended.set)
        self._owner.open(self._hello)
        await self._ended.wait()
        loop.call_later(END_WITHIN_S, os._exit, 0)
        # The door first: whoever comes now must not meet a Lab that is about to end.
        self._close_door()
        for desk, sock in list(self._joiners.items()):
            await desk.aclose()
            sock.close()
        await self._owner.aclose()
        await self._registry.aclose()

    def _open_door(self, folder: str) -> None:
        from workbench.lab.sharing import open_share

        try:
            self._share = open_share(folder)
        except LocalFault as error:
            self._hello = self._hello._replace(note=error.what)
            return
        self._hello = self._hello._replace(shared=self._share.path)
        asyncio.get_running_loop().add_reader(self._share.listener.fileno(), self._on_joiner)

    def _close_door(self) -> None:
        if self._share is not None:
            asyncio.get_running_loop().remove_reader(self._share.listener.fileno())
            self._share.close()
            self._share = None

    def _on_joiner(self) -> None:
        from workbench.lab.sharing import is_same_user

        if self._share is None:
            return
        try:
            sock, _ = self._share.listener.accept()
        except OSError:
            return
        if len(self._joiners) >= MAX_JOINERS or not is_same_user(sock):
            sock.close()
            return
        sock.setblocking(False)
        desk = Desk(sock.fileno(), sock.fileno(), self._registry, self._on_joiner_gone)
        self._joiners[desk] = sock
        desk.open(self._hello)

    def _on_joiner_gone(self, desk: Desk) -> None:
        sock = self._joiners.pop(desk, None)
        if sock is not None:
            task = asyncio.get_running_loop().create_task(self._see_off(desk, sock), name="joiner leaves")
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def _see_off(self, desk: Desk, sock: "socket.socket") -> None:
        try:
            await desk.aclose()
        finally:
            sock.close()

    def _on_change(self) -> None:
        # Many services begin or end in one go: one piece of news for all of them.
        if not self._news_due:
            self._news_due = True
            asyncio.get_running_loop().call_soon(self._tell_news)

    def _tell_news(self) -> None:
        self._news_due = False
        services = [running.as_dict() for running in self._registry.running()]
        news = Notice("running", {"services": services})
        for desk in (self._owner, *self._joiners):
            desk.say(news)


class Log:
    """A text file over a non-blocking pipe that never waits: what does not fit is lost.

    An owner who is too busy to read our error output must not stop us.
    """

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def write(self, text: str) -> int:
        """Write what the pipe takes."""
        with suppress(OSError):
            os.write(self._fd, text.encode(self.encoding, self.errors))
        return len(text)

    def flush(self) -> None:
        """Nothing is kept back."""


async def _live(share: str) -> None:
    await House(share).live()


def _prepare() -> None:
    # Ctrl-C in a terminal goes to everybody in front of it; our owner gets it too and ends us in its own order.
    if not os.isatty(0):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # A terminal's descriptors are shared with the shell, which must not find them non-blocking.
        os.set_blocking(2, False)
        sys.stderr = Log(2)
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = WANTED_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(WANTED_DESCRIPTORS, hard)
        if soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main(arguments: list[str]) -> NoReturn:
    """Run the Lab until its input ends; exit status 0, or 2 for a wrong command line."""
    share = ""
    if arguments[:1] == ["--share"] and len(arguments) == 2:
        share = arguments[1]
    elif arguments:
        sys.stderr.write(USAGE)
        sys.exit(2)
    _prepare()
    try:
        asyncio.run(_live(share))
    except KeyboardInterrupt:
        sys.exit(130)
    # Nothing of ours is left to finish: the interpreter's own farewell would only take time.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])

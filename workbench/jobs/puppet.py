"""A helper process that a demonstration may kill, freeze or let burn: one of our modules, lines in and lines out.

It is spawned, never forked, and ends with us: at its input's end, and on Linux by the system's own signal when we are
killed, since one that is frozen reads nothing. Everything here runs on the loop; only waiting for its end does not.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys

from workbench.errors import LocalFault, TooSlow
from workbench.formats.quantity import duration_s
from workbench.jobs.offload import in_thread
from workbench.jobs.worker import _environment as child_environment

MAX_LINE = 64 * 1024
_PR_SET_PDEATHSIG = 1
"""linux/prctl.h: a signal to this process when its parent dies."""


class Puppet:
    """A started helper. Its owner calls aclose().

    Args:
        module: run as `python -m module`; it calls end_with_parent() first.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-P", "-m", module, *arguments]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=child_environment(), bufsize=0
            )
        except OSError as error:
            raise LocalFault(f"no helper process: {error.strerror}", stage="helper") from error
        assert self._process.stdout is not None
        self._out = self._process.stdout.fileno()
        os.set_blocking(self._out, False)
        self._buffer = bytearray()
        self._is_closed = False

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    async def line(self, timeout_s: float) -> str:
        """The next line that it says, without its end.

        Raises: TooSlow: it says none in time; LocalFault: it has ended.
        """
        try:
            async with asyncio.timeout(timeout_s):
                while b"\n" not in self._buffer:
                    await self._more()
        except TimeoutError as error:
            raise TooSlow(
                f"the helper process said nothing within {duration_s(timeout_s)}", stage="helper"
            ) from error
        text, _, rest = self._buffer.partition(b"\n")
        self._buffer = rest
        return text.decode("ascii", "replace")

    async def _more(self) -> None:
        loop = asyncio.get_running_loop()
        ready = loop.create_future()

        def wake() -> None:
            if not ready.done():
                ready.set_result(None)

        loop.add_reader(self._out, wake)
        try:
            await ready
        finally:
            loop.remove_reader(self._out)
        data = os.read(self._out, MAX_LINE)
        if not data or len(self._buffer) > MAX_LINE:
            raise LocalFault("the helper process ended", stage="helper")
        self._buffer += data

    def tell(self, line: str) -> None:
        """Say a line to it. Raises: LocalFault: it has ended."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode("ascii") + b"\n")
        except OSError as error:
            raise LocalFault("the helper process has ended", stage="helper") from error

    def kill(self) -> None:
        """End it as the system ends a program, without its help (SIGKILL)."""
        self._process.kill()

    def freeze(self) -> None:
        """Let its program stand still (SIGSTOP); the system goes on serving its connections."""
        self._process.send_signal(signal.SIGSTOP)

    async def aclose(self) -> None:
        """Kill it, wait until it is gone, give the pipes back. Idempotent."""
        if self._is_closed:
            return
        self._is_closed = True
        self._process.kill()
        try:
            await in_thread(self._process.wait)
        finally:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()


def end_with_parent() -> None:
    """For the helper's own program: be killed when the parent is, as far as this system can."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

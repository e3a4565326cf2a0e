"""A process for work that may never end or take all memory: it is killed at its deadline, and when nobody waits.

`offload.in_process` shares one process that nobody may kill. Here each owner has its own: what a person wrote (an
XPath, a selector) and what a stranger sent (a page of a hundred thousand open elements) can be computed with, and the
window loses nothing but this process. Between calls it keeps what its modules hold, so a second question about the same
document finds it there; after a kill the next call begins with a fresh one.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, TypeVar, cast

from workbench.errors import LocalFault, TooSlow
from workbench.formats.quantity import duration_s
from workbench.jobs.offload import in_thread
from workbench.jobs.worker_child import read_frame, write_frame

T = TypeVar("T")

MEMORY_OCTETS = 2 * 1024**3
"""Address space of the process; ours."""


class Worker:
    """One owner's process, started by the first call.

    Args:
        name: what it is for, in a sentence about its failure: "the search".
    """

    def __init__(self, name: str, memory_octets: int = MEMORY_OCTETS) -> None:
        self._name = name
        self._memory_octets = memory_octets
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = asyncio.Lock()
        self._is_closed = False

    @property
    def process_id(self) -> int | None:
        """The running process; None between a kill and the next call."""
        return self._process.pid if self._process is not None else None

    async def call(self, function: Callable[..., T], *args: object, timeout_s: float) -> T:
        """Run a function of a module in the process; calls wait for each other.

        Args:
            timeout_s: after this the process is killed; waiting for the turn does not count.

        Raises: TooSlow; LocalFault when the process ended by itself or can't be started; else what the function
            raises. Cancelling kills the process too.
        """
        async with self._turn:
            process = self._started()
            is_over = False
            try:
                async with asyncio.timeout(timeout_s):
                    is_done, value = await in_thread(_exchange, process, (function, args, timeout_s))
                is_over = True
            except TimeoutError as error:
                raise TooSlow(
                    f"{self._name} was not done within {duration_s(timeout_s)} and was stopped",
                    stage=self._name.removeprefix("the "),
                    advice="ask for less at once",
                ) from error
            except (EOFError, OSError) as error:
                raise LocalFault(
                    f"the process of {self._name} ended in the middle of its work",
                    stage=self._name.removeprefix("the "),
                    advice="it may have needed too much memory; ask for less at once",
                ) from error
            finally:
                if not is_over:
                    await self._end(process)
        if not is_done:
            assert isinstance(value, BaseException)
            raise value
        return value  # type: ignore[return-value]  # what the function returned, from there to here

    async def _end(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill it. On a busy machine the system takes its time over that: nobody waits for it on the loop."""
        if self._process is process:
            self._process = None
        process.kill()
        await in_thread(process.wait)
        _close_pipes(process)

    def close(self) -> None:
        """End the process. Calls that run fail, and none can be made afterwards. Idempotent."""
        self._is_closed = True
        self._kill()

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._is_closed:
            raise LocalFault(f"{self._name} is closed", stage="worker")
        if self._process is None:
            command = [sys.executable, "-P", "-m", "workbench.jobs.worker_child", str(self._memory_octets)]
            try:
                self._process = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
                )
            except OSError as error:
                raise LocalFault(
                    f"the process of {self._name} can't be started: {error.strerror}", stage="worker"
                ) from error
        return self._process

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        _close_pipes(process)


def _close_pipes(process: "subprocess.Popen[bytes]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            # What was not yet written goes nowhere now.
            with suppress(OSError):
                pipe.close()


def _exchange(process: "subprocess.Popen[bytes]", call: tuple[object, ...]) -> tuple[bool, object]:
    """Send a call and wait for what came of it; in a thread."""
    write_frame(cast(BinaryIO, process.stdin), call)
    return cast(tuple[bool, object], read_frame(cast(BinaryIO, process.stdout)))


def _environment() -> dict[str, str]:
    """Ours, and the place of this package where Python would not find it by itself (an uninstalled checkout)."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    environ = dict(os.environ)
    if os.path.basename(root) not in ("site-packages", "dist-packages"):
        known = environ.get("PYTHONPATH", "")
        environ["PYTHONPATH"] = f"{known}{os.pathsep}{root}" if known else root
    return environ

"""The Lab's process, seen from its owner: its log, its end, its last words. Leaves no process and no descriptor."""

import asyncio
import os
import signal
import subprocess
from collections import deque
from contextlib import suppress

MAX_LOG_OCTETS = 64 * 1024
LAST_WORDS_OCTETS = 2_000
END_WITHIN_S = 1.5
"""After its input ended the child has so long; then it is killed. Together less than the 2 s that closing may take."""
_KILLED_WITHIN_S = 0.4
_POLL_S = 0.01


class LabProcess:
    """A started child. Its owner calls aclose(), also after it died by itself.

    Args:
        popen: as launch() made it.
    """

    def __init__(self, popen: "subprocess.Popen[bytes]") -> None:
        if popen.stdin is None or popen.stdout is None or popen.stderr is None:
            raise ValueError("the Lab's process needs three pipes")
        self._popen = popen
        self._stdin, self._stdout, self._stderr = popen.stdin, popen.stdout, popen.stderr
        self._log: deque[bytes] = deque()
        self._log_octets = 0
        self._loop = asyncio.get_running_loop()
        os.set_blocking(self._stderr.fileno(), False)
        self._loop.add_reader(self._stderr.fileno(), self._on_log)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._popen.pid

    @property
    def read_fd(self) -> int:
        """Where its messages come from."""
        return self._stdout.fileno()

    @property
    def write_fd(self) -> int:
        """Where requests go to."""
        return self._stdin.fileno()

    @property
    def log(self) -> str:
        """What it wrote to its error output, the last 64 KiB."""
        return b"".join(self._log).decode("utf-8", "backslashreplace")

    @property
    def last_words(self) -> str:
        """The last lines of the log, short enough for an error."""
        return self.log.strip()[-LAST_WORDS_OCTETS:]

    def how_it_ended(self) -> str:
        """ "ended with status 1", "was ended by SIGKILL", "is running": the middle of a sentence."""
        status = self._popen.poll()
        if status is None:
            return "is running"
        if status >= 0:
            return f"ended with status {status}"
        try:
            return f"was ended by {signal.Signals(-status).name}"
        except ValueError:
            return f"was ended by signal {-status}"

    async def wait(self, timeout_s: float) -> bool:
        """Wait for its end; False when it still runs after timeout_s."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._exit()
        return self._popen.poll() is not None

    async def aclose(self) -> None:
        """End it: by the end of its input, and by SIGKILL if it does not obey. Idempotent."""
        try:
            with suppress(OSError):
                self._stdin.close()
            await self.wait(END_WITHIN_S)
        finally:
            # Also when we are cancelled: a child that has its input closed ends by itself, a stuck one is killed.
            self._finish()

    def _finish(self) -> None:
        if self._popen.poll() is None:
            self._popen.kill()
            # A killed process is gone within milliseconds, unless the system itself hangs.
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(_KILLED_WITHIN_S)
        if not self._stderr.closed:
            self._on_log()
        for pipe in (self._stderr, self._stdout, self._stdin):
            if not pipe.closed:
                self._loop.remove_reader(pipe.fileno())
                pipe.close()

    async def _exit(self) -> None:
        """Return once the process has ended, and reap it."""
        if self._popen.poll() is not None:
            return
        try:
            fd = os.pidfd_open(self.pid)
        except (AttributeError, OSError):
            # No pidfd on this system (macOS, old kernels): look every now and then.
            while self._popen.poll() is None:  # noqa: ASYNC110 - the system has no event for it
                await asyncio.sleep(_POLL_S)
            return
        ended = self._loop.create_future()

        def on_exit() -> None:
            if not ended.done():
                ended.set_result(None)

        self._loop.add_reader(fd, on_exit)
        try:
            await ended
            self._popen.poll()
        finally:
            self._loop.remove_reader(fd)
            os.close(fd)

    def _on_log(self) -> None:
        try:
            data = os.read(self._stderr.fileno(), MAX_LOG_OCTETS)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._loop.remove_reader(self._stderr.fileno())
            return
        self._log.append(data)
        self._log_octets += len(data)
        while self._log_octets > MAX_LOG_OCTETS and len(self._log) > 1:
            self._log_octets -= len(self._log.popleft())

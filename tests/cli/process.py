"""A verb as a process that a test talks to while it runs: reads its lines, signals it, waits for its end."""

import contextlib
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from typing import Any

from tests.cli.documents import checked
from tests.kit.cli import command, environment

LIMIT_S = 90.0
"""No step of a test waits longer; a verb is ready in a fifth of a second."""


class Running:
    """One running verb; made by `running`."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        self.child = child
        self._rest = b""

    def line(self) -> bytes:
        """The next line of standard output; b"" at its end.

        Raises:
            AssertionError: none came in time.
        """
        assert self.child.stdout is not None
        deadline = time.monotonic() + LIMIT_S
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self.child.stdout], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"no line came within {LIMIT_S} s, only {self._rest!r}"
            data = os.read(self.child.stdout.fileno(), 65536)
            if not data:
                break
            self._rest += data
        line, newline, self._rest = self._rest.partition(b"\n")
        return line + newline

    def document(self) -> Any:
        """The next line as a document, checked against its schema."""
        return checked(json.loads(self.line()))

    def documents(self) -> list[Any]:
        """All documents from here to the end."""
        return [checked(json.loads(line)) for line in iter(self.line, b"")]

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Send a signal, to this process and not to its children."""
        self.child.send_signal(number)

    def wait(self) -> int:
        """The exit code."""
        return self.child.wait(LIMIT_S)


@contextlib.contextmanager
def running(*argv: str, **env: str) -> Iterator[Running]:
    """Start `workbench ARGV`; on leaving, its input is closed, and what still runs then is killed."""
    child = subprocess.Popen(
        command(*argv),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(**env),
    )
    try:
        yield Running(child)
    except BaseException:
        child.kill()
        raise
    finally:
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()
        try:
            child.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            raise


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that still live."""
    found: list[int] = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with (
            contextlib.suppress(FileNotFoundError),
            open(f"/proc/{pid}/task/{task}/children", "rb") as listed,
        ):
            found += map(int, listed.read().split())
    return found


def is_alive(pid: int) -> bool:
    """Whether a process still runs; a zombie does not."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as status:
            return status.read().rpartition(b") ")[2][:1] != b"Z"
    except FileNotFoundError:
        return False

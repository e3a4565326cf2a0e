"""The processes of a benchmark: started as on a user's machine, given a deadline, and gone at the end.

Folders of their own (WORKBENCH_HOME), so that no Lab of the person is joined and no setting read. A user's Python keeps
compiled modules, so PYTHONDONTWRITEBYTECODE is taken away and the second start is the one that counts.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

DEADLINE_S = 30.0
LONG_S = 150.0
"""Of a child that handles gigabytes."""
END_WITHIN_S = 3.0

ANY_CODE = range(256)
"""Packet Sender ends with the count of octets that it received, modulo 256."""

PYTHON = sys.executable
LOOPBACK = "127.0.0.1"


class Children:
    """Starts processes, and ends what still runs when it is left.

    Attributes:
        folder: temporary, for whatever a measurement writes.
        environ: what children get.
        is_quick: whether the long parts are left out.
    """

    def __init__(self, *, is_quick: bool = False) -> None:
        self.is_quick = is_quick
        self._temporary = tempfile.TemporaryDirectory(prefix="workbench-bench-")
        self.folder = Path(self._temporary.name)
        self.environ = {**os.environ, "WORKBENCH_HOME": str(self.folder / "home")}
        self.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in reversed(self._running):
            self.end(child)
        self._temporary.cleanup()

    def seconds(
        self,
        command: Sequence[str],
        *,
        said: bytes = b"",
        into: Path | None = None,
        expected: bytes = b"",
        codes: Collection[int] = (0,),
    ) -> float:
        """Run a command to its end; the time from before its start to after its end.

        Args:
            said: its standard input.
            into: a file for its standard output; else it is read here.
            expected: what that output has to contain. A quick wrong answer is no figure.
            codes: exit codes that are none of a failure.

        Raises: RuntimeError when it fails, with what it said.
        """
        with tempfile.TemporaryFile() as out, open(into or os.devnull, "wb") as file:
            began = time.perf_counter()
            done = subprocess.run(
                command,
                input=said,
                stdout=file if into is not None else out,
                stderr=subprocess.PIPE,
                env=self.environ,
                timeout=DEADLINE_S,
                check=False,
            )
            took_s = time.perf_counter() - began
            out.seek(0)
            answer = out.read() if into is None else b""
        if done.returncode not in codes or expected not in answer:
            raise RuntimeError(
                f"{command[0]} ended with {done.returncode}: {done.stderr[-400:]!r} {answer[:200]!r}"
            )
        return took_s

    def document(self, module: str, *arguments: str, **environ: str) -> Any:
        """Run one of our own modules and return the JSON that it prints.

        Raises: RuntimeError when it fails, with its last words; subprocess.TimeoutExpired.
        """
        done = subprocess.run(
            [PYTHON, "-m", module, *arguments],
            capture_output=True,
            env={**self.environ, **environ},
            timeout=LONG_S,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(
                f"{module} ended with {done.returncode}: {done.stderr[-600:].decode(errors='replace')}"
            )
        return json.loads(done.stdout)

    def start(
        self,
        command: Sequence[str],
        environ: Mapping[str, str] | None = None,
        *,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.DEVNULL,
        pass_fds: Sequence[int] = (),
    ) -> subprocess.Popen[bytes]:
        """Start a process; it is ended when the benchmark is, if not before."""
        child = subprocess.Popen(
            command,
            env={**self.environ, **(environ or {})},
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            pass_fds=pass_fds,
        )
        self._running.append(child)
        return child

    def server(self, kind: str, *arguments: str) -> int:
        """Start one of the plain servers of tests.bench.servers; its port on loopback."""
        child = self.start([PYTHON, "-m", "tests.bench.servers", kind, *arguments], stdout=subprocess.PIPE)
        assert child.stdout is not None
        return int(child.stdout.readline())

    def end(self, child: subprocess.Popen[bytes]) -> None:
        """End one process; harmless when it has ended."""
        if child.poll() is None:
            child.terminate()
            with suppress(subprocess.TimeoutExpired):
                child.wait(END_WITHIN_S)
        if child.poll() is None:
            child.kill()
            child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        if child in self._running:
            self._running.remove(child)


def resident_mib(pid: int, field: str = "VmRSS") -> float:
    """Resident memory of a process, MiB; field "VmHWM" for its highest."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"the system does not tell {field} of process {pid}")


def say(told: object) -> None:
    """What a child found, for Children.document."""
    print(json.dumps(told))

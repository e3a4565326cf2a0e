"""The terminal face as a person meets it: another process, its exit code, what it prints."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

CHECKOUT = Path(__file__).resolve().parents[2]

LIMIT_S = 90.0
"""A verb's own default timeout is 30 s; a test that waits longer waits for a mistake."""


class Completed(NamedTuple):
    """What a finished command left.

    Attributes:
        returncode: the exit code; negative: the signal that ended it.
        stdout, stderr: all of it, decoded as UTF-8.
    """

    returncode: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout.

        Raises:
            AssertionError: there is none, or something beside it; with both outputs, which say why.
        """
        try:
            return json.loads(self.stdout)
        except ValueError as error:
            raise AssertionError(f"stdout is not one JSON document ({error})\n{self}") from error

    @property
    def documents(self) -> list[Any]:
        """The JSON documents of a streaming verb, one a line.

        Raises:
            AssertionError: a line is none.
        """
        try:
            return [json.loads(line) for line in self.stdout.splitlines()]
        except ValueError as error:
            raise AssertionError(f"a line of stdout is not a JSON document ({error})\n{self}") from error

    def __str__(self) -> str:
        return f"exit {self.returncode}\n--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}"


def command(*argv: str) -> list[str]:
    """The command line of `workbench ARGV` on this interpreter."""
    return [sys.executable, "-m", "workbench", *argv]


def environment(**changes: str) -> dict[str, str]:
    """This test's environment for a child: this checkout's package from any folder, and `changes`."""
    paths = [str(CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **changes}


def run_cli(*argv: str, input: str | bytes | None = None, timeout: float = LIMIT_S, **env: str) -> Completed:
    """Run `workbench ARGV` to its end.

    It blocks: a coroutine test whose own loop serves the peer calls it by asyncio.to_thread.

    Args:
        input: what stands on standard input; None: nothing, and it ends at once.
        timeout: seconds until the child is killed and the test fails.
        env: changes to the environment.
    """
    given = input.encode() if isinstance(input, str) else input or b""
    done = subprocess.run(
        command(*argv), input=given, capture_output=True, timeout=timeout, env=environment(**env)
    )
    return Completed(done.returncode, done.stdout.decode(), done.stderr.decode())

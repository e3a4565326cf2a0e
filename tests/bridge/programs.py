"""Whole programs on the Qt loop, each in a process of its own: signals, exits, a reactor are one per process."""

import subprocess
import sys
import textwrap
from typing import NamedTuple

from tests.kit.stolen import Stopwatch

HEAD = """
import asyncio, logging, os, signal, sys, threading, time
from PySide6.QtWidgets import QApplication
from workbench.bridge.loop import run
app = QApplication(["program"])
def say(*words):
    print(*words, flush=True)
# A busy machine alone makes a callback slow; heartbeat tests watch for slow ones.
logging.getLogger("asyncio").addFilter(lambda record: not record.getMessage().startswith("Executing "))
"""

STRICT = ("-X", "dev", "-W", "error")

LIMIT_S = 90.0
"""For a machine that is very busy; the tests have limits of their own."""


class Ended(NamedTuple):
    """What became of a program: exit code, what it printed, what it complained of."""

    code: int
    out: str
    err: str
    took_s: float


class Program:
    """A running program, from its first lines to wait().

    Args:
        body: its source, after HEAD.
        is_strict: whether it complains of whatever Python finds wrong: files left open, tasks forgotten ...
    """

    def __init__(self, body: str, is_strict: bool = True) -> None:
        source = HEAD + textwrap.dedent(body)
        self.process = subprocess.Popen(
            [sys.executable, *(STRICT if is_strict else ()), "-c", source],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.watch = Stopwatch()

    def wait_for_line(self) -> str:
        """Return the next line it prints, and count its time from there."""
        line = self.process.stdout.readline()
        self.watch = Stopwatch()
        return line.rstrip("\n")

    def wait(self) -> Ended:
        """Wait until it has ended; kill it when it does not."""
        try:
            out, err = self.process.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            err += "\nkilled by the test"
        return Ended(self.process.returncode, out, err, self.watch.elapsed_s)


def run_program(body: str, is_strict: bool = True) -> Ended:
    """Run a program to its end."""
    return Program(body, is_strict).wait()

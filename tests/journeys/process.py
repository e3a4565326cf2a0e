"""The window as a process of its own, as a person starts it, and a way to look and act inside it.

What acts inside comes in as a stranger's plugin does: an entry point of the group "workbench.plugins", found after the
first paint. The window itself is started by its own command line and knows nothing of the test.
"""

import contextlib
import json
import os
import select
import subprocess
import textwrap
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.cli.process import children_of
from tests.kit.cli import command, environment

LIMIT_S = 90.0
"""No step waits longer; a window is up in a third of a second."""

GUEST = '''
import gc, json, os, traceback
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from workbench.app import Program
from workbench.ui.window import MainWindow

panels = ()

class Guest:
    """Reads one JSON string a line: Python to be carried out; answers with the value of `answer`."""

    def __init__(self):
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
        program = next(thing for thing in gc.get_objects() if type(thing) is Program)
        self.names = {"window": window, "program": program, "QTest": QTest, "Qt": Qt}
        self.wanted = None
        self.rest = b""
        os.set_blocking(0, False)
        self.timer = QTimer(interval=2)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    def look(self):
        try:
            self.rest += os.read(0, 65536)
        except BlockingIOError:
            pass
        while b"\\n" in self.rest and self.wanted is None:
            line, _, self.rest = self.rest.partition(b"\\n")
            self.wanted = json.loads(line)
            if self.wanted["do"] == "exec":
                self.carry_out()
        if self.wanted is not None:
            self.carry_out()

    def carry_out(self):
        wanted = self.wanted
        try:
            if wanted["do"] == "exec":
                self.wanted = None
                self.names["answer"] = None
                exec(wanted["code"], self.names)
                self.say(self.names["answer"])
            elif value := eval(wanted["code"], self.names):
                self.wanted = None
                self.say(value)
        except Exception:
            self.wanted = None
            self.say(traceback.format_exc(), kind="failed")

    def say(self, value, kind="done"):
        text = json.dumps({kind: value}, default=repr) + "\\n"
        while text:
            text = text[os.write(1, text.encode("ascii")):]

guest = Guest()
'''


class WindowProcess:
    """One window. Made by `window`.

    Attributes:
        child: the process.
    """

    def __init__(self, argv: list[str], env: Mapping[str, str]) -> None:
        self.child = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
        )
        self._rest = b""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.child.pid

    @property
    def children(self) -> list[int]:
        """What it has started and still lives."""
        return children_of(self.pid)

    def do(self, code: str) -> Any:
        """Carry out Python statements inside; returns what they put into `answer`.

        Raises:
            AssertionError: they failed, or took too long.
        """
        return self._ask("exec", textwrap.dedent(code))

    def until(self, expression: str) -> Any:
        """Wait until an expression holds inside; returns its value."""
        return self._ask("until", expression)

    def end(self) -> tuple[int, str]:
        """Wait for its end; returns the exit code and what it wrote to stderr."""
        assert self.child.stdin is not None
        self.child.stdin.close()
        self.child.stdin = None
        _, err = self.child.communicate(timeout=LIMIT_S)
        return self.child.returncode, err.decode()

    def _ask(self, do: str, code: str) -> Any:
        assert self.child.stdin is not None
        self.child.stdin.write(json.dumps({"do": do, "code": code}).encode() + b"\n")
        self.child.stdin.flush()
        said = json.loads(self._line(code))
        assert "done" in said, f"{code}\n{said.get('failed')}"
        return said["done"]

    def _line(self, asked: str) -> bytes:
        assert self.child.stdout is not None
        deadline = time.monotonic() + LIMIT_S
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self.child.stdout], [], [], max(0.0, deadline - time.monotonic()))
            data = os.read(self.child.stdout.fileno(), 65536) if ready else b""
            if not data:
                self.child.kill()
                _, err = self.child.communicate()
                raise AssertionError(f"no answer to {asked!r}\n{err.decode()}")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line


@contextlib.contextmanager
def window(folder: Path, *words: str, **env: str) -> Iterator[WindowProcess]:
    """Start `workbench WORDS` with the guest in it; what still runs on leaving is killed.

    Args:
        folder: where the guest's package is written.
        env: changes to the environment.
    """
    packages = install_guest(folder)
    given = environment(**env)
    given["PYTHONPATH"] = os.pathsep.join([str(packages), given["PYTHONPATH"]])
    made = WindowProcess(command(*words), given)
    try:
        yield made
    finally:
        if made.child.poll() is None:
            made.child.kill()
        made.child.communicate()


def install_guest(folder: Path) -> Path:
    """Write the guest as an installed distribution; returns the folder for the path."""
    packages = folder / "guest"
    info = packages / "journey_guest-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: journey-guest\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[workbench.plugins]\njourney = journey_guest\n")
    (packages / "journey_guest.py").write_text(GUEST)
    return packages

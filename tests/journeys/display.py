"""A display of its own for a window under test: Xvfb, and xdotool for a mouse and a keyboard that are not Qt's."""

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Iterator

from tests.kit.real import find_program

LIMIT_S = 90.0


class Display:
    """A screen of 1280x800. Made by `display`.

    Attributes:
        name: for the environment variable DISPLAY.
    """

    def __init__(self, name: str, server: "subprocess.Popen[bytes]") -> None:
        self.name = name
        self._server = server

    def break_off(self) -> None:
        """End the server under the feet of whoever shows something on it."""
        self._server.kill()

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to open its window here."""
        return {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": ""}

    def window_of(self, pid: int) -> str:
        """Wait for the main window of a process and give it the keyboard; returns its number."""
        found = self.xdotool(
            "search", "--sync", "--onlyvisible", "--pid", str(pid), "--name", "Network Workbench"
        )
        number = found.split()[0]
        self.xdotool("windowfocus", "--sync", number)
        return number

    def keys(self, *names: str) -> None:
        """Press keys by the names of X: "ctrl+2", "Return"."""
        self.xdotool("key", "--clearmodifiers", *names)

    def type(self, text: str) -> None:
        """Type letters."""
        self.xdotool("type", "--delay", "2", text)

    def click(self, x: int, y: int) -> None:
        """Press the left button at a place of the screen."""
        self.xdotool("mousemove", str(x), str(y), "click", "1")

    def xdotool(self, *words: str) -> str:
        """Run one command of xdotool; returns what it says."""
        done = subprocess.run(
            [_program("xdotool"), *words],
            env={**os.environ, "DISPLAY": self.name},
            capture_output=True,
            timeout=LIMIT_S,
            check=True,
        )
        return done.stdout.decode()


@contextlib.contextmanager
def display() -> Iterator[Display]:
    """Start a server on a number that is free; it ends on leaving."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [_program("Xvfb"), "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        ready, _, _ = select.select([reading], [], [], LIMIT_S)
        number = os.read(reading, 64).decode().strip() if ready else ""
        assert number, "Xvfb did not say that it is ready"
        yield Display(f":{number}", server)
    finally:
        os.close(reading)
        server.terminate()
        server.wait(LIMIT_S)


@contextlib.contextmanager
def window_manager(screen: Display) -> Iterator[None]:
    """Let openbox give windows their frames, and close them when asked; it ends on leaving."""
    openbox = subprocess.Popen(
        [_program("openbox"), "--sm-disable"],
        env={**os.environ, "DISPLAY": screen.name},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _wait_until_managed(screen, openbox)
        yield
    finally:
        openbox.terminate()
        openbox.communicate(timeout=LIMIT_S)


def _wait_until_managed(screen: Display, manager: "subprocess.Popen[bytes]") -> None:
    """It has taken the screen over once there is a current desktop."""
    deadline = time.monotonic() + LIMIT_S
    while True:
        with contextlib.suppress(subprocess.CalledProcessError):
            screen.xdotool("get_desktop")
            return
        # Each look is a process that takes time from the one that is waited for.
        with contextlib.suppress(subprocess.TimeoutExpired):
            manager.wait(0.05)
            raise AssertionError(f"the window manager ended: {manager.communicate()[1].decode()}")
        assert time.monotonic() < deadline, "the window manager did not take the screen over"


def _program(name: str) -> str:
    found = find_program(name)
    assert found is not None
    return found

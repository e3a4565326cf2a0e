"""The window from cold, on a screen of its own (Xvfb): until it is to be seen, and in how much memory it stands."""

import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.bench import screen
from tests.bench.children import DEADLINE_S, PYTHON, Children, resident_mib
from tests.bench.figures import Budget, Figure, median

NAME = "window"
RUNS = 7
LOOK_EVERY_S = 0.005
SETTLED_S = 1.0
"""Until what is done after the first paint has been done."""

SEEN, RESIDENT = Budget(0.40, 0.30), Budget(110, 100)
AGAINST = Budget(1.8, 1.5)
PEER = "FileZilla"


def measure(children: Children) -> list[Figure]:
    """Ours beside FileZilla, in turns, on the same screen."""
    missing = [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]
    if missing:
        why = f"{' and '.join(missing)} not installed"
        return [
            Figure(NAME, "window to be seen", None, "s", SEEN, note=why),
            Figure(NAME, "resident with one panel open", None, "MiB", RESIDENT, note=why),
        ]
    here = Screen(children)
    ours = Program([PYTHON, "-m", "workbench"], "^Network Workbench$", {})
    theirs = _filezilla(children)
    for program in filter(None, (ours, theirs)):
        # Once for the compiled modules, the font cache and the first settings.
        here.seen(program)
    mine: list[tuple[float, float]] = []
    other: list[tuple[float, float]] = []
    for _ in range(RUNS):
        mine.append(here.seen(ours))
        if theirs:
            other.append(here.seen(theirs))
    return _figures(mine, other)


class Program(NamedTuple):
    """What is started: the command, a pattern of its window's title, and what it is to find in its environment."""

    command: Sequence[str]
    title: str
    environ: Mapping[str, str]


def _filezilla(children: Children) -> Program | None:
    """With a home of its own, so that nobody's settings are read or written, and with no desktop to wait for."""
    path = shutil.which("filezilla")
    if path is None:
        return None
    home = children.folder / "filezilla"
    home.mkdir(exist_ok=True)
    return Program([path], "^FileZilla$", {"HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": "disabled:"})


def _figures(mine: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> list[Figure]:
    seen, resident = (median([run[at] for run in mine]) for at in (0, 1))
    their_seen, their_resident = (median([run[at] for run in other]) if other else None for at in (0, 1))
    least = min(run[0] for run in mine)
    return [
        Figure(
            NAME,
            "window to be seen",
            seen,
            "s",
            SEEN,
            peer=PEER,
            theirs=their_seen,
            note=f"warm, Xvfb, median of {RUNS}, least {least:.3f} s",
        ),
        Figure(
            NAME,
            f"window to be seen, against {PEER}",
            seen / their_seen if their_seen else None,
            "x",
            AGAINST,
            note="" if other else f"{PEER} is not installed",
        ),
        Figure(
            NAME,
            "resident with one panel open",
            resident,
            "MiB",
            RESIDENT,
            peer=PEER,
            theirs=their_resident,
            note="the Start panel; no Lab was asked for yet",
        ),
    ]


class Screen:
    """Where windows are waited for."""

    def __init__(self, children: Children) -> None:
        self._children = children
        self._environ = screen.environ(children)

    def seen(self, program: Program) -> tuple[float, float]:
        """Start a program, wait for its window, end it. Returns seconds until it was seen, and MiB resident."""
        began = time.perf_counter()
        child = self._children.start(program.command, {**self._environ, **program.environ})
        try:
            self._wait_for(program.title)
            took_s = time.perf_counter() - began
            time.sleep(SETTLED_S)
            return took_s, resident_mib(child.pid)
        finally:
            self._children.end(child)

    def _wait_for(self, title: str) -> None:
        # Not --sync: xdotool itself then looks every half second only.
        search = ["xdotool", "search", "--onlyvisible", "--name", title]
        environ = {**self._children.environ, **self._environ}
        deadline = time.monotonic() + DEADLINE_S
        while subprocess.run(search, env=environ, capture_output=True, check=False).returncode:
            if time.monotonic() > deadline:
                raise RuntimeError(f"no window {title!r} within {DEADLINE_S:g} s")
            time.sleep(LOOK_EVERY_S)

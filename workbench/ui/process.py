"""What this process holds at this moment, for the diagnostics page: tasks, threads, descriptors, memory, versions.

Only counts, names and places in our code: never a value, never payload.
"""

import asyncio
import os
import platform
import sys
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QTimer, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from workbench import __version__
from workbench.formats.quantity import octets
from workbench.ui import theme


class Section(NamedTuple):
    """A part of the report: rows of name and value, and a longer text (stacks) or ""."""

    title: str
    rows: tuple[tuple[str, str], ...]
    text: str = ""


class Pulse(Protocol):
    """What is read of a heartbeat."""

    max_gap_ms: float

    @property
    def p99_ms(self) -> float:
        """99 of 100 gaps are no longer."""
        ...

    @property
    def late(self) -> Iterable["LateTurn"]:
        """Gaps above the limit."""
        ...


class LateTurn(Protocol):
    """A gap above the limit and where the thread stood."""

    gap_ms: float
    stack: str


class CrashLike(Protocol):
    """An exception that nobody answered."""

    where: str
    text: str
    times: int


def report(pulse: Pulse | None = None, crashes: Sequence[CrashLike] = ()) -> tuple[Section, ...]:
    """Everything; takes some milliseconds."""
    parts = [loop_section(pulse)] if pulse is not None else []
    return (
        *parts,
        crash_section(crashes),
        task_section(),
        thread_section(),
        descriptor_section(),
        memory_section(),
        version_section(),
    )


def loop_section(pulse: Pulse) -> Section:
    """How evenly the window's loop turned."""
    late = list(pulse.late)
    rows = (
        ("longest gap", f"{pulse.max_gap_ms:.1f} ms"),
        ("99 of 100 gaps below", f"{pulse.p99_ms:.1f} ms"),
        ("late turns", str(len(late))),
    )
    text = "\n".join(f"{each.gap_ms:.0f} ms late\n{each.stack or '(nobody could look)'}" for each in late)
    return Section("Loop", rows, text)


def crash_section(crashes: Sequence[CrashLike]) -> Section:
    """Exceptions that nobody answered."""
    rows = (("unanswered exceptions", str(sum(crash.times for crash in crashes))),)
    text = "\n".join(f"{crash.where}, {crash.times} times\n{crash.text}" for crash in crashes)
    return Section("Crashes", rows, text)


def task_section() -> Section:
    """Tasks of the running loop by name, and Qt's timers."""
    try:
        tasks = sorted(task.get_name() for task in asyncio.all_tasks())
    except RuntimeError:  # no loop runs here, as in a test of this page
        tasks = []
    app = QApplication.instance()
    timers = [timer for timer in app.findChildren(QTimer) if timer.isActive()] if app is not None else []
    for widget in QApplication.topLevelWidgets():
        timers += [timer for timer in widget.findChildren(QTimer) if timer.isActive()]
    rows = (("tasks", str(len(tasks))), ("active timers of widgets", str(len(timers))))
    return Section("Tasks and timers", rows, "\n".join(tasks))


def thread_section() -> Section:
    """Python's threads by name."""
    names = sorted(thread.name for thread in threading.enumerate())
    return Section("Threads", (("threads", str(len(names))),), "\n".join(names))


def descriptor_section() -> Section:
    """Open descriptors by kind, where the system tells."""
    kinds: dict[str, int] = {}
    try:
        numbers = os.listdir("/proc/self/fd")
    except OSError:
        return Section("Descriptors", (("open", "this system does not tell"),))
    for number in numbers:
        try:
            place = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue  # the descriptor of the listing itself
        kind = place.partition(":")[0] if not place.startswith("/") else "file"
        kinds[kind] = kinds.get(kind, 0) + 1
    rows = tuple((kind, str(count)) for kind, count in sorted(kinds.items()))
    return Section("Descriptors", (("open", str(sum(kinds.values()))), *rows))


def memory_section() -> Section:
    """Resident memory now and at most, where the system tells."""
    found = []
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        lines = []
    for key, title in (("VmRSS:", "resident"), ("VmHWM:", "resident at most")):
        for line in lines:
            if line.startswith(key):
                found.append((title, octets(int(line.split()[1]) * 1024)))
    return Section("Memory", tuple(found) or (("resident", "this system does not tell"),))


def version_section() -> Section:
    """What runs here."""
    worn = theme.current()
    screens = ", ".join(
        f"{screen.size().width()}x{screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    )
    rows = (
        ("Network Workbench", __version__),
        ("Python", f"{platform.python_version()} ({sys.platform})"),
        ("PySide6 / Qt", f"{pyside_version} / {qVersion()}"),
        ("platform", QGuiApplication.platformName()),
        ("screens", screens),
        ("appearance", f"{worn.appearance}, worn: {worn.tokens.name}, {worn.scale_percent} %"),
    )
    return Section("Versions", rows)


def as_text(sections: Iterable[Section]) -> str:
    """The report to paste into a bug report."""
    lines = []
    for section in sections:
        lines.append(f"## {section.title}")
        lines += [f"{name}: {value}" for name, value in section.rows]
        if section.text:
            lines += ["", section.text.rstrip()]
        lines.append("")
    return "\n".join(lines)

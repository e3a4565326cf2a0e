"""The report about this process: figures and names, never payload."""

import asyncio
import os
import threading
from typing import NamedTuple

from PySide6.QtWidgets import QApplication

from workbench import __version__
from workbench.ui import process, theme
from workbench.ui.process import Section


class Late(NamedTuple):
    """A gap."""

    gap_ms: float
    stack: str


class Pulse:
    """A heartbeat as the report reads it."""

    max_gap_ms = 87.25
    p99_ms = 3.5
    late = (Late(87.25, "File x.py, line 3"), Late(60.0, ""))


class Crash(NamedTuple):
    """An unanswered exception."""

    where: str
    text: str
    times: int


def rows(section: Section) -> dict[str, str]:
    return dict(section.rows)


def test_the_whole_report_has_its_parts_in_order(app: QApplication, light: theme.Theme) -> None:
    titles = [section.title for section in process.report(Pulse(), [])]
    assert titles == ["Loop", "Crashes", "Tasks and timers", "Threads", "Descriptors", "Memory", "Versions"]
    assert next(section.title for section in process.report()) == "Crashes"


def test_late_turns_are_told_with_their_stacks() -> None:
    section = process.loop_section(Pulse())
    assert rows(section) == {"longest gap": "87.2 ms", "99 of 100 gaps below": "3.5 ms", "late turns": "2"}
    assert "File x.py, line 3" in section.text
    assert "nobody could look" in section.text


def test_crashes_are_counted_as_often_as_they_happened() -> None:
    section = process.crash_section(
        [Crash("slot", "Traceback A", 3), Crash("task dns/ask", "Traceback B", 1)]
    )
    assert rows(section) == {"unanswered exceptions": "4"}
    assert "task dns/ask" in section.text


async def test_tasks_are_named(app: QApplication) -> None:
    gate = asyncio.Event()
    task = asyncio.create_task(gate.wait(), name="sockets/receive")
    assert "sockets/receive" in process.task_section().text
    gate.set()
    await task


def test_without_a_loop_there_are_no_tasks(app: QApplication) -> None:
    assert rows(process.task_section())["tasks"] == "0"


def test_threads_are_named() -> None:
    assert threading.main_thread().name in process.thread_section().text


def test_descriptors_are_counted_by_kind() -> None:
    before = rows(process.descriptor_section())
    reading, writing = os.pipe()
    try:
        after = rows(process.descriptor_section())
    finally:
        os.close(reading)
        os.close(writing)
    if "pipe" in after:
        assert int(after["pipe"]) == int(before.get("pipe", "0")) + 2
        assert int(after["open"]) >= int(after["pipe"])


def test_memory_is_told_with_its_unit() -> None:
    assert all(value.endswith(("iB", " B", "tell")) for value in rows(process.memory_section()).values())


def test_versions_name_the_program_and_what_it_wears(app: QApplication, light: theme.Theme) -> None:
    found = rows(process.version_section())
    assert found["Network Workbench"] == __version__
    assert found["appearance"] == "light, worn: light, 100 %"


def test_the_text_is_fit_for_a_bug_report() -> None:
    text = process.as_text([Section("Loop", (("late turns", "2"),), "a stack"), Section("Memory", ())])
    assert text == "## Loop\nlate turns: 2\n\na stack\n\n## Memory\n"

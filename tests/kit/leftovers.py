"""What a test leaves behind fails that test: sockets, threads, child processes, files, timers, top-level widgets.

Tasks are the business of tests/kit/coroutines. Fixtures of a wider scope than the test are made before the first look
and may live on. Where the system has no /proc, sockets and children are not looked for.
"""

import gc
import multiprocessing.resource_tracker
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

GRACE_S = 1.0
"""A thread or child that has been told to end may need a moment on a busy machine; asked for only when one is left."""

OURS_BY_TOOL = frozenset(
    {".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", "__pycache__", "build"}
)
"""Folders that the tools themselves make in the working folder; all ignored by git."""

FAILED = pytest.StashKey[bool]()


class Belongings(NamedTuple):
    """What this process holds at one moment, each under the sentence that would name it."""

    sockets: frozenset[str]
    threads: frozenset[threading.Thread]
    children: frozenset[int]
    folder: str
    files: frozenset[str]
    qt: frozenset[tuple[str, int]]


LOOP_ALARM = "loop alarm"
"""The name that workbench.bridge.loop gives its one timer; tests/bridge counts those."""


def look() -> Belongings:
    """Take stock of this process; about 0.2 ms."""
    folder = os.getcwd()
    return Belongings(
        sockets=_sockets(),
        threads=frozenset(threading.enumerate()),
        children=_children(),
        folder=folder,
        files=frozenset(os.listdir(folder)) - OURS_BY_TOOL,
        qt=frozenset(_qt_objects()),
    )


def compare(before: Belongings, now: Belongings) -> list[str]:
    """Return a line for each thing that is here now and was not before; empty when all is in order."""
    lines = [f"a socket: {_describe_socket(name)}" for name in sorted(now.sockets - before.sockets)]
    lines += [f"a thread: {thread.name}" for thread in now.threads - before.threads]
    lines += [f"a child process: {_describe_process(pid)}" for pid in sorted(now.children - before.children)]
    lines += [f"a Qt object: {what}" for what, _ in sorted(now.qt - before.qt)]
    if now.folder != before.folder:
        lines.append(f"another working folder: {now.folder}")
    else:
        lines += [f"a file in the working folder: {name}" for name in sorted(now.files - before.files)]
    return lines


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remember that a test failed: what it leaves then is a consequence, not the finding."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Compare before and after; the other fixtures that clean up depend on this one, so that it ends last."""
    before = look()
    yield
    _delete_what_qt_was_told_to()
    if not (left := compare(before, look())):
        return
    _end_shared_workers()
    gc.collect()
    deadline = time.monotonic() + GRACE_S
    while (left := compare(before, look())) and time.monotonic() < deadline:
        time.sleep(0.01)  # noqa: TID251 (the system gives no event for the end of a foreign thread)
    if left and not request.node.stash.get(FAILED, False):
        pytest.fail("left behind:\n  " + "\n  ".join(left), pytrace=False)


def _sockets() -> frozenset[str]:
    names = set()
    try:
        descriptors = os.listdir("/proc/self/fd")
    except OSError:
        return frozenset()
    for descriptor in descriptors:
        try:
            name = os.readlink(f"/proc/self/fd/{descriptor}")
        except OSError:
            # The descriptor of the listing itself is gone by now.
            continue
        if name.startswith("socket:"):
            names.add(name)
    return frozenset(names)


def _describe_socket(name: str) -> str:
    inode = name.removeprefix("socket:[").removesuffix("]")
    for table in ("tcp", "tcp6", "udp", "udp6", "unix"):
        try:
            lines = Path(f"/proc/net/{table}").read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            continue
        for line in lines[1:]:
            fields = line.split()
            if table == "unix" and len(fields) > 6 and fields[6] == inode:
                return f"unix {' '.join(fields[7:]) or 'pair'}"
            if table != "unix" and len(fields) > 9 and fields[9] == inode:
                return f"{table} {_port(fields[1])} to {_port(fields[2])}"
    return name


def _port(field: str) -> str:
    return f"port {int(field.rpartition(':')[2], 16)}"


def _children() -> frozenset[int]:
    pids: set[int] = set()
    try:
        tasks = os.listdir("/proc/self/task")
    except OSError:
        return frozenset()
    for task in tasks:
        try:
            pids.update(map(int, Path(f"/proc/self/task/{task}/children").read_bytes().split()))
        except OSError:
            continue
    # Lives as long as this process, by design, once anything was spawned through multiprocessing.
    tracker = getattr(multiprocessing.resource_tracker, "_resource_tracker", None)
    pids.discard(getattr(tracker, "_pid", None) or 0)
    return frozenset(pids)


def _describe_process(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        words = ""
    return f"{pid} {words.strip() or '(ended, but nobody asked for its exit code)'}"


def _qt_objects() -> Iterator[tuple[str, int]]:
    """Active timers and top-level widgets that Python holds; nothing while Qt has not been imported."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return
    from PySide6.QtCore import QTimer
    from shiboken6 import Shiboken

    # By Qt's own object: Python's of a widget that nobody keeps is a new one at each look.
    for widget in widgets.QApplication.topLevelWidgets():
        (place,) = Shiboken.getCppPointer(widget)
        yield f"top-level {type(widget).__name__} {widget.objectName()}".rstrip(), place
    for thing in Shiboken.getAllValidWrappers():
        # The alarm of the loop that runs the test is wound whenever anybody waits, and belongs to the loop.
        if isinstance(thing, QTimer) and thing.isActive() and thing.objectName() != LOOP_ALARM:
            yield f"active {type(thing).__name__} every {thing.interval()} ms", id(thing)


def _delete_what_qt_was_told_to() -> None:
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)


def _end_shared_workers() -> None:
    """The worker process of jobs.offload is kept for the next call on purpose; between tests it goes."""
    offload = sys.modules.get("workbench.jobs.offload")
    if offload is not None:
        offload.shutdown()

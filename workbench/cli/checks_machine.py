"""Looks at the machine beside its network: clock, folders, display, what the system can do."""

import os
import select
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import workbench
from workbench import display as where
from workbench.cli.checks import Finding
from workbench.errors import WorkbenchError
from workbench.settings import places


def clock() -> Finding:
    """Whether the time can be true: no program was written in the future."""
    now = datetime.now(UTC)
    written = datetime.fromtimestamp(Path(str(workbench.__file__)).stat().st_mtime, UTC)
    shown = now.strftime("%Y-%m-%d %H:%M:%S UTC")
    if now < written:
        return Finding(
            False, f"{shown} is before this program was installed", "set the clock: certificates need it"
        )
    before = time.monotonic_ns()
    if time.monotonic_ns() < before:
        return Finding(False, "the machine's monotonic clock goes backwards")
    return Finding(True, shown)


def folders() -> Finding:
    """Whether settings and state can be kept; nothing is made."""
    try:
        known = places()
    except WorkbenchError as failure:
        return Finding(False, failure.what, failure.advice)
    refused = [str(folder) for folder in known if not _can_be_written(folder)]
    if refused:
        return Finding(
            False, f"not writable: {', '.join(refused)}", "set WORKBENCH_HOME to a folder of yours"
        )
    return Finding(True, ", ".join(dict.fromkeys(str(folder) for folder in known)))


WITHOUT_DISPLAY = "the terminal face and `workbench tour` work without"


def display() -> Finding:
    """Whether a window can be shown here."""
    screen = where.display()
    if screen is None:
        return Finding(False, f"none; {WITHOUT_DISPLAY}")
    if screen.fault:
        return Finding(False, f"{screen.name}, and {screen.fault}", WITHOUT_DISPLAY)
    return Finding(True, screen.name)


def event_loop() -> Finding:
    """Which calls the system has for many sockets at once."""
    import selectors

    kinds = [kind for kind in ("epoll", "kqueue", "poll", "devpoll", "select") if hasattr(select, kind)]
    return Finding(True, f"{selectors.DefaultSelector.__name__}; there are {', '.join(kinds)}")


def fork() -> Finding:
    """Whether a process can be copied, as classic servers do."""
    return Finding(
        hasattr(os, "fork"), "os.fork is there" if hasattr(os, "fork") else "this system has no fork"
    )


def unix_sockets() -> Finding:
    """Whether sockets may have a path for an address."""
    has = hasattr(socket, "AF_UNIX")
    return Finding(has, "AF_UNIX is there" if has else "this system has none")


def reuse_port() -> Finding:
    """Whether several processes may listen on one port."""
    has = hasattr(socket, "SO_REUSEPORT")
    return Finding(has, "SO_REUSEPORT is there" if has else "this system has none")


def raw_sockets() -> Finding:
    """Whether this user may open one; it is closed at once and nothing is sent."""
    if not hasattr(socket, "SOCK_RAW"):
        return Finding(False, "this system has none")
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    except OSError as error:
        return Finding(False, f"{error.strerror}; nothing here needs them")
    return Finding(True, "this user may open them")


def syslog() -> Finding:
    """Whether a system log listens."""
    has = any(os.path.exists(path) for path in ("/dev/log", "/var/run/syslog", "/var/run/log"))
    return Finding(has, "it listens" if has else "no /dev/log here")


def _can_be_written(folder: Path) -> bool:
    """Whether it is writable, or could be made."""
    existing = next((path for path in (folder, *folder.parents) if path.exists()), None)
    return existing is not None and existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)

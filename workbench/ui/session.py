"""What a window remembers from one start to the next: layout, tab, inputs and drafts, in one JSON file with a version.

The file is written within a second of a change, so that even a killed process loses little, and once more at the end.
Nothing in it can stop a start: a file that is no session is set aside and the window begins empty, with a sentence
that says so. Passwords are never written: panels don't tell them, and what looks like one is left out here once more.
"""

import json
import os
import re
import threading
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.errors import LocalFault
from workbench.jobs.offload import in_thread
from workbench.settings import write_atomically

VERSION = 1
FILE_NAME = "session.json"
MAX_FILE = 16 * 1024 * 1024
"""Octets; drafts of a hundred panels have a few hundred KiB. More is not ours."""

MAX_DEPTH = 12
SAVE_AFTER_MS = 500
"""Counted from the first change that is not written yet, so that steady typing does not put the saving off."""

_SECRET_NAME = re.compile(r"pass(word|phrase|wd)?$|secret|token|credential|private_?key", re.IGNORECASE)
_URL_PASSWORD = re.compile(r"(://[^/@\s:]*):[^/@\s]*@")


class Loaded(NamedTuple):
    """A session, empty where there was none; and a sentence for a person when something was wrong with it."""

    session: dict[str, object]
    problem: str = ""


def load(path: Path) -> Loaded:
    """Read a session; whatever stands there, this returns."""
    try:
        if path.stat().st_size > MAX_FILE:
            return _set_aside(path, f"it is larger than {MAX_FILE >> 20} MiB")
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return Loaded({})
    except OSError as error:
        return Loaded({}, f"The last session cannot be read ({error.strerror}); the window starts empty")
    except (ValueError, RecursionError):
        return _set_aside(path, "it is no JSON")
    if not isinstance(found, dict):
        return _set_aside(path, "it is no session")
    version = found.pop("version", None)
    if type(version) is not int or version < 1:
        return _set_aside(path, "it has no version")
    if version > VERSION:
        return _set_aside(path, f"a newer program wrote it (version {version})")
    return Loaded(found)


def dump(session: Mapping[str, object]) -> bytes:
    """The session as its file holds it: without passwords, and without what JSON cannot hold."""
    shown = _clean(dict(session), 0)
    body = {"version": VERSION, **shown} if isinstance(shown, dict) else {"version": VERSION}
    return json.dumps(body, ensure_ascii=True, indent=1).encode("ascii")


class SessionKeeper(QObject):
    """Saves what `collect` tells, soon after `note_change` and at the end.

    Args:
        path: the file.
        collect: gives the session as it is.
        start: starts a coroutine as a job, so that a slow disk holds up no one; None to write in place.

    Signals:
        problem: a sentence, the first time the file could not be written; again only after a success.
    """

    problem = Signal(str)

    def __init__(
        self,
        path: Path,
        collect: Callable[[], Mapping[str, object]],
        *,
        start: Callable[[Coroutine[Any, Any, None]], object] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._collect = collect
        self._start = start
        self._writer = _Writer(path)
        self._written = b""
        self._is_writing = False
        self._has_failed = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SAVE_AFTER_MS)
        self._soon.timeout.connect(self._on_soon)

    @property
    def is_waiting(self) -> bool:
        """Whether there is a change that is not written yet."""
        return self._soon.isActive()

    def note_change(self) -> None:
        """Something is another one now; a slot for every signal that says so."""
        if not self._soon.isActive():
            self._soon.start()

    def save_now(self) -> None:
        """Write at once and wait for it, at the end of the program."""
        self._soon.stop()
        data = dump(self._collect())
        if data == self._written:
            return
        try:
            self._writer.write(self._writer.next_turn(), data)
        except LocalFault as fault:
            self._failed(fault)
        else:
            self._succeeded(data)

    def _on_soon(self) -> None:
        if self._start is None:
            self.save_now()
        elif self._is_writing:
            self._soon.start()  # after the one that is under way
        else:
            data = dump(self._collect())
            if data != self._written:
                self._is_writing = True
                self._start(self._write(data))

    async def _write(self, data: bytes) -> None:
        try:
            await in_thread(self._writer.write, self._writer.next_turn(), data)
        except LocalFault as fault:
            self._failed(fault)
        else:
            self._succeeded(data)
        finally:
            self._is_writing = False

    def _succeeded(self, data: bytes) -> None:
        self._written = data
        self._has_failed = False

    def _failed(self, fault: LocalFault) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.problem.emit(f"The session cannot be saved: {fault.what}")


class _Writer:
    """Writes the file in turns: one that was overtaken while its thread waited for the disk must not win."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._turns = 0
        self._latest = 0

    def next_turn(self) -> int:
        self._turns += 1
        return self._turns

    def write(self, turn: int, data: bytes) -> None:
        with self._lock:
            if turn > self._latest:
                self._latest = turn
                write_atomically(self._path, data)


def _set_aside(path: Path, reason: str) -> Loaded:
    kept = path.with_name(path.name + ".unreadable")
    sentence = f"The last session cannot be used: {reason}. The window starts empty"
    try:
        os.replace(path, kept)
    except OSError:
        return Loaded({}, sentence)
    return Loaded({}, f"{sentence}; the file is kept as {kept.name}")


def _clean(value: object, depth: int) -> object:
    """The value with nothing but what JSON holds; what is named like a secret, and passwords in
    addresses, are left out."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, Mapping):
        return {
            str(key): _clean(inner, depth + 1)
            for key, inner in value.items()
            if not _SECRET_NAME.search(str(key))
        }
    if isinstance(value, (list, tuple)):
        return [_clean(inner, depth + 1) for inner in value]
    if isinstance(value, str):
        return _URL_PASSWORD.sub(r"\1@", value) if "@" in value and "://" in value else value
    if isinstance(value, float) and value != value:
        return None
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)

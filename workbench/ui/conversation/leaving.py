"""How a conversation leaves the window and enters it: clipboard, files, other programs. Jobs where it may take long."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from workbench.bridge.ask import ask_open_file, ask_save_file, confirm
from workbench.errors import WorkbenchError
from workbench.formats.quantity import octets
from workbench.jobs.job import Job
from workbench.jobs.scope import Scope
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import Explainer
from workbench.ui.conversation import copying, saving
from workbench.ui.conversation.copying import Copying
from workbench.ui.conversation.lines import Piece

SLICE_NS = 5_000_000

EXPORTS = (
    ("txt", "Text…", "Lines for people: time, direction, size and the text of each event", "Text (*.txt)"),
    ("hex", "Hex dump…", "Offsets, octets and letters of each event", "Hex dump (*.txt)"),
    (
        "jsonl",
        "JSON lines…",
        "Everything, to be opened here again or read by a program",
        "Conversations (*.jsonl)",
    ),
    (
        "pcapng",
        "Capture…",
        "Packets for Wireshark and its like, TCP and UDP",
        "Captures (*.pcapng)",
    ),
    ("sent", "Octets sent…", "What was sent and nothing else", "Octets (*.bin)"),
    ("received", "Octets received…", "What was received and nothing else", "Octets (*.bin)"),
)
"""Of each format: id, what the menu says, its tip, and the filter of the file dialog."""


class Leaving(QObject):
    """Carries out what the menus ask for.

    Args:
        scope: owns the jobs.
        window: above which dialogs open.

    Signals:
        said: a sentence about what was done.
        failed: a WorkbenchError to be shown.
        opened: a transcript that was read from a file, the file's name, and whether it is to be compared. Whoever
            hears it owns the transcript.
    """

    said = Signal(str)
    failed = Signal(object)
    opened = Signal(object, str, bool)

    def __init__(self, scope: Scope, window: QWidget) -> None:
        super().__init__(window)
        self._scope = scope
        self._window = window
        self._jobs: list[Job] = []

    # Clipboard

    def copy(self, form: str, source: Copying, pieces: Iterable[Piece]) -> None:
        """Put events or octets on the clipboard; a large selection becomes a job."""
        parts = copying.parts(form, source, pieces)
        held: list[str] = []
        try:
            if _collect(parts, held):
                self._put(form, held)
            else:
                self._launch(self._copy_on(form, parts, held), name="copy", title="Copy")
        except WorkbenchError as failure:
            self.failed.emit(failure)

    async def _copy_on(self, form: str, parts: Iterator[str], held: list[str]) -> None:
        try:
            while True:
                if _collect(parts, held):
                    break
                await asyncio.sleep(0)
        except WorkbenchError as failure:
            self.failed.emit(failure)
            raise
        self._put(form, held)

    def _put(self, form: str, held: list[str]) -> None:
        text = "".join(held)
        if not text:
            self.said.emit("Nothing is selected that could be copied")
            return
        QGuiApplication.clipboard().setText(text)
        way = copying.BY_ID[form].title.removeprefix("Copy ")
        self.said.emit(f"Copied {way}, {octets(len(text))}")

    def copy_as(self, title: str, make: Callable[[], str]) -> None:
        """Put a panel's own text on the clipboard."""
        try:
            text = make()
        except WorkbenchError as failure:
            self.failed.emit(failure)
            return
        QGuiApplication.clipboard().setText(text)
        self.said.emit(f"Copied as {title}")

    # Files

    def export(
        self, form: str, transcript: Transcript, explain: Explainer | None, *, with_secrets: bool
    ) -> Job:
        """Ask where, then write."""
        title = "Export the conversation"
        coro = self._export(form, transcript, explain, with_secrets)
        return self._launch(coro, name=f"export-{form}", title=title)

    async def _export(
        self, form: str, transcript: Transcript, explain: Explainer | None, with_secrets: bool
    ) -> None:
        if with_secrets and not await self._may_tell_secrets():
            return
        named = {each[0]: each[3] for each in EXPORTS}
        suggested = saving.suggested_name(transcript, form)
        path = await ask_save_file(self._window, "Export the conversation", [named[form]], suggested)
        if path is None:
            return
        try:
            size = await saving.save(transcript, path, form, with_secrets=with_secrets, explain=explain)
        except WorkbenchError as failure:
            self.failed.emit(failure)
            raise
        self.said.emit(f"Saved {octets(size)} to {path}")

    async def _may_tell_secrets(self) -> bool:
        return await confirm(
            self._window,
            "Export with secrets?",
            "Passwords and keys that are masked here will stand in the file as they were sent. "
            "Anyone who gets the file can read them.",
            "Export with secrets",
            is_dangerous=True,
        )

    def open_saved(self, *, to_compare: bool = False) -> Job:
        """Ask for a saved conversation and read it."""
        return self._launch(self._open(to_compare), name="open", title="Open a conversation")

    async def _open(self, to_compare: bool) -> None:
        title = "Compare with a conversation" if to_compare else "Open a conversation"
        path = await ask_open_file(self._window, title, ["Conversations (*.jsonl)", "All files (*)"])
        if path is not None:
            await self.read(path, to_compare=to_compare)

    async def read(self, path: Path, *, to_compare: bool = False) -> None:
        """Read a saved conversation and hand it over through `opened`."""
        try:
            transcript = await saving.load(path)
        except WorkbenchError as failure:
            self.failed.emit(failure)
            raise
        self.opened.emit(transcript, path.name, to_compare)

    # The end

    async def retire(self) -> None:
        """Cancel what still goes on, and wait for it."""
        for job in self._jobs:
            job.cancel()
        for job in list(self._jobs):
            await job.wait()
        self._jobs.clear()

    @property
    def jobs(self) -> Sequence[Job]:
        """What goes on."""
        return [job for job in self._jobs if job.is_running]

    def _launch(self, coro, *, name: str, title: str) -> Job:  # type: ignore[no-untyped-def]  # any coroutine
        self._jobs = [job for job in self._jobs if job.is_running]
        job = self._scope.launch(coro, name=f"conversation-{name}", title=title)
        self._jobs.append(job)
        return job


def _collect(parts: Iterator[str], held: list[str]) -> bool:
    """Take parts for one slice; returns whether that was all."""
    stop_ns = time.monotonic_ns() + SLICE_NS
    for part in parts:
        held.append(part)
        if time.monotonic_ns() >= stop_ns:
            return False
    return True

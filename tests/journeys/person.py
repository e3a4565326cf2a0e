"""The whole program on the test's own loop, and a person who uses it: mouse, keys, and looking at what is shown."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.kit.pulse import Pulse
from workbench.app import Program
from workbench.panels.sockets.parts.session import SessionView
from workbench.panels.sockets.view import SocketsPanel
from workbench.panels.start.view import StartPanel
from workbench.settings import load_settings, places
from workbench.transcript.recorder import StreamBytes, Transcript
from workbench.transcript.records import Direction
from workbench.ui import theme

LOOK_EVERY_S = 0.002
HASHED_AT_ONCE = 1024 * 1024


class Person:
    """Uses one program. Made by `Workbench`.

    Attributes:
        program, window: the real ones.
        pulse: beats once `watch` was called; `assert_alive` judges it.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.window = program.window
        self.pulse = Pulse()
        self.has_ended = False

    # ---- mouse and keys

    def click(self, widget: QWidget) -> None:
        """Press the left button where a button, or the sign of a radio button, can be hit."""
        self.click_at(widget, QPoint(min(10, widget.width() // 2), widget.height() // 2))

    def click_at(self, widget: QWidget, place: QPoint) -> None:
        """Press the left button at a place of a widget."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place)

    def type(self, widget: QWidget, text: str) -> None:
        """Type with the focus in a widget."""
        widget.setFocus()
        QTest.keyClicks(widget, text)

    def key(self, widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
        """Press one key."""
        QTest.keyClick(widget, key, modifiers or Qt.KeyboardModifier.NoModifier)

    def go(self, tab: str) -> QWidget:
        """Press a tab; returns its page."""
        bar = self.window.tabs.bar
        at = self.window.tabs.ids.index(tab)
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(at).center())
        page = self.window.tabs.page(tab)
        assert page is not None
        return page

    @property
    def sockets(self) -> SocketsPanel:
        """The Sockets panel, visited if it was not."""
        if self.window.tabs.current_id != "sockets":
            self.go("sockets")
        page = self.window.tabs.page("sockets")
        assert isinstance(page, SocketsPanel)
        return page

    @property
    def start(self) -> StartPanel:
        """The Start panel, visited if it was not."""
        if self.window.tabs.current_id != "start":
            self.go("start")
        page = self.window.tabs.page("start")
        assert isinstance(page, StartPanel)
        return page

    async def connect(self, target: str, kind: str = "client tcp") -> SessionView:
        """Type a target into the visible session of the Sockets panel and press Enter; wait until it is open."""
        view = self.sockets.console.current
        view.bar.set_kind(kind)
        self.type(view.bar.field, target)
        self.key(view.bar.field, Qt.Key.Key_Return)
        await self.until(lambda: view.controller.state.phase not in ("idle", "opening"))
        await self.shown()
        return view

    # ---- looking

    async def until(self, holds: Callable[[], object]) -> None:
        """Return once it holds. What a widget shows has no event of its own; the test's limit is the deadline."""
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY_S)

    async def shown(self) -> None:
        """Return once everything that happened so far is shown."""
        await asyncio.sleep(0)
        await self.until(lambda: self.program.feed.is_idle)

    def row(self, view: SessionView, number: int = 0) -> list[str]:
        """A row of the table of connections, as it reads."""
        return [str(view.model.index(number, column).data()) for column in range(view.model.columnCount())]

    def conversation(self) -> list[str]:
        """The rows of the Conversation."""
        return self.program.dock.texts()

    # ---- the pulse

    def watch(self) -> None:
        """From here on the window has to stay alive."""
        self.pulse.start()

    def assert_alive(self) -> None:
        """The heartbeat never stood still for long; else the guilty stacks are the failure."""
        self.pulse.stop()
        self.pulse.assert_even()

    async def end(self) -> float:
        """End the program in order; returns the seconds it took."""
        self.has_ended = True
        loop = asyncio.get_running_loop()
        began = loop.time()
        await self.program.end()
        return loop.time() - began


class Workbench:
    """Open the window over the test's own folders; on leaving it is ended if nobody has.

    A class, since the program's end closes every asynchronous generator of the loop.

    Args:
        settings: what differs from what the settings file says.
    """

    def __init__(self, app: QApplication, **settings: object) -> None:
        self._app = app
        self._settings = {"appearance": "light", **settings}

    async def __aenter__(self) -> Person:
        where = places()
        known, problems = load_settings(where)
        settings = replace(known, **self._settings)  # type: ignore[arg-type]  # names checked by replace
        self._person = Person(Program(self._app, where, settings, last_resort=False))
        self._person.program.show(problems)
        # A person has seen the window before doing anything: what is made behind its first picture has been made.
        await self._person.until(lambda: self._person.program.conversation.is_made)
        return self._person

    async def __aexit__(self, *exc: object) -> None:
        self._person.pulse.close()
        if not self._person.has_ended:
            await self._person.end()
        theme.apply(self._app, "light", 100)


class Said(NamedTuple):
    """All octets of one direction: how many, and their SHA-256."""

    octets: int
    sha256: str


def said(transcript: Transcript, direction: Direction, channel: int = 0) -> Said:
    """What a transcript holds of one direction of a channel, read back as a view reads it."""
    return digest(transcript.stream(channel, direction, transcript.channels[channel].layer))


def digest(stream: StreamBytes) -> Said:
    """Count and hash without ever holding more than a mebibyte."""
    found = hashlib.sha256()
    for start in range(0, len(stream), HASHED_AT_ONCE):
        found.update(stream.read(start, start + HASHED_AT_ONCE))
    return Said(len(stream), found.hexdigest())


def resident_octets() -> int:
    """Resident memory of this process."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the system does not tell the resident memory")

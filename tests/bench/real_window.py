"""The whole program on the loop that measures, with its Conversation in hex, and the heartbeat of its thread."""

import asyncio
import gc
import os
from typing import Any

from PySide6.QtWidgets import QApplication

from workbench.app import Program, collect_garbage_from_now_on
from workbench.bridge.heartbeat import NS_PER_MS, Heartbeat
from workbench.panels.bench import Talk
from workbench.settings import load_settings, places
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.ui.hexview import HexView
from workbench.wire.explain import explain

INTERVAL_MS = 10
LOOK_EVERY_S = 0.002
SETTLED_S = 0.5


class Gaps(Heartbeat):
    """A heartbeat that keeps every gap, not those of the last minute only."""

    def __init__(self) -> None:
        super().__init__(interval_ms=INTERVAL_MS)
        self.all_ms: list[float] = []

    def _on_tick(self) -> None:
        before = self._last_ns
        super()._on_tick()
        self.all_ms.append((self._last_ns - before) / NS_PER_MS)


class RealWindow:
    """One window over one conversation after the other; an async context manager.

    Args:
        tab: which one is in front at first.
    """

    def __init__(self, tab: str = "sockets") -> None:
        self._tab = tab
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        where = places(os.environ)
        settings, _ = load_settings(where)
        self.program = Program(app, where, settings, last_resort=False)
        self.dock = self.program.dock
        self.pulse = Gaps()

    async def __aenter__(self) -> "RealWindow":
        # As the command that opens the window does it.
        gc.disable()
        self.program.show()
        collect_garbage_from_now_on()
        self.program.window.show_tab(self._tab)
        self.dock.show_form("hex")
        await asyncio.sleep(SETTLED_S)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.pulse.stop()
        self.show(None)
        await self.program.end()

    @property
    def hex(self) -> HexView:
        """The view of the octets."""
        view: HexView = self.dock.stream.hex
        return view

    def show(self, transcript: Transcript | None) -> None:
        """Show another conversation, in hex."""
        talk: Any = Talk(transcript, explain, "bench") if transcript is not None else None
        self.dock.show_talk(talk)
        self.dock.show_form("hex")

    def choose(self, layer: str) -> bool:
        """Show the received octets of a layer; returns whether there are any yet."""
        chooser = self.dock.stream.chooser
        for place in range(chooser.count()):
            _, direction, found = chooser.itemData(place)
            if (direction, found) == (Direction.RECEIVED, layer):
                chooser.setCurrentIndex(place)
                chooser.activated.emit(place)
                return True
        return False

    async def until_shown(self) -> None:
        """Return once the view shows all that was received."""
        await asyncio.sleep(0)
        # The feed has no event for it: it only goes quiet.
        while not self.program.feed.is_idle:  # noqa: ASYNC110 - as above
            await asyncio.sleep(LOOK_EVERY_S)

    async def until_searched(self) -> None:
        """Return once everything was looked through."""
        while not self.dock.turns.is_idle:  # noqa: ASYNC110 - as above
            await asyncio.sleep(LOOK_EVERY_S)

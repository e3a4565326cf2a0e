"""The window's Conversation in its hex form, following what is received, while the loop's heartbeat is taken."""

import asyncio

from PySide6.QtWidgets import QApplication

from workbench.bridge.feed import Feed
from workbench.bridge.heartbeat import Heartbeat
from workbench.jobs.scope import Scope
from workbench.panels.bench import Talk
from workbench.transcript.recorder import Transcript
from workbench.ui import fonts, theme
from workbench.ui.actions import ActionRegistry
from workbench.ui.conversation.dock import ConversationDock
from workbench.wire.explain import explain

INTERVAL_MS = 10
SIZE = (1280, 400)
LOOK_EVERY_S = 0.002
SETTLED_S = 0.2


class Follower:
    """One dock over one conversation after the other."""

    def __init__(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        fonts.ensure_letters(app)
        theme.apply(app, "light")
        self.feed = Feed()
        self.registry = ActionRegistry()
        self.scope = Scope("bench")
        self.dock = ConversationDock(self.feed, self.registry, self.scope)
        self.pulse = Heartbeat(interval_ms=INTERVAL_MS)
        self.transcript: Transcript | None = None

    async def open(self) -> None:
        """Show the dock; return once it is drawn."""
        self.dock.resize(*SIZE)
        self.dock.show()
        self.dock.show_form("hex")
        await asyncio.sleep(SETTLED_S)

    @property
    def gaps_ms(self) -> list[float]:
        """Every gap between two beats since the pulse was started."""
        return [gap / 1e6 for gap in self.pulse._gaps]

    def show(self, transcript: Transcript | None) -> None:
        """Show another conversation, in hex."""
        self.transcript = transcript
        self.dock.show_talk(Talk(transcript, explain, "bench") if transcript is not None else None)
        self.dock.show_form("hex")

    async def until_shown(self) -> None:
        """Return once the view shows all that was received."""
        await asyncio.sleep(0)
        # The feed has no event for it: it only goes quiet.
        while not self.feed.is_idle:  # noqa: ASYNC110 - as above
            await asyncio.sleep(LOOK_EVERY_S)

    async def close(self) -> None:
        """End everything."""
        await self.dock.retire()
        await self.scope.retire()
        self.dock.deleteLater()

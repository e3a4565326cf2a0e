"""A bench for panels under test: the real Lab, registry and feed; what the program would do is written down."""

import asyncio
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workbench.bridge.feed import Feed
from workbench.jobs.scope import Scope
from workbench.lab.supervisor import Lab
from workbench.panels.bench import Bench, Document, Talk
from workbench.settings import Settings, places
from workbench.transcript.recorder import Transcript
from workbench.ui import fonts, theme
from workbench.ui.actions import ActionRegistry


class Workplace:
    """Makes a panel with its bench. Leave it by close().

    Attributes:
        opened: what the panel asked to open elsewhere: (panel, target, how).
        handed: the documents it handed to others: (panel, document).
        talks: the conversations it wanted to be seen.
        events: the events it wanted to be selected.
    """

    def __init__(self, app, appearance: str = "light") -> None:
        fonts.ensure_letters(app)
        theme.apply(app, appearance, 100)
        self.lab = Lab(places(), join=False)
        self.feed = Feed()
        self.registry = ActionRegistry()
        self.scopes: list[Scope] = []
        self._shown: list[QWidget] = []
        self.opened: list[tuple[str, str, str]] = []
        self.handed: list[tuple[str, Document]] = []
        self.talks: list[Talk | None] = []
        self.events: list[int] = []
        self.bench = Bench(
            settings=Settings,
            lab=self.lab,
            registry=self.registry,
            feed=self.feed,
            new_scope=self._scope,
            new_transcript=Transcript,
            open=lambda *asked: self.opened.append(asked),
            hand=lambda *handed: self.handed.append(handed),
            show=lambda _panel, talk: self.talks.append(talk),
            show_event=self.events.append,
        )

    def _scope(self, name: str) -> Scope:
        scope = Scope(name)
        self.scopes.append(scope)
        return scope

    def show(self, panel: QWidget, width: int = 1280, height: int = 560) -> None:
        """Give the panel a size and show it."""
        self._shown.append(panel)
        panel.resize(width, height)
        panel.show()

    @property
    def is_settled(self) -> bool:
        """Whether everything that happened is shown, and the pages behind the first ones have been made."""
        pages = [getattr(panel, "pages", None) for panel in self._shown]
        return self.feed.is_idle and all(getattr(each, "is_complete", True) for each in pages)

    async def until(self, holds: Callable[[], object]) -> None:
        """Return once it holds, looked at after each frame of the feed and each turn of the loop."""
        # What a widget shows has no event of its own; the test's limit of 20 s is the deadline.
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.002)

    async def close(self, panel: QWidget) -> None:
        """Retire the panel and give everything back."""
        await panel.retire()
        self._shown.clear()
        for scope in self.scopes:
            await scope.retire()
        await self.lab.aclose()
        panel.close()
        panel.deleteLater()
        self.registry.deleteLater()
        self.feed.deleteLater()


class FrameOfOne:
    """The panel of Sockets around one page, as far as the page knows it."""

    def __init__(self, place: Workplace) -> None:
        self.place = place

    def show_page(self, page: str) -> None:
        """One page only."""

    def show_talk(self, page: object, talk: Talk | None) -> None:
        self.place.bench.show("sockets", talk)

"""The Sockets panel: its pages. Decides nothing."""

from workbench.panels.bench import Bench
from workbench.panels.pages import PagedPanel
from workbench.panels.sockets.consolepage import ConsolePage
from workbench.panels.sockets.pages import CONSOLE, PAGES


class SocketsPanel(PagedPanel):
    """The console, and the tools beside it."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench, "sockets", "Sockets", PAGES, ahead=False)

    @property
    def console(self) -> ConsolePage:
        """The page of conversations."""
        page: ConsolePage = self.pages[CONSOLE]
        return page

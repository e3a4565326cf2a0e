"""The Web panel: its pages, and the documents they hand to each other. Decides nothing."""

from workbench.panels.bench import Bench, Document
from workbench.panels.pages import PagedPanel
from workbench.panels.web.pages import INSPECTOR, PAGES


class WebPanel(PagedPanel):
    """Request, Inspector, XML-RPC."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench, "web", "Web", PAGES)

    def inspect(self, document: Document) -> None:
        """Show octets in the Inspector."""
        self.show_page(INSPECTOR)
        self.pages[INSPECTOR].take(document)

    def take(self, document: Document) -> None:
        """Show a document of another panel."""
        self.inspect(document)

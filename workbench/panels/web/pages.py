"""The pages of the Web panel: one line each, and what the panel does for them beside the turning of pages."""

from typing import Protocol

from workbench.panels.bench import Document
from workbench.panels.pages import Frame, PageInfo

_P = "workbench.panels.web."
REQUEST = "request"
INSPECTOR = "inspector"
CALLS = "calls"

PAGES: tuple[PageInfo, ...] = (
    PageInfo(REQUEST, "Request", _P + "requestpage:RequestPage", "Compose a request and see what comes back"),
    PageInfo(
        INSPECTOR,
        "Inspector",
        _P + "inspector.view:InspectorPage",
        "HTML and XML as a tree and as source, searched by XPath and CSS",
    ),
    PageInfo(
        CALLS, "XML-RPC", _P + "calls.view:CallsPage", "Methods of an XML-RPC server, and calls of them"
    ),
)


class WebFrame(Frame, Protocol):
    """What a page of this panel is handed beside the bench."""

    def inspect(self, document: Document) -> None:
        """Show octets in the Inspector."""
        ...

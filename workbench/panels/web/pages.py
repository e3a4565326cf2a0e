"""The pages of the Web panel: one line each, and what the frame and a page ask of each other."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from workbench.panels.bench import Bench, Document, Talk
from workbench.ui.actions import Action


class PageInfo(NamedTuple):
    """What is known of a page before it is made. entry: "module:Class"; tip: what it is for, one sentence."""

    id: str
    title: str
    entry: str
    tip: str


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
        "calls", "XML-RPC", _P + "calls.view:CallsPage", "Methods of an XML-RPC server, and calls of them"
    ),
)


class Frame(Protocol):
    """What a page is handed beside the bench."""

    def inspect(self, document: Document) -> None:
        """Show octets in the Inspector."""
        ...

    def show_page(self, page: str) -> None:
        """Bring a page to the front, by its id."""
        ...

    def show_talk(self, page: "Page", talk: Talk | None) -> None:
        """The page's conversation is another one now; seen while the page is in front."""
        ...


class Page(Protocol):
    """What the frame asks of a page: a QWidget, made with the bench and the frame.

    Its actions have ids "web.VERB" and the context "web/PAGE"; they are registered by the frame, and their keys work
    while the focus is in the page. A page that can show documents has also `take(document: Document) -> None`.
    """

    draft_changed: Any
    """A Qt signal without arguments."""

    def __init__(self, bench: Bench, frame: Frame) -> None: ...

    def page_actions(self) -> tuple[Action, ...]:
        """What a person can do there."""
        ...

    def draft(self) -> dict[str, object]:
        """As panels.bench.Panel."""
        ...

    def restore(self, draft: Mapping[str, object]) -> None:
        """As panels.bench.Panel."""
        ...

    def focus_start(self) -> None:
        """As panels.bench.Panel."""
        ...

    def open_target(self, target: str) -> None:
        """Show a target as if it had been typed."""
        ...

    def current_talk(self) -> Talk | None:
        """As panels.bench.Panel."""
        ...

    async def retire(self) -> None:
        """As panels.bench.Panel; the frame forgets the actions."""
        ...

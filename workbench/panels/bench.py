"""The bench a panel works at: everything it is handed, and the little that the program asks of it.

The program's one meeting place (app) makes a Bench and gives it to each panel's constructor; no panel reaches for
anything else.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from workbench.jobs.scope import Scope
from workbench.settings import Settings
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import Explainer

if TYPE_CHECKING:
    from workbench.bridge.feed import Feed
    from workbench.lab.supervisor import Lab
    from workbench.ui.actions import ActionRegistry


class Talk(NamedTuple):
    """The conversation that a panel wants to be seen: shown by the dock that all panels share.

    copies: what "Copy as" offers: a title and what makes the text; making it may raise WorkbenchError.
    """

    transcript: Transcript
    explain: Explainer | None = None
    title: str = ""
    copies: tuple[tuple[str, Callable[[], str]], ...] = ()


class Document(NamedTuple):
    """Octets that one panel hands to another: a downloaded page, an attachment, a certificate.

    media_type: as it came, parameters included ("text/html; charset=latin-1"); "" where nobody said.
    origin: where it came from, for people.
    """

    name: str
    media_type: str
    data: bytes
    origin: str = ""


class Bench(NamedTuple):
    """What a panel is handed.

    Attributes:
        settings: the settings of the moment.
        lab: starts services, resolves lab:NAME.
        registry: takes the panel's actions; the context is the panel's id.
        feed: watches what grows and calls once a frame.
        new_scope: makes a scope whose jobs the status bar lists.
        new_transcript: makes a transcript that spools as the settings say.
        open: opens a target in a panel ("Open in ..."): panel id, target, and how ("listen", or "" for a client).
        hand: opens a document in a panel: panel id and the document.
        show: hands the dock a conversation; None empties it. The dock listens only while the panel is the visible one.
        show_event: selects an event of the conversation that is shown.
    """

    settings: Callable[[], Settings]
    lab: "Lab"
    registry: "ActionRegistry"
    feed: "Feed"
    new_scope: Callable[[str], Scope]
    new_transcript: Callable[[], Transcript]
    open: Callable[[str, str, str], None]
    hand: Callable[[str, Document], None]
    show: Callable[[str, Talk | None], None]
    show_event: Callable[[int], None]


class Panel(Protocol):
    """What the program asks of a panel's widget; it is made with one argument, the Bench, and is a QWidget.

    A panel that can show documents of others has also `take(document: Document) -> None`.
    """

    draft_changed: Any
    """A Qt signal without arguments: the draft is another one now."""

    def draft(self) -> dict[str, object]:
        """What survives a restart, as JSON holds it; never a password."""
        ...

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; what is unknown in it is left out."""
        ...

    def focus_start(self) -> None:
        """Put the focus where a person begins."""
        ...

    def open_target(self, target: str, how: str = "") -> None:
        """Show a target as if it had been typed; nothing is connected yet. how: "listen", or "" for a client."""
        ...

    def current_talk(self) -> Talk | None:
        """The conversation to show while this panel is the visible one."""
        ...

    async def retire(self) -> None:
        """End all jobs, cut all observers, give everything back; the widget is deleted afterwards."""
        ...

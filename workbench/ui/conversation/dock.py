"""The Conversation: one widget for all panels.

A panel hands its transcript over with `show_talk`; the dock watches it through the window's feed and lets go of it when
another one comes or the dock retires. Saved conversations are opened beside, and compared.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from workbench.bridge.feed import Feed
from workbench.errors import WorkbenchError
from workbench.formats.charset import ENCODINGS
from workbench.jobs.scope import Scope
from workbench.transcript.quiz import questions
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import Explainer
from workbench.ui.actions import ActionRegistry
from workbench.ui.conversation.commands import commands
from workbench.ui.conversation.copying import Copying
from workbench.ui.conversation.elsewhere import Elsewhere, elsewhere
from workbench.ui.conversation.filtering import FilterForm
from workbench.ui.conversation.leaving import Leaving
from workbench.ui.conversation.menus import Menus
from workbench.ui.conversation.replaying import Replaying
from workbench.ui.conversation.selection import all_pieces, event_pieces, octet_pieces
from workbench.ui.conversation.talkview import CONTEXT, TalkView
from workbench.ui.conversation.topbar import FORMS
from workbench.ui.words import as_sentence

if TYPE_CHECKING:
    from workbench.protocols.raw.replay import Replayed

MAX_TEXTS = 2000


class Talk(Protocol):
    """What a panel hands over; any object of this shape.

    copies: what "Copy as" offers: a title, and what makes the text (it may raise WorkbenchError).
    """

    @property
    def transcript(self) -> Transcript: ...
    @property
    def explain(self) -> Explainer | None: ...
    @property
    def title(self) -> str: ...
    @property
    def copies(self) -> Sequence[tuple[str, Callable[[], str]]]: ...


class ConversationDock(TalkView):
    """The content of the dock.

    Args:
        feed: tells when a transcript grew.
        registry: takes the actions "conversation.*".
        scope: owns exports, imports, large copies and replays.

    Signals:
        lab_asked: the person wants the Lab target that fills the empty view.
        open_asked: panel and target: the person wants to look at the other end there.
    """

    lab_asked = Signal()
    open_asked = Signal(str, str)

    def __init__(
        self, feed: Feed, registry: ActionRegistry, scope: Scope, parent: QWidget | None = None
    ) -> None:
        super().__init__(feed, registry, parent)
        self._talk: Talk | None = None
        self.setAccessibleName("Conversation")
        self.leaving = Leaving(scope, self)
        self.replaying = Replaying(scope, self.replay_bar, self)
        registry.add_all(commands(self), self)
        for name in ("follow", "detail"):
            self.bar.add_switch(self.action(name))
        self.menus = Menus(self)
        self._connect()
        self.show_talk(None)

    def _connect(self) -> None:
        self.bar.back_asked.connect(self._on_back_asked)
        self.empty.asked.connect(self.lab_asked)
        self.notice.event_asked.connect(self.show_event)
        self.leaving.said.connect(self._on_said)
        self.leaving.failed.connect(self._on_failed)
        self.leaving.opened.connect(self._on_opened)
        self.replaying.done.connect(self._on_replayed)
        self.replaying.failed.connect(self._on_failed)
        self.linking.current_changed.connect(self.refresh_actions)
        self.comparison.closed.connect(self._on_comparison_closed)
        self.quiz_bar.closed.connect(self.quiz_bar.hide)
        for view in (self.events, self.text):
            view.copy_asked.connect(self.copy)
            view.menu_asked.connect(self._on_menu_asked)

    # What panels and the window ask

    def show_talk(self, talk: Talk | None) -> None:
        """Show a panel's conversation; None shows the empty state. The same one again only takes its words over."""
        before, self._talk = self._talk, talk
        if talk is None:
            self.show_transcript(None, None, "")
        else:
            self._shelf.name(talk.transcript, talk.title)
            if before is None or talk.transcript is not before.transcript:
                self.show_transcript(talk.transcript, talk.explain, talk.title)
            elif not self._shelf.owns(self._transcript):
                # An opened conversation stays where it is until the panel has another one of its own.
                self.explain_by(talk.explain)
                self.bar.show_subject(talk.title, is_opened=False)
        self.refresh_actions()

    def show_event(self, index: int) -> None:
        """Select an event and bring it into sight; a filter that hides it is taken away."""
        if self._transcript is None or not 0 <= index < len(self._transcript):
            return
        if self.pages.currentWidget() is self.comparison:
            self._on_comparison_closed()
        if self.filter.hides(index):
            self.filter.put(FilterForm())
        self.linking.select(index)

    def texts(self) -> list[str]:
        """What the rows of the list say, at most MAX_TEXTS of them."""
        rows = self.filter.rows
        if rows is None:
            return []
        return [self.events.row_text(event.index) for event in rows.events(0, min(len(rows), MAX_TEXTS))]

    async def retire(self) -> None:
        """End all jobs, let go of every transcript, drop the actions."""
        self.show_talk(None)
        self.turns.stop()
        await self.replaying.retire()
        await self.leaving.retire()
        self._shelf.close()
        self._registry.forget(CONTEXT)

    def draft(self) -> dict[str, object]:
        """What survives a restart: form, layout and encoding."""
        return {"form": self.form, "detail": self._wants_detail, "encoding": self.text.encoding}

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; what is unknown in it is left out."""
        if isinstance(draft.get("detail"), bool):
            self._wants_detail = bool(draft["detail"])
        if draft.get("encoding") in ENCODINGS:
            self._on_encoding_chosen(str(draft["encoding"]))
        if draft.get("form") in [form for form, _, _ in FORMS]:
            self.show_form(str(draft["form"]))

    # Saved conversations

    def _on_opened(self, transcript: Transcript, name: str, to_compare: bool) -> None:
        self._shelf.own(transcript, name, self._transcript)
        if to_compare and self._transcript is not None:
            self.compare_with(name, transcript)
        else:
            self.show_transcript(transcript, self._explain, name)
            self.refresh_actions()

    def _on_back_asked(self) -> None:
        talk = self._talk
        if talk is None:
            self.show_transcript(None, None, "")
        else:
            self.show_transcript(talk.transcript, talk.explain, talk.title)
        self.refresh_actions()

    def refresh_actions(self) -> None:
        super().refresh_actions()
        copies = self.copies
        why_not = "This panel offers nothing to copy yet"
        self.bar.copy_as.setEnabled(bool(copies))
        self.bar.copy_as.setToolTip(
            "Copy what this panel does as a program or a command" if copies else why_not
        )

    # Copying, exporting, opening, comparing

    @property
    def copies(self) -> Sequence[tuple[str, Callable[[], str]]]:
        """What the panel offers under "Copy as"; nothing while an opened conversation is shown."""
        is_own = self._talk is not None and self._talk.transcript is self._transcript
        return tuple(self._talk.copies) if self._talk is not None and is_own else ()

    def copy(self, form: str = "") -> None:
        """Copy what is selected; without a format, lines of events or the text of octets."""
        rows = self.filter.rows
        if rows is None:
            return
        is_text = self.form == "text"
        pieces = (
            octet_pieces(rows, self.text.selection) if is_text else event_pieces(rows, self.events.selection)
        )
        self.leaving.copy(form or ("text" if is_text else "lines"), self._source(rows.transcript), pieces)

    def copy_all(self) -> None:
        """Copy every line that is shown."""
        rows = self.filter.rows
        if rows is not None:
            self.leaving.copy("lines", self._source(rows.transcript), all_pieces(rows))

    def _source(self, transcript: Transcript) -> Copying:
        return Copying(transcript, self.text.encoding, self._explain)

    def select_all(self) -> None:
        """Select every event, or all text."""
        self.list_shown.select_all()

    def export(self, form: str, *, with_secrets: bool = False) -> None:
        """Ask where, and save the conversation there."""
        if self._transcript is not None:
            self.leaving.export(form, self._transcript, self._explain, with_secrets=with_secrets)

    def open_export_menu(self) -> None:
        """Open the menu of formats."""
        self.bar.export.showMenu()

    def open_saved(self) -> None:
        """Ask for a saved conversation and show it."""
        self.leaving.open_saved()

    def compare_with_saved(self) -> None:
        """Ask for a saved conversation and compare it with this one."""
        self.leaving.open_saved(to_compare=True)

    def other_conversations(self) -> list[tuple[str, Transcript]]:
        """Those that were shown here and are still open."""
        return self._shelf.others(self._transcript)

    def compare_with(self, title: str, other: Transcript) -> None:
        """Show where this conversation and another one part."""
        if self._transcript is not None:
            here = self._shelf.title(self._transcript) or "this conversation"
            self.pages.setCurrentWidget(self.comparison)
            self.comparison.compare(self._transcript, here, other, title)

    def replay(self) -> None:
        """Open the bar that says to whom this conversation, or one channel of it, is said again."""
        if self._transcript is not None:
            current = self.linking.current
            channel = self._transcript[current].channel if current is not None else None
            self.replaying.offer(self._transcript, channel)

    def quiz(self) -> None:
        """Ask what can be seen in the connection that is looked at, or in the first one that tells enough."""
        if self._transcript is None:
            return
        current = self.linking.current
        channels = [info.number for info in self._transcript.channels]
        if current is not None:
            channels.insert(0, self._transcript[current].channel)
        asked = (questions(self._transcript, channel) for channel in channels)
        self.quiz_bar.ask(next(filter(None, asked), ()))

    def _on_replayed(
        self, then: Transcript, channel: int, now: Transcript, target: str, outcome: "Replayed"
    ) -> None:
        title = f"{target}, replayed"
        self._shelf.own(now, title, self._transcript)
        differences = outcome.differences
        tls = outcome.recorded.tls is not None
        # Records are others each time, and in clear there are none to set beside them.
        if self._transcript is then and tls == outcome.is_protected:
            here = self._shelf.title(then) or "this conversation"
            self.pages.setCurrentWidget(self.comparison)
            self.comparison.compare(then, here, now, title, only=channel, layer="tls" if tls else "")
        told = "; ".join(differences) or "every octet came as it did then"
        self.remark.say(as_sentence(f"{title}: {told}"), "warning" if differences else "muted")

    # Looking elsewhere

    def open_in_sockets(self) -> None:
        """Go to the other end of the connection with the panel Sockets."""
        self._open_elsewhere("sockets")

    def open_in_dns(self) -> None:
        """Ask the DNS about it."""
        self._open_elsewhere("dns")

    def open_in_certificates(self) -> None:
        """Look at its certificates."""
        self._open_elsewhere("certificates")

    def why_not_sockets(self) -> str:
        """Why that can't be; "" when it can. So for the others."""
        return self._elsewhere().why_not("sockets")

    def why_not_dns(self) -> str:
        """As why_not_sockets()."""
        return self._elsewhere().why_not("dns")

    def why_not_certificates(self) -> str:
        """As why_not_sockets()."""
        return self._elsewhere().why_not("certificates")

    def _elsewhere(self) -> Elsewhere:
        return elsewhere(self._transcript, self.linking.current)

    def _open_elsewhere(self, panel: str) -> None:
        if target := self._elsewhere().target(panel):
            self.open_asked.emit(panel, target)

    def _on_comparison_closed(self) -> None:
        self.comparison.release()
        self._show_page()

    # Words

    def _on_said(self, sentence: str) -> None:
        self.remark.say(sentence)

    def _on_failed(self, failure: WorkbenchError) -> None:
        self.notice.show_failure(failure)

    def _on_menu_asked(self, where: QPoint) -> None:
        self.menus.open_context(where)

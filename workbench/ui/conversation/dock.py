"""The Conversation: one widget for all panels. It links its parts; what they show they read themselves.

A panel hands its transcript over with `show_talk`; the dock watches it through the window's feed and lets go of it when
another one comes or the dock retires. What a person filtered, selected and where they stood is kept for each transcript
as long as it lives.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from workbench.bridge.feed import Feed
from workbench.errors import WorkbenchError
from workbench.formats.charset import ENCODINGS
from workbench.jobs.scope import Scope
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import Explainer
from workbench.ui.actions import ActionRegistry
from workbench.ui.conversation.board import OFFER, Board
from workbench.ui.conversation.commands import CONTEXT, commands
from workbench.ui.conversation.copying import Copying
from workbench.ui.conversation.filtercontrol import FilterControl
from workbench.ui.conversation.filtering import FilterForm
from workbench.ui.conversation.leaving import Leaving
from workbench.ui.conversation.linking import Linking
from workbench.ui.conversation.menus import Menus
from workbench.ui.conversation.selection import all_pieces, event_pieces, octet_pieces
from workbench.ui.conversation.shelf import Shelf, Standing
from workbench.ui.conversation.topbar import FORMS
from workbench.ui.conversation.turns import Turns

MAX_TEXTS = 2000
NO_TALK = "Every byte that is said will stand here, with its time, its direction and what it means."
NOTHING_SAID = "Nothing has been said yet. The first event will stand here."
NO_MATCH = "No event matches the filter"


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


class ConversationDock(Board):
    """The content of the dock.

    Args:
        feed: tells when a transcript grew.
        registry: takes the actions "conversation.*".
        scope: owns exports, imports and large copies.

    Signals:
        lab_asked: the person wants the Lab target that fills the empty view.
        event_chosen: index of the event that became current.
        draft_changed: form or layout are others now.
    """

    lab_asked = Signal()
    event_chosen = Signal(int)
    draft_changed = Signal()

    def __init__(
        self, feed: Feed, registry: ActionRegistry, scope: Scope, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._feed = feed
        self._registry = registry
        self._talk: Talk | None = None
        self._transcript: Transcript | None = None
        self._explain: Explainer | None = None
        self._cut: Callable[[], None] | None = None
        self._shelf = Shelf()
        self._wants_detail = True
        self.setAccessibleName("Conversation")
        self.filter = FilterControl(self.filter_bar, self.remark, self)
        self.leaving = Leaving(scope, self)
        self.linking = Linking(self.events, self.text, self.stream, self.detail, self)
        self.turns = Turns(self)
        for work in (self.filter.work, self._count_text, self.linking.work, self.comparison.work):
            self.turns.add(work)
        registry.add_all(commands(self), self)
        for name in ("follow", "detail"):
            self.bar.add_switch(self.action(name))
        self.menus = Menus(self)
        self._connect()
        self._show_page()
        self._refresh_actions()

    def _connect(self) -> None:
        self.bar.form_chosen.connect(self.show_form)
        self.bar.encoding_chosen.connect(self._on_encoding_chosen)
        self.bar.back_asked.connect(self._on_back_asked)
        self.filter.rows_changed.connect(self._on_rows_changed)
        self.filter.found.connect(self._on_found)
        self.filter_bar.next_asked.connect(self.go_to_next)
        self.filter_bar.previous_asked.connect(self.go_to_previous)
        self.empty.asked.connect(self.lab_asked)
        self.notice.event_asked.connect(self.show_event)
        self.leaving.said.connect(self._on_said)
        self.leaving.failed.connect(self._on_failed)
        self.leaving.opened.connect(self._on_opened)
        self.linking.current_changed.connect(self._on_current_changed)
        self.comparison.closed.connect(self._on_comparison_closed)
        for source in (self.filter, self.linking, self.comparison, self.text):
            source.work_appeared.connect(self.turns.wake)
        for view in (self.events, self.text):
            view.following_changed.connect(self._on_following_changed)
            view.copy_asked.connect(self.copy)
            view.menu_asked.connect(self._on_menu_asked)
            view.activated.connect(self._on_activated)

    # What panels and the window ask

    def show_talk(self, talk: Talk | None) -> None:
        """Show a panel's conversation; None shows the empty state. The same one again only takes its words over."""
        self._talk = talk
        if talk is None:
            self._show_transcript(None, None, "")
        else:
            self._shelf.name(talk.transcript, talk.title)
            if talk.transcript is self._transcript and talk.explain is self._explain:
                self.bar.show_subject(talk.title, is_opened=False)
            else:
                self._show_transcript(talk.transcript, talk.explain, talk.title)
        self._refresh_actions()

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

    # Which conversation

    def _show_transcript(self, transcript: Transcript | None, explain: Explainer | None, title: str) -> None:
        self._let_go()
        self._transcript, self._explain = transcript, explain
        standing = self._shelf.standing(transcript) if transcript is not None else Standing()
        self.notice.show_failure(None)
        self.bar.show_subject(title, is_opened=self._shelf.owns(transcript))
        self.linking.show_transcript(transcript, explain)
        self.stream.show_transcript(transcript)
        self.filter.show_transcript(transcript, standing.form)
        self._show_rows()
        self._stand(standing)
        if transcript is not None:
            self._cut = self._feed.watch(transcript, self._on_grew)  # type: ignore[arg-type]  # None is an object too
        self._show_page()

    def _stand(self, standing: Standing) -> None:
        """Stand where the person stood, or at the end."""
        for view in (self.events, self.text):
            view.set_following(True)
            if not standing.is_following:
                view.leave_end()
        if not standing.is_following:
            self.events.row_scroll.move_to(standing.top)
            self.events.show_place()
        self.events.select(standing.selection, reveal=False)

    def _let_go(self) -> None:
        if self._cut is not None:
            self._cut()
            self._cut = None
        if self._transcript is not None:
            events = self.events
            standing = Standing(
                self.filter.form, events.selection, events.row_scroll.top, events.is_following
            )
            self._shelf.leave(self._transcript, standing)
        self.turns.stop()
        self.comparison.release()

    def _on_opened(self, transcript: Transcript, name: str, to_compare: bool) -> None:
        self._shelf.own(transcript, name, self._transcript)
        if to_compare and self._transcript is not None:
            self.compare_with(name, transcript)
        else:
            self._show_transcript(transcript, self._explain, name)
            self._refresh_actions()

    def _on_back_asked(self) -> None:
        talk = self._talk
        if talk is None:
            self._show_transcript(None, None, "")
        else:
            self._show_transcript(talk.transcript, talk.explain, talk.title)
        self._refresh_actions()

    # Growth and work

    def _on_grew(self) -> None:
        if self._transcript is None:
            return
        self.filter.grew(self._transcript)
        self.list_shown.grew()
        if self.form == "hex":
            self.stream.grew()
        self.linking.grew()
        if self.pages.currentWidget() is self.empty:
            self._show_page()
            self._refresh_actions()

    def _on_found(self) -> None:
        self.list_shown.refresh()

    def _on_rows_changed(self) -> None:
        self._show_rows()
        self.linking.catch_up()
        self._registry.refresh(CONTEXT)

    def _count_text(self) -> bool:
        return self.form == "text" and self.text.has_work and self.text.work()

    def _show_rows(self) -> None:
        self.events.show_rows(self.filter.rows, self._explain, self.filter.marked)
        self.text.show_rows(self.filter.rows, self._explain)
        for view in (self.events, self.text):
            view.set_hint(NO_MATCH if self.filter.is_filtering else "")

    def _show_page(self) -> None:
        transcript = self._transcript
        if transcript is None or not len(transcript):
            self.empty.set(NO_TALK if transcript is None else NOTHING_SAID, OFFER, "conversation")
            self.pages.setCurrentWidget(self.empty)
        else:
            self.pages.setCurrentWidget(self.splitter)
        self.filter_bar.setEnabled(transcript is not None)
        self.bar.export.setEnabled(not self.why_empty())
        self._show_side()

    def _refresh_actions(self) -> None:
        self._registry.refresh(CONTEXT)
        copies = self.copies
        why_not = "This panel offers nothing to copy yet"
        self.bar.copy_as.setEnabled(bool(copies))
        self.bar.copy_as.setToolTip(
            "Copy what this panel does as a program or a command" if copies else why_not
        )

    # Forms

    def show_form(self, form: str) -> None:
        """Show "explained", "text" or "hex"."""
        self.put_form(form, has_side=form == "hex" or self._has_detail())
        self.list_shown.grew()
        if form == "hex":
            self.stream.grew()
        self.linking.catch_up()
        self._registry.refresh(CONTEXT)
        self.draft_changed.emit()

    def show_explained(self) -> None:
        """One line for each event."""
        self.show_form("explained")

    def show_text(self) -> None:
        """The octets as text."""
        self.show_form("text")

    def show_hex(self) -> None:
        """The octets of a stream in hex."""
        self.show_form("hex")

    def _has_detail(self) -> bool:
        return self._wants_detail and self.linking.current is not None

    def _show_side(self) -> None:
        self.put_side(self.form == "hex" or self._has_detail())

    def toggle_detail(self) -> None:
        """Show what is known of the selected event, or no longer."""
        self._wants_detail = not self._wants_detail
        self._show_side()
        self.linking.catch_up()
        self.draft_changed.emit()

    def is_detail_wanted(self) -> bool:
        """Whether the selected event's octets are shown."""
        return self._wants_detail

    def _on_activated(self) -> None:
        """Return or a double click: to the octets."""
        if self.form != "hex" and not self._wants_detail:
            self.toggle_detail()
            self._registry.refresh(CONTEXT)
        (self.stream.hex if self.form == "hex" else self.detail.hex).setFocus()

    def _on_current_changed(self) -> None:
        self._show_side()
        if self.linking.current is not None:
            self.event_chosen.emit(self.linking.current)

    def _on_encoding_chosen(self, encoding: str) -> None:
        self.text.set_encoding(encoding)
        self.bar.show_encoding(self.text.encoding)
        self.draft_changed.emit()

    # Filter and following

    def focus_filter(self) -> None:
        """Put the cursor into the filter."""
        self.filter_bar.focus_words()

    def filter_like_current(self, what: str) -> None:
        """Filter by the "direction" or "channel" of the current event."""
        if self.linking.current is None or self._transcript is None:
            return
        event = self._transcript[self.linking.current]
        form = self.filter.form
        if what == "direction" and event.kind == "bytes":
            self.filter.put(form._replace(direction=event.direction))
        elif what == "channel":
            self.filter_bar.more_button.setChecked(True)
            self.filter.put(form._replace(channel=event.channel))

    def go_to_next(self) -> None:
        """The next event that the filter finds."""
        self._go_to(self.filter.match(self.linking.current, forward=True))

    def go_to_previous(self) -> None:
        """The event before that the filter finds."""
        self._go_to(self.filter.match(self.linking.current, forward=False))

    def _go_to(self, index: int | None) -> None:
        if index is not None:
            self.linking.select(index)

    def why_no_matches(self) -> str:
        """Why one cannot go from match to match; "" when one can."""
        return "" if self.filter.is_filtering else "no filter is set"

    def why_empty(self) -> str:
        """Why there is nothing to copy or export; "" when there is."""
        return "" if self._transcript is not None and len(self._transcript) else "nothing has been said"

    def toggle_following(self) -> None:
        """Stay at the end, or no longer."""
        follow = not self.is_following()
        for view in (self.events, self.text):
            view.set_following(follow)

    def is_following(self) -> bool:
        """Whether what is shown stays at the end."""
        return self.list_shown.is_following

    def _on_following_changed(self) -> None:
        self.action("follow").setChecked(self.is_following())

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

    def _on_comparison_closed(self) -> None:
        self.comparison.release()
        self._show_page()

    # Words

    def action(self, name: str) -> QAction:
        """The QAction of "conversation.NAME"."""
        return self._registry.qaction(f"{CONTEXT}.{name}")

    def _on_said(self, sentence: str) -> None:
        self.remark.say(sentence)

    def _on_failed(self, failure: WorkbenchError) -> None:
        self.notice.show_failure(failure)

    def _on_menu_asked(self, where: QPoint) -> None:
        self.menus.open_context(where)

"""A conversation as it is shown: followed while it grows, filtered, in three forms, with one selection in all of them.

What a person filtered, selected and where they stood is kept for each transcript as long as it lives.
"""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from workbench.bridge.feed import Feed
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import Explainer
from workbench.ui.actions import ActionRegistry
from workbench.ui.conversation.board import OFFER, Board
from workbench.ui.conversation.filtercontrol import FilterControl
from workbench.ui.conversation.linking import Linking
from workbench.ui.conversation.shelf import Shelf, Standing
from workbench.ui.conversation.turns import Turns

CONTEXT = "conversation"
NO_TALK = "Every byte that is said will stand here, with its time, its direction and what it means."
NOTHING_SAID = "Nothing has been said yet. The first event will stand here."
NO_MATCH = "No event matches the filter"


class TalkView(Board):
    """The parts, linked.

    Args:
        feed: tells when a transcript grew.
        registry: holds the actions "conversation.*" of whoever completes this.

    Signals:
        event_chosen: index of the event that became current.
        draft_changed: form or layout are others now.
    """

    event_chosen = Signal(int)
    draft_changed = Signal()

    def __init__(self, feed: Feed, registry: ActionRegistry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._registry = registry
        self._transcript: Transcript | None = None
        self._explain: Explainer | None = None
        self._cut: Callable[[], None] | None = None
        self._shelf = Shelf()
        self._wants_detail = True
        self.filter = FilterControl(self.filter_bar, self.remark, self)
        self.linking = Linking(self.events, self.text, self.stream, self.detail, self)
        self.turns = Turns(self)
        for work in (self.filter.work, self._count_text, self.linking.work, self.comparison.work):
            self.turns.add(work)
        for source in (self.filter, self.linking, self.comparison, self.text):
            source.work_appeared.connect(self.turns.wake)
        self.bar.form_chosen.connect(self.show_form)
        self.bar.encoding_chosen.connect(self._on_encoding_chosen)
        self.filter.rows_changed.connect(self._on_rows_changed)
        self.filter.found.connect(self._on_found)
        self.filter_bar.next_asked.connect(self.go_to_next)
        self.filter_bar.previous_asked.connect(self.go_to_previous)
        self.linking.current_changed.connect(self._on_current_changed)
        for view in (self.events, self.text):
            view.following_changed.connect(self._on_following_changed)
            view.activated.connect(self._on_activated)

    def action(self, name: str) -> QAction:
        """The QAction of "conversation.NAME"."""
        return self._registry.qaction(f"{CONTEXT}.{name}")

    def refresh_actions(self) -> None:
        """Look again what can be done."""
        self._registry.refresh(CONTEXT)

    # Which conversation

    def show_transcript(self, transcript: Transcript | None, explain: Explainer | None, title: str) -> None:
        """Show another conversation, as it was left; None for none."""
        if transcript is not self._transcript:
            self.replay_bar.closed.emit()
            self.quiz_bar.hide()
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

    def explain_by(self, explain: Explainer | None) -> None:
        """Another explainer for the same conversation."""
        if explain != self._explain:
            self._explain = explain
            self.linking.explain_by(explain)
            self.events.explain_by(explain)
            self.text.explain_by(explain)

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
            self.refresh_actions()

    def _on_found(self) -> None:
        self.list_shown.grew()

    def _on_rows_changed(self) -> None:
        self._show_rows()
        self.linking.catch_up()
        self.refresh_actions()

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

    # Forms

    def show_form(self, form: str) -> None:
        """Show "explained", "text" or "hex"."""
        self.put_form(form, has_side=form == "hex" or self._has_detail())
        self.list_shown.grew()
        if form == "hex":
            self.stream.grew()
        self.linking.catch_up()
        self.refresh_actions()
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
            self.refresh_actions()
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
        """Filter by the "direction", "channel" or "layer" of the current event."""
        if self.linking.current is None or self._transcript is None:
            return
        event = self._transcript[self.linking.current]
        form = self.filter.form
        if what == "direction" and event.kind == "bytes":
            self.filter.put(form._replace(direction=event.direction))
        elif what == "channel":
            self.filter_bar.more_button.setChecked(True)
            self.filter.put(form._replace(channel=event.channel))
        elif what == "layer" and event.kind == "bytes":
            self.filter_bar.more_button.setChecked(True)
            self.filter.put(form._replace(layer=event.layer))

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
        for view in (self.events, self.text, self.stream.hex):
            view.set_following(follow)

    def is_following(self) -> bool:
        """Whether what is shown stays at the end."""
        return self.list_shown.is_following

    def _on_following_changed(self) -> None:
        if self._registry.find(f"{CONTEXT}.follow") is not None:
            self.action("follow").setChecked(self.is_following())

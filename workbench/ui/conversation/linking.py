"""One selection in all forms: selected in the list, the text, a stream or an event, it is selected in the others."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from workbench.transcript.recorder import Transcript
from workbench.transcript.render import Explainer
from workbench.ui.conversation.detail import EventDetail
from workbench.ui.conversation.explained import ExplainedView
from workbench.ui.conversation.selection import EventSelection, OctetSelection, Spot
from workbench.ui.conversation.streamhex import StreamHex
from workbench.ui.conversation.streams import EventFinder, Stream
from workbench.ui.conversation.textview import TextView


class Linking(QObject):
    """Keeps the parts in step.

    Signals:
        current_changed: another event is current; `current` tells which.
        work_appeared: the event of an octet is looked for: call `work` until it returns False.
    """

    current_changed = Signal()
    work_appeared = Signal()

    def __init__(
        self, events: ExplainedView, text: TextView, stream: StreamHex, detail: EventDetail, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._events, self._text, self._stream, self._detail = events, text, stream, detail
        self._transcript: Transcript | None = None
        self._explain: Explainer | None = None
        self._finder: tuple[EventFinder, int] | None = None
        self._octets: tuple[int, int] | None = None
        self._is_spreading = False
        self.current: int | None = None
        events.selection_changed.connect(self._on_events_selected)
        text.selection_changed.connect(self._on_text_selected)
        stream.octets_selected.connect(self._on_stream_selected)
        detail.octets_selected.connect(self._on_detail_selected)

    def show_transcript(self, transcript: Transcript | None, explain: Explainer | None) -> None:
        """Another conversation: nothing is selected."""
        self._transcript, self._explain = transcript, explain
        self._finder = None
        self.current = None
        self._octets = None
        self._is_spreading = True
        self._events.select(EventSelection())
        self._text.select(OctetSelection())
        self._detail.clear()
        self._is_spreading = False

    def explain_by(self, explain: Explainer | None) -> None:
        """Another explainer for the same conversation."""
        self._explain = explain
        self.grew()

    def grew(self) -> None:
        """There is more: the explanation of the current event may be another one."""
        if self._detail.isVisible() and self._transcript is not None and self.current is not None:
            self._detail.show_event(self._transcript, self._transcript[self.current], self._explain)

    def select(self, index: int, start: int = 0, stop: int | None = None) -> None:
        """Select an event, or octets of it, everywhere."""
        if self._transcript is not None and 0 <= index < len(self._transcript):
            for view in (self._events, self._text):
                view.leave_end()
            self._spread(None, index, start, stop)

    def catch_up(self) -> None:
        """Parts that were hidden are to be seen now."""
        if self.current is not None:
            start, stop = self._octets or (0, None)
            self._spread(self._events, self.current, start, stop)

    def work(self) -> bool:
        """Look on for the event of an octet; returns whether there is more to do."""
        if self._finder is None:
            return False
        finder, size = self._finder
        if finder.step():
            return True
        self._finder = None
        if finder.found is not None:
            index, octet = finder.found
            self._spread(self._stream, index, octet, octet + size)
        return False

    def _on_events_selected(self) -> None:
        current = self._events.selection.current
        if not self._is_spreading and current is not None:
            self._spread(self._events, current)

    def _on_text_selected(self) -> None:
        cursor = self._text.selection.cursor
        if self._is_spreading or cursor is None or self._transcript is None:
            return
        start = stop = cursor.octet
        span = self._text.selection.range
        if span is not None:
            # Of what is selected, the part in the cursor's event.
            size = self._transcript[cursor.event].size
            start = span[0].octet if span[0].event == cursor.event else 0
            stop = span[1].octet if span[1].event == cursor.event else size
        self._spread(self._text, cursor.event, start, stop)

    def _on_detail_selected(self, index: int, start: int, stop: int) -> None:
        if not self._is_spreading:
            self._spread(self._detail, index, start, stop)

    def _on_stream_selected(self, stream: Stream, start: int, stop: int) -> None:
        if self._is_spreading or self._transcript is None:
            return
        self._finder = (EventFinder(self._transcript, stream, start), stop - start)
        if self.work():
            self.work_appeared.emit()

    def _spread(self, source: QWidget | None, index: int, start: int = 0, stop: int | None = None) -> None:
        if self._transcript is None or index >= len(self._transcript):
            return
        event = self._transcript[index]
        end = event.size if stop is None else min(stop, event.size)
        is_whole = start == 0 and end == event.size
        is_other = index != self.current
        self.current = index
        self._octets = None if is_whole else (start, end)
        self._is_spreading = True
        if source is not self._events:
            self._events.select(EventSelection().only(index))
        if source is not self._text:
            self._select_text(index, start, end)
        if self._stream.isVisible():
            if source is self._stream:
                self._stream.mark(event)
            else:
                self._stream.show_event(event, start, end)
        if is_other:
            # Opens the detail where it is wanted, so it comes before that is filled.
            self.current_changed.emit()
        if self._detail.isVisible() and source is not self._detail:
            self._detail.show_event(self._transcript, event, self._explain)
            if not is_whole:
                self._detail.select(start, end)
        self._is_spreading = False

    def _select_text(self, index: int, start: int, stop: int) -> None:
        if self._text.isVisible():
            self._text.go_to(Spot(index, start), select_to=Spot(index, stop))
        else:
            self._text.select(OctetSelection(Spot(index, start), Spot(index, stop)))

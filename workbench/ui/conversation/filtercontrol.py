"""Between the filter bar and the search: reads the form, carries the search on, says what came out."""

from PySide6.QtCore import QObject, Signal

from workbench.transcript.recorder import Transcript
from workbench.ui.conversation.filterbar import FilterBar
from workbench.ui.conversation.filtering import FilterForm, Filtering
from workbench.ui.conversation.matches import Matches
from workbench.ui.conversation.remark import Remark
from workbench.ui.conversation.rows import Rows


class FilterControl(QObject):
    """The filter over the transcript that is shown.

    Signals:
        rows_changed: other rows are to be shown: `rows` and `marked`.
        found: a slice of the search brought more of the same rows.
        work_appeared: the search goes on: call `work` until it returns False.
    """

    rows_changed = Signal()
    found = Signal()
    work_appeared = Signal()

    def __init__(self, bar: FilterBar, remark: Remark, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._remark = remark
        self._filtering: Filtering | None = None
        bar.form_changed.connect(self._on_form_changed)

    def show_transcript(self, transcript: Transcript | None, form: FilterForm) -> None:
        """Filter another conversation; rows_changed is not told."""
        if self._filtering is not None:
            self._filtering.close()
        self._filtering = Filtering(transcript) if transcript is not None else None
        self._remark.say("")
        self._bar.show_channels(())
        self._bar.show_layers(())
        if transcript is not None and self._filtering is not None:
            self._bar.show_channels(transcript.channels)
            self._bar.show_layers(transcript.layers)
            self._filtering.apply(form)
            self._go_on()
        self._bar.show_form(form)
        self._tell()

    @property
    def rows(self) -> Rows | None:
        """What is to be shown; None without a transcript."""
        return self._filtering.rows if self._filtering is not None else None

    @property
    def marked(self) -> Matches | None:
        """What is to be marked, while all events are shown."""
        if self._filtering is None or self._filtering.rows.matches is not None:
            return None
        return self._filtering.matches

    @property
    def form(self) -> FilterForm:
        """The form in force, or the one with the mistake."""
        return self._filtering.form if self._filtering is not None else FilterForm()

    @property
    def is_filtering(self) -> bool:
        """Whether anything is looked for."""
        return self._filtering is not None and self._filtering.matches is not None

    def put(self, form: FilterForm) -> None:
        """Filter by another form, as if it had been typed."""
        self._bar.show_form(form)
        self._on_form_changed()

    def grew(self, transcript: Transcript) -> None:
        """There are more events, perhaps more channels and layers."""
        self._bar.show_channels(transcript.channels)
        self._bar.show_layers(transcript.layers)
        if self._filtering is not None:
            self._go_on()
        self._tell()

    def work(self) -> bool:
        """Search on for a slice; returns whether there is more to do."""
        filtering = self._filtering
        if filtering is None or filtering.is_complete:
            return False
        more = filtering.step()
        self.found.emit()
        self._tell()
        return more

    def hides(self, index: int) -> bool:
        """Whether the filter hides an event."""
        matches = self.rows.matches if self.rows is not None else None
        return matches is not None and index not in matches

    def match(self, index: int | None, *, forward: bool) -> int | None:
        """The next match from an event on, or the one before it, once around."""
        filtering = self._filtering
        if filtering is None:
            return None
        if forward:
            return filtering.next_match(-1 if index is None else index)
        return filtering.previous_match(1 << 62 if index is None else index)

    def _go_on(self) -> None:
        """One slice at once, so that a small conversation never shows a filter half done."""
        if self._filtering is not None and self._filtering.step():
            self.work_appeared.emit()

    def _on_form_changed(self) -> None:
        filtering = self._filtering
        if filtering is None:
            return
        self._remark.say("")
        if filtering.apply(self._bar.form):
            self._go_on()
            self.rows_changed.emit()
        self._tell()

    def _tell(self) -> None:
        filtering = self._filtering
        if filtering is None:
            self._bar.show_result("", None, is_filtered=False)
            return
        looking = "" if filtering.is_complete else " …"
        self._bar.show_result(
            filtering.count + looking, filtering.mistake, is_filtered=bool(filtering.matches)
        )
        if filtering.remark:
            self._remark.say(filtering.remark, "error" if filtering.mistake is not None else "warning")

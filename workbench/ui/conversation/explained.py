"""The Explained form: one painted row per event, read when it is painted."""

from collections import OrderedDict

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from workbench.formats.charset import visible
from workbench.transcript.records import Event
from workbench.transcript.render import Explainer, line
from workbench.ui import theme
from workbench.ui.conversation.columns import Column, ColumnHeads
from workbench.ui.conversation.explainedpaint import ExplainedPaint, ShownLine
from workbench.ui.conversation.fixedtext import FixedText
from workbench.ui.conversation.matches import Matches
from workbench.ui.conversation.rows import Rows
from workbench.ui.conversation.rowsview import RowsView
from workbench.ui.conversation.selection import EventSelection
from workbench.ui.conversation.signs import sign_of
from workbench.ui.hexselect import Step

KEPT_LINES = 256
"""Lines kept between two paints: some screens full."""
UNSETTLED = 64
"""Events at the end whose explanation may become another one as more arrives."""


class ExplainedView(RowsView):
    """The list of events.

    Signals:
        selection_changed: another event is current, or others are selected.
    """

    selection_changed = Signal()

    def __init__(self, name: str = "Conversation, explained", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._rows: Rows | None = None
        self._explain: Explainer | None = None
        self._marked: Matches | None = None
        self._lines: OrderedDict[int, ShownLine] = OrderedDict()
        self.measure = FixedText(theme.fixed_font())
        self.selection = EventSelection()
        self.heads = ColumnHeads(self)
        self.heads.sectionResized.connect(self._on_column_resized)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.lines_read = 0

    # What is shown

    def show_rows(self, rows: Rows | None, explain: Explainer | None, marked: Matches | None = None) -> None:
        """Show other events. marked: those that a filter found while all are shown."""
        self._rows, self._explain, self._marked = rows, explain, marked
        self._lines.clear()
        self.refresh()

    def explain_by(self, explain: Explainer | None) -> None:
        """Another explainer for the same events."""
        self._explain = explain
        self._lines.clear()
        self.viewport().update()

    def grew(self) -> None:
        """There is more; explanations near the end may have become others."""
        if self._explain is not None and self._rows is not None:
            unsettled = len(self._rows.transcript) - UNSETTLED
            for index in [index for index in self._lines if index >= unsettled]:
                del self._lines[index]
        self.refresh()

    def row_count(self) -> int:
        return len(self._rows) if self._rows is not None else 0

    def refresh(self) -> None:
        several = self._rows is not None and len(self._rows.transcript.channels) > 1
        if self.heads.isSectionHidden(Column.CHANNEL) == several:
            self.heads.show_channels(several)
            self.heads.fit(self.viewport().width())
        super().refresh()

    # Selecting

    def select(self, selection: EventSelection, *, reveal: bool = True) -> None:
        """Take a selection over; announced only if it is another one."""
        if selection == self.selection:
            return
        self.selection = selection
        if reveal and selection.current is not None and self._rows is not None:
            self.reveal(min(self._rows.row_of(selection.current), max(0, len(self._rows) - 1)))
        self._say()
        self.viewport().update()
        self.selection_changed.emit()

    def go_to(self, index: int) -> None:
        """Select one event and bring it into sight."""
        self.leave_end()
        self.select(EventSelection().only(index))

    def select_all(self) -> None:
        if self._rows is not None:
            self.select(self.selection.everything(len(self._rows.transcript)), reveal=False)

    def step(self, step: Step, *, extend: bool) -> None:
        count = self.row_count()
        if self._rows is None or not count:
            return
        page = self.visible_rows
        current = self.selection.current
        row = self._rows.row_of(current) if current is not None else None
        targets = {
            Step.UP: -1,
            Step.DOWN: 1,
            Step.PAGE_UP: -page,
            Step.PAGE_DOWN: page,
        }
        if step in targets:
            row = self.row_scroll.top if row is None else row + targets[step]
        elif step in (Step.FIRST, Step.ROW_START):
            row = 0
        elif step in (Step.LAST, Step.ROW_END):
            row = count - 1
        else:
            return
        index = self._rows.index(min(max(row, 0), count - 1))
        self.select(self.selection.extended(index) if extend else self.selection.only(index))
        if row >= count - 1:
            self.moved_by_hand(upward=False)

    def _row_at(self, point: QPointF) -> int | None:
        count = self.row_count()
        row = self.row_scroll.top + int(point.y() // self.row_height)
        return row if 0 <= row < count else None

    def point_at(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        row = self._row_at(point)
        if row is None or self._rows is None:
            return
        index = self._rows.index(row)
        self._leave_end_unless_last(row)
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.select(self.selection.extended(index), reveal=False)
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            self.select(self.selection.toggled(index), reveal=False)
        else:
            self.select(self.selection.only(index), reveal=False)

    def _leave_end_unless_last(self, row: int) -> None:
        """What a person points at must not run away."""
        if row < self.row_count() - 1:
            self.leave_end()

    def drag_to(self, point: QPointF) -> None:
        row = self._row_at(point)
        if self._rows is None or not self.row_count():
            return
        row = self.row_count() - 1 if row is None else row
        self.select(self.selection.extended(self._rows.index(row)), reveal=False)

    def is_selected_at(self, point: QPointF) -> bool:
        row = self._row_at(point)
        return row is not None and self._rows is not None and self._rows.index(row) in self.selection

    # Words

    def row_text(self, index: int) -> str:
        """The row of an event in words a screen reader can say."""
        if self._rows is None:
            return ""
        shown = self._line(self._rows.transcript[index])
        size = "" if shown.line.size is None else f"{shown.line.size} octets"
        parts = (f"{shown.line.time_s:.6f} seconds", shown.sign.word, size, shown.what, shown.explained)
        return ", ".join(part for part in parts if part)

    def tip_at(self, point: QPointF) -> str:
        row = self._row_at(point)
        if row is None or self._rows is None:
            return ""
        shown = self._line(self._rows.event(row))
        told = shown.line
        info = self._rows.transcript.channels[told.channel]
        size = "" if told.size is None else f", {told.size:,} octets"
        ends = " ".join(filter(None, (info.title, info.local and f"({info.local} ⇄ {info.peer})")))
        head = f"Event {told.index}, {shown.sign.word}{size}, channel {told.channel}: {visible(ends)}"
        return "\n".join(filter(None, (head, shown.what, shown.explained)))

    def _say(self) -> None:
        current = self.selection.current
        known = self._rows is not None and current is not None and current < len(self._rows.transcript)
        self.say_current(self.row_text(current) if known and current is not None else "")

    def _line(self, event: Event) -> ShownLine:
        kept = self._lines.get(event.index)
        if kept is not None:
            self._lines.move_to_end(event.index)
            return kept
        assert self._rows is not None
        self.lines_read += 1
        made = ShownLine(line(self._rows.transcript, event, self._explain), sign_of(event))
        self._lines[event.index] = made
        if len(self._lines) > KEPT_LINES:
            self._lines.popitem(last=False)
        return made

    # Painting

    def paint_rows(self, painter: QPainter) -> None:
        rows = self._rows
        if rows is None or not len(rows):
            return
        top, page = self.row_scroll.top, self.row_scroll.page
        paint = ExplainedPaint(painter, self, _decimals(rows))
        for number, event in enumerate(rows.events(top, top + page + 1)):
            is_marked = self._marked is not None and event.index in self._marked
            is_selected = event.index in self.selection
            paint.row(number, self._line(event), is_marked=is_marked, is_selected=is_selected)
        current = self._current_row()
        if current is not None and self.hasFocus() and 0 <= current - top <= page:
            paint.frame(current - top)

    # Qt

    def _on_column_resized(self) -> None:
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        row = self._current_row()
        was_seen = row is not None and 0 <= row - self.row_scroll.top < self.row_scroll.page
        self._place_heads()
        super().resizeEvent(event)
        if row is not None and was_seen and not self.is_following:
            # The detail that opened below must not cover what it is about.
            self.row_scroll.reveal(row)
            self.show_place()

    def _current_row(self) -> int | None:
        current = self.selection.current
        return None if current is None or self._rows is None else self._rows.row_of(current)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.measure = FixedText(theme.fixed_font())
            self._lines.clear()
            self._place_heads()

    def _place_heads(self) -> None:
        height = self.heads.sizeHint().height()
        self.setViewportMargins(0, height, 0, 0)
        box = self.viewport().geometry()
        self.heads.setGeometry(box.x(), box.y() - height, box.width(), height)
        self.heads.fit(box.width())


def _decimals(rows: Rows) -> int:
    """As many decimals as keep the column narrow: microseconds in the first ten seconds, fewer later."""
    last_s = rows.transcript[len(rows.transcript) - 1].time_ns / 1e9
    return 6 if last_s < 10 else 5 if last_s < 100 else 4

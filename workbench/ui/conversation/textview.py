"""The Text form: the octets of both directions as flowing text, row by row, read when they are painted."""

from collections import OrderedDict

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from workbench.formats.charset import visible
from workbench.transcript.render import Explainer, line
from workbench.ui import theme
from workbench.ui.conversation.breaks import RowBreaks
from workbench.ui.conversation.fixedtext import FixedText
from workbench.ui.conversation.lines import Place, TextLines, TextRow
from workbench.ui.conversation.rows import Rows
from workbench.ui.conversation.rowsview import MARGIN, RowsView
from workbench.ui.conversation.selection import OctetSelection, Spot
from workbench.ui.conversation.signs import sign_of
from workbench.ui.conversation.textcursor import TextCursor
from workbench.ui.conversation.textpaint import ARROW_WIDTH, CHANNEL_WIDTH, TIME_WIDTH, TextPaint
from workbench.ui.conversation.textrow import DrawnRow
from workbench.ui.conversation.textwindow import TextWindow
from workbench.ui.hexselect import Step

ROW_HEIGHT = 20
"""At scale 1: as in the hex view, tighter than the rows of a table."""
LEAST_COLUMNS, MOST_COLUMNS = 32, 512
KEPT_ROWS = 256
EMPTY_DATAGRAM = "(empty datagram)"


class TextView(RowsView):
    """The text of a conversation.

    Signals:
        selection_changed: other octets are selected, or the cursor is elsewhere.
        work_appeared: there are rows to count: call `work` until it returns False.
    """

    selection_changed = Signal()
    work_appeared = Signal()

    def __init__(self, name: str = "Conversation, text", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._rows: Rows | None = None
        self._explain: Explainer | None = None
        self._window: TextWindow | None = None
        self._encoding = "utf-8"
        self._drawn: OrderedDict[Place, DrawnRow] = OrderedDict()
        self._widest = 0.0
        self._cursor = TextCursor(self._drawn_row)
        self.selection = OctetSelection()
        self.has_channels = False
        self._fixed = FixedText(theme.fixed_font())
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    # What is shown

    def show_rows(self, rows: Rows | None, explain: Explainer | None) -> None:
        """Show other events, from the beginning or, in follow mode, from the end."""
        self._rows, self._explain = rows, explain
        self.row_scroll.top = 0
        self._widest = 0.0
        self._count_anew(None)

    def explain_by(self, explain: Explainer | None) -> None:
        """Another explainer for the same events."""
        self._explain = explain
        self.viewport().update()

    @property
    def encoding(self) -> str:
        """How octets are read."""
        return self._encoding

    def set_encoding(self, encoding: str) -> None:
        """Read the octets in another way. Raises LocalMisuse for an unknown one."""
        known = RowBreaks(encoding, LEAST_COLUMNS).encoding
        if known != self._encoding:
            self._encoding = known
            self._count_anew(self._place_on_top())

    def grew(self) -> None:
        """There is more; what ended a stream may go on now."""
        self._drawn.clear()
        if self.has_work and self.isVisible():
            self.work()
            self.work_appeared.emit()
        else:
            self.refresh()

    @property
    def has_work(self) -> bool:
        """Whether rows are still to be counted."""
        return self._window is not None and not self._window.lines.is_complete

    def work(self) -> bool:
        """Count rows for a slice; returns whether there is more to do."""
        if self._window is None:
            return False
        more = self._window.lines.step()
        self._window.settle()
        self.refresh()
        return more

    @property
    def progress(self) -> float:
        """How much of the conversation is counted, from 0 to 1."""
        if self._window is None or self._rows is None or not self.has_work:
            return 1.0
        return self._window.lines.counted / max(1, len(self._rows))

    def refresh(self) -> None:
        several = self._rows is not None and len(self._rows.transcript.channels) > 1
        if several != self.has_channels:
            self.has_channels = several
            self._wrap_anew()
        super().refresh()

    def row_count(self) -> int:
        return self._window.row_count() if self._window is not None else 0

    def release(self) -> None:
        """Give the counted rows back; nothing is shown any more."""
        self.show_rows(None, None)

    def _place_on_top(self) -> Place | None:
        """What is seen at the top now; None when the end is."""
        return (
            self._window.seen[0].place
            if self._window and self._window.seen and not self.is_following
            else None
        )

    def _count_anew(self, top: Place | None) -> None:
        """Rows begin elsewhere from now on; the place stays at the top."""
        if self._window is not None:
            self._window.lines.close()
            self._window = None
        self._drawn.clear()
        if self._rows is not None:
            lines = TextLines(self._rows, RowBreaks(self._encoding, self._columns()))
            self._window = TextWindow(lines, self.row_scroll)
            self._window.anchor = top
            if self.isVisible():
                self.work()
                self.work_appeared.emit()
        self.refresh()

    def _columns(self) -> int:
        width = self.viewport().width() - self.gutter - theme.metric(MARGIN)
        return min(max(int(width / self._fixed.width), LEAST_COLUMNS), MOST_COLUMNS)

    # Going and selecting

    def go_to(self, spot: Spot, *, select_to: Spot | None = None) -> None:
        """Bring a spot into sight; with a second one select what lies between."""
        self.leave_end()
        self._reveal_spot(spot)
        self.select(OctetSelection(spot, select_to if select_to is not None else spot))

    def _reveal_spot(self, spot: Spot) -> None:
        window, rows = self._window, self._rows
        if window is None or rows is None:
            return
        place = Place(rows.row_of(spot.event), spot.octet)
        number = window.lines.row_of(place)
        if number is not None:
            window.anchor = None
            self.reveal(number)
        elif not window.shows(place):
            self.leave_end()
            window.stand_on(place)
        self.show_place()

    def scroll_rows(self, rows: int) -> None:
        if self._window is not None:
            self._window.scroll_by(rows)
            self.moved_by_hand(upward=rows < 0)

    def move_to_bar(self, value: int) -> None:
        if self._window is not None:
            self._window.move_to_bar(value)

    @property
    def row_height(self) -> int:
        return theme.metric(ROW_HEIGHT)

    def select(self, selection: OctetSelection) -> None:
        """Take a selection over; announced only if it is another one."""
        if selection == self.selection:
            return
        self.selection = selection
        self.viewport().update()
        self._say()
        self.selection_changed.emit()

    def select_all(self) -> None:
        if self._rows is not None and len(self._rows):
            last = self._rows.event(len(self._rows) - 1)
            self.select(OctetSelection(Spot(self._rows.index(0), 0), Spot(last.index, last.size)))

    def _row_at(self, point: QPointF) -> TextRow | None:
        seen = self._window.seen if self._window is not None else []
        number = int(max(0.0, point.y()) // self.row_height)
        return seen[min(number, len(seen) - 1)] if seen else None

    def spot_at(self, point: QPointF) -> Spot | None:
        """The spot nearest to a point of the viewport; None where there is no text."""
        row = self._row_at(point)
        if row is None:
            return None
        return self._drawn_row(row).spot_at(point.x() - self.gutter + self.horizontalScrollBar().value())

    def point_at(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        spot = self.spot_at(point)
        if spot is not None:
            self.leave_end()
            self._cursor.forget_goal()
            extend = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            self.select(self.selection.moved(spot, extend=extend))

    def drag_to(self, point: QPointF) -> None:
        spot = self.spot_at(point)
        if spot is not None:
            self.select(self.selection.moved(spot, extend=True))

    def is_selected_at(self, point: QPointF) -> bool:
        spot, span = self.spot_at(point), self.selection.range
        return spot is not None and span is not None and span[0] <= spot <= span[1]

    def step(self, step: Step, *, extend: bool) -> None:
        window, rows = self._window, self._rows
        if window is None or rows is None or not window.seen:
            return
        cursor = self.selection.cursor or self._drawn_row(window.seen[0]).spot_of(0)
        number = window.lines.row_of(Place(rows.row_of(cursor.event), cursor.octet))
        if number is None:  # not counted so far: move what is seen instead
            page = self.row_scroll.page
            self.scroll_rows(
                {Step.UP: -1, Step.DOWN: 1, Step.PAGE_UP: -page, Step.PAGE_DOWN: page}.get(step, 0)
            )
            return
        page = max(1, self.row_scroll.page - 1)
        target = self._cursor.target(step, cursor, number, window.lines, page)
        if target is not None:
            self.leave_end()
            self.select(self.selection.moved(target, extend=extend))
            self._reveal_spot(target)

    # Words

    def row_text(self, row: TextRow) -> str:
        """A row in words a screen reader can say."""
        return f"{sign_of(row.event).word}, {self._words_of(row)}"

    def tip_at(self, point: QPointF) -> str:
        spot = self.spot_at(point)
        if spot is None or self._rows is None:
            return ""
        event = self._rows.transcript[spot.event]
        told = f"Event {event.index}, {sign_of(event).word} at {event.time_ns / 1e9:.6f} s"
        return f"{told}, octet {spot.octet:,} of {event.size:,}" if event.kind == "bytes" else told

    def _words_of(self, row: TextRow) -> str:
        if row.event.kind == "fact" and self._rows is not None:
            return visible(line(self._rows.transcript, row.event, self._explain).what)
        return self._drawn_row(row).cells.text if row.data else EMPTY_DATAGRAM

    def _say(self) -> None:
        cursor = self.selection.cursor
        seen = self._window.seen if self._window is not None and cursor is not None else []
        held = next((row for row in seen if cursor is not None and _has_event(row, cursor.event)), None)
        self.say_current(self.row_text(held) if held is not None else "")

    # Painting

    @property
    def gutter(self) -> int:
        """Pixels left of the text: time, channel and direction."""
        return theme.metric(MARGIN + TIME_WIDTH + ARROW_WIDTH + (CHANNEL_WIDTH if self.has_channels else 0))

    @property
    def measure(self) -> FixedText:
        """The fixed font and its widths."""
        return self._fixed

    def _drawn_row(self, row: TextRow) -> DrawnRow:
        kept = self._drawn.get(row.place)
        if kept is not None and kept.row == row:
            self._drawn.move_to_end(row.place)
            return kept
        assert self._window is not None
        lines = self._window.lines
        made = DrawnRow(row, lines.rows.transcript, lines.breaks, self._fixed)
        self._drawn[row.place] = made
        if len(self._drawn) > KEPT_ROWS:
            self._drawn.popitem(last=False)
        return made

    def paint_rows(self, painter: QPainter) -> None:
        if self._window is None:
            return
        rows = self._window.read(at_end=self.is_following)
        paint = TextPaint(painter, self)
        for number, row in enumerate(rows):
            paint.gutter(number * self.row_height, row, is_top=number == 0)
        painter.setFont(self._fixed.font)
        painter.setClipRect(
            QRect(self.gutter, 0, self.viewport().width() - self.gutter, self.viewport().height())
        )
        widest = self._widest
        for number, row in enumerate(rows):
            painter.resetTransform()
            painter.translate(self.gutter - self.horizontalScrollBar().value(), number * self.row_height)
            if row.data:
                drawn = self._drawn_row(row)
                paint.text(drawn)
                widest = max(widest, drawn.width)
            else:
                paint.words(row, self._words_of(row))
        if widest != self._widest:
            self._widest = widest
            self._fit_sideways()

    def _fit_sideways(self) -> None:
        bar = self.horizontalScrollBar()
        room = self.viewport().width() - self.gutter - theme.metric(MARGIN)
        bar.setRange(0, max(0, round(self._widest) - room))
        bar.setPageStep(max(1, room))
        bar.setSingleStep(theme.metric(24))

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # What came while nobody looked.
        if self.has_work:
            self.work()
            self.work_appeared.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        ends = (self.selection.cursor, self.selection.anchor)
        seen = next((spot for spot in ends if spot is not None and self._shows(spot)), None)
        super().resizeEvent(event)
        self._wrap_anew()
        if seen is not None and not self.is_following:
            # The detail that opened below must not cover what it is about.
            self._reveal_spot(seen)

    def _shows(self, spot: Spot) -> bool:
        if self._window is None or self._rows is None:
            return False
        return self._window.shows(Place(self._rows.row_of(spot.event), spot.octet))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fixed = FixedText(theme.fixed_font())
            self._wrap_anew()

    def _wrap_anew(self) -> None:
        """Rows are as long as the view is wide."""
        self._fit_sideways()
        if self._window is not None and self._window.lines.breaks.columns != self._columns():
            self._widest = 0.0
            self._count_anew(self._place_on_top())


def _has_event(row: TextRow, index: int) -> bool:
    return row.pieces[0].event.index <= index <= row.pieces[-1].event.index

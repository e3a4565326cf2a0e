"""The Text form: the octets of both directions as flowing text, row by row, read when they are painted.

Rows are counted in slices by `lines`. Where nothing was counted yet (the end of 1 GiB that was just opened) the view
stands on a place instead of a row number and reads onward from there; the scroll bar estimates until the count is there.
"""

from collections import OrderedDict

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from workbench.formats.charset import visible
from workbench.transcript.render import Explainer, line
from workbench.ui import theme
from workbench.ui.conversation.breaks import RowBreaks
from workbench.ui.conversation.explained import Sign, sign_of
from workbench.ui.conversation.lines import Place, TextLines, TextRow
from workbench.ui.conversation.rows import Rows
from workbench.ui.conversation.rowsview import MARGIN, RowsView
from workbench.ui.conversation.selection import OctetSelection, Spot
from workbench.ui.conversation.textrow import DrawnRow
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
        self._lines: TextLines | None = None
        self._anchor: Place | None = None
        self._encoding = "utf-8"
        self._drawn: OrderedDict[Place, DrawnRow] = OrderedDict()
        self._seen: list[TextRow] = []
        self._widest = 0.0
        self._goal_x: float | None = None
        self.selection = OctetSelection()
        self._fixed = theme.fixed_font()
        self._metrics = QFontMetricsF(self._fixed)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    # What is shown

    def show_rows(self, rows: Rows | None, explain: Explainer | None) -> None:
        """Show other events, from the beginning or, in follow mode, from the end."""
        self._rows, self._explain = rows, explain
        self._anchor = None
        self.scroll.top = 0
        self._widest = 0.0
        self._begin_counting()

    @property
    def encoding(self) -> str:
        """How octets are read."""
        return self._encoding

    def set_encoding(self, encoding: str) -> None:
        """Read the octets in another way. Raises LocalMisuse for an unknown one."""
        RowBreaks(encoding, LEAST_COLUMNS)
        if encoding != self._encoding:
            self._encoding = encoding
            self._keep_place()
            self._begin_counting()

    def grew(self) -> None:
        """There is more."""
        self._drawn.clear()
        if self._lines is not None and not self._lines.is_complete and self.isVisible():
            self.work()
            self.work_appeared.emit()
        else:
            self.refresh()

    @property
    def has_work(self) -> bool:
        """Whether rows are still to be counted."""
        return self._lines is not None and not self._lines.is_complete

    def work(self) -> bool:
        """Count rows for a slice; returns whether there is more to do."""
        if self._lines is None:
            return False
        more = self._lines.step()
        self._try_to_settle()
        self.refresh()
        return more

    @property
    def progress(self) -> float:
        """How much of the conversation is counted, from 0 to 1."""
        if self._lines is None or self._lines.is_complete or self._rows is None:
            return 1.0
        return self._lines.counted / max(1, len(self._rows))

    def row_count(self) -> int:
        """Counted rows, and an estimate of the others."""
        lines, rows = self._lines, self._rows
        if lines is None or rows is None:
            return 0
        if lines.is_complete:
            return len(lines)
        left = len(rows) - lines.counted
        return len(lines) + max(1, round(left * max(1.0, len(lines) / max(1, lines.counted))))

    def visible_text_rows(self) -> list[TextRow]:
        """The rows that are to be seen, and one that is cut off."""
        lines, rows = self._lines, self._rows
        if lines is None or rows is None or not len(rows):
            return []
        page = self.scroll.page
        if self.is_following and not lines.is_complete:
            return lines.before(lines.end, page)
        if self._anchor is not None:
            return list(lines.walk(self._anchor, page + 1))
        return lines.read(self.scroll.top, page + 1)

    def close(self) -> bool:
        """Give the counted rows back."""
        if self._lines is not None:
            self._lines.close()
            self._lines = None
        return super().close()

    # Places and row numbers

    def go_to(self, spot: Spot, *, select_to: Spot | None = None) -> None:
        """Bring a spot into sight; with a second one select what lies between."""
        self.leave_end()
        self._reveal_spot(spot)
        self.select(OctetSelection(spot, select_to if select_to is not None else spot))

    def _reveal_spot(self, spot: Spot) -> None:
        if self._lines is None or self._rows is None:
            return
        place = Place(self._rows.row_of(spot.index), spot.octet)
        if any(_holds(row, place) for row in self._seen[: self.scroll.page]):
            return
        number = self._lines.row_of(place)
        if number is None:
            self.leave_end()
            self._stand_on(place)
        else:
            self._anchor = None
            self.reveal(number)

    def _stand_on(self, place: Place) -> None:
        """Show what nobody has counted yet; the row begins at a line end where one is near."""
        assert self._lines is not None
        before = self._lines.before(place, 1)
        begin = before[-1].place if before and place.octet else place
        self._anchor = begin
        self.scroll.move_to(self._estimated_row(begin))
        self.show_place()

    def _estimated_row(self, place: Place) -> int:
        assert self._lines is not None and self._rows is not None
        counted, total = self._lines.counted, len(self._rows)
        share = (place.row - counted) / max(1, total - counted)
        return len(self._lines) + int(max(0.0, share) * (self.row_count() - len(self._lines)))

    def _try_to_settle(self) -> None:
        """From a place to a row number, once that is counted."""
        if self._anchor is None or self._lines is None:
            return
        number = self._lines.row_of(self._anchor)
        if number is not None:
            self._anchor = None
            self.scroll.resize(self.row_count(), self.scroll.page)
            self.scroll.move_to(number)

    def _keep_place(self) -> None:
        """Rows will be counted anew: stand on the place that is seen now."""
        if not self.is_following and self._seen:
            self._anchor = self._seen[0].place

    def _begin_counting(self) -> None:
        if self._lines is not None:
            self._lines.close()
            self._lines = None
        self._drawn.clear()
        self._seen = []
        if self._rows is not None:
            self._lines = TextLines(self._rows, RowBreaks(self._encoding, self._columns()))
            if self.isVisible():
                self.work()
                self.work_appeared.emit()
        self.refresh()

    def _columns(self) -> int:
        width = self.viewport().width() - self.gutter - theme.metric(MARGIN)
        fitting = int(width / self._metrics.horizontalAdvance("0" * 64) * 64)
        return min(max(fitting, LEAST_COLUMNS), MOST_COLUMNS)

    def scroll_rows(self, rows: int) -> None:
        if self._lines is None or self._lines.is_complete or not self._seen:
            self._anchor = None
            super().scroll_rows(rows)
            return
        if rows < 0:
            found = self._lines.before(self._seen[0].place, -rows)
            target = found[0].place if found else self._seen[0].place
        else:
            found = list(self._lines.walk(self._seen[0].place, rows + 1))
            target = found[-1].place
        self.leave_end()
        number = self._lines.row_of(target)
        if number is None:
            self._anchor = target
            self.scroll.move_to(self._estimated_row(target))
        else:
            self._anchor = None
            self.scroll.move_to(number)
        self.show_place()

    def move_to_bar(self, value: int) -> None:
        super().move_to_bar(value)
        self._anchor = None
        lines, rows = self._lines, self._rows
        if lines is None or rows is None or lines.is_complete or self.scroll.top < len(lines):
            return
        share = (self.scroll.top - len(lines)) / max(1, self.row_count() - len(lines))
        row = lines.counted + int(share * (len(rows) - lines.counted))
        self._anchor = Place(min(row, len(rows) - 1), 0)

    @property
    def row_height(self) -> int:
        return theme.metric(ROW_HEIGHT)

    # Selecting

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

    def _row_at(self, y: float) -> TextRow | None:
        if not self._seen:
            return None
        number = int(max(0.0, y) // self.row_height)
        return self._seen[min(number, len(self._seen) - 1)]

    def spot_at(self, point: QPointF) -> Spot | None:
        """The spot nearest to a point of the viewport; None where there is no text."""
        row = self._row_at(point.y())
        if row is None:
            return None
        return self._drawn_row(row).spot_at(point.x() - self.gutter + self.horizontalScrollBar().value())

    def point_at(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        spot = self.spot_at(point)
        if spot is not None:
            self.leave_end()
            self._goal_x = None
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
        lines, rows = self._lines, self._rows
        if lines is None or rows is None or not self._seen:
            return
        cursor = self.selection.cursor or self._drawn_row(self._seen[0]).spot_of(0)
        number = lines.row_of(Place(rows.row_of(cursor.index), cursor.octet))
        if number is None:  # not counted so far: move what is seen instead
            page = self.scroll.page
            by = {Step.UP: -1, Step.DOWN: 1, Step.PAGE_UP: -page, Step.PAGE_DOWN: page}.get(step, 0)
            self.scroll_rows(by)
            return
        target = self._target(step, cursor, number, lines)
        if target is not None:
            self.leave_end()
            self.select(self.selection.moved(target, extend=extend))
            self._reveal_spot(target)

    def _target(self, step: Step, cursor: Spot, number: int, lines: TextLines) -> Spot | None:
        here = self._drawn_row(lines.read(number, 1)[0])
        if step in (Step.LEFT, Step.RIGHT):
            self._goal_x = None
            by = 1 if step is Step.RIGHT else -1
            spot = here.neighbour(cursor, by)
            at_end = spot is not None and by > 0 and here.octet_of(spot) == len(here.row.data)
            if spot is not None and not at_end:
                return spot
            other = lines.read(number + by, 1) if number + by >= 0 else []
            if not other:
                return spot
            drawn = self._drawn_row(other[0])
            return drawn.spot_of(0) if by > 0 else drawn.neighbour(drawn.spot_of(len(other[0].data)), -1)
        if step in (Step.ROW_START, Step.ROW_END):
            self._goal_x = None
            last = here.neighbour(here.spot_of(len(here.row.data)), -1) if here.row.data else None
            return here.spot_of(0) if step is Step.ROW_START else last or here.spot_of(0)
        if self._goal_x is None:
            self._goal_x = here.x_of_octet(here.octet_of(cursor))
        page = max(1, self.scroll.page - 1)
        last_row = len(lines) - 1
        wanted = {
            Step.UP: number - 1,
            Step.DOWN: number + 1,
            Step.PAGE_UP: number - page,
            Step.PAGE_DOWN: number + page,
            Step.FIRST: 0,
            Step.LAST: last_row,
        }[step]
        found = lines.read(min(max(wanted, 0), last_row), 1)
        return self._drawn_row(found[0]).spot_at(self._goal_x) if found else None

    # Words

    def row_text(self, row: TextRow) -> str:
        """A row in words a screen reader can say."""
        sign = sign_of(row.event)
        return f"{sign.word}, {self._words_of(row, sign)}"

    def tip_at(self, point: QPointF) -> str:
        row = self._row_at(point.y())
        if row is None or self._rows is None:
            return ""
        spot = self._drawn_row(row).spot_at(point.x() - self.gutter + self.horizontalScrollBar().value())
        event = self._rows.transcript[spot.index]
        told = f"Event {event.index}, {sign_of(event).word} at {event.time_ns / 1e9:.6f} s"
        return f"{told}, {event.size:,} octets; here octet {spot.octet:,}" if event.kind == "bytes" else told

    def _words_of(self, row: TextRow, sign: Sign) -> str:
        if row.event.kind == "fact" and self._rows is not None:
            told = line(self._rows.transcript, row.event, self._explain)
            return visible(told.what)
        return self._drawn_row(row).cells.text if row.data else EMPTY_DATAGRAM

    def _say(self) -> None:
        cursor = self.selection.cursor
        held = [row for row in self._seen if cursor is not None and _has_event(row, cursor.index)]
        self.say_current(self.row_text(held[0]) if held else "")

    # Painting

    @property
    def gutter(self) -> int:
        """Pixels left of the text: time, channel and direction of each run."""
        several = self._rows is not None and len(self._rows.transcript.channels) > 1
        return theme.metric(104 + (26 if several else 0))

    def _drawn_row(self, row: TextRow) -> DrawnRow:
        kept = self._drawn.get(row.place)
        if kept is not None and kept.row == row:
            self._drawn.move_to_end(row.place)
            return kept
        assert self._lines is not None and self._rows is not None
        made = DrawnRow(row, self._rows.transcript, self._lines.breaks, self._metrics)
        self._drawn[row.place] = made
        if len(self._drawn) > KEPT_ROWS:
            self._drawn.popitem(last=False)
        return made

    def paint_rows(self, painter: QPainter) -> None:
        self._seen = self.visible_text_rows()
        height = self.row_height
        baseline = (height - self._metrics.height()) / 2 + self._metrics.ascent()
        left = self.horizontalScrollBar().value()
        widest = self._widest
        for number, row in enumerate(self._seen):
            painter.save()
            painter.translate(0, number * height)
            self._paint_text(painter, row, height, baseline, left)
            self._paint_gutter(painter, row, height, is_first=number == 0)
            painter.restore()
            if row.data:
                widest = max(widest, self._drawn_row(row).width)
        if widest != self._widest:
            self._widest = widest
            self._fit_sideways()

    def _paint_text(self, painter: QPainter, row: TextRow, height: int, baseline: float, left: int) -> None:
        sign = sign_of(row.event)
        gutter = self.gutter
        painter.setClipRect(gutter, 0, self.viewport().width() - gutter, height)
        painter.translate(gutter - left, 0)
        painter.setFont(self._fixed)
        if not row.data:
            painter.setPen(QPen(theme.colour(sign.role if sign.role in ("warning", "error") else "muted")))
            painter.drawText(QPointF(0, baseline), self._words_of(row, sign))
            return
        drawn = self._drawn_row(row)
        self._paint_selection(painter, drawn, height)
        drawn.draw(painter, baseline, theme.colour(sign.role), theme.colour("muted"))
        painter.setPen(QPen(theme.colour("strong_border"), 1, Qt.PenStyle.SolidLine))
        for x in drawn.boundaries:
            painter.drawLine(QPointF(round(x) + 0.5, height * 0.7), QPointF(round(x) + 0.5, height - 1))
        cursor = self.selection.cursor
        if cursor is not None and self.hasFocus() and _holds_spot(drawn, cursor):
            x = drawn.x_of_octet(drawn.octet_of(cursor))
            painter.fillRect(QRectF(x - 0.5, 2, max(1.0, theme.metric(1.5)), height - 4), theme.colour("accent"))

    def _paint_selection(self, painter: QPainter, drawn: DrawnRow, height: int) -> None:
        span = self.selection.range
        if span is None:
            return
        first, last = drawn.octet_of(span[0]), drawn.octet_of(span[1])
        if first < last:
            painter.fillRect(drawn.box(first, last, height), theme.colour("selection"))

    def _paint_gutter(self, painter: QPainter, row: TextRow, height: int, *, is_first: bool) -> None:
        painter.resetTransform()
        number = int(self._seen.index(row)) if is_first else None
        del number

    def _fit_sideways(self) -> None:
        bar = self.horizontalScrollBar()
        room = self.viewport().width() - self.gutter - theme.metric(MARGIN)
        bar.setRange(0, max(0, round(self._widest) - room))
        bar.setPageStep(max(1, room))
        bar.setSingleStep(theme.metric(24))

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._wrap_anew()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_metrics"):
            self._fixed = QFont(theme.fixed_font())
            self._metrics = QFontMetricsF(self._fixed)
            self._wrap_anew()

    def _wrap_anew(self) -> None:
        """Rows are as long as the view is wide."""
        self._fit_sideways()
        if self._lines is not None and self._lines.breaks.columns != self._columns():
            self._keep_place()
            self._begin_counting()


def _holds(row: TextRow, place: Place) -> bool:
    """Whether a place stands in a row."""
    end = Place(row.place.row + len(row.pieces) - 1, max(row.pieces[-1].stop, 1))
    return row.place <= place < end


def _holds_spot(drawn: DrawnRow, spot: Spot) -> bool:
    first, last = drawn.row.pieces[0], drawn.row.pieces[-1]
    start, end = Spot(first.event.index, first.start), Spot(last.event.index, last.stop)
    return start <= spot < end or (spot == end and drawn.row.ends_run)


def _has_event(row: TextRow, index: int) -> bool:
    return row.pieces[0].event.index <= index <= row.pieces[-1].event.index

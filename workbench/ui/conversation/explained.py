"""The Explained form: one painted row per event, read when it is painted."""

from collections import OrderedDict
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from workbench.formats.charset import visible
from workbench.formats.quantity import octets
from workbench.transcript.records import Direction, Event
from workbench.transcript.render import Explainer, Line, line
from workbench.ui import theme
from workbench.ui.conversation.cells import spelled
from workbench.ui.conversation.columns import Column, ColumnHeads
from workbench.ui.conversation.matches import Matches
from workbench.ui.conversation.rows import Rows
from workbench.ui.conversation.rowsview import MARGIN, RowsView
from workbench.ui.conversation.selection import EventSelection
from workbench.ui.hexselect import Step

KEPT_LINES = 256
"""Lines kept between two paints: some screens full."""
LONGEST_SHOWN = 600
"""Characters of a cell that are measured; none is wider on any screen."""
_FAILURES = ("failed", "fault")
_BAD_ENDS = ("RST", "truncated", "timeout")


class Sign(NamedTuple):
    """How the nature of a row is shown: a sign, its colour, and the word a screen reader says."""

    text: str
    role: str
    word: str


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
        self._lines: OrderedDict[int, tuple[Line, Sign]] = OrderedDict()
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

    def grew(self) -> None:
        """There is more; explanations may have become others."""
        self._lines.clear()
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
        told, sign = self._line(self._rows.transcript[index])
        size = "" if told.size is None else f"{told.size} octets"
        parts = (f"{told.time_s:.6f} seconds", sign.word, size, told.what, told.text, told.source)
        return ", ".join(part for part in parts if part)

    def tip_at(self, point: QPointF) -> str:
        row = self._row_at(point)
        if row is None or self._rows is None:
            return ""
        told, sign = self._line(self._rows.event(row))
        info = self._rows.transcript.channels[told.channel]
        size = "" if told.size is None else f", {told.size:,} octets"
        ends = " ".join(filter(None, (info.title, info.local and f"({info.local} ⇄ {info.peer})")))
        head = f"Event {told.index}, {sign.word}{size}, channel {told.channel}: {visible(ends)}"
        rest = " · ".join(filter(None, (told.text, told.source)))
        return "\n".join(filter(None, (head, told.what, rest)))

    def _say(self) -> None:
        current = self.selection.current
        known = self._rows is not None and current is not None and current < len(self._rows.transcript)
        self.say_current(self.row_text(current) if known and current is not None else "")

    def _line(self, event: Event) -> tuple[Line, Sign]:
        kept = self._lines.get(event.index)
        if kept is not None:
            self._lines.move_to_end(event.index)
            return kept
        assert self._rows is not None
        self.lines_read += 1
        told = line(self._rows.transcript, event, self._explain)
        # An explainer may have quoted the peer.
        told = told._replace(
            what=spelled(visible(told.what)), text=visible(told.text), source=visible(told.source)
        )
        made = (told, sign_of(event))
        self._lines[event.index] = made
        if len(self._lines) > KEPT_LINES:
            self._lines.popitem(last=False)
        return made

    # Painting

    def paint_rows(self, painter: QPainter) -> None:
        rows = self._rows
        if rows is None or not len(rows):
            return
        paint = _RowPaint(painter, self)
        top = self.row_scroll.top
        paint.decimals = _decimals(rows)
        for number, event in enumerate(rows.events(top, top + self.row_scroll.page + 1)):
            told, sign = self._line(event)
            is_marked = self._marked is not None and event.index in self._marked
            paint.row(number, told, sign, is_marked, event.index in self.selection)
        current = self.selection.current
        if current is not None and self.hasFocus():
            number = rows.row_of(current) - top
            if 0 <= number <= self.row_scroll.page:
                paint.frame(number)

    # Qt

    def _on_column_resized(self) -> None:
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_heads()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "heads"):
            self._place_heads()

    def _place_heads(self) -> None:
        height = self.heads.sizeHint().height()
        self.setViewportMargins(0, height, 0, 0)
        box = self.viewport().geometry()
        self.heads.setGeometry(box.x(), box.y() - height, box.width(), height)
        self.heads.fit(box.width())


class _RowPaint:
    """The fonts, colours and columns of one paint."""

    def __init__(self, painter: QPainter, view: ExplainedView) -> None:
        self.painter = painter
        self.decimals = 6
        self._height = view.row_height
        self._width = view.viewport().width()
        self._gap = theme.metric(MARGIN)
        self._words = QFont(view.font())
        self._fixed = theme.fixed_font()
        self._metrics = {False: QFontMetrics(self._words), True: QFontMetrics(self._fixed)}
        self._spans = {column: view.heads.span(column) for column in Column}
        self._has_channels = not view.heads.isSectionHidden(Column.CHANNEL)
        self._colours: dict[str, QColor] = {}

    def row(self, number: int, told: Line, sign: Sign, is_marked: bool, is_selected: bool) -> None:
        """One row."""
        top = number * self._height
        if is_selected:
            self.painter.fillRect(0, top, self._width, self._height, self._colour("selection"))
        elif is_marked:
            self.painter.fillRect(0, top, self._width, self._height, theme.colour("accent", 0.10))
        if is_marked:
            self.painter.fillRect(0, top, theme.metric(3), self._height, self._colour("accent"))
        right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
        self._cell(Column.TIME, top, f"{told.time_s:.{self.decimals}f}", "muted", right)
        self._cell(Column.ARROW, top, sign.text, sign.role, Qt.AlignmentFlag.AlignHCenter, fixed=True)
        if self._has_channels:
            self._chip(top, str(told.channel))
        if told.size is not None:
            self._cell(Column.SIZE, top, octets(told.size), "muted", right)
        role = sign.role if told.size is not None or sign.role in ("warning", "error") else "text"
        self._cell(Column.WHAT, top, told.what, role, left, fixed=True)
        explained = " · ".join(filter(None, (told.text, told.source)))
        self._cell(Column.EXPLAINED, top, explained, "muted", left)

    def frame(self, number: int) -> None:
        """Mark the row that has the focus."""
        self.painter.setPen(QPen(self._colour("accent"), 1))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRect(QRectF(0.5, number * self._height + 0.5, self._width - 1, self._height - 1))

    def _cell(
        self, column: Column, top: int, text: str, role: str, align: Qt.AlignmentFlag, *, fixed: bool = False
    ) -> None:
        if not text:
            return
        x, width = self._spans[column]
        gap = 0 if column is Column.ARROW else self._gap
        right = gap if align & Qt.AlignmentFlag.AlignRight else gap // 2
        box = QRect(x + gap, top, width - gap - right, self._height)
        if box.width() <= 0:
            return
        metrics = self._metrics[fixed]
        shown = text[:LONGEST_SHOWN]
        if metrics.horizontalAdvance(shown) > box.width():
            shown = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, box.width())
        self.painter.setFont(self._fixed if fixed else self._words)
        self.painter.setPen(self._colour(role))
        flags = align | Qt.AlignmentFlag.AlignVCenter
        self.painter.drawText(box, int(flags) | Qt.TextFlag.TextSingleLine.value, shown)

    def _chip(self, top: int, text: str) -> None:
        x, width = self._spans[Column.CHANNEL]
        metrics = self._metrics[False]
        wide = min(width, max(theme.metric(20), metrics.horizontalAdvance(text) + theme.metric(10)))
        high = theme.metric(16)
        box = QRectF(x + (width - wide) / 2, top + (self._height - high) / 2, wide, high)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self._colour("chip"))
        self.painter.drawRoundedRect(box, high / 2, high / 2)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.painter.setFont(self._words)
        self.painter.setPen(self._colour("muted"))
        self.painter.drawText(box, Qt.AlignmentFlag.AlignCenter.value, text)

    def _colour(self, role: str) -> QColor:
        if role not in self._colours:
            self._colours[role] = theme.colour(role)
        return self._colours[role]


def sign_of(event: Event) -> Sign:
    """Arrow for octets, a sign for facts: what failed, what ended badly, everything else."""
    if event.direction is Direction.SENT:
        return Sign("→", "sent", "sent")
    if event.direction is Direction.RECEIVED:
        return Sign("←", "received", "received")
    if event.name.rpartition(".")[2] in _FAILURES:
        return Sign("✗", "error", "failure")
    if event.name == "end" and event.values.get("kind") in _BAD_ENDS:
        return Sign("!", "warning", "warning")
    return Sign("•", "muted", "fact")


def _decimals(rows: Rows) -> int:
    """As many decimals as keep the column narrow: microseconds in the first ten seconds, fewer later."""
    last_s = rows.transcript[len(rows.transcript) - 1].time_ns / 1e9
    return 6 if last_s < 10 else 5 if last_s < 100 else 4

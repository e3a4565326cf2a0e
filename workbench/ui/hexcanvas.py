"""The showing half of the hex view: rows of any source, read when they are painted, with marks and a selection.

What a person does to it with mouse and keys stands in `hexview`.
"""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSlider, QWidget

from workbench.errors import WorkbenchError
from workbench.ui import theme
from workbench.ui.hexlayout import HeldOctets, HexLayout, Octets, Place, fitting, row_hex, row_letters
from workbench.ui.hexpaint import Highlight, Highlights, Sight, paint_rows
from workbench.ui.hexscroll import RowScroll
from workbench.ui.hexselect import Selection

ROW_HEIGHT = 20
"""At scale 1: tighter than the rows of a table, as nobody has to hit a row; some 30 of them in half a window."""


class HexCanvas(QAbstractScrollArea):
    """Shows the octets of a source.

    Args:
        name: the accessible name, which says whose bytes these are.

    Signals:
        selection_changed: start and stop (half open; equal when only a place was pointed at).
        following_changed: whether the view stays at the end while the source grows.
    """

    selection_changed = Signal(object, object)
    following_changed = Signal(bool)

    def __init__(self, name: str = "Bytes", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._provider: Octets = HeldOctets(b"")
        self._size = 0
        self._hint = ""
        self._problem = ""
        self._highlights = Highlights()
        self._selection = Selection()
        self._wants_following = False
        self._is_following = False
        self._is_showing_place = False
        self._layout = HexLayout(16, 4, 8.0, 20, 8)
        self._rows = RowScroll()
        self._painted_font = QFont()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        theme.qualify(self, fixed=True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.verticalScrollBar().valueChanged.connect(self._on_bar_moved)
        self.verticalScrollBar().actionTriggered.connect(self._on_bar_stepped)
        self.horizontalScrollBar().valueChanged.connect(self._on_bar_moved_sideways)

    # What is shown

    @property
    def provider(self) -> Octets:
        """The source at present."""
        return self._provider

    def set_provider(self, provider: Octets | None) -> None:
        """Show another source from its beginning, or nothing; selection and highlights go."""
        self._provider = HeldOctets(b"") if provider is None else provider
        self._highlights = Highlights()
        self._problem = ""
        self._rows.top = 0
        self.change_selection(Selection())
        self._measure()

    def provider_grew(self) -> None:
        """The source has another length: take it over, and stay at the end in follow mode."""
        if len(self._provider) != self._size:
            self._measure()

    def set_highlights(self, ranges: Iterable[Highlight]) -> None:
        """Mark ranges; replaces earlier ones."""
        self._highlights = Highlights(ranges)
        self.viewport().update()

    def set_hint(self, text: str) -> None:
        """One line that says what will stand here, shown while there is nothing."""
        self._hint = text
        self.viewport().update()

    @property
    def columns(self) -> int:
        """Octets in a row at present: 8, 16, 24 or 32."""
        return self._layout.columns

    @property
    def first_visible(self) -> int:
        """The offset at the upper left corner."""
        return self._rows.top * self.columns

    @property
    def visible_rows(self) -> int:
        """Rows that are wholly to be seen."""
        return self._rows.page

    def row_text(self, offset: int) -> str:
        """The row of an octet in words a screen reader can say: offset, hex, text, and what is marked there."""
        start = offset - offset % self.columns
        row = self._read(start, start + self.columns)
        labels = [mark.label for mark in self._highlights.at(offset) if mark.label]
        return ", ".join([f"{start:x}", row_hex(row), row_letters(row), *labels])

    def labels_at(self, offset: int) -> list[str]:
        """What the highlights at an octet say, the narrowest first."""
        return [mark.label for mark in self._highlights.at(offset) if mark.label]

    # The selection, as a value

    @property
    def selection(self) -> Selection:
        """What is selected, with the direction in which it was."""
        return self._selection

    @property
    def selected_range(self) -> tuple[int, int]:
        """The same as a half-open range."""
        return self._selection.range

    def change_selection(self, selection: Selection, *, reveal: bool = False) -> None:
        """Take a selection over as it is; announced only if it is another one."""
        if reveal and selection.cursor is not None:
            self.reveal(selection.cursor)
        if selection == self._selection:
            return
        self._selection = selection
        self.viewport().update()
        cursor = selection.cursor
        self.setAccessibleDescription("" if cursor is None or not self._size else self.row_text(cursor))
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.selection_changed.emit(*selection.range)

    def place_at(self, point: QPointF) -> Place | None:
        """The octet nearest to a point of the viewport; None where there are none."""
        row = self._rows.top + int(point.y() // self._layout.row_height)
        return self._layout.place(point.x() + self.horizontalScrollBar().value(), row, self._size)

    # Moving

    def reveal(self, offset: int) -> None:
        """Move no further than needed for an octet to be seen."""
        before = self._rows.top
        self._rows.reveal(offset // self.columns)
        if self._rows.top != before:
            self._moved_by_hand(upward=self._rows.top < before)

    def scroll_rows(self, rows: int) -> None:
        """Move what is seen by rows, negative upward."""
        self._rows.move_to(self._rows.top + rows)
        self._moved_by_hand(upward=rows < 0)

    @property
    def is_following(self) -> bool:
        """Whether the view stays at the end while the source grows."""
        return self._is_following

    def set_following(self, follow: bool) -> None:
        """Stay at the end from now on, or no longer.

        A person who scrolls up leaves the end, and takes it up again by scrolling back to it.
        """
        self._wants_following = follow
        self._follow(follow)
        if follow:
            self._rows.move_to(self._rows.last_top)
            self._show_place()

    def _follow(self, follow: bool) -> None:
        if follow != self._is_following:
            self._is_following = follow
            self.following_changed.emit(follow)

    def _moved_by_hand(self, *, upward: bool) -> None:
        if self._wants_following and (upward or self._rows.is_at_end):
            self._follow(self._rows.is_at_end)
        self._show_place()

    def _show_place(self) -> None:
        bar = self.verticalScrollBar()
        self._is_showing_place = True
        bar.setRange(0, self._rows.bar_maximum)
        bar.setPageStep(self._rows.page)
        bar.setValue(self._rows.bar_value)
        theme.qualify(bar, idle=not bar.maximum())
        self._is_showing_place = False
        self.viewport().update()

    def _on_bar_moved(self, value: int) -> None:
        if not self._is_showing_place:
            before = self._rows.top
            self._rows.move_to_bar(value)
            self._moved_by_hand(upward=self._rows.top < before)

    def _on_bar_stepped(self, action: int) -> None:
        """Steps of the bar are rows, also where one position of the bar is many rows."""
        actions = QAbstractSlider.SliderAction
        steps = {
            actions.SliderSingleStepAdd.value: 1,
            actions.SliderSingleStepSub.value: -1,
            actions.SliderPageStepAdd.value: self._rows.page,
            actions.SliderPageStepSub.value: -self._rows.page,
        }
        if action in steps:
            self.scroll_rows(steps[action])
            self.verticalScrollBar().setSliderPosition(self._rows.bar_value)

    def _on_bar_moved_sideways(self) -> None:
        self.viewport().update()

    # Reading and laying out

    def _read(self, start: int, stop: int) -> bytes:
        try:
            return self._provider.read(start, min(stop, self._size))
        except WorkbenchError as error:
            # A spool that cannot be read any more: say so where the bytes would stand.
            self._problem = str(error)
            return b""

    def _measure(self) -> None:
        """Lay the rows out for the present length, width and font."""
        self._size = len(self._provider)
        # Hex and ASCII need no shaping; without it the letters of a page are placed in four fifths of the time.
        self._painted_font = QFont(self.font())
        self._painted_font.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
        metrics = QFontMetricsF(self._painted_font)
        # The average over many, as Qt places them: one character's width is rounded where hinting is on.
        char_width = metrics.horizontalAdvance("0" * 64) / 64
        row_height = theme.metric(ROW_HEIGHT)
        viewport = self.viewport()
        first = self.first_visible
        self._layout = fitting(viewport.width(), self._size, char_width, row_height, theme.metric(8))
        self._rows.top = first // self.columns
        self._rows.resize(-(-self._size // self.columns), viewport.height() // row_height)
        if self._is_following:
            self._rows.top = self._rows.last_top
        self.change_selection(self._selection.within(self._size))
        sideways = self.horizontalScrollBar()
        sideways.setRange(0, max(0, self._layout.width - viewport.width()))
        sideways.setPageStep(viewport.width())
        sideways.setSingleStep(round(char_width * 3))
        self._show_place()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(theme.metric(620), theme.metric(ROW_HEIGHT * 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.metric(160), theme.metric(ROW_HEIGHT * 3))

    def paintEvent(self, event: QPaintEvent) -> None:
        first = self.first_visible
        data = self._read(first, first + (self._rows.page + 1) * self.columns)
        sight = Sight(
            self._layout,
            first,
            data,
            self.horizontalScrollBar().value(),
            self._highlights.touching(first, first + len(data)),
            self.selected_range,
            self._selection.cursor,
            self.hasFocus(),
        )
        # Every drawing stands inside: a painter left open by an exception floods the log, and has ended in a crash.
        with QPainter(self.viewport()) as painter:
            if data:
                painter.setFont(self._painted_font)
                paint_rows(painter, sight)
            else:
                self._paint_sentence(painter, self._problem or self._hint)

    def _paint_sentence(self, painter: QPainter, sentence: str) -> None:
        gap = theme.metric(12)
        painter.setFont(QGuiApplication.font())
        painter.setPen(theme.colour("error" if self._problem else "muted"))
        flags = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
        painter.drawText(self.viewport().rect().adjusted(gap, gap, -gap, -gap), flags, sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure()

"""A painted list of any number of rows: scrolling, following, and the keys and mouse that both lists share.

Nothing is kept per row. What stands in a row is read by the subclass when it is painted; 16 million rows scroll as ten
do. Following is as in the hex view: the view stays at the end while rows come, a person who scrolls up leaves the end,
and takes it up again by scrolling back to it.
"""

from PySide6.QtCore import QBasicTimer, QEvent, QPoint, QPointF, QRect, QSize, Qt, QTimerEvent, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSlider, QToolTip, QWidget

from workbench.ui import theme
from workbench.ui.hexscroll import RowScroll
from workbench.ui.hexselect import Step

ROW_HEIGHT = 24
WHEEL_NOTCH = 120
"""Eighths of a degree, QWheelEvent::angleDelta."""
ROWS_PER_NOTCH = 3
DRAG_TICK_MS = 40
MARGIN = 8

_STEPS = {
    Qt.Key.Key_Left: Step.LEFT,
    Qt.Key.Key_Right: Step.RIGHT,
    Qt.Key.Key_Up: Step.UP,
    Qt.Key.Key_Down: Step.DOWN,
    Qt.Key.Key_PageUp: Step.PAGE_UP,
    Qt.Key.Key_PageDown: Step.PAGE_DOWN,
    Qt.Key.Key_Home: Step.ROW_START,
    Qt.Key.Key_End: Step.ROW_END,
}
_CONTROL_STEPS = {Qt.Key.Key_Home: Step.FIRST, Qt.Key.Key_End: Step.LAST}


class RowsView(QAbstractScrollArea):
    """The shared half of the Explained and the Text form.

    Args:
        name: the accessible name.

    Signals:
        following_changed: whether the view stays at the end while rows come.
        copy_asked: Ctrl+C.
        menu_asked: a context menu is wanted at this place of the screen.
        activated: Return or a double click on what is current.
    """

    following_changed = Signal(bool)
    copy_asked = Signal()
    menu_asked = Signal(QPoint)
    activated = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row_scroll = RowScroll()
        self._hint = ""
        self._wants_following = True
        self._is_following = True
        self._is_showing_place = False
        self._drag_point: QPointF | None = None
        self._drag_timer = QBasicTimer()
        self._wheel_rest = 0.0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().valueChanged.connect(self._on_bar_moved)
        self.verticalScrollBar().actionTriggered.connect(self._on_bar_stepped)
        self.horizontalScrollBar().valueChanged.connect(self._on_bar_moved_sideways)

    # What a list with rows says in its own way; as it stands here there are none

    def row_count(self) -> int:
        """How many rows there are at present."""
        return 0

    def paint_rows(self, painter: QPainter) -> None:
        """Draw the rows that are to be seen, the first one at the origin."""

    def step(self, step: Step, *, extend: bool) -> None:
        """Move what is current as a key asks."""

    def point_at(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The left button was pressed there."""

    def drag_to(self, point: QPointF) -> None:
        """The mouse moved there with the button down; the point is inside."""

    def is_selected_at(self, point: QPointF) -> bool:
        """Whether that place belongs to what is selected."""
        return False

    def select_all(self) -> None:
        """Select everything."""

    def tip_at(self, point: QPointF) -> str:
        """What a tooltip says there; "" for nothing."""
        return ""

    def set_hint(self, text: str) -> None:
        """One line that says why there is nothing, shown while there is nothing."""
        if text != self._hint:
            self._hint = text
            self.viewport().update()

    # Rows on the screen

    @property
    def row_height(self) -> int:
        """In pixels; 24 at scale 1."""
        return theme.metric(ROW_HEIGHT)

    @property
    def visible_rows(self) -> int:
        """Rows that are wholly to be seen."""
        return self.row_scroll.page

    def refresh(self) -> None:
        """There are other rows, or another room for them: take it over, and stay at the end in follow mode."""
        self.row_scroll.resize(self.row_count(), self.viewport().height() // self.row_height)
        if self._is_following:
            self.row_scroll.top = self.row_scroll.last_top
        self.show_place()

    def show_place(self) -> None:
        """Put the scroll bar where the rows are, and paint."""
        bar = self.verticalScrollBar()
        self._is_showing_place = True
        bar.setRange(0, self.row_scroll.bar_maximum)
        bar.setPageStep(self.row_scroll.page)
        bar.setValue(self.row_scroll.bar_value)
        theme.qualify(bar, idle=not bar.maximum())
        self._is_showing_place = False
        self.viewport().update()

    def scroll_rows(self, rows: int) -> None:
        """Move what is seen by rows, negative upward."""
        self.row_scroll.move_to(self.row_scroll.top + rows)
        self.moved_by_hand(upward=rows < 0)

    def reveal(self, row: int) -> None:
        """Move no further than needed for a row to be seen."""
        before = self.row_scroll.top
        self.row_scroll.reveal(row)
        if self.row_scroll.top != before:
            self.moved_by_hand(upward=self.row_scroll.top < before)

    def say_current(self, text: str) -> None:
        """What a screen reader says of the current row."""
        self.setAccessibleDescription(text)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # Following

    @property
    def is_following(self) -> bool:
        """Whether the view stays at the end while rows come."""
        return self._is_following

    def set_following(self, follow: bool) -> None:
        """Stay at the end from now on, or no longer."""
        self._wants_following = follow
        self._follow(follow)
        if follow:
            self.refresh()

    def leave_end(self) -> None:
        """Stop following for now, as a person does who scrolls up."""
        self._follow(False)

    def _follow(self, follow: bool) -> None:
        if follow != self._is_following:
            self._is_following = follow
            self.following_changed.emit(follow)

    def moved_by_hand(self, *, upward: bool) -> None:
        """A person moved what is seen: the end may have been left, or reached again."""
        if self._wants_following and (upward or self.row_scroll.is_at_end):
            self._follow(self.row_scroll.is_at_end)
        self.show_place()

    # Scroll bars

    def _on_bar_moved(self, value: int) -> None:
        if not self._is_showing_place:
            before = self.row_scroll.top
            self.move_to_bar(value)
            self.moved_by_hand(upward=self.row_scroll.top < before)

    def move_to_bar(self, value: int) -> None:
        """Follow the scroll bar to where a person put it."""
        self.row_scroll.move_to_bar(value)

    def _on_bar_stepped(self, action: int) -> None:
        """Steps of the bar are rows, also where one position of the bar is many rows."""
        actions = QAbstractSlider.SliderAction
        steps = {
            actions.SliderSingleStepAdd.value: 1,
            actions.SliderSingleStepSub.value: -1,
            actions.SliderPageStepAdd.value: self.row_scroll.page,
            actions.SliderPageStepSub.value: -self.row_scroll.page,
        }
        if action in steps:
            self.scroll_rows(steps[action])
            self.verticalScrollBar().setSliderPosition(self.row_scroll.bar_value)

    def _on_bar_moved_sideways(self) -> None:
        self.viewport().update()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(theme.metric(560), theme.metric(ROW_HEIGHT * 8))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.metric(180), theme.metric(ROW_HEIGHT * 3))

    def paintEvent(self, event: QPaintEvent) -> None:
        # Every drawing stands inside: a painter left open by an exception floods the log, and has ended in a crash.
        with QPainter(self.viewport()) as painter:
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            if self.row_count():
                self.paint_rows(painter)
            elif self._hint:
                painter.setPen(theme.colour("muted"))
                painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter.value, self._hint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.refresh()

    def event(self, event: QEvent) -> bool:
        # These keys are ours while the focus is here, also where the window has the same ones.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        step = (_CONTROL_STEPS if control else _STEPS).get(Qt.Key(event.key()))
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self.activated.emit()
        elif step is not None:
            self.step(step, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._drag_point = event.position()
        self.point_at(event.position(), event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag_point is None:
            super().mouseMoveEvent(event)
            return
        # A hand that trembles on a click is no drag.
        moved = (event.position() - self._drag_point).manhattanLength()
        if not self._drag_timer.isActive() and moved < QGuiApplication.styleHints().startDragDistance() / 2:
            return
        self._drag_point = event.position()
        self._drag()
        if 0 <= event.position().y() < self.viewport().height():
            self._drag_timer.stop()
        elif not self._drag_timer.isActive():
            self._drag_timer.start(DRAG_TICK_MS, self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag_point is None:
            super().mouseReleaseEvent(event)
        self._drag_point = None
        self._drag_timer.stop()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit()

    def timerEvent(self, event: QTimerEvent) -> None:
        if event.timerId() != self._drag_timer.timerId() or self._drag_point is None:
            super().timerEvent(event)
            return
        # The further outside, the faster.
        y, height = self._drag_point.y(), self.viewport().height()
        beyond = y if y < 0 else y - height
        self.scroll_rows(int(beyond // self.row_height) + (beyond > 0))
        self._drag()

    def _drag(self) -> None:
        if self._drag_point is not None:
            y = min(max(self._drag_point.y(), 0), max(0, self.viewport().height() - 1))
            self.drag_to(QPointF(self._drag_point.x(), y))

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if abs(turned.x()) > abs(turned.y()) or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().wheelEvent(event)
            return
        pixels = event.pixelDelta().y()
        fine = pixels / self.row_height if pixels else turned.y() * ROWS_PER_NOTCH / WHEEL_NOTCH
        self._wheel_rest -= fine
        rows = int(self._wheel_rest)
        self._wheel_rest -= rows
        if rows:
            self.scroll_rows(rows)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            point = QPointF(event.pos())
            if not self.is_selected_at(point):
                self.point_at(point, Qt.KeyboardModifier.NoModifier)
            self.menu_asked.emit(event.globalPos())
        else:
            self.menu_asked.emit(self.viewport().mapToGlobal(QPoint(0, 0)))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tip = self.tip_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), tip, self.viewport(), QRect())
            return True
        return super().viewportEvent(event)


def _is_ours(event: QKeyEvent) -> bool:
    keys = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.SelectAll)
    return any(event.matches(key) for key in keys)

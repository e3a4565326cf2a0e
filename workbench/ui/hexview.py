"""Bytes of any source and any length, as offset, hex and text: one view for every panel.

The view holds no bytes. It reads the rows that are to be seen when it paints them, so a conversation of 1 GiB costs
what a short one does. Whoever fills the source calls `provider_grew`; in follow mode the view then stays at the end,
until the person scrolls up. Selecting here and elsewhere meet through `selection_changed` and `select`.
"""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from workbench.formats.quantity import octets
from workbench.ui import hexcopy
from workbench.ui.hexbar import HexBar
from workbench.ui.hexcanvas import HexCanvas
from workbench.ui.hexfind import HexSearch
from workbench.ui.hexlayout import HeldOctets, Octets
from workbench.ui.hexpaint import Highlight
from workbench.ui.hexselect import LONGEST_WORD, Selection, Step, between, word_around

__all__ = ["HeldOctets", "HexView", "Highlight", "Octets"]

WHEEL_NOTCH = 120
"""Eighths of a degree, QWheelEvent::angleDelta."""

ROWS_PER_NOTCH = 3
DRAG_TICK_MS = 40

STEPS = {
    Qt.Key.Key_Left: Step.LEFT,
    Qt.Key.Key_Right: Step.RIGHT,
    Qt.Key.Key_Up: Step.UP,
    Qt.Key.Key_Down: Step.DOWN,
    Qt.Key.Key_PageUp: Step.PAGE_UP,
    Qt.Key.Key_PageDown: Step.PAGE_DOWN,
    Qt.Key.Key_Home: Step.ROW_START,
    Qt.Key.Key_End: Step.ROW_END,
}
CONTROL_STEPS = {Qt.Key.Key_Home: Step.FIRST, Qt.Key.Key_End: Step.LAST}


class HexView(HexCanvas):
    """The view with its keys, its mouse and its menu.

    Keys: arrows, page and Home/End move, with Shift they select; Ctrl+A, Ctrl+C; Ctrl+F finds, F3 again; Ctrl+G goes.

    Signals:
        search_ended: offset of the match or -1, and whether the search went past an end.
    """

    search_ended = Signal(object, bool)

    def __init__(self, name: str = "Bytes", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._needle = b""
        self._drag_point: QPointF | None = None
        # Not a QBasicTimer: Python frees it after its widget, and then it takes back a number that is another timer's.
        self._drag_timer = QTimer(self)
        self._drag_timer.setInterval(DRAG_TICK_MS)
        self._drag_timer.timeout.connect(self._on_drag_tick)
        self._wheel_rest = 0.0
        self._last_in_text = False
        self._menu: QMenu | None = None
        self._search = HexSearch(self)
        self._search.ended.connect(self._on_search_ended)
        self.bar = HexBar(self)
        self.bar.find_asked.connect(self.find)
        self.bar.offset_asked.connect(self.go_to)

    def set_provider(self, provider: Octets | None) -> None:
        self._search.cancel()
        super().set_provider(provider)

    # What a caller or a key can ask for

    def select(self, start: int, stop: int) -> None:
        """Select a range, cut to what there is, and bring its start into sight."""
        stop = min(stop, self._size)
        start = min(max(start, 0), max(stop, 0))
        self.reveal(max(start, stop - 1))
        self.reveal(start)
        self.change_selection(between(start, stop) if self._size else Selection())

    def select_all(self) -> None:
        """Everything; what is in sight stays in sight."""
        self.change_selection(between(0, self._size))

    def go_to(self, offset: int) -> None:
        """Point at an octet and bring it into sight; beyond the ends, at the last or first one."""
        if self._size:
            self.change_selection(self._selection.at(min(max(offset, 0), self._size - 1)), reveal=True)

    def find(self, needle: bytes, backward: bool = False) -> None:  # type: ignore[override]  # hides QWidget.find(id)
        """Look for octets from the selection on, once around; `search_ended` answers, and a match is selected.

        The search runs in slices: the window goes on, and 1 GiB takes about a second.
        """
        if needle:
            self._needle = needle
            start, stop = self.selected_range
            place = start if backward else start + (stop > start)
            self._search.start(self._provider, needle, place, backward=backward)

    def copy(self, format_id: str = "") -> bool:
        """Put the selected octets on the clipboard as text; says why not when there are too many.

        Args:
            format_id: one of hexcopy.FORMATS; "" for hex or text, by the column that was pointed at last.

        Returns: whether something was copied.
        """
        start, stop = self.selected_range
        way = hexcopy.named(format_id or ("text" if self._last_in_text else "hex"))
        if stop - start > way.limit:
            selected, limit = octets(stop - start), octets(way.limit)
            self.bar.tell(
                f"{selected} are selected; this way of copying ends at {limit}. Export them instead."
            )
            return False
        if stop > start:
            QGuiApplication.clipboard().setText(way.write(self._read(start, stop)))
        return stop > start

    def menu(self) -> QMenu:
        """The context menu as it is now, for the keyboard and the tests too."""
        if self._menu is None:
            self._menu = self._make_menu()
            self._menu.triggered.connect(self._on_menu_triggered)
        start, stop = self.selected_range
        for action in self._menu.actions():
            if action.data() in [each.id for each in hexcopy.FORMATS]:
                action.setEnabled(stop > start)
            elif not action.isSeparator():
                action.setEnabled(self._size > 0)
        return self._menu

    def _make_menu(self) -> QMenu:
        menu = QMenu("Bytes", self)
        for each in hexcopy.FORMATS:
            _add(menu, each.title, each.id)
        menu.addSeparator()
        _add(menu, "Select all", "all", QKeySequence("Ctrl+A"))
        menu.addSeparator()
        _add(menu, "Find\u2026", "find", QKeySequence("Ctrl+F"))
        _add(menu, "Go to offset\u2026", "go", QKeySequence("Ctrl+G"))
        return menu

    def _on_menu_triggered(self, action: QAction) -> None:
        self._do(str(action.data()))

    def _do(self, wish: str) -> None:
        if wish == "all":
            self.select_all()
        elif wish == "find":
            self.bar.open_find()
        elif wish == "go":
            self.bar.open_go_to(self.selected_range[0])
        elif wish in ("next", "previous"):
            self.find(self._needle, backward=wish == "previous")
        else:
            self.copy(wish)

    def _on_search_ended(self, offset: int, wrapped: bool) -> None:
        if offset >= 0:
            self.select(offset, offset + len(self._needle))
        self.bar.answer(offset >= 0, wrapped)
        self.search_ended.emit(offset, wrapped)

    # Keys

    def event(self, event: QEvent) -> bool:
        # These keys are ours while the focus is here, also where the window has the same ones.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and _wish_of(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wish = _wish_of(event)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        step = (CONTROL_STEPS if control else STEPS).get(Qt.Key(event.key()))
        if wish is not None:
            self._do(wish)
        elif step is not None:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            moved = self._selection.moved(
                step, extend=extend, size=self._size, columns=self.columns, page=self.visible_rows
            )
            self.change_selection(moved, reveal=True)
        else:
            super().keyPressEvent(event)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or place is None:
            super().mousePressEvent(event)
            return
        self._last_in_text = place.in_text
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._drag_point = event.position()
        self.change_selection(self._selection.at(place.offset, extend=extend))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag_point is None:
            super().mouseMoveEvent(event)
            return
        self._drag_point = event.position()
        self._drag()
        inside = 0 <= event.position().y() < self.viewport().height()
        if inside:
            self._drag_timer.stop()
        elif not self._drag_timer.isActive():
            self._drag_timer.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag_point is None:
            super().mouseReleaseEvent(event)
            return
        self._end_drag()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or place is None:
            return
        before = self._read(max(0, place.offset - LONGEST_WORD), place.offset)
        after = self._read(place.offset, place.offset + LONGEST_WORD)
        if after:
            back, forth = word_around(before, after)
            self.change_selection(between(place.offset - back, place.offset + forth))

    def _on_drag_tick(self) -> None:
        if self._drag_point is None:
            return
        # The further outside, the faster.
        y, height = self._drag_point.y(), self.viewport().height()
        beyond = y if y < 0 else y - height
        self.scroll_rows(int(beyond // self._layout.row_height) + (beyond > 0))
        self._drag()

    def _end_drag(self) -> None:
        self._drag_point = None
        self._drag_timer.stop()

    def _drag(self) -> None:
        if self._drag_point is None:
            return
        height = self.viewport().height()
        y = min(max(self._drag_point.y(), 0), height - 1)
        place = self.place_at(QPointF(self._drag_point.x(), y))
        if place is not None:
            self.change_selection(self._selection.at(place.offset, extend=True))

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if abs(turned.x()) > abs(turned.y()) or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().wheelEvent(event)
            return
        pixels = event.pixelDelta().y()
        fine = pixels / self._layout.row_height if pixels else turned.y() * ROWS_PER_NOTCH / WHEEL_NOTCH
        self._wheel_rest -= fine
        rows = int(self._wheel_rest)
        self._wheel_rest -= rows
        if rows:
            self.scroll_rows(rows)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            place = self.place_at(QPointF(event.pos()))
            start, stop = self.selected_range
            if place is not None and not start <= place.offset < stop:
                self.change_selection(self._selection.at(place.offset))
            where = event.globalPos()
        else:
            where = self.viewport().mapToGlobal(QPoint(0, 0))
        self.menu().popup(where)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.place_at(QPointF(event.pos()))
            labels = [] if place is None else self.labels_at(place.offset)
            if labels:
                QToolTip.showText(event.globalPos(), "\n".join(labels), self.viewport())
                return True
        return super().viewportEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._end_drag()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.take_place()


def _wish_of(event: QKeyEvent) -> str | None:
    """What a key asks for besides moving."""
    # Before the system's own keys: on some, Ctrl+G is "find next".
    if event.key() == Qt.Key.Key_G and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
        return "go"
    standard = QKeySequence.StandardKey
    for key, wish in (
        (standard.SelectAll, "all"),
        (standard.Copy, ""),
        (standard.Find, "find"),
        (standard.FindNext, "next"),
        (standard.FindPrevious, "previous"),
    ):
        if event.matches(key):
            return wish
    if event.key() == Qt.Key.Key_F3:
        return "previous" if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else "next"
    return None


def _add(menu: QMenu, title: str, wish: str, key: QKeySequence | None = None) -> None:
    action = menu.addAction(title)
    action.setData(wish)
    if key is not None:
        # Shown only: the view hears the key itself.
        action.setShortcut(key)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

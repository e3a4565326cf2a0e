"""What both lists share: it stands also without a row."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from workbench.ui.conversation.rowsview import ROWS_PER_NOTCH, WHEEL_NOTCH, RowsView
from workbench.ui.hexselect import Step


class Numbers(RowsView):
    """Rows that are only counted."""

    def __init__(self) -> None:
        super().__init__("Numbers")
        self.count = 0
        self.steps: list[tuple[Step, bool]] = []
        self.dragged: list[float] = []

    def row_count(self) -> int:
        return self.count

    def step(self, step: Step, *, extend: bool) -> None:
        self.steps.append((step, extend))

    def drag_to(self, point: QPointF) -> None:
        self.dragged.append(point.y())


@pytest.fixture
def view(show: Callable[..., QWidget]) -> Numbers:
    made = Numbers()
    show(made, 300, 200)
    made.setFocus()
    return made


def test_without_rows_it_says_why(show: Callable[..., QWidget]):
    empty = RowsView("Empty")
    show(empty, 300, 200)
    before = empty.grab().toImage()
    empty.set_hint("No event matches the filter")
    assert empty.grab().toImage() != before
    for key in (Qt.Key.Key_Down, Qt.Key.Key_A, Qt.Key.Key_End):
        QTest.keyClick(empty, key)
    assert empty.row_count() == 0
    assert not empty.is_selected_at(QPointF(5, 5))
    assert empty.tip_at(QPointF(5, 5)) == ""


def test_more_rows_than_a_scroll_bar_counts_are_reached_one_by_one(view: Numbers):
    view.count = 5_000_000_000
    view.refresh()
    assert view.row_scroll.top == view.count - view.visible_rows
    view.scroll_rows(-1)
    assert view.row_scroll.top == view.count - view.visible_rows - 1
    view.verticalScrollBar().setValue(0)
    assert view.row_scroll.top == 0


def test_the_wheel_moves_by_rows(view: Numbers):
    view.count = 1000
    view.set_following(False)
    view.row_scroll.top = 500
    view.refresh()
    where = QPointF(50, 50)
    event = QWheelEvent(
        where,
        view.mapToGlobal(where),
        QPoint(0, 0),
        QPoint(0, WHEEL_NOTCH),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)
    assert view.row_scroll.top == 500 - ROWS_PER_NOTCH


def test_keys_ask_for_steps(view: Numbers):
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert view.steps == [(Step.DOWN, False), (Step.PAGE_UP, True), (Step.FIRST, False)]


def test_a_trembling_hand_is_no_drag_and_a_drag_stays_inside(view: Numbers):
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(view.viewport(), left, pos=QPoint(50, 50))
    QTest.mouseMove(view.viewport(), QPoint(51, 50))
    assert view.dragged == []
    QTest.mouseMove(view.viewport(), QPoint(50, 90))
    QTest.mouseMove(view.viewport(), QPoint(50, 900))
    QTest.mouseRelease(view.viewport(), left, pos=QPoint(50, 900))
    assert view.dragged == [90, view.viewport().height() - 1]
    assert not view._drag_timer.isActive()


def test_the_menu_key_asks_for_a_menu(view: Numbers):
    asked = QSignalSpy(view.menu_asked)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(view.viewport(), event)
    assert asked.count() == 1

"""The dock of the conversation: below, beside, or out of the way."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget

from workbench.ui import theme
from workbench.ui.dock import FEWEST_ROWS, HEAD_ROWS, ROW, ConversationDock, first_height

Show = Callable[..., QWidget]


@pytest.fixture
def dock(show: Show) -> ConversationDock:
    window = QMainWindow()
    window.setCentralWidget(QLabel("panel"))
    made = ConversationDock(QLabel("conversation"), window)
    show(window, 500, 400)
    return made


def test_it_stands_below_and_has_a_name_for_the_saved_layout(dock: ConversationDock) -> None:
    assert dock.objectName() == "conversation"
    assert dock.is_shown
    assert not dock.is_beside
    assert dock.y() > 0


def test_it_moves_to_the_side_and_back(dock: ConversationDock) -> None:
    dock.move_over()
    assert dock.is_beside
    dock.move_over()
    assert not dock.is_beside


def test_moving_it_brings_it_back_into_sight(dock: ConversationDock) -> None:
    dock.toggle()
    dock.move_over()
    assert dock.is_shown
    assert dock.is_wanted


def test_what_a_person_wants_outlasts_a_tab_without_room_for_it(dock: ConversationDock) -> None:
    dock.give_room(False)
    assert not dock.is_shown
    dock.give_room(True)
    assert dock.is_shown
    dock.toggle()
    dock.give_room(False)
    dock.give_room(True)
    assert not dock.is_shown
    dock.toggle()
    assert dock.is_shown


def test_in_a_low_window_it_leaves_the_panel_two_thirds_and_keeps_some_rows() -> None:
    wish = theme.metric(ROW * (10 + HEAD_ROWS))
    assert first_height(wish * 10, 10) == wish
    assert first_height(wish * 2, 10) == round(wish * 0.6)
    assert first_height(wish, 10) == theme.metric(ROW * (FEWEST_ROWS + HEAD_ROWS))
    assert first_height(wish, 10, is_wish=True) == wish
    assert first_height(wish * 10, 3) == theme.metric(ROW * (3 + HEAD_ROWS))


def test_its_edge_that_was_drawn_is_told(dock: ConversationDock) -> None:
    spy = QSignalSpy(dock.resized)
    window = dock.parentWidget()
    assert isinstance(window, QMainWindow)
    window.resizeDocks([dock], [dock.height() + 40], Qt.Orientation.Vertical)
    window.layout().activate()
    assert spy.count() >= 1

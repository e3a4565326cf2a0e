"""The dock of the conversation: below, beside, or out of the way."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget

from workbench.ui.dock import ConversationDock

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

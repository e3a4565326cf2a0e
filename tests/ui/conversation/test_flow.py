"""The layout that breaks lines."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from workbench.ui.conversation.flow import FlowLayout


@pytest.fixture
def parts(show: Callable[..., QWidget]) -> tuple[QWidget, list[QWidget]]:
    box = QWidget()
    layout = FlowLayout(box)
    widgets: list[QWidget] = [QPushButton("first"), QLineEdit(), QPushButton("second"), QPushButton("third")]
    layout.addWidget(widgets[0])
    layout.add_middle(widgets[1])
    for widget in widgets[2:]:
        layout.addWidget(widget)
    show(box, 900, 80)
    return box, widgets


def test_in_one_line_the_field_takes_what_is_left(parts):
    box, widgets = parts
    assert len({widget.geometry().center().y() for widget in widgets}) == 1
    assert [widget.x() for widget in widgets] == sorted(widget.x() for widget in widgets)
    assert widgets[3].geometry().right() == pytest.approx(box.width() - 1, abs=2)
    assert widgets[1].width() > widgets[1].sizeHint().width()


def test_without_room_the_field_gets_a_line_of_its_own(parts):
    box, widgets = parts
    box.resize(300, 80)
    first, field, second, third = (widget.geometry() for widget in widgets)
    assert first.center().y() == second.center().y() == third.center().y()
    assert field.top() > first.bottom()
    assert third.right() == pytest.approx(299, abs=2)
    assert box.layout().heightForWidth(300) > box.layout().heightForWidth(900)


def test_hidden_items_need_no_room(parts):
    box, widgets = parts
    before = box.layout().sizeHint().width()
    widgets[2].hide()
    assert box.layout().sizeHint().width() < before
    assert box.layout().count() == 4

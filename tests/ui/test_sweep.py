"""The sweep finds what it is for, and passes what is in order."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTabBar,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from tests.ui import sweep
from workbench.ui import icons

Show = Callable[..., QWidget]


@pytest.fixture
def holder(light: object) -> QWidget:
    made = QWidget()
    QVBoxLayout(made)
    return made


@pytest.mark.parametrize("kind", [QLineEdit, QComboBox, QSpinBox, QTreeView, QPushButton, QToolButton])
def test_a_control_without_a_name_is_found_and_with_one_it_is_not(
    show: Show, holder: QWidget, kind: type[QWidget]
) -> None:
    control = kind(holder)
    holder.layout().addWidget(control)
    show(holder, 300, 200)
    assert len(sweep.unnamed(holder)) == 1
    assert kind.__name__ in sweep.unnamed(holder)[0]
    control.setAccessibleName("Named")
    assert sweep.unnamed(holder) == []


def test_a_label_names_its_buddy(show: Show, holder: QWidget) -> None:
    label, field = QLabel("Port", holder), QLineEdit(holder)
    label.setBuddy(field)
    holder.layout().addWidget(label)
    holder.layout().addWidget(field)
    show(holder, 300, 200)
    assert sweep.unnamed(holder) == []


def test_what_is_hidden_or_no_control_is_left_alone(show: Show, holder: QWidget) -> None:
    field, label = QLineEdit(holder), QLabel("words", holder)
    field.hide()
    holder.layout().addWidget(label)
    show(holder, 300, 200)
    assert sweep.unnamed(holder) == []


def test_an_editable_box_is_named_once(show: Show, holder: QWidget) -> None:
    box = QComboBox(holder)
    box.setEditable(True)
    box.setAccessibleName("Target")
    holder.layout().addWidget(box)
    show(holder, 300, 200)
    assert sweep.unnamed(holder) == []


def test_words_that_are_cut_off_are_found(show: Show, holder: QWidget) -> None:
    label, button = (
        QLabel("a long sentence that needs its room", holder),
        QPushButton("Connect to it", holder),
    )
    holder.layout().addWidget(label)
    holder.layout().addWidget(button)
    show(holder, 400, 200)
    assert sweep.clipped(holder) == []
    label.setFixedWidth(60)
    button.setFixedWidth(50)
    holder.layout().activate()
    found = sweep.clipped(holder)
    assert len(found) == 2
    assert "QLabel" in found[0]
    assert "QPushButton" in found[1]


def test_lines_that_are_cut_off_below_are_found(show: Show, holder: QWidget) -> None:
    label = QLabel("a sentence that wraps over several lines when it is narrow", holder)
    label.setWordWrap(True)
    label.setGeometry(0, 0, 80, 14)
    holder.layout().removeWidget(label)
    show(holder, 300, 200)
    label.show()
    assert any("in height" in line for line in sweep.clipped(holder))


def test_words_beyond_their_parent_s_edge_are_found(show: Show, holder: QWidget) -> None:
    label = QLabel("out", holder)
    label.move(290, 0)
    show(holder, 300, 200)
    label.show()
    label.adjustSize()
    assert any("beyond its parent" in line for line in sweep.clipped(holder))


def test_a_picture_is_no_cut_off_word(show: Show, holder: QWidget) -> None:
    label = QLabel(holder)
    icons.sign(label, "good", "good")
    holder.layout().addWidget(label)
    show(holder, 300, 200)
    assert sweep.clipped(holder) == []


def test_a_button_with_nothing_but_an_icon_needs_a_tip(show: Show, holder: QWidget) -> None:
    button = QToolButton(holder)
    icons.dress(button, "close")
    holder.layout().addWidget(button)
    show(holder, 300, 200)
    assert len(sweep.without_tip(holder)) == 1
    button.setToolTip("Close (Esc)")
    assert sweep.without_tip(holder) == []


def test_the_focus_order_lists_what_tab_visits(show: Show) -> None:
    holder = QWidget()
    layout = QHBoxLayout(holder)
    parts = [QLineEdit(), QPushButton("b"), QLabel("c"), QComboBox()]
    for part in parts:
        layout.addWidget(part)
    parts[1].setEnabled(False)
    show(holder, 300, 60)
    assert sweep.focus_order(holder) == [parts[0], parts[3]]


def test_the_arrows_of_a_long_tab_bar_are_no_finding(show: Show) -> None:
    holder = QWidget()
    bar = QTabBar(holder)
    bar.setAccessibleName("Panels")
    bar.setUsesScrollButtons(True)
    bar.setElideMode(Qt.TextElideMode.ElideNone)
    for n in range(20):
        bar.addTab(f"a long title {n}")
    QVBoxLayout(holder).addWidget(bar)
    show(holder, 200, 60)
    assert sweep.unnamed(holder) == []
    assert sweep.clipped(holder) == []

"""Small widgets that panels are made of."""

import pytest
from PySide6.QtCore import QStringListModel
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from workbench.ui.pieces import Tabbed, allow, button, field, small_button, table_of, tip_with_reason


def test_a_control_has_a_name_and_a_tip(show):
    for made in (
        button("Send", "send", "Send it", "primary"),
        small_button("close", "Close it", "Close it (Esc)"),
        field("User", "anonymous", "Who logs in", 90),
    ):
        shown = show(made)
        assert shown.toolTip()
        assert shown.accessibleName() or shown.text()


@pytest.mark.parametrize("stretch", [-1, 0])
def test_a_table_fills_its_width(show, stretch: int):
    model = QStringListModel(["one", "two"])
    table = show(table_of(model, "Words", (40,), stretch=stretch), 300, 120)
    assert table.accessibleName() == "Words"
    assert table.columnWidth(0) == table.viewport().width()


def test_a_tip_says_why_not():
    assert tip_with_reason("Send it", "") == "Send it"
    assert tip_with_reason("Send it", "nobody is there") == "Send it\nNot now: nobody is there"


def test_pages_are_turned_and_the_focus_goes_where_a_page_begins(show):
    plain, list_page, entry = QLabel("words"), QWidget(), QLineEdit()
    model = QStringListModel(["one"])
    table = table_of(model, "Words", (40,))
    QVBoxLayout(list_page).addWidget(table)
    pages = show(
        Tabbed("Pages", [("A", "first", plain), ("B", "second", list_page), ("C", "third", entry)]), 300, 200
    )
    turned = QSignalSpy(pages.turned)
    pages.focus_page(1)
    assert (pages.page, turned.count()) == (1, 1)
    assert table.hasFocus()
    pages.focus_page(2)
    assert entry.hasFocus()
    pages.focus_page(0)
    assert pages.tabs.hasFocus()
    pages.turn_to(2)
    assert entry.isVisible()


def test_what_cannot_be_done_now_says_why_in_its_own_tip(show):
    made = show(button("Stop", "cancel", "Stop it (Esc)"))
    for _ in range(2):
        allow(made, "nothing goes on")
        assert not made.isEnabled()
        assert made.toolTip() == "Stop it (Esc)\nNot now: nothing goes on"
    allow(made, "")
    assert made.isEnabled()
    assert made.toolTip() == "Stop it (Esc)"


def test_a_control_without_a_tip_tells_the_reason_alone_and_then_nothing(show):
    made = show(QPushButton("x"))
    allow(made, "no")
    assert made.toolTip().strip() == "Not now: no"
    allow(made, "")
    assert made.toolTip() == ""

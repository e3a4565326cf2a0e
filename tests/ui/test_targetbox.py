"""The field for a target and its list."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from workbench.ui import targetbox
from workbench.ui.targetbox import LabName, TargetBox

Show = Callable[..., QWidget]


@pytest.fixture
def box(show: Show) -> TargetBox:
    made = TargetBox("host:port")
    made.set_lab_names(
        [LabName("lab:echo", "sends back what it gets"), LabName("lab:slow", "one octet a second")]
    )
    show(made, 400, 30)
    made.setFocus()
    return made


def test_the_list_offers_what_was_used_and_the_lab_s_services_with_their_titles(box: TargetBox) -> None:
    box.set_history(["10.0.0.1:25", "lab:slow", "10.0.0.1:25"])
    rows = [(box.itemText(n), box.itemData(n, targetbox.DETAIL)) for n in range(box.count())]
    assert rows == [
        ("10.0.0.1:25", "used before"),
        ("lab:slow", "one octet a second"),
        ("lab:echo", "sends back what it gets"),
    ]


def test_what_is_used_again_comes_first_and_old_targets_are_forgotten(box: TargetBox) -> None:
    for n in range(targetbox.MAX_HISTORY + 5):
        box.remember(f"host:{n + 1}")
    box.remember("host:20")
    assert box.history[:2] == ("host:20", f"host:{targetbox.MAX_HISTORY + 5}")
    assert len(box.history) == targetbox.MAX_HISTORY


def test_filling_the_list_leaves_what_is_being_typed_alone(box: TargetBox) -> None:
    QTest.keyClicks(box.field, "exam")
    QTest.keyClick(box.field, Qt.Key.Key_Left)
    changed = QSignalSpy(box.field.textChanged)
    box.set_lab_names([LabName("lab:time", "the time")])
    assert box.field.text() == "exam"
    assert box.field.cursorPosition() == 3
    assert changed.count() == 0


def test_choosing_from_the_list_puts_the_target_in_and_enters_nothing(box: TargetBox) -> None:
    spy = QSignalSpy(box.entered)
    QTest.keyClick(box.field, Qt.Key.Key_Down)
    assert box.field.text() in ("lab:echo", "lab:slow")
    assert spy.count() == 0


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_is_heard_once(box: TargetBox, key: Qt.Key) -> None:
    spy = QSignalSpy(box.entered)
    QTest.keyClick(box.field, key)
    assert spy.count() == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_from_a_keyboard_is_heard_once(box: TargetBox, key: Qt.Key) -> None:
    """A keyboard's keys come to the window, which gives them to who has the focus: the box, and not its field."""
    window = box.windowHandle()
    assert window is not None
    QTest.keyClick(window, Qt.Key.Key_X)
    assert box.field.text() == "x"
    box.completer().popup().hide()
    spy = QSignalSpy(box.entered)
    QTest.keyClick(window, key)
    assert spy.count() == 1


def test_typing_offers_what_contains_it(box: TargetBox) -> None:
    QTest.keyClicks(box.field, "SLO")
    completer = box.completer()
    assert completer is not None
    assert completer.completionCount() == 1
    completer.popup().hide()


def test_the_list_is_painted_with_its_titles(box: TargetBox) -> None:
    box.showPopup()
    with_title = box.view().viewport().grab().toImage()
    box.setItemData(0, "", targetbox.DETAIL)
    without = box.view().viewport().grab().toImage()
    box.hidePopup()
    assert with_title != without


def test_enter_while_proposals_are_open_means_the_field_unless_one_was_chosen(app):
    box = TargetBox("hint")
    box.set_lab_names([LabName("lab:echo", "sends back"), LabName("lab:echo-too", "sends back")])
    box.show()
    entered = QSignalSpy(box.entered)
    QTest.keyClicks(box.field, "lab:echo")
    proposals = box.completer().popup()
    assert proposals.isVisible()
    QTest.keyClick(proposals, Qt.Key.Key_Return)
    assert entered.count() == 1
    assert not proposals.isVisible()
    assert box.field.text() == "lab:echo"
    QTest.keyClicks(box.field, "-")
    QTest.keyClick(proposals, Qt.Key.Key_Down)
    QTest.keyClick(proposals, Qt.Key.Key_Return)
    assert box.field.text() == "lab:echo-too"
    assert entered.count() == 1
    box.deleteLater()


def test_proposals_that_are_activated_after_they_were_closed_take_the_focus_from_nobody(show: Show) -> None:
    # A busy X server tells of the activation late; a person has gone on by then.
    page = QWidget()
    box, other = TargetBox("hint"), QLineEdit()
    column = QVBoxLayout(page)
    column.addWidget(box)
    column.addWidget(other)
    box.set_history(["127.0.0.1:80"])
    show(page)
    for _ in range(2):
        box.setFocus()
        QTest.keyClicks(box.field, "127")
        proposals = box._proposals
        assert proposals.isVisible()
        QTest.keyClick(proposals, Qt.Key.Key_Return)
        assert not proposals.isVisible()
        other.setFocus()
        proposals.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        assert page.focusWidget() is other
        box.field.clear()


def test_the_proposals_belong_to_the_box_and_wear_what_it_wears(box: TargetBox) -> None:
    QTest.keyClicks(box.field, "lab")
    proposals = box._proposals
    assert proposals.isVisible()
    assert proposals.isWindow()
    assert proposals.parentWidget() is box
    proposals.hide()

"""The target bar: same place, same keys, and the mistake below the field."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.formats.target import Target
from workbench.ui.actions import ActionRegistry
from workbench.ui.targetbar import REST_MS, LabName, TargetBar

Show = Callable[..., QWidget]


@pytest.fixture
def bar(show: Show) -> TargetBar:
    made = TargetBar("Connect")
    made.set_kinds([("tcp", "TCP"), ("udp", "UDP")])
    made.set_lab_names(
        [LabName("lab:echo", "sends back what it gets"), LabName("lab:slow", "one octet a second")]
    )
    show(made, 700, 60)
    return made


def type_target(bar: TargetBar, text: str) -> None:
    bar.focus_target()
    QTest.keyClicks(bar.field, text)


def test_enter_hands_over_a_right_target_and_remembers_it(bar: TargetBar) -> None:
    spy = QSignalSpy(bar.submitted)
    type_target(bar, "127.0.0.1:80")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert spy.count() == 1
    assert spy.at(0) == ["127.0.0.1:80"]
    assert bar.target() == Target("tcp", "127.0.0.1", 80)
    assert bar.history == ("127.0.0.1:80",)
    assert bar.text() == "127.0.0.1:80"


def test_a_wrong_target_is_not_handed_over_but_shown_with_its_place(bar: TargetBar) -> None:
    spy = QSignalSpy(bar.submitted)
    type_target(bar, "127.0.0.1:70000")
    bar.button.click()
    assert spy.count() == 0
    assert bar.problem.isVisible()
    assert "65535" in bar.problem.text()
    assert bar.mark.isVisible()
    assert bar.field.cursorPosition() == 10
    assert bar.field.hasFocus()
    assert bar.field.accessibleDescription() == bar.problem.text()
    assert bar.history == ()


def test_typing_on_takes_the_mistake_away(bar: TargetBar) -> None:
    type_target(bar, "127.0.0.1:70000")
    bar.submit()
    QTest.keyClick(bar.field, Qt.Key.Key_End)
    QTest.keyClick(bar.field, Qt.Key.Key_Backspace)
    assert not bar.problem.isVisible()
    assert not bar.mark.isVisible()


def test_a_mistake_is_shown_once_typing_rests(bar: TargetBar) -> None:
    bar._rest.setInterval(1)
    type_target(bar, "a b:80")
    assert QSignalSpy(bar._rest.timeout).wait(60_000)
    assert bar.mark.isVisible()
    assert REST_MS >= 200


def test_what_is_only_missing_is_a_hint_while_one_types_and_a_mistake_on_enter(bar: TargetBar) -> None:
    bar._rest.setInterval(1)
    type_target(bar, "127.0.0.1:")
    assert QSignalSpy(bar._rest.timeout).wait(60_000)
    assert bar.problem.isVisible()
    assert not bar.mark.isVisible()
    assert bar.target_box.property("wrong") is False
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.mark.isVisible()
    assert bar.target_box.property("wrong") is True


def test_an_empty_field_is_left_alone_until_enter(bar: TargetBar) -> None:
    bar._rest.setInterval(1)
    bar.field.setText("x")
    bar.field.setText("")
    assert QSignalSpy(bar._rest.timeout).wait(60_000)
    assert not bar.problem.isVisible()
    bar.submit()
    assert bar.problem.isVisible()


def test_while_busy_the_same_button_cancels_and_nothing_moves(bar: TargetBar) -> None:
    place = bar.button.geometry()
    field = bar.target_box.geometry()
    cancelled, submitted = QSignalSpy(bar.cancelled), QSignalSpy(bar.submitted)
    bar.set_text("lab:echo")
    bar.set_busy(True)
    assert bar.button.text() == "Cancel"
    bar.button.click()
    bar.submit()
    assert (cancelled.count(), submitted.count()) == (1, 0)
    bar.layout().activate()
    assert bar.button.geometry() == place
    assert bar.target_box.geometry() == field
    bar.set_busy(False)
    assert bar.button.text() == "Connect"
    bar.cancel()
    assert cancelled.count() == 1


def test_kinds_are_offered_only_where_there_are_some(bar: TargetBar) -> None:
    edited = QSignalSpy(bar.edited)
    assert bar.kind() == "tcp"
    bar.set_kind("udp")
    bar.set_kind("nonsense")
    assert bar.kind() == "udp"
    assert edited.count() == 1
    bar.set_kinds([])
    assert bar.kind() == ""
    assert not bar.kind_box.isVisible()


def test_an_option_stands_between_target_and_button(bar: TargetBar) -> None:
    option = QPushButton("Options")
    bar.add_option(option)
    QApplication.sendPostedEvents()
    assert bar.target_box.x() < option.x() < bar.button.x()


def test_the_keys_are_actions_of_the_panel(show: Show) -> None:
    panel, bar, inside = QWidget(), TargetBar("Ask"), QPushButton("inside")
    layout = QVBoxLayout(panel)
    layout.addWidget(bar)
    layout.addWidget(inside)
    registry = ActionRegistry()
    registry.add_all(bar.actions_for("dns"), panel)
    show(panel, 600, 100)
    cancelled, submitted = QSignalSpy(bar.cancelled), QSignalSpy(bar.submitted)
    inside.setFocus()
    QTest.keyClick(inside, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert bar.field.hasFocus()
    bar.set_text("lab:dns")
    inside.setFocus()
    QTest.keyClick(inside, Qt.Key.Key_F5)
    assert submitted.count() == 1
    QTest.keyClick(inside, Qt.Key.Key_Escape)
    assert cancelled.count() == 0
    bar.set_busy(True)
    registry.refresh("dns")
    assert not registry.qaction("dns.start").isEnabled()
    QTest.keyClick(inside, Qt.Key.Key_Escape)
    assert cancelled.count() == 1
    registry.forget("dns")


def test_a_draft_survives_and_junk_in_one_does_no_harm(bar: TargetBar) -> None:
    bar.set_text("lab:echo")
    bar.set_kind("udp")
    bar.set_history(["a:1", "b:2"])
    draft = bar.draft()
    other = TargetBar()
    other.set_kinds([("tcp", "TCP"), ("udp", "UDP")])
    other.restore(draft)
    assert (other.text(), other.kind(), other.history) == ("lab:echo", "udp", ("a:1", "b:2"))
    other.restore({"target": 5, "kind": None, "history": "x"})
    assert other.text() == "lab:echo"
    other.deleteLater()


def test_another_word_on_the_button_is_another_action(bar: TargetBar) -> None:
    bar.set_action("Listen")
    assert bar.button.text() == "Listen"
    assert "Listen" in bar.button.toolTip()


# ---- where one goes on


class Asking(QWidget):
    """A panel that asks and answers: the answer stands behind an empty page until it has come."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = TargetBar("Ask")
        self.other = QLineEdit()
        self.empty, self.answer = QLabel("nothing yet"), QListView()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.answer)
        column = QVBoxLayout(self)
        for part in (self.bar, self.other, self.pages):
            column.addWidget(part)
        self.bar.lead_to(self.answer)

    def begin(self) -> None:
        type_target(self.bar, "127.0.0.1:80")
        QTest.keyClick(self.bar.field, Qt.Key.Key_Return)
        self.bar.set_busy(True)
        # As panels do: what is on its way cannot be changed, and an older answer is taken away.
        self.bar.target_box.setEnabled(False)
        self.pages.setCurrentWidget(self.empty)

    def come_to_its_end(self, *, with_answer: bool) -> None:
        over = QSignalSpy(self.bar._over.timeout)
        self.bar.set_busy(False)
        self.bar.target_box.setEnabled(True)
        if with_answer:
            self.pages.setCurrentWidget(self.answer)
        assert over.count() or over.wait(60_000)


def test_what_is_on_its_way_is_held_and_the_tips_say_why(bar: TargetBar) -> None:
    held, free, beside = QPushButton("held"), QPushButton("free"), QLineEdit(bar)
    held.setToolTip("One way")
    bar.add_option(held)
    bar.add_option(free, held=False)
    bar.hold(beside)
    bar.set_busy(True, "Close")
    all_held = (bar.target_box, bar.kind_box, held, beside)
    assert [widget.isEnabled() for widget in (*all_held, free, bar.button)] == [False] * 4 + [True] * 2
    assert held.toolTip() == "One way\nNot now: close what goes on first (Esc)"
    assert all("Not now" in widget.toolTip() for widget in all_held)
    held.setToolTip("Another way")
    bar.set_busy(True, "Close")
    assert held.toolTip() == "Another way\nNot now: close what goes on first (Esc)"
    bar.set_busy(False)
    assert all(widget.isEnabled() for widget in all_held)
    assert (held.toolTip(), beside.toolTip()) == ("Another way", "")


@pytest.fixture
def asking(show: Show) -> Asking:
    made = Asking()
    show(made, 700, 400)
    return made


def test_after_enter_the_focus_goes_on_to_the_answer_once_it_is_there(asking: Asking) -> None:
    asking.begin()
    assert asking.focusWidget() is not asking.answer
    asking.come_to_its_end(with_answer=True)
    assert asking.focusWidget() is asking.answer


def test_an_answer_that_gives_way_to_the_next_one_has_the_focus_again(asking: Asking) -> None:
    asking.pages.setCurrentWidget(asking.answer)
    asking.begin()
    asking.come_to_its_end(with_answer=True)
    assert asking.focusWidget() is asking.answer


def test_where_nothing_came_one_goes_on_with_the_target(asking: Asking) -> None:
    asking.begin()
    asking.come_to_its_end(with_answer=False)
    assert asking.focusWidget() is asking.bar.target_box
    assert asking.bar.field.selectedText() == "127.0.0.1:80"


def test_nobody_is_taken_away_from_where_they_type(asking: Asking) -> None:
    asking.begin()
    asking.other.setFocus()
    asking.come_to_its_end(with_answer=True)
    assert asking.focusWidget() is asking.other


def test_a_mistake_that_the_panel_points_at_keeps_the_focus(asking: Asking) -> None:
    asking.pages.setCurrentWidget(asking.answer)
    asking.bar.submitted.connect(asking.other.setFocus)
    type_target(asking.bar, "127.0.0.1:80")
    QTest.keyClick(asking.bar.field, Qt.Key.Key_Return)
    assert asking.focusWidget() is asking.other

"""The questions as a person answers them, alone and in the Conversation."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest

from tests.ui import sweep
from workbench.transcript.quiz import Question
from workbench.ui.conversation.quizbar import NOTHING, QuizBar

ASKED = (
    Question("Who began?", ("127.0.0.1:50000", "127.0.0.1:7"), 0, "the first did", "RFC 9293 3.5"),
    Question("Who ended its half first?", ("a", "b", "c"), 2, "c did"),
)


@pytest.fixture
def bar(app, show):
    made = QuizBar()
    show(made, 1200, 80)
    return made


def answer(bar: QuizBar, number: int) -> None:
    QTest.mouseClick(bar.choices[number], Qt.MouseButton.LeftButton)


@pytest.mark.covers("C1.25")
def test_a_wrong_answer_is_told_and_may_be_mended_and_only_the_first_counts(bar: QuizBar):
    bar.ask(ASKED)
    assert bar.text.text() == "1 of 2. Who began?"
    assert [choice.isVisible() for choice in bar.choices] == [True, True, False, False]
    assert not bar.next_button.isEnabled()
    answer(bar, 1)
    assert bar.grade.text() == "✗ Not so. Look again: the first events of this connection tell."
    assert not bar.next_button.isEnabled()
    answer(bar, 0)
    assert bar.grade.text().startswith("✓ Right: the first did. RFC 9293 3.5: Transmission Control Protocol")
    assert not bar.choices[1].isEnabled()
    QTest.keyClick(bar.next_button, Qt.Key.Key_Space)
    assert bar.text.text().startswith("2 of 2.")
    assert not bar.grade.isVisible()
    assert not any(choice.isChecked() for choice in bar.choices)
    answer(bar, 2)
    assert bar.grade.text() == "✓ Right: c did."
    QTest.mouseClick(bar.next_button, Qt.MouseButton.LeftButton)
    assert bar.text.text() == "1 of 2 answered rightly at once"
    assert not bar.next_button.isVisible()


def test_nothing_to_ask_is_said_and_escape_closes(bar: QuizBar):
    bar.ask(())
    assert bar.text.text() == NOTHING
    closed = QSignalSpy(bar.closed)
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    QTest.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert closed.count() == 2


def test_every_control_has_a_name(bar: QuizBar):
    bar.ask(ASKED)
    assert sweep.unnamed(bar) == []

"""The text field of the byte editor."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget

from workbench.ui.bytetext import MAX_PASTED, MAX_PASTED_LINE, ByteText

Show = Callable[..., QWidget]


@pytest.fixture
def text(show: Show) -> ByteText:
    made = ByteText()
    show(made, 400, 120)
    made.setFocus()
    return made


def test_what_stands_there_is_told_character_by_character(text: ByteText) -> None:
    text.setPlainText("a\u00a0b\tc\nd\u2028e")
    assert text.exact_text() == "a\u00a0b\tc\nd\u2028e"
    assert ByteText().exact_text() == ""


@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier])
def test_enter_is_a_line_break_that_can_be_seen(text: ByteText, modifiers: Qt.KeyboardModifier) -> None:
    QTest.keyClicks(text, "ab")
    QTest.keyClick(text, Qt.Key.Key_Return, modifiers)
    QTest.keyClicks(text, "c")
    assert text.exact_text() == "ab\nc"
    assert text.blockCount() == 2


def test_keys_with_control_ask_and_leave_the_text_alone(text: ByteText) -> None:
    submitted, asked = QSignalSpy(text.submitted), QSignalSpy(text.history_asked)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(text, key, Qt.KeyboardModifier.ControlModifier)
    assert submitted.count() == 2
    assert [asked.at(0), asked.at(1)] == [[-1], [1]]
    assert text.exact_text() == ""


def test_a_mark_lies_over_its_characters(text: ByteText) -> None:
    text.setPlainText("😀 wrong 😀")
    text.mark(2, 7)
    assert [mark.cursor.selectedText() for mark in text.extraSelections()] == ["wrong"]
    text.mark(3, 3)
    assert text.extraSelections() == []


@pytest.mark.parametrize("pasted", ["x" * (MAX_PASTED_LINE + 1), "x\n" * (MAX_PASTED // 2 + 1)])
def test_too_much_is_not_pasted_and_the_reason_is_said(text: ByteText, pasted: str) -> None:
    spy = QSignalSpy(text.paste_refused)
    data = QMimeData()
    data.setText(pasted)
    text.insertFromMimeData(data)
    assert text.exact_text() == ""
    assert "too many" in spy.at(0)[0]

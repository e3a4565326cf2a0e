"""The byte editor: strict, exact, with the mistake at its place."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCharFormat, QTextOption
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from workbench.errors import LocalMisuse
from workbench.ui.byteedit import LIVE_LIMIT, ByteEdit
from workbench.ui.bytetext import MAX_PASTED_LINE

Show = Callable[..., QWidget]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def edit(show: Show) -> ByteEdit:
    made = ByteEdit("Bytes to send")
    show(made, 600, 240)
    made.editor.setFocus()
    return made


def choose(box: object, data: str) -> None:
    box.setCurrentIndex(box.findData(data))  # type: ignore[attr-defined]  # any QComboBox


def underlined(edit: ByteEdit) -> list[str]:
    """The texts that are marked as mistakes."""
    marks = edit.editor.extraSelections()
    waves = QTextCharFormat.UnderlineStyle.WaveUnderline
    assert all(mark.format.underlineStyle() == waves for mark in marks)
    return [mark.cursor.selectedText() for mark in marks]


def test_typed_text_and_escapes_become_octets_while_typing(edit: ByteEdit) -> None:
    spy = QSignalSpy(edit.value_changed)
    QTest.keyClicks(edit.editor, r"hi\r\n\{de ad}")
    assert edit.value() == b"hi\r\n\xde\xad"
    assert edit.count.text() == "6 B"
    assert spy.count() > 0
    assert edit.mistake is None


def test_a_mistake_is_underlined_said_and_refused(edit: ByteEdit) -> None:
    edit.set_text(r"hello\xZ world")
    assert underlined(edit) == [r"\x"]
    assert edit.problem.isVisible()
    assert "two hexadecimal digits" in edit.problem.text()
    assert edit.count.text() == "not ready"
    assert edit.editor.property("wrong") is True
    assert edit.editor.accessibleDescription() == edit.problem.text()
    with pytest.raises(LocalMisuse) as caught:
        edit.value()
    assert (caught.value.start, caught.value.end) == (5, 7)


def test_a_mended_mistake_is_gone(edit: ByteEdit) -> None:
    edit.set_text("\\")
    assert edit.mistake is not None
    QTest.keyClick(edit.editor, Qt.Key.Key_End)
    QTest.keyClicks(edit.editor, "n")
    assert edit.value() == b"\n"
    assert not edit.problem.isVisible()
    assert underlined(edit) == []


def test_go_to_mistake_selects_it_also_behind_characters_of_two_units(edit: ByteEdit) -> None:
    edit.set_text("😀😀\nxy\\qz")
    edit.go.click()
    assert edit.editor.hasFocus()
    assert edit.editor.textCursor().selectedText() == "\\q"
    assert underlined(edit) == ["\\q"]


@pytest.mark.parametrize(
    ("ending", "octets"),
    [
        ("as typed", b"a\nb"),
        ("lf", b"a\nb"),
        ("crlf", b"a\r\nb"),
        ("cr", b"a\rb"),
        ("nul", b"a\0b"),
        ("none", b"ab"),
    ],
)
def test_line_breaks_become_what_was_chosen(edit: ByteEdit, ending: str, octets: bytes) -> None:
    QTest.keyClicks(edit.editor, "a")
    QTest.keyClick(edit.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(edit.editor, "b")
    choose(edit.ending, ending)
    assert edit.value() == octets


def test_the_encoding_is_the_chosen_one_and_what_it_lacks_is_a_mistake(edit: ByteEdit) -> None:
    edit.set_text("Ä€")
    assert edit.value() == "Ä€".encode()
    choose(edit.encoding, "cp1252")
    assert edit.value() == b"\xc4\x80"
    choose(edit.encoding, "latin-1")
    assert underlined(edit) == ["€"]


def test_pasted_characters_arrive_as_they_are(edit: ByteEdit) -> None:
    # QPlainTextEdit.toPlainText would have made a space of the no-break space.
    pasted = QMimeData()
    pasted.setText("a\u00a0b\u2028c")
    edit.editor.insertFromMimeData(pasted)
    assert edit.value() == "a\u00a0b\u2028c".encode()


def test_changing_to_hex_and_back_keeps_the_octets(edit: ByteEdit) -> None:
    edit.set_text("GET /\\r\\n\\{00 ff}Ä")
    octets = edit.value()
    choose(edit.mode, "hex")
    assert edit.text() == octets.hex(" ")
    assert edit.value() == octets
    assert not edit.ending.isVisible()
    choose(edit.mode, "text")
    assert edit.value() == octets
    assert edit.ending.isVisible()


def test_a_text_with_a_mistake_stays_in_its_mode(edit: ByteEdit) -> None:
    edit.set_text("a\\")
    choose(edit.mode, "hex")
    assert edit.mode.currentData() == "text"
    assert edit.text() == "a\\"
    assert edit.editor.hasFocus()


def test_hex_is_read_strictly(edit: ByteEdit) -> None:
    choose(edit.mode, "hex")
    edit.set_text("de ad b")
    assert underlined(edit) == ["b"]
    edit.set_text("de ad be ef")
    assert edit.value() == b"\xde\xad\xbe\xef"


@given(st.binary(max_size=100))
def test_any_octets_survive_every_change_of_mode(octets: bytes) -> None:
    QApplication.instance() or QApplication([])
    edit = ByteEdit()
    edit.set_value(octets)
    for mode in ("hex", "text", "hex"):
        choose(edit.mode, mode)
        assert edit.value() == octets
    edit.deleteLater()


def test_control_enter_submits_what_is_right_and_shows_what_is_not(edit: ByteEdit) -> None:
    spy = QSignalSpy(edit.submitted)
    edit.set_text("ok")
    QTest.keyClick(edit.editor, Qt.Key.Key_Return, CONTROL)
    assert spy.count() == 1
    assert edit.text() == "ok"
    edit.set_text("a\\qb")
    QTest.keyClick(edit.editor, Qt.Key.Key_Return, CONTROL)
    assert spy.count() == 1
    assert edit.editor.textCursor().selectedText() == "\\q"


def test_control_up_brings_back_what_was_sent_and_down_the_draft(edit: ByteEdit) -> None:
    for text in ("one", "two"):
        edit.set_text(text)
        edit.submit()
    edit.set_text("draft")
    seen = []
    for key in (
        Qt.Key.Key_Up,
        Qt.Key.Key_Up,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Down,
        Qt.Key.Key_Down,
    ):
        QTest.keyClick(edit.editor, key, CONTROL)
        seen.append(edit.text())
    assert seen == ["two", "one", "one", "two", "draft", "draft"]


def test_the_same_text_sent_twice_is_remembered_once(edit: ByteEdit) -> None:
    edit.set_text("one")
    edit.submit()
    edit.submit()
    assert [draft["text"] for draft in edit.history] == ["one"]
    edit.set_history(({"text": "older", "mode": "text"},))
    QTest.keyClick(edit.editor, Qt.Key.Key_Up, CONTROL)
    assert edit.text() == "older"


def test_a_draft_survives_and_junk_in_one_does_no_harm(edit: ByteEdit) -> None:
    choose(edit.ending, "crlf")
    choose(edit.encoding, "latin-1")
    edit.set_text("Ä\n")
    draft = edit.draft()
    other = ByteEdit()
    other.restore(draft)
    assert other.value() == b"\xc4\r\n"
    for mode in (7, [], {}):
        other.restore({"mode": mode, "ending": None, "encoding": ["x"], "text": 3})
    assert other.value() == b"\xc4\r\n"
    other.deleteLater()


def test_long_texts_are_checked_when_typing_rests_and_value_never_waits(edit: ByteEdit) -> None:
    edit.set_text("x" * (LIVE_LIMIT + 10) + "\\")
    assert edit.mistake is None
    with pytest.raises(LocalMisuse):
        edit.value()
    edit.set_text("x" * (LIVE_LIMIT + 10))
    spy = QSignalSpy(edit.value_changed)
    assert spy.wait(60_000)
    assert len(edit.value()) == LIVE_LIMIT + 10


def test_tab_leaves_the_editor(show: Show) -> None:
    window, edit, after = QWidget(), ByteEdit(), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(after)
    layout.addWidget(edit)
    show(window, 400, 300)
    edit.editor.setFocus()
    QTest.keyClick(edit.editor, Qt.Key.Key_Backtab)
    assert after.hasFocus()
    assert edit.text() == ""


def test_a_paste_that_would_stop_the_window_is_refused_with_its_size(app):
    edit = ByteEdit()
    edit.show()
    edit.set_text("kept")
    pasted = QMimeData()
    pasted.setText("y" * (MAX_PASTED_LINE + 1))
    edit.editor.insertFromMimeData(pasted)
    assert edit.text() == "kept"
    assert edit.problem.isVisible()
    assert "65,537" in edit.problem.text()
    pasted.setText("z")
    edit.editor.insertFromMimeData(pasted)
    assert "z" in edit.text()
    assert not edit.problem.isVisible()
    edit.deleteLater()


def test_a_long_line_is_laid_out_anywhere_not_at_words(app):
    edit = ByteEdit()
    assert edit.editor.wordWrapMode() == QTextOption.WrapMode.WrapAnywhere
    edit.deleteLater()

"""The verdict line: the same said by sign, word and colour."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.ui import sweep
from workbench.ui.verdict import SIGNS, Verdict, VerdictLine

Show = Callable[..., QWidget]


@pytest.fixture
def line(show: Show) -> VerdictLine:
    made = VerdictLine()
    show(made, 700, 30)
    return made


def test_every_kind_but_none_has_a_sign_of_its_own(line: VerdictLine) -> None:
    signs = [sign for kind, (sign, _) in SIGNS.items() if kind != "none"]
    assert len(set(signs)) == len(signs)
    for kind in SIGNS:
        line.set(kind, "word", "A sentence.")
        assert line.sign.isVisible() == (kind != "none")
        assert line.word.isVisible()


def test_the_line_can_be_said_in_words(line: VerdictLine) -> None:
    line.set("good", "match", "Both lead to each other.", ["4 queries", "3.1 ms"])
    assert line.text() == "match, Both lead to each other., 4 queries, 3.1 ms"
    assert line.accessibleDescription() == line.text()
    line.show_verdict(Verdict())
    assert line.text() == ""
    assert not line.word.isVisible()


def test_the_sentence_can_be_selected_with_the_mouse(line: VerdictLine) -> None:
    line.set("bad", "refused", "Nobody listens there.")
    label = line.sentence
    middle = label.height() // 2
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(0, middle))
    QTest.mouseMove(label, QPoint(label.width() - 1, middle))
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(label.width() - 1, middle))
    assert label.selectedText() == "Nobody listens there."


def test_a_peer_s_markup_is_shown_and_not_obeyed(line: VerdictLine) -> None:
    line.set("info", "said", "<b>hello</b>")
    assert line.sentence.textFormat() == Qt.TextFormat.PlainText


def test_a_long_sentence_wraps_and_nothing_is_cut_off(line: VerdictLine) -> None:
    line.resize(300, 80)
    line.set(
        "warning", "late", "The answer came after the deadline, and it was for another question.", ["5 s"]
    )
    line.resize(300, line.heightForWidth(300))
    line.layout().activate()
    assert sweep.clipped(line) == []

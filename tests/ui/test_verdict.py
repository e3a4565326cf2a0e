"""The verdict line: the same said by sign, word and colour."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from tests.ui import sweep
from workbench.jobs.verdict import NO_VERDICT, Verdict
from workbench.ui.verdict import SIGNS, VerdictLine

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


def test_where_nothing_came_yet_the_line_says_so(line: VerdictLine) -> None:
    line.show_verdict(NO_VERDICT, "Nothing was asked yet.")
    assert line.text() == "Nothing was asked yet."
    assert not line.word.isVisible()
    line.show_verdict(
        Verdict("good", "match", "Both.", (("3 ms", "how long it took"),)), "Nothing was asked yet."
    )
    assert line.text() == "match, Both., 3 ms"
    assert line.chips.chips[0].toolTip() == "how long it took"


def test_what_a_peer_says_moves_nothing_in_the_line(line: VerdictLine) -> None:
    line.set("info", "said", "a\r\n\u202eb\x1b[2J")
    assert line.sentence.text().isprintable()


def test_a_long_sentence_has_its_rows_and_makes_no_page_higher_than_it_must_be(show: Show) -> None:
    page, line = QWidget(), VerdictLine()
    column = QVBoxLayout(page)
    column.addWidget(line)
    column.addWidget(QListView(), 1)
    line.set("good", "TCP", "gives all of it: a stream of octets that is repaired on the way. " * 2)
    show(page, 900, 300)
    assert line.height() <= 30
    # The same page in a window that is as wide asks for no more than one row.
    assert column.minimumSize().height() < 150
    page.resize(400, 300)
    page.layout().activate()
    assert line.height() >= line.sentence.heightForWidth(line.sentence.width())
    assert line.height() < 100, "the list takes what is left"


def test_a_sentence_without_a_word_begins_where_everything_else_does(line: VerdictLine) -> None:
    line.set("none", "", "Nothing was asked yet.")
    line.layout().activate()
    assert line.sentence.x() == 0
    line.set("good", "found", "Two of them.")
    line.layout().activate()
    assert line.sentence.x() > line.word.geometry().right()
